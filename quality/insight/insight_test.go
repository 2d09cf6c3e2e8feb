package insight_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/quality/insight"
)

// recounted is what the tables of cases, orders and payouts themselves say of
// everything there is.
type recounted struct {
	States, Reasons map[string]int64
	Money           map[string]int64
	Paid, Answers   int64
	Staff           int64
	Median, P90     int64 // of first answers, exact
	Sold, Returned  int64
}

// recount uses nothing of the package under test.
func (s *shop) recount(seller string) (r recounted) {
	s.Helper()
	r.States, r.Reasons, r.Money = map[string]int64{}, map[string]int64{}, map[string]int64{}
	group := func(to map[string]int64, query string) {
		s.read(func(tx *db.Tx) error {
			rows, err := tx.Query(s.Context(), query, seller)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var name string
				var n int64
				if err := rows.Scan(&name, &n); err != nil {
					return err
				}
				to[name] = n
			}
			return rows.Err()
		})
	}
	one := func(to *int64, query string) {
		s.read(func(tx *db.Tx) error { return tx.QueryRow(s.Context(), query, seller).Scan(to) })
	}
	group(r.States, `select state, count(*) from cases_case where $1 in ('', seller) group by state`)
	group(r.Reasons, `select reason, count(*) from cases_case where $1 in ('', seller) group by reason`)
	group(r.Money, `select p.currency, cast(sum(p.amount) as bigint) from settlement_payout p join cases_case c on c.tenant = p.tenant and c.id = p.case_id
		where p.state = 'succeeded' and $1 in ('', c.seller) group by p.currency`)
	one(&r.Paid, `select count(*) from cases_case c where $1 in ('', seller)
		and exists (select 1 from settlement_payout p where p.tenant = c.tenant and p.case_id = c.id)
		and not exists (select 1 from settlement_payout p where p.tenant = c.tenant and p.case_id = c.id and p.state <> 'succeeded')`)
	const answers = `from (select c.opened_at, min(e.at) as at from event_log e join cases_case c on c.tenant = e.tenant and c.id = e.subject
		where e.type in ('case.approved', 'case.rejected') and $1 in ('', c.seller) group by c.id, c.opened_at) as answered`
	one(&r.Answers, `select count(*) `+answers)
	one(&r.Staff, `select count(*) from (select min(e.id) as first from event_log e join cases_case c on c.tenant = e.tenant and c.id = e.subject
		where e.type in ('case.approved', 'case.rejected') and $1 in ('', c.seller) group by c.id) as answered
		join event_log e on e.id = answered.first where e.actor_kind = 'staff'`)
	if r.Answers > 0 {
		took := []int64{}
		s.read(func(tx *db.Tx) (err error) {
			took, err = db.List(s.Context(), tx, func(row db.Scanner) (n int64, err error) { return n, row.Scan(&n) },
				`select at - opened_at `+answers+` order by at - opened_at`, seller)
			return err
		})
		r.Median, r.P90 = took[(len(took)-1)/2]/1000, took[(9*len(took)+9)/10-1]/1000
	}
	one(&r.Sold, `select cast(coalesce(sum(quantity), 0) as bigint) from order_line where $1 in ('', seller)`)
	var past int64
	one(&past, `select cast(coalesce(sum(r.quantity), 0) as bigint) from order_returned r join order_line l on l.tenant = r.tenant and l.order_id = r.order_id and l.no = r.line where $1 in ('', l.seller)`)
	one(&r.Returned, `select cast(coalesce(sum(quantity), 0) as bigint) from cases_case where $1 in ('', seller)`)
	r.Returned += past
	return r
}

// told is the same out of an answer.
func told(a insight.Answer) (r recounted) {
	r.States, r.Reasons, r.Money = map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, c := range a.Cases.States {
		r.States[c.Name] = c.Count
	}
	for _, c := range a.Reasons {
		r.Reasons[c.Name] = c.Count
	}
	for _, m := range a.Money {
		r.Money[m.Total.Currency] = m.Total.Minor
	}
	r.Paid, r.Answers, r.Staff = a.RefundTime.Count, a.Answers.Count, a.Answers.Count-a.Answers.Automatic
	r.Median, r.P90 = a.Answers.Median, a.Answers.P90
	r.Sold, r.Returned = a.Products.Sold, a.Products.Returned
	return r
}

// near lets durations be up to a tenth longer, and a second where there was none.
var near = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Median" || p.Last().String() == ".P90" },
	cmp.Comparer(func(a, b int64) bool {
		low, high := min(a, b), max(a, b)
		return high <= low+low/10+2
	}))

