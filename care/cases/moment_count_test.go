package cases_test

import (
	"slices"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

func TestCountsByWhatHappenedKnowEveryStateAndSayWhereTheyStop(t *testing.T) {
	eachList(t, func(t *testing.T, d *db.DB, all []cases.Case) {
		by := actor.Actor{Tenant: "main", Kind: actor.Staff}
		tell := func(told map[string][]cases.Moment) {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return cases.TellMoments(t.Context(), tx, "main", told) }); err != nil {
				t.Fatal(err)
			}
		}
		count := func(f cases.Filter) (n map[cases.State]int64, more []cases.State) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				n, more, err = cases.Counts(t.Context(), tx, by, f)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n, more
		}

		// The time since the request leads to the state; it may be told wrongly.
		told, want := map[string][]cases.Moment{"case_nobody": {{What: cases.Settled, At: monday}}}, map[cases.State]int64{}
		for i, c := range all {
			took := time.Duration(i+1) * time.Hour
			at := c.OpenedAt.Add(took)
			if i%3 == 0 {
				took += time.Minute
			}
			told[c.ID] = []cases.Moment{{What: cases.Settled, At: at, Took: took}}
			want[c.State]++
		}
		tell(told)
		got, more := count(cases.Filter{Settled: cases.Span{From: "2026-01-01"}})
		if diff := diff.Diff(want, got); diff != "" || len(more) > 0 {
			t.Errorf("there may be more %v; (-want +got):\n%s", more, diff)
		}

		// A case is one case however often money went back, and what lies behind the
		// end of the looking may be any state.
		often := make([]cases.Moment, 1400)
		for i := range often {
			took := time.Duration(i+1) * time.Minute
			often[i] = cases.Moment{What: cases.Paid, Label: "CNY", At: all[0].OpenedAt.Add(took), Took: took}
		}
		tell(map[string][]cases.Moment{all[0].ID: often, all[1].ID: often[:2]})
		paid := cases.Filter{Paid: cases.Span{From: "2026-01-01"}, Currency: "CNY"}
		got, more = count(paid)
		if got[all[0].State] < 1 || !slices.Equal(more, cases.States) {
			t.Errorf("%v, there may be more %v", got, more)
		}
		tell(map[string][]cases.Moment{all[0].ID: often[:900], all[1].ID: often[:2]})
		want = map[cases.State]int64{all[0].State: 1}
		want[all[1].State]++
		got, more = count(paid)
		if diff := diff.Diff(want, got); diff != "" || len(more) > 0 {
			t.Errorf("there may be more %v; (-want +got):\n%s", more, diff)
		}
	})
}
