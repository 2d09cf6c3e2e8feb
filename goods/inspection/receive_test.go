package inspection_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/platform/db"
)

// parcel counts one of several.
func (x *box) parcel(caseID string, last bool, got ...inspection.Received) (r inspection.Report, err error) {
	err = x.d.Write(x.Context(), func(tx *db.Tx) (err error) {
		r, err = x.s.Receive(x.Context(), tx, inspector, caseID, announced, got, last)
		return err
	})
	return r, err
}

func TestSeveralParcelsAreCountedOneAfterTheOther(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		must := func(r inspection.Report, err error) inspection.Report {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := must(x.parcel("case_1", false, inspection.Received{Line: 1, Quantity: 1}))
		if r.State != inspection.Counting || r.Version != 1 {
			t.Errorf("after the first: %+v", r)
		}
		if _, err := x.grade("case_1", fine(1, 1)); !errors.Is(err, inspection.ErrCounting) {
			t.Errorf("grading while counting: %v, want ErrCounting", err)
		}
		if _, err := x.parcel("case_1", true, inspection.Received{Line: 1, Quantity: 3}); !errors.Is(err, inspection.ErrExcess) {
			t.Errorf("more in all than announced: %v, want ErrExcess", err)
		}
		x.clock.Add(time.Hour)
		must(x.parcel("case_1", false, inspection.Received{Line: 2, Quantity: 1}))
		must(x.parcel("case_1", true, inspection.Received{Line: 1, Quantity: 1}))
		want := inspection.Report{
			Tenant: "t1", Case: "case_1", State: inspection.Counted, Version: 3, ReceivedAt: start,
			Lines: []inspection.Line{{Line: 1, Announced: 3, Received: 2}, {Line: 2, Announced: 1, Received: 1}},
		}
		if diff := cmp.Diff(want, x.report("case_1")); diff != "" {
			t.Error(diff)
		}
		if _, err := x.parcel("case_1", false, inspection.Received{Line: 1, Quantity: 1}); !errors.Is(err, inspection.ErrReceived) {
			t.Errorf("after the last: %v, want ErrReceived", err)
		}
		types, last := x.events("case_1")
		if len(types) != 3 || last != `{"lines":[{"line":1,"received":2,"missing":1},{"line":2,"received":1,"missing":0}]}` {
			t.Errorf("events %v, last %s", types, last)
		}
		must(x.grade("case_1", fine(1, 2), fine(2, 1)))
	})
}

func TestParcelsThatNeverCameEndTheCount(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		for _, caseID := range []string{"case_1", "case_2"} {
			if _, err := x.parcel(caseID, false); err != nil {
				t.Fatal(err)
			}
		}
		x.clock.Add(time.Hour)
		r, err := x.parcel("case_1", true)
		if err != nil || r.State != inspection.Done || !r.GradedAt.Equal(start.Add(time.Hour)) {
			t.Errorf("nothing came: %+v, %v", r, err)
		}
		r.Grades = []inspection.Grade{}
		if diff := cmp.Diff(r, x.report("case_1")); diff != "" {
			t.Error(diff)
		}
		if r := x.report("case_2"); r.State != inspection.Counting {
			t.Errorf("another case: %+v", r)
		}
	})
}

func TestWhatWasNotAnnouncedIsRecordedBesideTheLines(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		swapped := inspection.Received{Line: 1, Quantity: 1, Finding: inspection.Swapped, Title: " 仿冒耳机 ", Note: "序列号不符", Photos: []string{"pho_1"}}
		extra := inspection.Received{Quantity: 2, Finding: inspection.Extra, SKU: "SY-A1-WH"}
		if _, err := x.parcel("case_1", false, inspection.Received{Line: 1, Quantity: 2}, swapped); err != nil {
			t.Fatal(err)
		}
		if _, err := x.parcel("case_1", true, extra); err != nil {
			t.Fatal(err)
		}
		r := x.report("case_1")
		want := []inspection.Finding{
			{Line: 1, Finding: "swapped", Title: "仿冒耳机", Quantity: 1, Note: "序列号不符", Photos: []string{"pho_1"}},
			{Finding: "extra", SKU: "SY-A1-WH", Quantity: 2},
		}
		if diff := cmp.Diff(want, r.Findings); diff != "" || r.Lines[0].Received != 2 || r.Lines[0].Missing() != 1 {
			t.Errorf("%+v: %s", r.Lines, diff)
		}
		_, last := x.events("case_1")
		if !strings.Contains(last, `"findings":[{"finding":"extra","sku":"SY-A1-WH","quantity":2}]`) || strings.Contains(last, "swapped") {
			t.Errorf("the last fact is %s", last)
		}
	})
}

