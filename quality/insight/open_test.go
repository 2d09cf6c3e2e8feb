package insight_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/quality/insight"
)

// waiting counts open cases one by one.
func waiting(all map[string]insight.Entry, f insight.Filter, now time.Time) (w insight.Waiting) {
	states, ages, dues := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, e := range all {
		if e.Open == nil || f.Kind != "" && f.Kind != e.Kind || f.Channel != "" && f.Channel != e.Channel || f.Market != "" && f.Market != e.Market || f.Seller != "" && f.Seller != e.Seller {
			continue
		}
		w.Total++
		states[e.Open.State]++
		switch old := now.Sub(e.Open.OpenedAt); {
		case old < 24*time.Hour:
			ages["day"]++
		case old < 72*time.Hour:
			ages["three_days"]++
		case old < 7*24*time.Hour:
			ages["week"]++
		case old < 30*24*time.Hour:
			ages["month"]++
		default:
			ages["older"]++
		}
		switch left := e.Open.Deadline.Sub(now); {
		case e.Open.Deadline.IsZero():
			dues["none"]++
		case left <= 0:
			dues["overdue"]++
		case left <= 24*time.Hour:
			dues["day"]++
		case left <= 72*time.Hour:
			dues["three_days"]++
		default:
			dues["later"]++
		}
	}
	w.Overdue = dues["overdue"]
	count := func(names []string, of map[string]int64) (list []insight.Count) {
		for _, name := range names {
			list = append(list, insight.Count{Name: name, Count: of[name]})
		}
		return list
	}
	w.Ages = count([]string{"day", "three_days", "week", "month", "older"}, ages)
	w.Deadlines = count([]string{"overdue", "day", "three_days", "later", "none"}, dues)
	for _, s := range cases.States {
		if !s.Final() {
			w.States = append(w.States, insight.Count{Name: string(s), Count: states[string(s)]})
		}
	}
	return w
}

// change is a case as it may be now: mostly open, often exactly at a limit, and
// with another seller or market than a moment ago.
func change(r *rand.Rand, key string, version int64, opened, now time.Time) insight.Entry {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	state := cases.States[r.IntN(len(cases.States))]
	e := insight.Entry{Key: key, Version: version, Dims: insight.Dims{
		Kind: pick("return_refund", "exchange"), Channel: pick("web", "-"), Market: pick("CN", "SG"), Seller: pick("", "north", "south")}}
	e.Cells = []insight.Cell{{Measure: insight.States, Day: opened.Format("2006-01-02"), Label: string(state), N: 1}}
	if state.Final() {
		return e
	}
	e.Open = &insight.Open{State: string(state), OpenedAt: opened}
	if left := time.Duration(r.IntN(9)-4) * 24 * time.Hour; r.IntN(5) > 0 {
		e.Open.Deadline = now.Add(left + time.Duration(r.IntN(3)-1)*time.Millisecond)
	}
	return e
}

func TestWhatIsOpenIsCountedAsItIs(t *testing.T) {
	eachShop(t, func(s *shop) {
		r, now := rand.New(rand.NewPCG(4, 2)), s.clock.Now()
		all, opened := map[string]insight.Entry{}, map[string]time.Time{}
		for version := range int64(6) {
			var some []insight.Entry
			for n := range 150 {
				key := fmt.Sprintf("case_%03d", n)
				if version > 0 && r.IntN(3) == 0 { // stays as it is
					continue
				}
				if _, known := opened[key]; !known {
					days := []int{0, 1, 3, 7, 30, 31, 300}[r.IntN(7)]
					opened[key] = now.AddDate(0, 0, -days).Add(time.Duration(r.IntN(3)-1) * time.Millisecond)
				}
				e := change(r, key, version+1, opened[key], now)
				if before := all[key]; before.Open != nil && r.IntN(4) == 0 { // nothing but where its goods went
					before.Market = e.Market
					e = before
				}
				some, all[key] = append(some, e), e
			}
			s.write(func(tx *db.Tx) error { return insight.Put(s.Context(), tx, "main", some) })
			for _, f := range []insight.Filter{
				{}, {Kind: "exchange"}, {Channel: "-"}, {Market: "SG"}, {Kind: "return_refund", Channel: "web", Market: "CN"}, {Seller: "north"}, {Seller: "south", Kind: "exchange", Market: "SG"}, {Seller: "nobody"},
			} {
				s.read(func(tx *db.Tx) error {
					got, err := insight.Now(s.Context(), tx, admin, f)
					if diff := cmp.Diff(waiting(all, f, tx.Now), got); diff != "" {
						s.Errorf("after %d changes, %+v (-counted one by one +told) %s", version, f, diff)
					}
					return err
				})
			}
		}
	})
}