var wide = insight.Query{From: "2026-01-01", To: "2026-12-31", Grain: insight.Month}

func TestFiguresAreExactlyWhatTheCasesSay(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(7, 7)), 40)
		for _, seller := range []string{"", "north", "south"} {
			want := s.recount(seller)
			for _, grain := range []insight.Grain{insight.Day, insight.Week, insight.Month} {
				q := wide
				q.Grain, q.Seller = grain, seller
				if grain == insight.Day {
					q.From, q.To = "2026-03-01", "2026-05-31"
				}
				got := told(s.ask(admin, q))
				if grain == insight.Day { // sales of before are months that it does not ask for
					got.Sold, got.Returned = want.Sold, want.Returned
				}
				if diff := cmp.Diff(want, got, near); diff != "" {
					s.Errorf("%q by %s (-recounted +told): %s", seller, grain, diff)
				}
			}
		}
		if all := s.recount(""); len(all.States) < 3 || all.Paid < 5 || all.Staff < 5 || all.Answers == all.Staff || len(all.Money) != 2 {
			s.Errorf("the shop did not live enough to prove anything: %+v", all)
		}
		var open int64
		s.read(func(tx *db.Tx) error {
			return tx.QueryRow(s.Context(), `select count(*) from cases_case where state not in ('completed', 'closed')`).Scan(&open)
		})
		s.read(func(tx *db.Tx) error {
			w, err := insight.Now(s.Context(), tx, admin, insight.Filter{})
			sums := [3]int64{}
			for i, part := range [][]insight.Count{w.States, w.Ages, w.Deadlines} {
				for _, c := range part {
					sums[i] += c.Count
				}
			}
			if w.Total != open || sums != [3]int64{open, open, open} {
				s.Errorf("%d are open: %+v", open, w)
			}
			return err
		})
	})
}

func TestFiltersDivideTheWhole(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(3, 9)), 20)
		all := s.ask(admin, wide)
		for _, values := range []struct {
			name   string
			filter []insight.Filter
		}{
			{"channel", []insight.Filter{{Channel: "web"}, {Channel: "live"}, {Channel: "-"}}},
			{"market", []insight.Filter{{Market: "CN"}, {Market: "SG"}, {Market: "-"}}},
		} {
			var cases, sold, back int64
			for _, f := range values.filter {
				q := wide
				q.Filter = f
				part := s.ask(admin, q)
				cases, sold, back = cases+part.Cases.Total, sold+part.Products.Sold, back+part.Products.Returned
			}
			if cases != all.Cases.Total || sold != all.Products.Sold || back != all.Products.Returned {
				s.Errorf("by %s: %d cases, %d sold, %d back; in all %d, %d, %d", values.name, cases, sold, back, all.Cases.Total, all.Products.Sold, all.Products.Returned)
			}
		}
	})
}

// What is sold has no kind: of the articles of a kind all sales are told.
func TestArticlesOfAKindTellAllThatWasSold(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(6, 4)), 20)
		for _, f := range []insight.Filter{{}, {Kind: "return_refund"}, {Kind: "return_refund", Seller: "north"}, {Kind: "return_refund", Seller: "north", Channel: "web"}} {
			q := wide
			q.Filter = f
			a := s.ask(admin, q)
			if len(a.Products.Items) == 0 || a.Products.Returned == 0 {
				s.Errorf("%+v: no article was asked back", f)
			}
			for _, p := range a.Products.Items {
				var sold int64
				s.read(func(tx *db.Tx) error {
					return tx.QueryRow(s.Context(), `
						select cast(coalesce(sum(l.quantity), 0) as bigint) from order_line l join order_order o on o.tenant = l.tenant and o.id = l.order_id
						where l.sku = $1 and $2 in ('', l.seller) and $3 in ('', o.channel)`, p.SKU, f.Seller, f.Channel).Scan(&sold)
				})
				if p.Sold != sold {
					s.Errorf("%+v: %d of %s were sold, told are %d", f, sold, p.SKU, p.Sold)
				}
			}
		}
	})
}

func TestCountingAnewGivesTheSame(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(5, 5)), 20)
		want := s.ask(admin, wide)
		s.write(func(tx *db.Tx) error { return s.figures.Rebuild(s.Context(), tx, "main") })
		if empty := s.ask(admin, wide); empty.Cases.Total != 0 {
			s.Errorf("%d cases are counted before counting began", empty.Cases.Total)
		}
		if _, err := s.queue.RunDue(s.Context()); err != nil {
			s.Fatal(err)
		}
		if diff := cmp.Diff(want, s.ask(admin, wide)); diff != "" {
			s.Errorf("(-followed +counted anew) %s", diff)
		}
		s.heard = map[string]bool{} // the whole log once more
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(s.Context(), `update insight_shop set position = 0`)
			return err
		})
		s.hear()
		if diff := cmp.Diff(want, s.ask(admin, wide)); diff != "" {
			s.Errorf("(-followed +heard twice) %s", diff)
		}
	})
}

