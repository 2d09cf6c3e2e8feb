package owed

import (
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// Facts is what an order line and a wish say in the words of the law. What
// nobody said is left out. Answers in Known that are no facts of the law, or of
// another kind, are left out too: Known refuses those when they are given.
func Facts(o order.Order, l order.Line, r policy.Request, g policy.Goods) (f rights.Facts) {
	w := WholeOf(&o)
	factsOf(&f, &numbers{kept: w.kept(&o, &r)}, &w, &o, &l, &r, &g)
	return f
}

// numbers are those that facts point at and that stand nowhere else. What is
// kept comes with them: it is the same for all lines.
type numbers struct{ kept, price, quantity int64 }

func factsOf(f *rights.Facts, n *numbers, w *Whole, o *order.Order, l *order.Line, r *policy.Request, g *policy.Goods) {
	*f = rights.Facts{
		AsOf: moment(r.Now), Zone: o.Zone, Currency: o.Currency, Claim: claimOf(g.Reason), Channel: o.Channel,
		Buyer: rights.Buyer{Type: o.Buyer, Residence: residence(o)},
		Law:   rights.Parties{Terms: o.Terms},
	}
	f.Seller.Country, f.Seller.Type = o.SellerOf(l)
	f.Platform.Used = o.Marketplace
	if f.Channel == "" && slices.Contains(order.Channels, r.Channel) {
		f.Channel = r.Channel
	}
	if f.Channel == "" {
		f.Channel = Distance
	}
	contract(f, o)
	delivery(f, n, w, o, l, r, g)
	item(f, n, l, g)
	told(f, o.ToldOf(l))
	f.Promise = rights.Promise{Days: l.Promise.Days, PaysReturn: l.Promise.PaysReturn, CollectsGoods: l.Promise.Collects}
	f.Notice = rights.Notice{SentAt: f.AsOf, GotAt: f.AsOf}
	f.Return.SentAt, f.Return.GotAt = moment(r.SentBack), moment(r.Returned)
	wrong(f, g.Reason)
	for name, raw := range r.Known {
		if string(raw) != "null" && isFact(name) {
			_ = f.Set(name, raw)
		}
	}
}

// Distance is the channel of orders that name none: shops that sell over a
// counter say so.
const Distance = "web"

// moment is an instant of which only the day counts; zero: not known.
func moment(t time.Time) rights.Moment {
	if t.IsZero() {
		return rights.Moment{}
	}
	return rights.At(t)
}

// day is a day that was said as such.
func day(d order.Day) rights.Moment {
	if d == "" {
		return rights.Moment{}
	}
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return rights.Moment{}
	}
	return rights.On(t.Date())
}

func residence(o *order.Order) string {
	if o.Region != "" && (o.Country == "" || strings.HasPrefix(o.Region, o.Country+"-")) {
		return o.Region
	}
	return o.Country
}

func contract(f *rights.Facts, o *order.Order) {
	c := &o.Contract
	f.Contract = rights.Contract{
		At: day(c.At), DocumentAt: day(c.DocumentAt), DocumentComplete: c.Complete,
		Unsolicited: c.Unsolicited, Subscription: c.Subscription, Essential: c.Essential, Credit: c.Credit,
	}
	if c.At == "" {
		f.Contract.At = moment(o.PlacedAt)
	}
	f.Delivery.InvoiceAt = day(c.InvoiceAt)
	if len(o.Tenders) > 0 {
		f.Refund.Tender = tender(o.Tenders[0].Kind)
	}
}

func tender(kind string) string {
	switch kind {
	case "card", "cash":
		return kind
	case "alipay", "wechat":
		return "wallet"
	case "gift_card", "store_credit":
		return "seller_credit"
	}
	return ""
}

