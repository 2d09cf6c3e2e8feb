package backtest

import (
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// request is one wish of the past as it was asked, with what bears on it.
type request struct {
	source string // Cases or History
	id     string // of the case, or the source's own name of the return
	number string // of the case
	at     time.Time
	order  order.Order // as it was known then
	ask    policy.Request
	units  []refund.Run
	lower  map[int]int64 // price protection
	amount int64         // compensation
	basis  string
	policy policyKey // that was in force at the purchase
	became string    // what a person decided
	waited time.Duration

	unknown []string // facts that nobody knows
	assumed []string // facts that the run was told to assume
}

type policyKey struct {
	id      string
	version int64
}

// asAsked is an order without what happened to it later.
func asAsked(o order.Order, at time.Time) order.Order {
	later := func(t time.Time) bool { return t.After(at) }
	if later(o.DeliveredAt) {
		o.DeliveredAt = time.Time{}
	}
	for i := range o.Lines {
		if l := &o.Lines[i]; !later(l.DeliveredAt) && !later(l.ShippedAt) {
			continue
		}
		lines := make([]order.Line, len(o.Lines))
		copy(lines, o.Lines)
		for k := range lines {
			if l := &lines[k]; later(l.DeliveredAt) {
				l.DeliveredAt = time.Time{}
			}
			if l := &lines[k]; later(l.ShippedAt) {
				l.ShippedAt = time.Time{}
			}
		}
		o.Lines = lines
		break
	}
	return o
}

// begin fills what both sources have in common.
func begin(o order.Order, at time.Time, who policy.Person) request {
	q := request{at: at, order: asAsked(o, at), policy: policyKey{o.Policy, o.PolicyVer}}
	if q.policy.id == "" {
		q.policy.id = policy.Standard
	}
	zone, err := calendar.Zone(o.Zone)
	if err != nil {
		zone = time.UTC
		q.unknown = append(q.unknown, "customer.zone")
	}
	q.ask = policy.Request{Now: at, Zone: zone, Placed: o.PlacedAt, Channel: o.Channel, Country: o.Country, Region: o.Region, Customer: who}
	if o.Country == "" {
		q.unknown = append(q.unknown, "buyer.residence")
	}
	if o.Customer == "" {
		q.unknown = append(q.unknown, "customer")
	}
	return q
}

// goods adds units of a line to what is asked.
func (q *request) goods(line order.Line, first, count int64, reason string, photos int) {
	q.units = append(q.units, refund.Run{Line: line.No, First: first, Count: count, Reason: reason})
	paid := line.Units(first, count).Paid
	for i := range q.ask.Goods {
		if g := &q.ask.Goods[i]; g.Line == line.No {
			g.Quantity, g.Paid, g.Photos = g.Quantity+count, g.Paid+paid, g.Photos+photos
			return
		}
	}
	delivered := line.DeliveredAt
	if delivered.IsZero() {
		delivered = q.order.DeliveredAt
	}
	q.ask.Seller = line.Seller
	q.ask.Goods = append(q.ask.Goods, policy.Goods{
		Line: line.No, SKU: line.SKU, Title: line.Title, Category: line.Category, Traits: line.Traits, Quantity: count, Paid: paid, Seller: line.Seller,
		Delivered: delivered, Reason: reason, Photos: photos,
	})
}

// ofCase is what was asked in a case. ok is false where its order does not have
// the units any more.
func ofCase(c cases.Case, o order.Order, who policy.Person) (q request, ok bool) {
	q = begin(o, c.OpenedAt, who)
	q.source, q.id, q.number = Cases, c.ID, c.Number
	if c.Policy != "" {
		q.policy = policyKey{c.Policy, c.PolicyVer}
	}
	q.ask.Kind, q.ask.Phase, q.ask.Language, q.ask.Known = c.Kind, c.Phase, c.Language, c.Detail.Known
	for _, it := range c.Items {
		line, found := q.order.Line(it.Line)
		if !found || it.First < 1 || it.Count < 1 || it.Count > line.Quantity || it.First > line.Quantity-it.Count+1 {
			return q, false
		}
		q.goods(line, it.First, it.Count, it.Reason, len(it.Photos))
		q.ask.Photos += len(it.Photos)
	}
	q.lower = c.Detail.Lower
	if w := c.Detail.Claim; w != nil {
		q.amount, q.basis = w.Amount, w.Basis
	}
	d := c.Decision
	if c.Kind == cases.KindProtection {
		q.ask.Verified = d.By == "rule" && d.Outcome == string(policy.Approve)
		if !q.ask.Verified {
			q.unknown = append(q.unknown, "price.verified")
		}
	}
	if d.By == "staff" || d.By == "timer" {
		q.became, q.waited = d.Outcome, d.At.Sub(c.OpenedAt)
	}
	return q, len(q.units) > 0
}

// ofReturn is what must have been asked for units that came back before
// Aftercare knew the order: a return for money, of goods the customer had. Why,
// nobody knows; the run says what to read it as.
func ofReturn(r order.PastReturn, o order.Order, who policy.Person, reason string) (q request, ok bool) {
	q = begin(o, r.At, who)
	q.source, q.id, q.number = History, r.Source+"/"+r.Ref, r.Ref
	q.ask.Kind, q.ask.Phase = policy.ReturnRefund, policy.AfterReceipt
	q.assumed = append(q.assumed, "reason")
	line, found := q.order.Line(r.Line)
	if !found || r.Quantity < 1 || r.Quantity > line.Quantity {
		return q, false
	}
	q.goods(line, 1, r.Quantity, reason, 0)
	if q.ask.Goods[0].Delivered.IsZero() {
		q.unknown = append(q.unknown, "delivery.at")
	}
	return q, true
}

// total is what is asked for in the currency of the order.
func (q *request) total(minor int64) money.Amount { return money.Of(minor, q.order.Currency) }

// title is what lists show of the goods.
func (q *request) title() string {
	if len(q.ask.Goods) == 0 {
		return ""
	}
	return q.ask.Goods[0].Title
}

func (q *request) reason() string {
	if len(q.ask.Goods) == 0 {
		return ""
	}
	return q.ask.Goods[0].Reason
}

// rulesOf reads rules as they were stored with a run.
func rulesOf(raw json.RawMessage) (r policy.Rules, err error) {
	err = json.Unmarshal(raw, &r)
	return r, err
}
