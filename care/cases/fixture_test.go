package cases_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/rules/opening"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

var schemas = []db.Schema{
	event.Schema, job.Schema, tenant.Schema, customer.Schema, order.Schema, policy.Schema, opening.Schema,
	settlement.Schema, charge.Schema, clearing.Schema, refund.Schema, shipment.Schema, inspection.Schema, stock.Schema, product.Schema, evidence.Schema, cases.Schema,
}

// Hygiene goods that the law lets a shop sell for good were bought as such.
var confirmed = true

// The 2nd of March 2026, ten in the morning in Shanghai; orders were delivered
// the evening before.
var monday = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// shop is a running shop without HTTP: real services on a real store.
type shop struct {
	t         *testing.T
	d         *db.DB
	clock     *dbtest.Clock
	cases     *cases.Service
	queue     *job.Queue
	orders    *order.Service
	bank      *bank
	agent     actor.Actor
	boss      actor.Actor
	buyer     actor.Actor
	lastOrder order.Order
	heard     map[string]bool
	rules     int64 // version of the policy that new orders are under
}

// bank is a payment provider that pays each key once and remembers it. A walk
// gives it moods of its own.
type bank struct {
	paid map[string]int64
	mood interface {
		refund(r settlement.Request) (settlement.Result, error)
		lookup(r settlement.Request) (settlement.Result, error)
	}
}

func (b *bank) Name() string { return "bank" }

func (b *bank) Refund(_ context.Context, r settlement.Request) (settlement.Result, error) {
	if b.mood != nil {
		return b.mood.refund(r)
	}
	b.paid[r.Key] = r.Amount.Minor
	return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
}

func (b *bank) Lookup(_ context.Context, r settlement.Request) (settlement.Result, error) {
	if b.mood != nil {
		return b.mood.lookup(r)
	}
	if _, ok := b.paid[r.Key]; ok {
		return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
	}
	return settlement.Result{Outcome: settlement.Absent}, nil
}

func (b *bank) total() (sum int64) {
	for _, n := range b.paid {
		sum += n
	}
	return sum
}

func eachShop(t *testing.T, test func(s *shop)) {
	t.Helper()
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		test(newShop(t, d, clock))
	})
}

// newShop opens a shop on an empty store.
func newShop(t *testing.T, d *db.DB, clock *dbtest.Clock) *shop {
	queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
	b := &bank{paid: map[string]int64{}}
	pay := settlement.New(d, queue, slog.New(slog.DiscardHandler), b)
	pay.Jobs(queue)
	s := &shop{t: t, d: d, clock: clock, queue: queue, bank: b, rules: 1, heard: map[string]bool{},
		agent: actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: "administrator"},
		boss:  actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_2", Name: "Gao Ran", Role: "administrator"}}
	s.cases = &cases.Service{Store: d, Queue: queue, Refund: refund.New(pay), Shipment: &shipment.Service{}, Inspection: &inspection.Service{}, Stock: &stock.Service{},
		Charge: charge.NewService(d, queue, slog.New(slog.DiscardHandler)), Payouts: pay, Evidence: &evidence.Service{}, Hours: opening.Keeping}
	s.cases.Jobs(queue)
	s.cases.Charge.Jobs(queue)
	s.orders = order.New(order.Options{Terms: func(context.Context, *db.Tx, string, string) (order.Terms, error) {
		return order.Terms{Zone: "Asia/Shanghai", Policy: policy.Standard, PolicyVer: s.rules}, nil
	}})
	s.cases.Orders = s.orders
	s.write(func(tx *db.Tx) error {
		_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "main", Name: "Shop", Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY",
			Return: tenant.Address{Name: "退货仓", Lines: []string{"滨江区江南大道 1 号"}, City: "杭州", Country: "CN"}})
		if err != nil {
			return err
		}
		return (&policy.Service{}).Found(t.Context(), tx, actor.Of("main"))
	})
	return s
}

