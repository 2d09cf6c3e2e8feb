package rating_test

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
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/quality/rating"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

var schemas = []db.Schema{
	event.Schema, job.Schema, httpapi.Schema, tenant.Schema, customer.Schema, order.Schema, product.Schema, policy.Schema, settlement.Schema, charge.Schema, clearing.Schema,
	refund.Schema, shipment.Schema, inspection.Schema, stock.Schema, evidence.Schema, cases.Schema, rating.Schema,
}

var (
	start  = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	admin  = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: "administrator"}
	system = actor.Of("main")
)

// bank pays everything at once.
type bank struct{}

func (bank) Name() string { return "bank" }

func (bank) Refund(_ context.Context, r settlement.Request) (settlement.Result, error) {
	return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
}

func (bank) Lookup(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	return bank{}.Refund(ctx, r)
}

// shop is a shop with cases, and what counts them.
type shop struct {
	*testing.T
	d       *db.DB
	clock   *dbtest.Clock
	queue   *job.Queue
	cases   *cases.Service
	orders  *order.Service
	ratings *rating.Service
}

func eachShop(t *testing.T, test func(s *shop)) {
	t.Helper()
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		silent := slog.New(slog.DiscardHandler)
		queue := job.NewQueue(d, silent)
		pay := settlement.New(d, queue, silent, bank{})
		pay.Jobs(queue)
		s := &shop{T: t, d: d, clock: clock, queue: queue, ratings: &rating.Service{Store: d}}
		s.orders = order.New(order.Options{Terms: func(context.Context, *db.Tx, string, string) (order.Terms, error) {
			return order.Terms{Zone: "Asia/Shanghai", Policy: policy.Standard, PolicyVer: 1}, nil
		}})
		s.cases = &cases.Service{Store: d, Queue: queue, Refund: refund.New(pay), Shipment: &shipment.Service{}, Inspection: &inspection.Service{}, Stock: &stock.Service{},
			Charge: charge.NewService(d, queue, silent), Payouts: pay, Evidence: &evidence.Service{}, Orders: s.orders}
		s.cases.Jobs(queue)
		s.write(func(tx *db.Tx) error {
			_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "main", Name: "Shop", Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY",
				Return: tenant.Address{Name: "退货仓", Lines: []string{"滨江区江南大道 1 号"}, City: "杭州", Country: "CN"}})
			if err != nil {
				return err
			}
			return (&policy.Service{}).Found(t.Context(), tx, system)
		})
		test(s)
	})
}

func (s *shop) write(f func(tx *db.Tx) error) {
	s.Helper()
	if err := s.d.Write(s.Context(), f); err != nil {
		s.Fatal(err)
	}
}

// ended is a case of a new order that is over, or still open.
func (s *shop) ended(n int, seller string, over bool) cases.Case {
	s.Helper()
	delivered := s.clock.Now().Add(-14 * time.Hour)
	draft := order.Draft{
		Source: "shop", Number: fmt.Sprintf("N%d", n), Currency: "CNY", Country: "CN", PlacedAt: s.clock.Now().Add(-72 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
		Customer: &customer.Draft{Ref: fmt.Sprint("c", n), Name: "林晓雯"},
		Lines:    []order.DraftLine{{SKU: "X1", Title: "耳机", Category: "audio", Seller: seller, Quantity: 1, UnitPrice: 89900}},
		Tenders:  []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi", Amount: 89900}},
	}
	var c cases.Case
	s.write(func(tx *db.Tx) error {
		o, _, err := s.orders.Put(s.Context(), tx, system, draft)
		if err != nil {
			return err
		}
		c, err = s.cases.Open(s.Context(), tx, buyer(o.Customer), cases.Request{Order: o.ID, Language: "en", Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "wrong_size"}}})
		return err
	})
	if over { // nothing is sent back in time
		for range 25 {
			s.clock.Add(24 * time.Hour)
			if _, err := s.queue.RunDue(s.Context()); err != nil {
				s.Fatal(err)
			}
		}
		s.write(func(tx *db.Tx) (err error) {
			c, err = cases.ByID(s.Context(), tx, system, c.ID)
			return err
		})
	}
	return c
}

func buyer(id string) actor.Actor { return actor.Actor{Tenant: "main", Kind: actor.Customer, ID: id} }
