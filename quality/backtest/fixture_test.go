package backtest_test

import (
	"context"
	"fmt"
	"log/slog"
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
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

var schemas = []db.Schema{
	event.Schema, job.Schema, tenant.Schema, customer.Schema, order.Schema, product.Schema, policy.Schema, settlement.Schema, charge.Schema, clearing.Schema,
	refund.Schema, shipment.Schema, inspection.Schema, stock.Schema, evidence.Schema, cases.Schema, backtest.Schema,
}

var (
	monday = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	admin  = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: "administrator"}
)

// shop is a shop with a past, and what looks at it.
type shop struct {
	t      *testing.T
	d      *db.DB
	clock  *dbtest.Clock
	queue  *job.Queue
	cases  *cases.Service
	orders *order.Service
	trials *backtest.Service
}

func eachShop(t *testing.T, test func(s *shop)) {
	t.Helper()
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { test(newShop(t, d, clock)) })
}

func newShop(t *testing.T, d *db.DB, clock *dbtest.Clock) *shop {
	t.Helper()
	silent := slog.New(slog.DiscardHandler)
	book, err := rights.Standard()
	if err != nil {
		t.Fatal(err)
	}
	queue := job.NewQueue(d, silent)
	pay := settlement.New(d, queue, silent)
	s := &shop{t: t, d: d, clock: clock, queue: queue, trials: &backtest.Service{Store: d, Queue: queue, Book: book, Step: 4}}
	s.orders = order.New(order.Options{Terms: func(context.Context, *db.Tx, string, string) (order.Terms, error) {
		return order.Terms{Zone: "Asia/Shanghai", Policy: policy.Standard, PolicyVer: 1}, nil
	}})
	s.cases = &cases.Service{Store: d, Queue: queue, Refund: refund.New(pay), Shipment: &shipment.Service{}, Inspection: &inspection.Service{}, Stock: &stock.Service{},
		Charge: charge.NewService(d, queue, silent), Payouts: pay, Evidence: &evidence.Service{}, Orders: s.orders}
	s.trials.Jobs(queue)
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

func (s *shop) read(f func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.d.Read(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

// bought is a purchase delivered some days ago, of one line of three units.
type bought struct {
	number, country, category, seller, channel string
	unit                                       int64
	days                                       int // since it was delivered
	back                                       []order.DraftReturn
}

func (s *shop) order(b bought) (o order.Order) {
	s.t.Helper()
	delivered := s.clock.Now().AddDate(0, 0, -b.days)
	if b.country == "" {
		b.country = "SG" // its law gives nothing for a change of mind
	}
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.t.Context(), tx, actor.Of("main"), order.Draft{
			Source: "shop", Number: b.number, Currency: "CNY", Country: b.country, PlacedAt: delivered.Add(-72 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
			Customer: &customer.Draft{Ref: "c-" + b.number, Name: "林晓雯"},
			Lines:    []order.DraftLine{{SKU: "X2", Title: "声悦 X2 耳机", Category: b.category, Seller: b.seller, Quantity: 3, UnitPrice: b.unit}},
			Tenders:  []order.DraftTender{{Kind: "card", Provider: "manual", Amount: 3 * b.unit}},
			Returned: b.back,
			Sale:     order.Sale{Channel: b.channel},
		})
		return err
	})
	return o
}

func (s *shop) open(o order.Order, quantity int64, reason string) (c cases.Case) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		c, err = s.cases.Open(s.t.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer},
			cases.Request{Order: o.ID, Items: []cases.Wanted{{Line: 1, Quantity: quantity, Reason: reason}}, Language: "zh-CN"})
		return err
	})
	return c
}

// past is ten cases and four returns of an import:
//
//	6 × wrong_size within 7 days: approved
//	2 × wrong_size after 10 days: refused
//	2 × of 899.00 a unit: a person decides; one is approved after two hours
//	4 × returns of an import, two of them 20 days after delivery
func (s *shop) past() {
	s.t.Helper()
	for i := range 6 {
		s.open(s.order(bought{number: fmt.Sprintf("A%d", i), unit: 10000, days: 2, category: "audio", seller: "north"}), 1, "wrong_size")
		s.clock.Add(time.Minute)
	}
	for i := range 2 {
		s.open(s.order(bought{number: fmt.Sprintf("B%d", i), unit: 10000, days: 10, category: "audio", seller: "south"}), 1, "wrong_size")
		s.clock.Add(time.Minute)
	}
	var dear []cases.Case
	for i := range 2 {
		dear = append(dear, s.open(s.order(bought{number: fmt.Sprintf("C%d", i), unit: 89900, days: 2}), 1, "wrong_size"))
		s.clock.Add(time.Minute)
	}
	for i, days := range []int{1, 2, 20, 20} {
		now := s.clock.Now()
		s.order(bought{number: fmt.Sprintf("H%d", i), unit: 5000, days: days + 1, country: "SG",
			back: []order.DraftReturn{{Line: 1, Quantity: 2, Amount: 10000, At: now.AddDate(0, 0, -1)}}})
	}
	s.clock.Add(2 * time.Hour)
	s.write(func(tx *db.Tx) error {
		_, err := s.cases.Act(s.t.Context(), tx, admin, dear[0].ID, 0, cases.Input{Action: cases.Approve})
		return err
	})
	s.clock.Add(time.Minute)
}

func (s *shop) ask(w backtest.Wish) (r backtest.Run) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		r, err = s.trials.Ask(s.t.Context(), tx, admin, w)
		return err
	})
	return r
}

func (s *shop) work() {
	s.t.Helper()
	if _, err := s.queue.RunDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) run(id string) (r backtest.Run) {
	s.t.Helper()
	s.read(func(tx *db.Tx) (err error) {
		r, err = backtest.ByID(s.t.Context(), tx, admin, id)
		return err
	})
	return r
}

// generous are rules with a window of a month and instant approval of everything.
func generous() *policy.Rules {
	r := policy.Default()
	r.WindowDays = 30
	r.AutoApprove = map[string]int64{"CNY": 1_000_000}
	return &r
}
