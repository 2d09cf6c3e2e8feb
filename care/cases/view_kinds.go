package cases

import (
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/goods/inspection"
)

// PersonRef names a member of staff.
type PersonRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// OfferView is what one side proposed.
type OfferView struct {
	ID        string        `json:"id"`
	Side      string        `json:"side" enum:"customer,seller"`
	Name      string        `json:"name,omitempty" doc:"Of the member of staff; staff only"`
	At        time.Time     `json:"at"`
	ExpiresAt time.Time     `json:"expires_at"`
	Kind      string        `json:"kind" enum:"return_refund,refund_only,partial"`
	Amount    *money.Amount `json:"amount,omitempty" doc:"Of a partial refund"`
	Freight   string        `json:"freight,omitempty"`
	Comment   string        `json:"comment,omitempty"`
	State     string        `json:"state" enum:"open,accepted,declined,replaced,expired"`
	Mine      bool          `json:"mine" doc:"The reader's own side made it"`
}

// Amendments are the requests after a refusal.
type Amendments struct {
	Used int `json:"used"`
	Of   int `json:"of"`
}

// ExchangeView is what is sent instead or again.
type ExchangeView struct {
	Items  []ReplacementView `json:"items"`
	State  string            `json:"state" enum:"planned,held_for_payment,allocated,back_ordered,shipped,delivered"`
	Due    *money.Amount     `json:"due,omitempty" doc:"What the customer pays more"`
	Charge string            `json:"charge,omitempty" doc:"Id of that demand"`
	Order  string            `json:"order,omitempty" doc:"Id of the order of the new units"`
	Credit bool              `json:"credit" doc:"A difference in the customer's favour becomes store credit"`
}

// ReplacementView is one article of it.
type ReplacementView struct {
	Line      int           `json:"line"`
	SKU       string        `json:"sku"`
	Title     string        `json:"title"`
	Quantity  int64         `json:"quantity"`
	UnitPrice *money.Amount `json:"unit_price,omitempty" doc:"Missing for the same article, which costs what was paid"`
	Same      bool          `json:"same"`
}

// AdvanceView is money that was paid before the goods were seen.
type AdvanceView struct {
	Total  money.Amount  `json:"total"`
	Owed   *money.Amount `json:"owed,omitempty" doc:"What the customer has to give back of it"`
	Charge string        `json:"charge,omitempty"`
	State  string        `json:"state" enum:"paid,settled,recovering,recovered,written_off"`
}

// ClaimView is a claim for money beyond the refund.
type ClaimView struct {
	Basis   string       `json:"basis" enum:"goodwill,promise,statutory"`
	Amount  money.Amount `json:"amount"`
	For     string       `json:"for,omitempty" doc:"Id of the case in which a promise of the shop came true"`
	Number  string       `json:"number,omitempty" doc:"Of that case"`
	Promise string       `json:"promise,omitempty" doc:"Code of the promise"`
	SetOff  money.Amount `json:"set_off,omitzero" doc:"Paid before for the same wrong: the larger of promise and law is paid once"`
	PaidBy  string       `json:"paid_by,omitempty" doc:"Number of the case that paid it"`
}

// KeptView is a promise of the shop that came true, and the case that pays it.
type KeptView struct {
	Code   string       `json:"code"`
	Text   string       `json:"text,omitempty" doc:"The promise in words"`
	Amount money.Amount `json:"amount"`
	Case   string       `json:"case,omitempty" doc:"Id of the case that pays it"`
	Number string       `json:"number,omitempty" doc:"Of that case"`
}

// ReopeningView is a proposal to take a case up again.
type ReopeningView struct {
	By        PersonRef     `json:"by"`
	At        time.Time     `json:"at"`
	Comment   string        `json:"comment"`
	Liability string        `json:"liability,omitempty"`
	Amount    *money.Amount `json:"amount,omitempty"`
}

// FindingView is something in a parcel that was not announced.
type FindingView struct {
	Line     int        `json:"line,omitempty"`
	Finding  string     `json:"finding" enum:"wrong_item,swapped,extra"`
	SKU      string     `json:"sku,omitempty"`
	Title    string     `json:"title,omitempty"`
	Quantity int64      `json:"quantity"`
	Note     string     `json:"note,omitempty"`
	Photos   []PhotoRef `json:"photos"`
}

// lookDetail shows what only some cases have.
func (c *Case) lookDetail(by actor.Actor, lang string, report inspection.Report, v *View) {
	d, staff := c.Detail, by.Kind != actor.Customer
	some := func(n int64) *money.Amount {
		if n == 0 {
			return nil
		}
		a := c.money(n)
		return &a
	}
	v.Phase, v.Liability, v.FreightPaid = c.Phase, d.Liability, some(d.Upfront)
	for _, o := range d.Offers {
		one := OfferView{ID: o.ID, Side: o.Side, At: o.At, ExpiresAt: o.ExpiresAt, Kind: o.Kind, Amount: some(o.Amount), Freight: o.Freight,
			Comment: o.Comment, State: o.State, Mine: o.Side == sideOf(by)}
		if staff {
			one.Name = o.Name
		}
		v.Offers = append(v.Offers, one)
	}
	if c.State == Rejected || d.Amends > 0 {
		v.Amendments = &Amendments{d.Amends, MaxAmends}
	}
	if x := d.Exchange; x != nil {
		v.Exchange = &ExchangeView{State: c.outbound(), Due: some(x.Due), Charge: x.Charge, Order: x.Order, Credit: x.Credit, Items: []ReplacementView{}}
		for _, n := range x.New {
			one := ReplacementView{Line: n.Line, SKU: n.SKU, Title: n.Title, Quantity: n.Quantity, Same: n.Same}
			if !n.Same {
				price := c.money(n.UnitPrice)
				one.UnitPrice = &price
			}
			v.Exchange.Items = append(v.Exchange.Items, one)
		}
	}
	if a := d.Advance; a != nil {
		v.Advance = &AdvanceView{Total: c.money(a.Total), Owed: some(a.Owed), Charge: a.Charge, State: a.State}
	}
	if w := d.Claim; w != nil {
		v.Claim = &ClaimView{Basis: w.Basis, Amount: c.money(w.Amount), For: w.For, Number: w.Number, Promise: w.Promise, PaidBy: w.PaidBy}
		if w.SetOff > 0 {
			v.Claim.SetOff = c.money(w.SetOff)
		}
	}
	for _, k := range d.Kept {
		v.Promised = append(v.Promised, KeptView{Code: k.Code, Text: locale.Choose(k.Says, lang), Amount: c.money(k.Amount), Case: k.Case, Number: k.Number})
	}
	for _, f := range report.Findings {
		v.Findings = append(v.Findings, FindingView{f.Line, f.Finding, f.SKU, f.Title, f.Quantity, f.Note, photoRefs(by, f.Photos)})
	}
	if p := d.Reopening; p != nil && staff {
		v.Reopening = &ReopeningView{By: PersonRef{p.By, p.Name}, At: p.At, Comment: p.Comment, Liability: p.Liability, Amount: some(p.Amount)}
	}
}

// outbound is the state of what is sent to the customer.
func (c *Case) outbound() string {
	x := c.Detail.Exchange
	switch {
	case x.Delivered:
		return "delivered"
	case x.Sent:
		return "shipped"
	case c.State != Resolving:
		return "planned"
	case x.Due > 0 && !x.Collected:
		return "held_for_payment"
	case x.BackOrder:
		return "back_ordered"
	}
	return "allocated"
}
