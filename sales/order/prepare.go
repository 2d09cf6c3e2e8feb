package order

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/sales/customer"
)

// prepared is a draft that was found good: everything that can be computed
// before the transaction, so that the writer only writes.
type prepared struct {
	order    Order
	customer *customer.Draft
	zone     string // as the draft says, may be empty
	policy   string // as the draft says, may be empty
	digest   string // of the draft; tells whether a second one is the same
	shipping string // JSON
	tenders  string // JSON
	ledgers  []string
	extra    string   // JSON, or empty
	extras   []string // of the lines
	returned []Returned
	shipTo   *Address // nil: not told
}

// prepare checks a draft, freezes its money and encodes its rows.
func prepare(c *checker, d Draft) (*prepared, *Problem) {
	shipTo := d.ShipTo
	d.ShipTo = nil // it may become known later, or change
	who := d.Customer
	d.Customer = who.Untiered() // and so may the tier
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, &Problem{"", "cannot be written as JSON", err.Error()}
	}
	hash := sha256.Sum256(raw)
	d.Customer = who
	p := &prepared{digest: hex.EncodeToString(hash[:16])}
	if problem := c.check(&d); problem != nil {
		return nil, problem
	}
	if shipTo != nil {
		var problem *Problem
		if p.shipTo, problem = c.checkAddress(shipTo, d.Country); problem != nil {
			return nil, problem
		}
	}
	p.order = build(&d)
	if problem := freeze(&p.order, &d); problem != nil {
		return nil, problem
	}
	var problem *Problem
	if p.returned, problem = pastReturns(&p.order, &d, c.now); problem != nil {
		return nil, problem
	}
	p.customer, p.zone, p.policy = d.Customer, d.Zone, d.Policy
	return p, p.encode()
}

func (p *prepared) encode() *Problem {
	var err error
	text := func(v any) string {
		raw, e := json.Marshal(v)
		if e != nil {
			err = e
		}
		return string(raw)
	}
	p.shipping, p.tenders = text(p.order.Shipping), text(p.order.Tenders)
	p.ledgers = make([]string, len(p.order.Lines))
	for i := range p.order.Lines {
		p.ledgers[i] = text(&p.order.Lines[i].Ledger)
	}
	if x := extraOf(&p.order); !x.empty() {
		p.extra = text(x)
	}
	for i := range p.order.Lines {
		if e := p.encodeLine(i); e != nil {
			err = e
		}
	}
	if err != nil {
		return &Problem{"", "cannot be written as JSON", err.Error()}
	}
	return nil
}

// encodeLine makes the column of what few lines have.
func (p *prepared) encodeLine(i int) error {
	x := lineExtraOf(&p.order.Lines[i])
	if x.empty() {
		return nil
	}
	raw, err := json.Marshal(x)
	if p.extras == nil {
		p.extras = make([]string, len(p.order.Lines))
	}
	p.extras[i] = string(raw)
	return err
}

// build makes the order without its money. A line that names no delivery was
// delivered with the order; an order that names none was delivered with its
// last line, once all lines were.
func build(d *Draft) Order {
	o := Order{
		ID: id.New("ord"), Source: d.Source, Number: d.Number, Currency: d.Currency, Country: d.Country, Zone: d.Zone,
		PlacedAt: instant(&d.PlacedAt), DeliveredAt: instant(d.DeliveredAt), TaxIncluded: d.TaxIncluded, Version: 1,
		Lines: make([]Line, len(d.Lines)), Promotions: d.Promotions, Insurance: d.Insurance, Sale: d.Sale,
	}
	for _, c := range d.Coupons {
		o.Coupons = append(o.Coupons, Coupon(c))
	}
	all, last := true, time.Time{}
	for i := range d.Lines {
		x := &d.Lines[i]
		l := Line{
			No: i + 1, SKU: x.SKU, Title: x.Title, Variant: x.Variant, Category: x.Category, ImageURL: x.ImageURL, Seller: x.Seller,
			Quantity: x.Quantity, UnitPrice: x.UnitPrice, WeightGrams: x.WeightGrams, DeliveredAt: instant(x.DeliveredAt),
			ShippedAt: instant(x.ShippedAt), Carrier: x.Carrier, Tracking: x.Tracking, Traits: x.Traits, LineSale: x.LineSale,
		}
		if l.DeliveredAt.IsZero() {
			l.DeliveredAt = o.DeliveredAt
		}
		all = all && !l.DeliveredAt.IsZero()
		if l.DeliveredAt.After(last) {
			last = l.DeliveredAt
		}
		o.Lines[i] = l
	}
	if o.DeliveredAt.IsZero() && all {
		o.DeliveredAt = last
	}
	return o
}

// instant is a time as the store keeps it: UTC, whole milliseconds.
func instant(t *time.Time) time.Time {
	if t == nil || t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

// extraOf is the column of line i, from 0.
func (p *prepared) extraOf(i int) string {
	if p.extras == nil {
		return ""
	}
	return p.extras[i]
}

// Frozen makes the order that a draft describes with its money frozen, without
// storing it: it has no tenant, customer or policy.
func Frozen(d Draft, now time.Time) (Order, *Problem) {
	p, problem := prepare(newChecker(now), d)
	if problem != nil {
		return Order{}, problem
	}
	return p.order, nil
}