func TestAnotherZoneMovesTheDays(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.clock.Set(time.Date(2026, 3, 31, 20, 0, 0, 0, time.UTC)) // the first of April in Shanghai
		s.live(rand.New(rand.NewPCG(1, 1)), 1)
		april := insight.Query{From: "2026-04-01", To: "2026-04-30", Grain: insight.Month}
		if a := s.ask(admin, april); a.Cases.Total != 1 {
			s.Fatalf("%d cases in April", a.Cases.Total)
		}
		s.write(func(tx *db.Tx) error {
			shop, err := tenant.ByID(s.Context(), tx, "main")
			if err != nil {
				return err
			}
			shop.Zone = "America/New_York"
			_, err = tenant.Update(s.Context(), tx, admin, shop)
			return err
		})
		s.hear()
		if _, err := s.queue.RunDue(s.Context()); err != nil {
			s.Fatal(err)
		}
		if a := s.ask(admin, april); a.Cases.Total != 0 || a.Zone != "America/New_York" {
			s.Errorf("%d cases in April in %s", a.Cases.Total, a.Zone)
		}
	})
}

func TestTheAPIRefusesWrongPeriodsAndShowsSellersTheirOwn(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(2, 2)), 20)
		a := apitest.New(s.d, role.Allow)
		s.figures.Routes(a)
		h := a.Handler()
		north := admin
		north.Role, north.Seller = role.Seller, "north"
		const year = "?from=2026-01-01&to=2026-12-31&grain=month"
		all := apitest.Do(t, h, "GET", "/v1/insight"+year, apitest.As(admin)).Want(t, 200, "")
		own := apitest.Do(t, h, "GET", "/v1/insight"+year, apitest.As(north)).Want(t, 200, "")
		foreign := apitest.Do(t, h, "GET", "/v1/insight"+year+"&seller=south", apitest.As(north)).Want(t, 200, "")
		if total := s.recount("north"); own.At("cases.total") != float64(total.States["closed"]+total.States["rejected"]+total.States["submitted"]+total.States["completed"]+total.States["await_return"]+total.States["resolving"]+total.States["inspecting"]) ||
			own.At("cases.total") == all.At("cases.total") || foreign.At("cases.total") != own.At("cases.total") {
			s.Errorf("all %v, own %v, of another %v", all.At("cases.total"), own.At("cases.total"), foreign.At("cases.total"))
		}
		apitest.Do(t, h, "GET", "/v1/insight/open?seller=south", apitest.As(north)).Want(t, 200, "")
		if got := apitest.Do(t, h, "GET", "/v1/insight/choices", apitest.As(north)).Want(t, 200, ""); len(got.At("sellers").([]any)) != 1 {
			s.Errorf("%s", got.Raw)
		}
		for query, code := range map[string]string{
			"?from=yesterday": "insight.invalid", "?from=2026-02-01&to=2026-01-01": "insight.invalid", "?grain=day&from=2020-01-01": "insight.invalid", "?grain=year": "request.invalid",
		} {
			apitest.Do(t, h, "GET", "/v1/insight"+query, apitest.As(admin)).Want(t, 422, code)
		}
		apitest.Do(t, h, "GET", "/v1/insight.csv?figure=weather", apitest.As(admin)).Want(t, 422, "insight.figure")
		for _, figure := range []string{"cases", "reasons", "money", "refund_time", "answers", "products", "open"} {
			if got := apitest.Do(t, h, "GET", "/v1/insight.csv"+year+"&figure="+figure, apitest.As(admin)).Want(t, 200, ""); len(got.Raw) < 20 {
				s.Errorf("%s: %s", figure, got.Raw)
			}
		}
		agent := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_2", Role: role.Agent}
		apitest.Do(t, h, "GET", "/v1/insight", apitest.As(agent)).Want(t, 403, "role.denied")
	})
}

func TestDaysAreTheShops(t *testing.T) {
	zone, err := calendar.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	if got := calendar.Date(time.Date(2026, 3, 1, 16, 30, 0, 0, time.UTC), zone); got != "2026-03-02" {
		t.Error(got)
	}
}
