package notice_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/desk/notice"
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
	"github.com/aftercare/aftercare/platform/secret"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

var schemas = []db.Schema{
	event.Schema, job.Schema, tenant.Schema, session.Schema, proof.Schema, customer.Schema, order.Schema, policy.Schema,
	settlement.Schema, clearing.Schema, refund.Schema, shipment.Schema, inspection.Schema, stock.Schema, evidence.Schema, cases.Schema, message.Schema, notice.Schema,
}

// The 2nd of March 2026, ten in the morning in Shanghai; orders were delivered
// the evening before.
var monday = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

const portal = "https://shop.example"

var (
	system = actor.Of("main")
	agent  = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: "administrator"}
)

// shop is a running shop without HTTP: real services on a real store, and a
// mail server that keeps what it takes.
type shop struct {
	*testing.T
	d       *db.DB
	clock   *dbtest.Clock
	queue   *job.Queue
	cases   *cases.Service
	orders  *order.Service
	proofs  *proof.Service
	notices *notice.Service
	outbox  []notice.Envelope
	refusal error  // of the mail server
	before  func() // runs when the mail server is asked
}

// bank is a payment provider that pays everything at once.
type bank struct{}

func (bank) Name() string { return "bank" }

func (bank) Refund(_ context.Context, r settlement.Request) (settlement.Result, error) {
	return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
}

func (bank) Lookup(_ context.Context, r settlement.Request) (settlement.Result, error) {
	return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
}

func eachShop(t *testing.T, test func(s *shop)) {
	t.Helper()
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
		pay := settlement.New(d, queue, slog.Default(), bank{})
		pay.Jobs(queue)
		s := &shop{T: t, d: d, clock: clock, queue: queue}
		s.cases = &cases.Service{Store: d, Queue: queue, Orders: &order.Service{}, Refund: refund.New(pay), Shipment: &shipment.Service{}, Inspection: &inspection.Service{}, Stock: &stock.Service{}, Evidence: &evidence.Service{}}
		s.cases.Jobs(queue)
		s.orders = order.New(order.Options{Terms: func(context.Context, *db.Tx, string, string) (order.Terms, error) {
			return order.Terms{Zone: "Asia/Shanghai", Policy: policy.Standard, PolicyVer: 1}, nil
		}})
		keys, err := secret.New([]byte("thirty-two bytes for these tests"))
		if err != nil {
			t.Fatal(err)
		}
		s.notices = &notice.Service{Store: d, Queue: queue, Base: portal, Send: s.take}
		s.proofs = proof.New(proof.Options{Store: d, Keys: keys, Queue: queue, Book: proof.Book{ByNumber: byNumber, ByCustomer: byCustomer}, Deliver: s.notices.Code})
		s.notices.Proofs = s.proofs
		s.proofs.Jobs(queue)
		s.notices.Jobs(queue)
		s.write(func(tx *db.Tx) error {
			_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "main", Name: "Nadel & <Faden>", Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY",
				Return: tenant.Address{Name: "退货仓", Lines: []string{"滨江区江南大道 1 号"}, City: "杭州", Country: "CN"}})
			if err != nil {
				return err
			}
			return (&policy.Service{}).Found(t.Context(), tx, system)
		})
		test(s)
	})
}

// take is the mail server.
func (s *shop) take(_ context.Context, e notice.Envelope) error {
	if s.before != nil {
		s.before()
	}
	if s.refusal != nil {
		return s.refusal
	}
	s.outbox = append(s.outbox, e)
	return nil
}

func byNumber(ctx context.Context, tx *db.Tx, tenant, number string) ([]proof.Holder, error) {
	var holders []proof.Holder
	orders, err := order.ByNumber(ctx, tx, tenant, number)
	for _, o := range orders {
		if h, found, err := byCustomer(ctx, tx, tenant, o.Customer); err != nil {
			return nil, err
		} else if found {
			h.Order = o.ID
			holders = append(holders, h)
		}
	}
	return holders, err
}

