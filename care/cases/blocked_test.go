package cases_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

var update = flag.Bool("update", false, "write the table of blocked actions")

const blockedTable = "testdata/blocked.txt"

// what is the sort of case that a row of the table is about.
func what(c cases.Case) string {
	text := string(c.State) + " " + c.Kind
	if c.ClosedAs != "" {
		text += " " + c.ClosedAs
	}
	if c.Detail.Arrived {
		text += " arrived"
	}
	if x := c.Detail.Exchange; x != nil && x.Sent {
		text += " sent"
	}
	return text
}

func TestEveryBlockedActionSaysPreciselyWhy(t *testing.T) {
	langs := []string{"zh-CN", "zh-TW", "en"}
	eachTour(t, func(t *tour) {
		var rows []string
		codes := map[string]bool{}
		all := append(t.everywhere(), t.dearer("S20"), t.asks(cases.KindReship, t.order("S21", 19900)), t.asks(cases.KindRefund, t.order("S22", 89900)))
		for _, c := range all {
			owner := actor.Actor{Tenant: "main", Kind: actor.Customer, ID: c.Customer}
			for _, by := range []actor.Actor{t.boss, owner} {
				for _, lang := range langs {
					var v cases.View
					t.write(func(tx *db.Tx) (err error) {
						v, err = t.cases.Look(t.t.Context(), tx, by, c, lang)
						return err
					})
					for _, a := range v.Actions {
						if a.Allowed {
							continue
						}
						r := a.Reason
						if r == nil || r.Code == "" || r.Track == "" || r.Text == "" || !locale.Has("blocked."+r.Code) {
							t.t.Errorf("%s in %s: no reason in %s: %+v", a.Action, what(c), lang, r)
							continue
						}
						if !c.State.Final() && r.Waits == "" {
							t.t.Errorf("%s in %s waits for nobody", a.Action, what(c))
						}
						if c.Timer != "" && (r.Until == nil || !r.Until.Equal(c.Deadline)) {
							t.t.Errorf("%s in %s: until %v, the deadline is %v", a.Action, what(c), r.Until, c.Deadline)
						}
						if _, err := t.dry(by, c, full(a.Action)); err == nil {
							t.t.Errorf("%s in %s is said to be blocked by %s and goes", a.Action, what(c), r.Code)
						}
						codes[r.Code] = true
						if lang == "en" {
							rows = append(rows, fmt.Sprintf("%-46s %-9s %-12s %-18s %-12s %v", what(c), by.Kind, a.Action, r.Code, r.Waits, r.Next))
						}
					}
				}
			}
		}
		slices.Sort(rows)
		got := strings.Join(slices.Compact(rows), "\n") + "\n"
		if *update {
			if err := os.WriteFile(blockedTable, []byte(got), 0o644); err != nil {
				t.t.Fatal(err)
			}
		}
		want, err := os.ReadFile(blockedTable)
		if err != nil {
			t.t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.t.Errorf("the table differs; read it, then -update: %s", diff)
		}
		t.t.Logf("%d blocked pairs, %d reasons", len(rows), len(codes))
	})
}
