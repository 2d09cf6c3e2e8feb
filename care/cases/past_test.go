package cases_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

func TestPastCasesAreReadWholeFromTheLatestOn(t *testing.T) {
	eachShop(t, func(s *shop) {
		var all []cases.Case
		for i, reason := range []string{"wrong_size", "not_as_described", "no_longer_needed"} {
			o := s.order([]string{"P1", "P2", "P3"}[i], 19900)
			all = append([]cases.Case{s.open(s.buyer, o, 1, reason)}, all...)
			s.clock.Add(time.Hour)
		}
		o := s.order("P4", 19900)
		no, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 2, Quantity: 1, Reason: "wrong_size"})
		if err != nil || no.State != cases.Rejected {
			t.Fatalf("hygiene goods: %s %v", no.State, err)
		}
		all = append([]cases.Case{no}, all...)
		read := func(f cases.PastFilter) (found []cases.Case) {
			t.Helper()
			for {
				var page []cases.Case
				err := s.d.Read(t.Context(), func(tx *db.Tx) (err error) {
					page, err = cases.Past(t.Context(), tx, "main", f)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if found = append(found, page...); len(page) < f.Limit {
					return found
				}
				last := page[len(page)-1]
				f.After = cases.Place{At: last.OpenedAt, ID: last.ID}
			}
		}
		want := make([]cases.Case, len(all))
		for i, c := range all {
			want[i] = s.reload(c)
		}
		if diff := cmp.Diff(want, read(cases.PastFilter{Limit: 3}), cmpopts.IgnoreUnexported(cases.Case{})); diff != "" {
			t.Errorf("all: %s", diff)
		}
		some := read(cases.PastFilter{Limit: 1, From: monday.Add(time.Hour), To: monday.Add(3 * time.Hour), Kinds: []string{cases.KindReturn}})
		if len(some) != 2 || some[0].ID != all[1].ID || some[1].ID != all[2].ID {
			t.Errorf("of two hours: %d", len(some))
		}
		err = s.d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := cases.CountPast(t.Context(), tx, "main", cases.PastFilter{Sellers: []string{"", "none"}})
			if err != nil || n != 4 {
				t.Errorf("counted %d: %v", n, err)
			}
			history, err := cases.PastOf(t.Context(), tx, "main", []string{o.Customer})
			if diff := cmp.Diff([]cases.PastCase{{At: monday}, {At: monday.Add(time.Hour)}, {At: monday.Add(2 * time.Hour)}, {At: monday.Add(3 * time.Hour), Refused: true}}, history[o.Customer]); diff != "" {
				t.Errorf("of the customer: %s", diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
