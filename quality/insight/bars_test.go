package insight_test

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/quality/insight"
)

func dayBefore(t *testing.T, day string) string {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return at.AddDate(0, 0, -1).Format(time.DateOnly)
}

// end is the last day of a period.
func (s *shop) end(periods []string, at int, last string) string {
	if at+1 < len(periods) {
		return dayBefore(s.T, periods[at+1])
	}
	return last
}

// What a bar counts is what the list of cases has that it leads to.
func TestEveryBarLeadsToExactlyItsCases(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(11, 4)), 30)
		a := apitest.New(s.d, role.Allow)
		s.cases.Routes(a)
		h := a.Handler()
		listed := func(f insight.Filter, pairs ...string) int64 {
			s.Helper()
			q := url.Values{"limit": {"100"}}
			for name, value := range map[string]string{"channel": f.Channel, "country": f.Market, "seller": f.Seller} {
				if value != "" {
					q.Set(name, value)
				}
			}
			for i := 0; i < len(pairs); i += 2 {
				q.Set(pairs[i], pairs[i+1])
			}
			return int64(len(apitest.Do(t, h, "GET", "/v1/cases?"+q.Encode(), apitest.As(admin)).Want(t, 200, "").At("items").([]any)))
		}
		same := func(what string, bar, list int64) {
			s.Helper()
			if bar != list {
				s.Errorf("%s: the bar says %d, the list has %d", what, bar, list)
			}
		}
		twice, bars := false, 0
		for _, f := range []insight.Filter{{}, {Channel: "web"}, {Market: "SG", Seller: "north"}} {
			for _, grain := range []insight.Grain{insight.Day, insight.Week, insight.Month} {
				q := insight.Query{Filter: f, From: "2026-02-20", To: "2026-04-30", Grain: grain}
				got := s.ask(admin, q)
				for at, from := range got.Periods {
					to := s.end(got.Periods, at, map[insight.Grain]string{insight.Day: "2026-04-30", insight.Week: "2026-05-03", insight.Month: "2026-04-30"}[grain])
					name := strings.Join([]string{string(grain), from, to, f.Channel, f.Market}, " ")
					if n := got.Cases.Series[at].Count; n > 0 || grain == insight.Month {
						same("requests "+name, n, listed(f, "opened_from", from, "opened_to", to))
						for _, one := range got.Cases.Series[at].States {
							same(one.Name+" "+name, one.Count, listed(f, "opened_from", from, "opened_to", to, "state", one.Name))
						}
					}
					for _, money := range got.Money {
						p := money.Series[at]
						if p.Count > 0 || grain == insight.Month {
							same("money "+name, p.Cases, listed(f, "paid_from", from, "paid_to", to, "currency", money.Total.Currency))
							twice, bars = twice || p.Cases < p.Count, bars+1
						}
					}
					if n := got.RefundTime.Series[at].Count; n > 0 || grain == insight.Month {
						same("times "+name, n, listed(f, "settled_from", from, "settled_to", to))
					}
					if p := got.Answers.Series[at]; p.Count > 0 || grain == insight.Month {
						same("answers "+name, p.Count, listed(f, "answered_from", from, "answered_to", to))
						same("answers of rules "+name, p.Automatic, listed(f, "answered_from", from, "answered_to", to, "answered_by", "automatic"))
					}
				}
			}
			s.read(func(tx *db.Tx) error {
				w, err := insight.Now(s.Context(), tx, admin, f)
				var open []string
				for _, one := range w.States {
					open = append(open, one.Name)
					same(one.Name, one.Count, listed(f, "state", one.Name))
				}
				states := strings.Join(open, ",")
				for i, pairs := range [][]string{{"age_under", "24"}, {"age_over", "24", "age_under", "72"}, {"age_over", "72", "age_under", "168"}, {"age_over", "168", "age_under", "720"}, {"age_over", "720"}} {
					same("age "+w.Ages[i].Name, w.Ages[i].Count, listed(f, append(pairs, "state", states)...))
				}
				for i, pairs := range [][]string{{"overdue", "true"}, {"due", "24"}, {"due", "72", "due_after", "24"}, {"due_after", "72"}, {"undated", "true"}} {
					same("deadline "+w.Deadlines[i].Name, w.Deadlines[i].Count, listed(f, pairs...))
				}
				return err
			})
		}
		if !twice || bars < 20 {
			s.Errorf("%d bars of money, one of two payouts of a case: %v", bars, twice)
		}
		s.write(func(tx *db.Tx) error { return s.figures.Rebuild(s.Context(), tx, "main") })
		same("before counting began anew", 0, listed(insight.Filter{}, "paid_from", "2026-01-01"))
		if _, err := s.queue.RunDue(s.Context()); err != nil {
			s.Fatal(err)
		}
		same("counted anew", s.ask(admin, wide).RefundTime.Count, listed(insight.Filter{}, "settled_from", "2026-01-01"))
	})
}
