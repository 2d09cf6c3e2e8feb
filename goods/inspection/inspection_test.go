package inspection_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	schemas   = []db.Schema{event.Schema, inspection.Schema}
	start     = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	inspector = actor.Actor{Tenant: "t1", Kind: actor.Staff, ID: "stf_1"}
	announced = map[int]int64{1: 3, 2: 1}
)

func each(t *testing.T, test func(t *testing.T, x *box)) {
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { test(t, &box{T: t, d: d, clock: clock}) })
}

type box struct {
	*testing.T
	d     *db.DB
	clock *dbtest.Clock
	s     inspection.Service
}

func (x *box) receive(caseID string, got ...inspection.Received) (r inspection.Report, err error) {
	err = x.d.Write(x.Context(), func(tx *db.Tx) (err error) {
		r, err = x.s.Receive(x.Context(), tx, inspector, caseID, announced, got, true)
		return err
	})
	return r, err
}

func (x *box) grade(caseID string, grades ...inspection.Grade) (r inspection.Report, err error) {
	err = x.d.Write(x.Context(), func(tx *db.Tx) (err error) {
		r, err = x.s.Grade(x.Context(), tx, inspector, caseID, grades)
		return err
	})
	return r, err
}

func (x *box) report(caseID string) (r inspection.Report) {
	x.Helper()
	err := x.d.Read(x.Context(), func(tx *db.Tx) (err error) {
		r, err = inspection.ByCase(x.Context(), tx, "t1", caseID)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return r
}

func (x *box) events(caseID string) (types []string, last string) {
	x.Helper()
	err := x.d.Read(x.Context(), func(tx *db.Tx) error {
		all, err := event.History(x.Context(), tx, "t1", "case", caseID)
		for _, e := range all {
			types, last = append(types, e.Type), string(e.Data)
		}
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return types, last
}

func fine(line int, count int64) inspection.Grade {
	return inspection.Grade{Line: line, Count: count, Grade: "A", Disposition: "restock", Accepted: true}
}

func TestWhatIsInTheParcelIsCountedAndGradedOnce(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		if _, err := x.receive("case_1", inspection.Received{Line: 1, Quantity: 1}, inspection.Received{Line: 1, Quantity: 1}); err != nil {
			t.Fatal(err)
		}
		want := inspection.Report{
			Tenant: "t1", Case: "case_1", State: inspection.Counted, Version: 1, ReceivedAt: start,
			Lines: []inspection.Line{{Line: 1, Announced: 3, Received: 2}, {Line: 2, Announced: 1}},
		}
		if diff := cmp.Diff(want, x.report("case_1")); diff != "" {
			t.Errorf("after counting: %s", diff)
		}
		if n := want.Lines[0].Missing(); n != 1 {
			t.Errorf("%d missing of line 1, want 1", n)
		}
		if _, err := x.receive("case_1"); !errors.Is(err, inspection.ErrReceived) {
			t.Errorf("received twice: %v, want ErrReceived", err)
		}

		x.clock.Add(time.Hour)
		back := inspection.Grade{Line: 1, Count: 1, Grade: "D", Note: " 屏幕碎裂 ", Photos: []string{"pho_1"}, Disposition: inspection.Back}
		if _, err := x.grade("case_1", fine(1, 1), back); err != nil {
			t.Fatal(err)
		}
		back.Note = "屏幕碎裂"
		good := fine(1, 1)
		good.Photos = []string{}
		want.State, want.Version, want.GradedAt, want.Grades = inspection.Done, 2, start.Add(time.Hour), []inspection.Grade{good, back}
		got := x.report("case_1")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after grading: %s", diff)
		}
		if got.Accepted(1) != 1 || got.Accepted(2) != 0 {
			t.Errorf("accepted %d and %d, want 1 and 0", got.Accepted(1), got.Accepted(2))
		}
		if _, err := x.grade("case_1", fine(1, 2)); !errors.Is(err, inspection.ErrGraded) {
			t.Errorf("graded twice: %v, want ErrGraded", err)
		}
		types, last := x.events("case_1")
		if diff := cmp.Diff([]string{"unit.received", "unit.graded"}, types); diff != "" || !strings.Contains(last, `"disposition":"return_to_customer"`) {
			t.Errorf("events %v, last %s", types, last)
		}
	})
}

func TestAnEmptyBoxNeedsNoGrades(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		r, err := x.receive("case_1", inspection.Received{Line: 1}, inspection.Received{Line: 9})
		if err != nil || r.State != inspection.Done || r.Lines[0].Missing() != 3 || r.Lines[1].Missing() != 1 {
			t.Errorf("empty box: %+v, %v", r, err)
		}
		if _, err := x.grade("case_1"); !errors.Is(err, inspection.ErrGraded) {
			t.Errorf("grading an empty box: %v, want ErrGraded", err)
		}
	})
}

