package insight_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
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
	"github.com/aftercare/aftercare/quality/insight"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

var schemas = []db.Schema{
	event.Schema, job.Schema, httpapi.Schema, tenant.Schema, customer.Schema, order.Schema, product.Schema, policy.Schema, settlement.Schema, charge.Schema, clearing.Schema,
	refund.Schema, shipment.Schema, inspection.Schema, stock.Schema, evidence.Schema, cases.Schema, insight.Schema,
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
	figures *insight.Service
	heard   map[string]bool
}

func eachShop(t *testing.T, test func(s *shop)) {
	t.Helper()
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		silent := slog.New(slog.DiscardHandler)
		queue := job.NewQueue(d, silent)
		pay := settlement.New(d, queue, silent, bank{})
		pay.Jobs(queue)
		if d.Engine() == db.Postgres { // where somebody else gives the events their places
			go event.NewRelay(event.NewTail(d, nil, silent), event.RelayOptions{}).Run(t.Context()) //nolint:errcheck // ends with the test
		}
		s := &shop{T: t, d: d, clock: clock, queue: queue, figures: &insight.Service{Store: d, Queue: queue}, heard: map[string]bool{}}
		s.figures.Jobs(queue)
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

func (s *shop) read(f func(tx *db.Tx) error) {
	s.Helper()
	if err := s.d.Read(s.Context(), f); err != nil {
		s.Fatal(err)
	}
}

func (s *shop) order(r *rand.Rand, n int) (o order.Order) {
	s.Helper()
	placed := s.clock.Now().Add(-time.Duration(48+r.IntN(40*24)) * time.Hour)
	delivered := s.clock.Now().Add(-14 * time.Hour)
	draft := order.Draft{
		Source: "shop", Number: fmt.Sprintf("N%d", n), Currency: []string{"CNY", "EUR"}[r.IntN(2)], Country: []string{"CN", "SG", ""}[r.IntN(3)],
		PlacedAt: placed, DeliveredAt: &delivered, TaxIncluded: true, Customer: &customer.Draft{Ref: fmt.Sprint("c", n), Name: "林晓雯"},
		Sale: order.Sale{Channel: []string{"web", "live", ""}[r.IntN(3)]},
	}
	sum, seller := int64(0), []string{"north", "south", ""}[r.IntN(3)]
	for range 1 + r.IntN(2) {
		unit := []int64{10000, 89900}[r.IntN(2)]
		draft.Lines = append(draft.Lines, order.DraftLine{SKU: fmt.Sprint("X", r.IntN(4)), Title: "耳机", Category: "audio", Seller: seller, Quantity: 3, UnitPrice: unit})
		sum += 3 * unit
	}
	draft.Tenders = []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi", Amount: sum}}
	if n%3 == 0 { // money goes back in two payouts
		draft.Tenders = []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi", Amount: sum - 5000}, {Kind: "card", Provider: "bank", Reference: "pj", Amount: 5000}}
	}
	if r.IntN(4) == 0 {
		draft.Returned = []order.DraftReturn{{Line: 1, Quantity: 1, Amount: draft.Lines[0].UnitPrice, At: s.clock.Now().Add(-time.Hour)}}
	}
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.Context(), tx, system, draft)
		return err
	})
	return o
}

// live lets a shop live for a while: orders, cases, decisions, goods, money.
func (s *shop) live(r *rand.Rand, orders int) {
	s.Helper()
	act := func(id string, in cases.Input) { // what a rule has done already is refused, and that is fine here
		err := s.d.Write(s.Context(), func(tx *db.Tx) error {
			_, err := s.cases.Act(s.Context(), tx, admin, id, 0, in)
			return err
		})
		var refused *fault.Fault
		if err != nil && !errors.As(err, &refused) {
			s.Fatal(err)
		}
	}
	for n := range orders {
		o := s.order(r, n)
		s.clock.Add(time.Duration(r.IntN(600)) * time.Minute)
		var c cases.Case
		s.write(func(tx *db.Tx) (err error) {
			c, err = s.cases.Open(s.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}, cases.Request{Order: o.ID, Language: "en",
				Items: []cases.Wanted{{Line: 1, Quantity: 1 + int64(r.IntN(2)), Reason: []string{"wrong_size", "no_longer_needed"}[r.IntN(2)]}}})
			return err
		})
		s.hear()
		s.clock.Add(time.Duration(r.IntN(3000)) * time.Second)
		switch r.IntN(4) {
		case 0:
			act(c.ID, cases.Input{Action: cases.Refuse, Reason: "other", Comment: "No."})
		case 1:
			act(c.ID, cases.Input{Action: cases.Withdraw})
		case 2, 3:
			act(c.ID, cases.Input{Action: cases.Approve})
			s.clock.Add(time.Duration(r.IntN(5000)) * time.Minute)
			act(c.ID, cases.Input{Action: cases.Receive, Received: []inspection.Received{{Line: 1, Quantity: c.Quantity}}})
			act(c.ID, cases.Input{Action: cases.Grade, Grades: []inspection.Grade{{Line: 1, Count: c.Quantity, Grade: "A", Disposition: "restock", Accepted: true}}})
		}
		if _, err := s.queue.RunDue(s.Context()); err != nil {
			s.Fatal(err)
		}
		s.hear()
	}
}

// hear lets cases and figures hear every event that they have not heard.
func (s *shop) hear() {
	s.Helper()
	defer func() {
		s.placed()
		s.clock.Add(3 * time.Second)
		if _, err := s.queue.RunDue(s.Context()); err != nil {
			s.Fatal(err)
		}
	}()
	s.follow()
}

// follow gives cases and figures the events that they have not been given.
func (s *shop) follow() {
	s.Helper()
	for range 3 {
		var all []event.Event
		s.read(func(tx *db.Tx) error {
			subjects, err := db.List(s.Context(), tx, func(row db.Scanner) (x [2]string, err error) { return x, row.Scan(&x[0], &x[1]) },
				`select distinct stream, subject from event_log where tenant = 'main'`)
			for _, one := range subjects {
				more, err := event.History(s.Context(), tx, "main", one[0], one[1])
				if err != nil {
					return err
				}
				all = append(all, more...)
			}
			return err
		})
		casesWant, caseReact := s.cases.Events()
		figuresWant, figureReact := s.figures.Events()
		for i, react := range []event.Reaction{caseReact, figureReact} {
			types := [][]string{casesWant, figuresWant}[i]
			for _, e := range all {
				family, _, _ := strings.Cut(e.Type, ".")
				key := e.ID + strings.Join(types, " ")
				if s.heard[key] || !slices.Contains(types, e.Type) && !slices.Contains(types, family+".*") {
					continue
				}
				s.heard[key] = true
				s.write(func(tx *db.Tx) error { return react(s.Context(), tx, e) })
			}
		}
	}
}

// placed waits until every event has its place in the log.
func (s *shop) placed() {
	s.Helper()
	for began := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		var waiting int64
		s.read(func(tx *db.Tx) error {
			return tx.QueryRow(s.Context(), `select count(*) from event_log where position is null`).Scan(&waiting)
		})
		if waiting == 0 {
			return
		}
		if time.Since(began) > time.Minute {
			s.Fatalf("%d events have no place in the log", waiting)
		}
	}
}

func (s *shop) ask(by actor.Actor, q insight.Query) (a insight.Answer) {
	s.Helper()
	s.read(func(tx *db.Tx) (err error) {
		a, err = insight.Ask(s.Context(), tx, by, q)
		return err
	})
	return a
}