func byCustomer(ctx context.Context, tx *db.Tx, tenant, id string) (proof.Holder, bool, error) {
	c, err := customer.ByID(ctx, tx, tenant, id)
	return proof.Holder{Customer: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone}, err == nil, err
}

func (s *shop) write(f func(tx *db.Tx) error) {
	s.Helper()
	if err := s.d.Write(s.Context(), f); err != nil {
		s.Fatal(err)
	}
}

// ann is the customer of most orders; her name does harm where it is not escaped.
var ann = customer.Draft{Ref: "ann", Name: `<script>alert("Ann")</script> & Söhne`, Email: "ann@example.com"}

// order stores one of three pieces at a price in fen; the standard rules
// approve small ones at once and have a person look at large ones.
func (s *shop) order(number string, unit int64, who customer.Draft) (o order.Order) {
	s.Helper()
	delivered := s.clock.Now().Add(-14 * time.Hour)
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.Context(), tx, system, order.Draft{
			Source: "shop", Number: number, Currency: "CNY", Country: "CN", PlacedAt: delivered.Add(-48 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
			Customer: &who,
			Lines:    []order.DraftLine{{SKU: "X2", Title: "声悦 X2 耳机", Category: "audio", Quantity: 3, UnitPrice: unit}},
			Tenders:  []order.DraftTender{{Kind: "card", Label: "Visa", Provider: "bank", Reference: "pi_1", Amount: 3 * unit}},
		})
		return err
	})
	return o
}

func (s *shop) open(o order.Order, language string) (c cases.Case) {
	s.Helper()
	buyer := actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}
	s.write(func(tx *db.Tx) (err error) {
		c, err = s.cases.Open(s.Context(), tx, buyer, cases.Request{Order: o.ID, Language: language, Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "wrong_size"}}})
		return err
	})
	return c
}

func (s *shop) act(c cases.Case, in cases.Input) (done cases.Case) {
	s.Helper()
	s.write(func(tx *db.Tx) (err error) {
		done, err = s.cases.Act(s.Context(), tx, agent, c.ID, 0, in)
		return err
	})
	return done
}

// inspect has the warehouse count the one piece and judge it.
func (s *shop) inspect(c cases.Case, accepted bool) {
	s.Helper()
	s.act(c, cases.Input{Action: cases.Receive, Received: []inspection.Received{{Line: 1, Quantity: 1}}})
	grade := inspection.Grade{Line: 1, Count: 1, Grade: "A", Disposition: "restock", Accepted: true}
	if !accepted {
		grade = inspection.Grade{Line: 1, Count: 1, Grade: "C", Note: "worn", Disposition: inspection.Back}
	}
	s.act(c, cases.Input{Action: cases.Grade, Grades: []inspection.Grade{grade}})
}

// history reads what was announced about one thing.
func (s *shop) history(stream, subject string) (events []event.Event) {
	s.Helper()
	err := s.d.Read(s.Context(), func(tx *db.Tx) (err error) {
		events, err = event.History(s.Context(), tx, "main", stream, subject)
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return events
}

// follow lets the notices hear everything about a case, as their follower
// does; hearing it again must change nothing.
func (s *shop) follow(c cases.Case) {
	s.Helper()
	wanted, react := s.notices.Events()
	for _, e := range s.history("case", c.ID) {
		for _, t := range wanted {
			if t == e.Type {
				s.write(func(tx *db.Tx) error { return react(s.Context(), tx, e) })
			}
		}
	}
}

func (s *shop) work() {
	s.Helper()
	if _, err := s.queue.RunDue(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// messages lists template, state and error of a case's messages.
func (s *shop) messages(c cases.Case) (all [][3]string, ids []string) {
	s.Helper()
	err := s.d.Read(s.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(s.Context(), `select id, template, state, error from notice_message where tenant = $1 and case_id = $2 order by id`, "main", c.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			var m [3]string
			if err := rows.Scan(&id, &m[0], &m[1], &m[2]); err != nil {
				return err
			}
			all, ids = append(all, m), append(ids, id)
		}
		return rows.Err()
	})
	if err != nil {
		s.Fatal(err)
	}
	return all, ids
}