func TestFindingsThatCannotBeAreRefused(t *testing.T) {
	good := inspection.Received{Line: 1, Quantity: 1, Finding: inspection.WrongItem, Title: "T"}
	tests := map[string]func(*inspection.Received){
		"an unknown finding":      func(g *inspection.Received) { g.Finding = "stolen" },
		"none of it":              func(g *inspection.Received) { g.Quantity = 0 },
		"very many of it":         func(g *inspection.Received) { g.Quantity = 1 << 40 },
		"a line never announced":  func(g *inspection.Received) { g.Line = 9 },
		"in the place of nothing": func(g *inspection.Received) { g.Line = 0 },
		"nothing said of it":      func(g *inspection.Received) { g.Title = " " },
		"an endless title":        func(g *inspection.Received) { g.Title = strings.Repeat("题", 501) },
		"an endless note":         func(g *inspection.Received) { g.Note = strings.Repeat("很", 2001) },
		"no text":                 func(g *inspection.Received) { g.SKU = "\xff" },
		"very many photos":        func(g *inspection.Received) { g.Photos = make([]string, 51) },
	}
	each(t, func(t *testing.T, x *box) {
		for name, spoil := range tests {
			g := good
			spoil(&g)
			if _, err := x.receive("case_1", g); !errors.Is(err, inspection.ErrFinding) {
				t.Errorf("%s: %v, want ErrFinding", name, err)
			}
		}
		var many []inspection.Received
		for range 201 {
			many = append(many, good)
		}
		if _, err := x.receive("case_1", many...); !errors.Is(err, inspection.ErrFinding) {
			t.Errorf("very many findings: %v", err)
		}
		if _, err := x.receive("case_1", many[:200]...); err != nil {
			t.Errorf("many findings: %v", err)
		}
	})
}

func TestAGradeHasItsReasons(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		if _, err := x.receive("case_1", inspection.Received{Line: 1, Quantity: 2}); err != nil {
			t.Fatal(err)
		}
		with := func(reasons ...string) inspection.Grade {
			g := fine(1, 1)
			g.Grade, g.Reasons, g.Photos = "B", reasons, []string{"pho_1"}
			return g
		}
		for _, bad := range [][]string{{"ugly"}, {"used", "used"}, {"as_new", "opened"}, {""}} {
			if _, err := x.grade("case_1", with(bad...), fine(1, 1)); !errors.Is(err, inspection.ErrGrade) {
				t.Errorf("reasons %v: %v, want ErrGrade", bad, err)
			}
		}
		if _, err := x.grade("case_1", with("opened", "incomplete"), with("as_new")); err != nil {
			t.Fatal(err)
		}
		want := []inspection.Grade{with("opened", "incomplete"), with("as_new")}
		if diff := cmp.Diff(want, x.report("case_1").Grades); diff != "" {
			t.Error(diff)
		}
		if _, last := x.events("case_1"); !strings.Contains(last, `"reasons":["opened","incomplete"]`) {
			t.Errorf("the fact is %s", last)
		}
	})
}

func TestTwoParcelsCountedAtOnceBothCount(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		results := make(chan error)
		for range 3 {
			go func() {
				_, err := x.parcel("case_1", false, inspection.Received{Line: 1, Quantity: 1})
				results <- err
			}()
		}
		for range 3 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if r := x.report("case_1"); r.Lines[0].Received != 3 || r.Version != 3 {
			t.Errorf("%+v", r)
		}
	})
}