// delivery tells when the goods came and what that cost. Of an order that came
// in several parcels the law asks for the first and the last; while one is
// still to come, the last is not before now.
func delivery(f *rights.Facts, n *numbers, w *Whole, o *order.Order, l *order.Line, r *policy.Request, g *policy.Goods) {
	d := &f.Delivery
	at := g.Delivered
	if at.IsZero() {
		at = l.DeliveredAt
	}
	if at.IsZero() {
		at = o.DeliveredAt
	}
	d.At, d.Installed, d.PromisedAt, d.SentAt = moment(at), day(l.InstalledAt), day(l.PromisedAt), moment(l.ShippedAt)
	if len(o.Lines) > 1 && !at.IsZero() {
		first, last := at, at
		if !w.first.IsZero() && w.first.Before(first) {
			first = w.first
		}
		if w.last.After(last) {
			last = w.last
		}
		if w.missing && o.DeliveredAt.IsZero() && r.Now.After(last) {
			last = r.Now
		}
		d.FirstAt, d.LastAt = moment(first), moment(last)
	}
	d.Fee = &o.Shipping.Paid
	if o.Shipping.Standard > 0 {
		d.Standard = &o.Shipping.Standard
	}
	if o.Shipping.Discount > 0 {
		d.Waived = &o.Shipping.Discount
		for i := range o.Shipping.Tiers {
			if t := &o.Shipping.Tiers[i]; t.Amount == 0 {
				d.FreeFrom = &t.From
				break
			}
		}
	}
	d.KeptValue, f.Return.Partial = &n.kept, n.kept > 0
}

func item(f *rights.Facts, n *numbers, l *order.Line, g *policy.Goods) {
	f.Item = rights.Item{Category: l.LawCategory, Perishes: day(l.PerishesAt), WarrantyTo: day(l.GuaranteeTo)}
	if f.Item.Category == "" {
		f.Item.Category = strings.ToLower(g.Category)
	}
	n.price, n.quantity = g.Paid, g.Quantity
	if n.quantity <= 0 {
		n.quantity = l.Quantity
	}
	if n.price <= 0 && l.Quantity > 0 {
		n.price = l.Ledger.Paid * min(n.quantity, l.Quantity) / l.Quantity
	}
	f.Item.Price, f.Item.Quantity = &n.price, &n.quantity
	traits(f, l.Traits)
	traits(f, g.Traits)
}

var yes = true

// traits marks what the article is. Words that the law does not know are the
// shop's own.
func traits(f *rights.Facts, words []string) {
	t := &f.Traits
	for _, w := range words {
		switch w {
		case "custom":
			t.Custom = true
		case "perishable":
			t.Perishable = true
		case "sealed_hygiene":
			t.SealedHealth = true
		case "sealed_media":
			t.SealedMedia = true
		case "digital":
			t.Digital = true
		case "periodical":
			t.Periodical = true
		case "fluctuating_price":
			t.Fluctuating = true
		case "alcohol_deferred":
			t.Alcohol = true
		case "mixed":
			t.Mixed = true
		case "urgent_repair":
			t.UrgentRepair = true
		case "dated":
			t.Dated = true
		case "service_done":
			t.ServiceDone = true
		case "air_ticket":
			t.AirTicket = true
		case "individual":
			t.Individual = true
		case "registered_vehicle":
			t.Registered = true
		case "copyable":
			t.Copyable = true
		case "second_hand":
			t.SecondHand = true
		case "confirmable_kind":
			t.SpecialKind = true
		case "gift":
			t.Prize = true
		case "motor_vehicle":
			t.Vehicle = true
		case "final_sale":
			t.FinalSale = true
		case "durable":
			f.Item.Durable = &yes
		case "essential":
			f.Item.Essential = &yes
		case "cleanable":
			f.Item.Cleanable = &yes
		}
	}
}

func told(f *rights.Facts, t order.Told) {
	if t == (order.Told{}) {
		return
	}
	f.Told = rights.Told{
		Right: t.Right, At: day(t.RightAt), ReturnCost: t.ReturnCost, Exception: t.Exception, Confirmed: t.Confirmed, Consent: t.Consent,
		Acknowledge: t.Acknowledge, DigitalSent: t.DigitalSent, Function: t.Function, Terms: t.Terms, Policy: t.Policy, UsedPeriod: t.UsedPeriod,
	}
}

// claimOf is what a reason of the usual codes stands for in the law. Decide
// takes what the policy says of its reasons instead.
func claimOf(reason string) string {
	switch reason {
	case policy.NotReceived:
		return policy.NotDelivered
	case "defective", "damaged_in_transit", "wrong_item", "not_as_described", "missing_parts":
		return policy.Defect
	case "counterfeit", "fake":
		return policy.Fraud
	case "":
		return ""
	}
	return policy.ChangeOfMind
}

// wrong says what a reason says about the defect.
func wrong(f *rights.Facts, reason string) {
	switch reason {
	case "wrong_item", "not_as_described":
		f.Defect.WrongItem = true
	case "missing_parts":
		f.Defect.Quantity = true
	}
}
