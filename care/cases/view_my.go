package cases

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// MyOrderSummary is an order in the customer's list.
type MyOrderSummary struct {
	ID        string       `json:"id"`
	Number    string       `json:"number"`
	PlacedAt  time.Time    `json:"placed_at"`
	Currency  string       `json:"currency"`
	Total     money.Amount `json:"total"`
	Lines     int          `json:"lines"`
	Title     string       `json:"title"`
	ImageURL  string       `json:"image_url,omitempty"`
	OpenCases int64        `json:"open_cases"`
}

// MyOrder is an order with what can go back until when, and why not the rest.
type MyOrder struct {
	ID          string         `json:"id"`
	Number      string         `json:"number"`
	PlacedAt    time.Time      `json:"placed_at"`
	DeliveredAt *time.Time     `json:"delivered_at,omitempty"`
	Zone        string         `json:"zone"`
	Currency    string         `json:"currency"`
	Total       money.Amount   `json:"total"`
	Paid        money.Amount   `json:"paid"`
	Lines       []MyLine       `json:"lines"`
	Shipping    ShippingView   `json:"shipping"`
	Tenders     []TenderView   `json:"tenders"`
	Reasons     []ReasonOption `json:"reasons"`
	ShipTo      *order.Address `json:"ship_to,omitempty" doc:"Where it was delivered, masked; missing where the shop does not know"`
	Cases       []Summary      `json:"cases"`
}

// ShippingView is what delivery cost.
type ShippingView struct {
	Paid money.Amount `json:"paid"`
}

// MyLine is one line of the customer's order.
type MyLine struct {
	No         int          `json:"no"`
	SKU        string       `json:"sku"`
	Title      string       `json:"title"`
	Variant    string       `json:"variant,omitempty"`
	ImageURL   string       `json:"image_url,omitempty"`
	Category   string       `json:"category,omitempty"`
	Phase      string       `json:"phase" enum:"pre_ship,in_transit,after_receipt"`
	Quantity   int64        `json:"quantity"`
	UnitPrice  money.Amount `json:"unit_price"`
	Paid       money.Amount `json:"paid"`
	Returnable Returnable   `json:"returnable"`
}

// Returnable says how many units of a line can go back, for which reasons and
// until when; and why the others cannot.
type Returnable struct {
	Count      int64      `json:"count"`
	Priced     int64      `json:"priced" doc:"Units whose lower price may be claimed: those in another request too, until they are paid back"`
	Kinds      []string   `json:"kinds" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"Kinds of request that are possible where the goods are now"`
	Until      *time.Time `json:"until,omitempty" doc:"For the most generous reason"`
	MindChange *time.Time `json:"change_of_mind_until,omitempty" doc:"For reasons that are not the seller's fault; missing when these are over or excluded"`
	Reasons    []string   `json:"reasons"`
	Options    []Option   `json:"options,omitempty" doc:"For each reason until when, at whose cost, and on what that rests"`
	Blocked    []Blocked  `json:"blocked"`
}

// Option is what may be asked for one reason, by the better of law and policy.
type Option struct {
	Reason  string     `json:"reason"`
	Until   *time.Time `json:"until,omitempty" doc:"Missing where no window runs"`
	Freight string     `json:"freight" enum:"seller,customer" doc:"Who pays the way back"`
	Basis   string     `json:"basis" enum:"law,policy" doc:"law: the policy alone would give less"`
	Rule    string     `json:"rule,omitempty" doc:"The rule of the law, where it decides"`
	Cite    []string   `json:"cite,omitempty" doc:"Its source"`
}

