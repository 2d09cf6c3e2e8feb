package quote

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// ErrRequest refuses a request that cannot be understood; its fields say where.
var ErrRequest = fault.New(fault.Invalid, "quote.invalid", "The question is not described correctly.")

// Work answers a request. It refuses an order that could not be stored and a
// case that the server would refuse, with the field where that is known.
func Work(r Request, now time.Time) (Answer, error) {
	if r.Order.Source == "" {
		r.Order.Source = "quote"
	}
	o, problem := order.Frozen(r.Order, now)
	if problem != nil {
		return Answer{}, wrong("order", problem)
	}
	terms, err := r.terms(o.Currency)
	if err != nil {
		return Answer{}, err
	}
	if x := o.Insurance; x != nil {
		terms.Insurance = refund.Insurance{Payer: x.Payer, Table: x.Most, Direct: x.Direct}
	}
	a, sheet := Answer{Order: o.Number, Bears: []Bears{}, draft: r.Order}, refund.NewSheet(o)
	for i, p := range r.Order.Returned {
		past := refund.Past{Wanted: []refund.Wanted{{Line: p.Line, Quantity: p.Quantity}}, Amount: p.Amount}
		if err := sheet.Past(past); err != nil {
			return Answer{}, at(fmt.Sprintf("order.returned[%d]", i), err)
		}
		a.Before += p.Amount
	}
	for i, c := range r.Past {
		q, _, err := c.take(sheet, terms, fmt.Sprintf("past[%d].", i))
		if err != nil {
			return Answer{}, at(fmt.Sprintf("past[%d]", i), err)
		}
		a.Before += q.Total
	}
	if a.Quote, a.Bears, err = r.take(sheet, terms, ""); err != nil {
		return Answer{}, err
	}
	return a, nil
}

func wrong(prefix string, p *order.Problem) error {
	field := strings.Trim(prefix+"."+p.Field, ".")
	f := ErrRequest.At(field, p.Reason, "")
	if p.Value != "" {
		f = f.With("value", p.Value)
	}
	return f
}

// at says in which part of the request a refusal arose.
func at(part string, err error) error {
	f, ok := err.(*fault.Fault)
	if !ok {
		return fmt.Errorf("%s: %w", part, err)
	}
	return f.With("in", part)
}

func (c Case) take(s *refund.Sheet, terms refund.Terms, prefix string) (refund.Quote, []Bears, error) {
	claim, wanted, err := c.claim(terms, prefix)
	if err != nil {
		return refund.Quote{}, nil, err
	}
	q, entries, err := s.Take(wanted, claim)
	err = placed(err, prefix)
	bears := []Bears{}
	for _, e := range entries {
		bears = append(bears, Bears{string(e.Account), e.Party, e.Code, e.Amount})
	}
	return q, bears, err
}

// places are the fields of a claim that a request names another way: those of
// the terms are the whole request's, the others each case's own.
var places = map[string]string{"spent.count": "points_spent.count", "spent.value": "points_spent.value", "spent.per": "points_spent.per", "send": "new_shipping"}

var ofTerms = []string{"shipping", "promotions", "tender", "label_fee"}

// placed points a refusal of the terms at the places of the request.
func placed(err error, prefix string) error {
	f, ok := err.(*fault.Fault)
	if !ok || !errors.Is(err, refund.ErrTerms) {
		return err
	}
	moved := *f
	moved.Fields = slices.Clone(f.Fields)
	for i, x := range moved.Fields {
		if slices.Contains(ofTerms, x.Field) {
			moved.Fields[i].Field = "terms." + x.Field
			continue
		}
		moved.Fields[i].Field = prefix + cmp.Or(places[x.Field], x.Field)
	}
	return &moved
}

// claim is the case in the words of package refund.
func (c Case) claim(t refund.Terms, prefix string) (refund.Claim, []refund.Wanted, error) {
	var wanted []refund.Wanted
	for i, w := range c.Wanted {
		if _, known := t.Freight[w.Reason]; w.Reason != "" && !known {
			return refund.Claim{}, nil, ErrRequest.At(fmt.Sprintf("%swanted[%d].reason", prefix, i), "is no reason of the policy", strings.Join(reasons(t), ", "))
		}
		wanted = append(wanted, refund.Wanted(w))
	}
	if len(c.Wanted) == 0 && c.Kind != refund.Compensation {
		return refund.Claim{}, nil, ErrRequest.At(prefix+"wanted", "is missing", "line and quantity of at least one unit")
	}
	if err := c.fits(prefix); err != nil {
		return refund.Claim{}, nil, err
	}
	t.Liability, t.Upfront = c.Liability, c.Upfront
	for _, d := range c.Deductions {
		t.Deductions = append(t.Deductions, refund.Deduction(d))
	}
	if c.Insurance != nil {
		t.Insurance = refund.Insurance(*c.Insurance)
	}
	if c.PointsSpent != nil {
		t.Spent = refund.Spent(*c.PointsSpent)
	}
	claim := refund.Claim{Kind: c.Kind, Terms: t, Send: c.NewShipping, Credit: c.Credit, Amount: c.Amount, Basis: c.Basis, Cap: c.Cap, Payer: c.Payer}
	for _, n := range c.New {
		claim.New = append(claim.New, refund.NewItem{SKU: n.SKU, Title: n.Title, Quantity: n.Quantity, UnitPrice: n.UnitPrice, Tax: n.Tax})
	}
	if len(c.Lower) > 0 {
		claim.Lower = map[int]int64{}
	}
	for _, l := range c.Lower {
		claim.Lower[l.Line] = l.Price
	}
	return claim, wanted, nil
}

func reasons(t refund.Terms) []string {
	var all []string
	for r := range t.Freight {
		all = append(all, r)
	}
	slices.Sort(all)
	return all
}

// terms are those of the policy, or those that the request spells out.
func (r Request) terms(currency string) (refund.Terms, error) {
	rules := policy.Default()
	t := refund.Terms{Freight: rules.Freight(), LabelFee: rules.LabelFee[currency], Shipping: rules.Shipping, FullShippingOnFullReturn: rules.FullShipping}
	switch r.Policy {
	case "", policy.Standard:
	case "eu":
		t.Shipping, t.Promotions, t.FeesForbidden = refund.Difference, refund.Keep, true
	case "cn":
		t.Promotions = refund.Rebill
	default:
		return t, ErrRequest.At("policy", "is no policy known here", "standard, eu, cn")
	}
	if x := r.Terms; x != nil {
		t.LabelFee, t.Shipping, t.FullShippingOnFullReturn, t.FeesForbidden = x.LabelFee, x.Shipping, x.FullShipping, x.FeesForbidden
		t.Promotions, t.Tender, t.TenderOrder = x.Promotions, x.Tender, x.TenderOrder
		for _, f := range x.Freight {
			t.Freight[f.Reason] = f.Payer
		}
	}
	return t, nil
}