func (s *shop) write(f func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.d.Write(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

// order stores one with two lines: 3 × 199.00 with 10 % off, and 1 × 99.00 of
// hygiene goods, 12.00 shipping, paid by card. unit is the price in fen.
func (s *shop) order(number string, unit int64) (o order.Order) {
	s.t.Helper()
	delivered := monday.Add(-14 * time.Hour)
	s.write(func(tx *db.Tx) (err error) {
		goods := 3*unit + 9900
		o, _, err = s.orders.Put(s.t.Context(), tx, actor.Of("main"), order.Draft{
			Source: "shop", Number: number, Currency: "CNY", Country: "CN", PlacedAt: monday.Add(-72 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true, Sale: order.Sale{Channel: "web", SellerCountry: "CN"},
			Customer: &customer.Draft{Ref: "c-" + number, Name: "林晓雯", Email: number + "@example.com", Phone: "+8613800002207"},
			Lines: []order.DraftLine{
				{SKU: "X2", Title: "声悦 X2 耳机", Category: "audio", Quantity: 3, UnitPrice: unit},
				{SKU: "U1", Title: "棉质内衣", Category: "underwear", Quantity: 1, UnitPrice: 9900, LineSale: order.LineSale{Told: order.Told{Exception: &confirmed, Confirmed: &confirmed}}},
			},
			Discounts: []order.DraftDiscount{{Code: "TEN", Amount: goods / 10}},
			Shipping:  order.DraftShipping{Amount: 1200},
			Tenders:   []order.DraftTender{{Kind: "card", Label: "Visa", Provider: "bank", Reference: "pi_1", Amount: goods - goods/10 + 1200}},
		})
		return err
	})
	s.buyer = actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}
	return o
}

func (s *shop) open(by actor.Actor, o order.Order, quantity int64, reason string) cases.Case {
	s.t.Helper()
	c, err := s.tryOpen(by, o, cases.Wanted{Line: 1, Quantity: quantity, Reason: reason})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *shop) tryOpen(by actor.Actor, o order.Order, items ...cases.Wanted) (c cases.Case, err error) {
	err = s.d.Write(s.t.Context(), func(tx *db.Tx) (err error) {
		c, err = s.cases.Open(s.t.Context(), tx, by, cases.Request{Order: o.ID, Items: items, Language: "zh-CN"})
		return err
	})
	return c, err
}

func (s *shop) act(by actor.Actor, c cases.Case, in cases.Input) cases.Case {
	s.t.Helper()
	done, err := s.try(by, c, in)
	if err != nil {
		s.t.Fatalf("%s in state %s: %v", in.Action, c.State, err)
	}
	return done
}

func (s *shop) try(by actor.Actor, c cases.Case, in cases.Input) (done cases.Case, err error) {
	err = s.d.Write(s.t.Context(), func(tx *db.Tx) (err error) {
		done, err = s.cases.Act(s.t.Context(), tx, by, c.ID, c.Version, in)
		return err
	})
	return done, err
}

func (s *shop) scan(c cases.Case, status shipment.State) cases.Case {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		return s.cases.Scan(s.t.Context(), tx, s.agent, c.Tracking, shipment.Scan{Status: status, At: tx.Now, Place: "杭州"})
	})
	return s.reload(c)
}

func (s *shop) reload(c cases.Case) (now cases.Case) {
	s.t.Helper()
	err := s.d.Read(s.t.Context(), func(tx *db.Tx) (err error) {
		now, err = cases.ByID(s.t.Context(), tx, actor.Of("main"), c.ID)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return now
}

// work runs due jobs and lets the case hear of payouts, as followers do.
func (s *shop) work() {
	s.t.Helper()
	if _, err := s.queue.RunDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	types, react := s.cases.Events()
	s.write(func(tx *db.Tx) error {
		for _, e := range append(s.log(tx, "payout"), s.log(tx, "charge")...) {
			if slices.Contains(types, e.Type) && !s.heard[e.ID] {
				s.heard[e.ID] = true
				if err := react(s.t.Context(), tx, e); err != nil {
					return fmt.Errorf("%s: %w", e.Type, err)
				}
			}
		}
		return nil
	})
}

// log reads all events of a stream in order.
func (s *shop) log(tx *db.Tx, stream string) []event.Event {
	s.t.Helper()
	rows, err := tx.Query(s.t.Context(), `select distinct subject from event_log where stream = $1`, stream)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	var subjects []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			s.t.Fatal(err)
		}
		subjects = append(subjects, one)
	}
	_ = rows.Close()
	var all []event.Event
	for _, subject := range subjects {
		events, err := event.History(s.t.Context(), tx, "main", stream, subject)
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, events...)
	}
	return all
}

func (s *shop) types(c cases.Case) (types []string) {
	s.t.Helper()
	err := s.d.Read(s.t.Context(), func(tx *db.Tx) error {
		events, err := event.History(s.t.Context(), tx, "main", "case", c.ID)
		for _, e := range events {
			types = append(types, e.Type)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return types
}

func received(n int64) cases.Input {
	return cases.Input{Action: cases.Receive, Received: []inspection.Received{{Line: 1, Quantity: n}}}
}

func graded(accepted, refused int64) cases.Input {
	in := cases.Input{Action: cases.Grade}
	if accepted > 0 {
		in.Grades = append(in.Grades, inspection.Grade{Line: 1, Count: accepted, Grade: "A", Disposition: "restock", Accepted: true})
	}
	if refused > 0 {
		in.Grades = append(in.Grades, inspection.Grade{Line: 1, Count: refused, Grade: "C", Note: "worn", Disposition: inspection.Back})
	}
	return in
}