// Blocked is a number of units that cannot go back, and why.
type Blocked struct {
	Count int64  `json:"count"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

// ReasonOption is a reason the shop offers.
type ReasonOption struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	Photos  string `json:"photos" enum:"none,optional,required"`
	Freight string `json:"freight" enum:"seller,customer"`
	Hint    string `json:"hint,omitempty"`
}

// Estimate is what a request would give.
type Estimate struct {
	QuoteView
	Decision     OfferDecision `json:"decision"`
	PayWithin    string        `json:"pay_within"`
	ReturnByDays int           `json:"return_by_days"`
}

// OfferDecision is what the rules say of a request.
type OfferDecision struct {
	Outcome   string       `json:"outcome" enum:"approve,review,refuse,ask"`
	Grounds   []GroundView `json:"grounds"`
	Needs     []NeedView   `json:"needs,omitempty" doc:"What would be asked before a decision"`
	AnswerBy  *time.Time   `json:"answer_by,omitempty" doc:"Until when a person answers at the latest, if the request is sent now; missing where none has to, or where silence is no answer"`
	Until     *time.Time   `json:"until,omitempty" doc:"Last moment for the request: the better of law and policy"`
	Freight   string       `json:"freight,omitempty" enum:"seller,customer" doc:"Who pays the way back, where goods come back"`
	RefundDue *time.Time   `json:"refund_due,omitempty" doc:"By when the law wants the money paid, where it says so"`
	Packs     []string     `json:"packs,omitempty" doc:"Versions of the law that were asked"`
	Promised  []KeptView   `json:"promised,omitempty" doc:"What the shop has promised to pay on top if it is as the request says"`
}

// MyOrder reads an order as its customer sees it.
func (s *Service) MyOrder(ctx context.Context, tx *db.Tx, by actor.Actor, id, lang string) (MyOrder, int64, error) {
	o, err := order.ByID(ctx, tx, by, id)
	if err != nil {
		return MyOrder{}, 0, err
	}
	p, err := s.rules(ctx, tx, by.Tenant, o.Policy, o.PolicyVer)
	if err != nil {
		return MyOrder{}, 0, err
	}
	free, priced, err := refund.Free(ctx, tx, o)
	if err != nil {
		return MyOrder{}, 0, err
	}
	zone, err := calendar.Zone(o.Zone)
	if err != nil {
		return MyOrder{}, 0, err
	}
	book, err := s.book()
	if err != nil {
		return MyOrder{}, 0, err
	}
	who, err := person(ctx, tx, &p, o, &Case{Tenant: by.Tenant, Customer: o.Customer, OpenedAt: tx.Now})
	if err != nil {
		return MyOrder{}, 0, err
	}
	r := rightsOf{book, p, o, owed.WholeOf(&o), tx.Now, zone, who}
	amount := func(n int64) money.Amount { return money.Of(n, o.Currency) }
	v := MyOrder{ID: o.ID, Number: o.Number, PlacedAt: o.PlacedAt, Zone: o.Zone, Currency: o.Currency, Total: amount(o.Paid()), Paid: amount(o.Paid()),
		Shipping: ShippingView{amount(o.Shipping.Paid)}, Lines: []MyLine{}, Tenders: []TenderView{}, Cases: []Summary{}, Reasons: reasonOptions(p.Rules, lang)}
	if !o.DeliveredAt.IsZero() {
		v.DeliveredAt = &o.DeliveredAt
	}
	for _, l := range o.Lines {
		v.Lines = append(v.Lines, MyLine{No: l.No, SKU: l.SKU, Title: l.Title, Variant: l.Variant, ImageURL: l.ImageURL, Category: l.Category, Phase: phase(o, l), Quantity: l.Quantity,
			UnitPrice: amount(l.UnitPrice), Paid: amount(l.Ledger.Paid), Returnable: r.returnable(l, free[l.No], priced[l.No], lang)})
	}
	for _, t := range o.Tenders {
		v.Tenders = append(v.Tenders, TenderView{t.ID, t.Kind, t.Label, amount(t.Amount)})
	}
	a, known, err := order.AddressOf(ctx, tx, by.Tenant, o.ID)
	if err != nil {
		return MyOrder{}, 0, err
	}
	if masked := a.Masked(); known {
		v.ShipTo = &masked
	}
	found, err := ByOrder(ctx, tx, by, o.ID)
	if err != nil {
		return MyOrder{}, 0, err
	}
	for _, c := range found {
		if c.talk, err = TalkOf(ctx, tx, c.Tenant, c.ID); err != nil {
			return MyOrder{}, 0, err
		}
		v.Cases = append(v.Cases, summary(c, by, lang))
	}
	return v, o.Version, nil
}

func later(a *time.Time, b time.Time) *time.Time {
	if a != nil && a.After(b) {
		return a
	}
	return &b
}

func reasonOptions(rules policy.Rules, lang string) []ReasonOption {
	reasons := rules.Reasons
	if !slices.ContainsFunc(reasons, func(x policy.Reason) bool { return x.Code == policy.NotReceived }) {
		missing, _ := rules.Reason(policy.NotReceived)
		reasons = append(slices.Clone(reasons), missing)
	}
	all := make([]ReasonOption, len(reasons))
	for i, x := range reasons {
		all[i] = ReasonOption{Code: x.Code, Text: reasonText(lang, x.Code).Text, Photos: x.Photos, Freight: x.Freight}
		if hint := "hint." + x.Code; locale.Has(hint) {
			all[i].Hint = locale.Text(lang, hint, nil)
		}
	}
	return all
}

func estimate(o order.Order, by actor.Actor, p Promise, lang string) Estimate {
	title := func(no int) string { l, _ := o.Line(no); return l.Title }
	asked := Case{Detail: Detail{Needs: p.Decision.Needs}}
	var promised []KeptView
	for _, x := range p.Decision.Promises {
		promised = append(promised, KeptView{Code: x.Code, Text: locale.Choose(x.Says, lang), Amount: x.Amount})
	}
	return Estimate{
		QuoteView: quoteView(lang, p.Quote, title),
		Decision: OfferDecision{Outcome: string(p.Decision.Outcome), Grounds: groundViews(lang, by, p.Decision.Grounds), Needs: asked.needViews(lang, by),
			AnswerBy: some(p.AnswerBy), Until: some(p.Decision.Until), Freight: p.Decision.Freight, RefundDue: some(p.Decision.RefundDue), Packs: packs(p.Decision.Laws), Promised: promised},
		PayWithin:    payWithin(p, lang),
		ReturnByDays: p.Rules.ShipBackDays,
	}
}

func payWithin(p Promise, lang string) string {
	if p.Advance {
		return locale.Text(lang, "pay_advance", nil)
	}
	return locale.Text(lang, "pay_within", locale.Args{"n": p.Rules.PayoutHours})
}

func myOrderSummary(o order.Summary, open int64) MyOrderSummary {
	return MyOrderSummary{ID: o.ID, Number: o.Number, PlacedAt: o.PlacedAt, Currency: o.Currency, Total: money.Of(o.Paid, o.Currency),
		Lines: o.Lines, Title: o.Title, ImageURL: o.ImageURL, OpenCases: open}
}

// some is an instant that may be missing.
func some(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