func TestCountsThatCannotBeAreRefused(t *testing.T) {
	tests := []struct {
		name string
		got  []inspection.Received
		want error
	}{
		{"one too many", []inspection.Received{{Line: 1, Quantity: 4}}, inspection.ErrExcess},
		{"one too many in two entries", []inspection.Received{{Line: 1, Quantity: 2}, {Line: 1, Quantity: 2}}, inspection.ErrExcess},
		{"a number that overflows", []inspection.Received{{Line: 1, Quantity: 1}, {Line: 1, Quantity: 1<<63 - 1}}, inspection.ErrExcess},
		{"a line that was not announced", []inspection.Received{{Line: 3, Quantity: 1}}, inspection.ErrExcess},
		{"a negative count", []inspection.Received{{Line: 1, Quantity: -1}}, inspection.ErrCount},
	}
	each(t, func(t *testing.T, x *box) {
		for _, test := range tests {
			if _, err := x.receive("case_1", test.got...); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		if types, _ := x.events("case_1"); len(types) != 0 {
			t.Errorf("refused counts left events %v", types)
		}
	})
}

func TestGradesThatDoNotFitAreRefusedAndLeaveNothing(t *testing.T) {
	with := func(change func(*inspection.Grade)) []inspection.Grade {
		g := fine(1, 2)
		change(&g)
		return []inspection.Grade{g}
	}
	tests := []struct {
		name   string
		grades []inspection.Grade
		want   error
	}{
		{"none", nil, inspection.ErrUnmatched},
		{"too few", []inspection.Grade{fine(1, 1)}, inspection.ErrUnmatched},
		{"too many", []inspection.Grade{fine(1, 2), fine(1, 1)}, inspection.ErrUnmatched},
		{"a line that did not arrive", []inspection.Grade{fine(1, 2), fine(2, 1)}, inspection.ErrUnmatched},
		{"a line that was never ordered", []inspection.Grade{fine(1, 2), fine(7, 1)}, inspection.ErrUnmatched},
		{"a count of nothing", with(func(g *inspection.Grade) { g.Count = 0 }), inspection.ErrGrade},
		{"an unknown grade", with(func(g *inspection.Grade) { g.Grade = "E" }), inspection.ErrGrade},
		{"no disposition", with(func(g *inspection.Grade) { g.Disposition = "" }), inspection.ErrGrade},
		{"accepted but sent back", with(func(g *inspection.Grade) { g.Disposition = inspection.Back }), inspection.ErrGrade},
		{"refused but kept", with(func(g *inspection.Grade) { g.Accepted = false }), inspection.ErrGrade},
		{"an endless note", with(func(g *inspection.Grade) { g.Note = strings.Repeat("很", 2001) }), inspection.ErrGrade},
		{"a note that is not text", with(func(g *inspection.Grade) { g.Note = "\xff" }), inspection.ErrGrade},
		{"a note with a zero byte", with(func(g *inspection.Grade) { g.Note = "a\x00b" }), inspection.ErrGrade},
		{"very many photos", with(func(g *inspection.Grade) { g.Photos = make([]string, 51) }), inspection.ErrGrade},
	}
	each(t, func(t *testing.T, x *box) {
		if _, err := x.grade("case_1", fine(1, 2)); !errors.Is(err, inspection.ErrUnknown) {
			t.Errorf("before anything arrived: %v, want ErrUnknown", err)
		}
		if _, err := x.receive("case_1", inspection.Received{Line: 1, Quantity: 2}); err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			if _, err := x.grade("case_1", test.grades...); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		if r := x.report("case_1"); r.State != inspection.Counted || r.Version != 1 {
			t.Errorf("after refusals: %+v", r)
		}
		if _, err := x.grade("case_1", fine(1, 2)); err != nil {
			t.Errorf("a right grade after refusals: %v", err)
		}
	})
}

func TestOfTwoInspectorsOneGrades(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		if _, err := x.receive("case_1", inspection.Received{Line: 1, Quantity: 3}); err != nil {
			t.Fatal(err)
		}
		results := make(chan error)
		for range 8 {
			go func() {
				_, err := x.grade("case_1", fine(1, 1), fine(1, 2))
				results <- err
			}()
		}
		won := 0
		for range 8 {
			switch err := <-results; {
			case err == nil:
				won++
			case !errors.Is(err, inspection.ErrGraded):
				t.Error(err)
			}
		}
		if r := x.report("case_1"); won != 1 || r.Accepted(1) != 3 || len(r.Grades) != 2 {
			t.Errorf("%d inspectors graded; %d accepted in %d runs", won, r.Accepted(1), len(r.Grades))
		}
	})
}

func TestAnotherTenantsReportDoesNotExist(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		if _, err := x.receive("case_1", inspection.Received{Line: 1, Quantity: 1}); err != nil {
			t.Fatal(err)
		}
		err := x.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := x.s.Grade(context.Background(), tx, actor.Of("t2"), "case_1", []inspection.Grade{fine(1, 1)})
			return err
		})
		if !errors.Is(err, inspection.ErrUnknown) {
			t.Errorf("graded by another tenant: %v, want ErrUnknown", err)
		}
	})
}
