package owed

import (
	"cmp"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// View is what a customer is owed for an order, in one language.
type View struct {
	Order    string          `json:"order,omitempty"`
	Number   string          `json:"number,omitempty"`
	Country  string          `json:"country" doc:"Where the customer lives, as the law is chosen by it: FR, US-NY"`
	Law      *rights.LawView `json:"law,omitempty"`
	Problem  string          `json:"problem,omitempty" doc:"Why no law could be asked"`
	Policy   PolicyName      `json:"policy"`
	Lines    []LineView      `json:"lines" nullable:"false"`
	Tier     string          `json:"tier,omitempty" doc:"The customer's, where the shop's rules look at it"`
	Caveat   string          `json:"caveat" doc:"What this is not"`
	AsOf     time.Time       `json:"as_of"`
	Language string          `json:"language"`
}

// PolicyName names the shop's rules.
type PolicyName struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Name    string `json:"name"`
}

// LineView is what is owed for one line.
type LineView struct {
	Line     int                 `json:"line"`
	SKU      string              `json:"sku,omitempty"`
	Title    string              `json:"title"`
	Assumed  string              `json:"assumed_delivery,omitempty" doc:"The goods have not arrived: days are counted as if they came on this day"`
	Ways     []WayView           `json:"ways" nullable:"false" doc:"Without a reason, and because of a fault"`
	Remedies []rights.RemedyView `json:"remedies" nullable:"false" doc:"What the law says, remedy by remedy"`
	Traits   []string            `json:"traits,omitempty" nullable:"false"`
}

// WayView is one way of giving goods back, by law and by promise.
type WayView struct {
	Claim   string         `json:"claim" enum:"change_of_mind,defect"`
	Name    string         `json:"name"`
	Outcome policy.Outcome `json:"outcome" enum:"approve,review,refuse,ask" doc:"What a request now would come to; approve here means that it can be made, up to any amount"`
	Answer  string         `json:"answer"`
	Until   *time.Time     `json:"until,omitempty"`
	By      string         `json:"by" enum:"law,promise,both,none" doc:"On what it rests now"`
	Freight string         `json:"freight" enum:"seller,customer"`
	Costs   string         `json:"costs" doc:"Who pays the way back, in words"`
	Fee     int            `json:"restocking_fee" doc:"Percent that may be kept"`
	Law     *SideView      `json:"law,omitempty"`
	Promise *SideView      `json:"promise,omitempty"`
	Grounds []string       `json:"grounds" nullable:"false"`
	Needs   []NeedView     `json:"needs,omitempty" nullable:"false"`
	staff   []policy.Ground
}

// SideView is what one side alone gives.
type SideView struct {
	Until   *time.Time `json:"until,omitempty"`
	Freight string     `json:"freight,omitempty" enum:"seller,customer"`
	Rule    string     `json:"rule,omitempty"`
	Cite    []string   `json:"citation,omitempty" nullable:"false"`
	Says    string     `json:"says,omitempty"`
}

// NeedView is a question whose answer would decide.
type NeedView struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// view makes the answer for lines of an order.
func view(book *rights.Book, p *policy.Policy, o order.Order, who policy.Person, now time.Time, lang string, staff bool, lines []order.Line) View {
	v := View{
		Order: o.ID, Number: o.Number, Country: residence(&o), Policy: PolicyName{p.ID, p.Version, p.Name}, Lines: []LineView{},
		Caveat: locale.Text(lang, "rights.caveat", nil), AsOf: now, Language: lang, Tier: who.Tier,
	}
	if o.Zone == "" {
		o.Zone = cmp.Or(book.Zone(v.Country), "UTC")
	}
	for _, l := range lines {
		l.Title = cmp.Or(l.Title, locale.Text(lang, "rights.any_article", nil))
		line := LineView{Line: l.No, SKU: l.SKU, Title: l.Title, Ways: []WayView{}, Remedies: []rights.RemedyView{}, Traits: l.Traits}
		if l.DeliveredAt.IsZero() && o.DeliveredAt.IsZero() {
			l.DeliveredAt = now
			line.Assumed = now.In(zone(o.Zone)).Format(time.DateOnly)
		}
		var remedies []rights.Decision
		plain := 0 // of them, those that need no fault
		for _, claim := range []string{policy.ChangeOfMind, policy.Defect} {
			way, law := wayOf(book, p, o, l, who, claim, now, lang)
			line.Ways = append(line.Ways, way)
			if v.Law == nil && law.Problem == "" {
				shown := book.ShowLaw(rights.Law{Jurisdiction: law.Jurisdiction, Version: law.Pack, Why: law.Why, Notes: law.Notes}, lang)
				v.Law = &shown
			}
			if law.Problem != "" {
				v.Problem = locale.Text(lang, "ground.law_"+law.Problem, locale.Args{"country": locale.Country(lang, o.Country)})
			}
			for _, d := range law.Remedies {
				if !slices.ContainsFunc(remedies, func(x rights.Decision) bool { return x.Remedy == d.Remedy }) {
					remedies = append(remedies, d)
				}
			}
			if claim == policy.ChangeOfMind {
				plain = len(remedies)
			}
			if staff {
				for i, g := range way.staff {
					line.Ways[len(line.Ways)-1].Grounds[i] = g.Staff(lang)
				}
			}
		}
		for i := range remedies {
			if staff || remedies[i].Outcome != rights.NotEntitled || slices.Contains(noReason, remedies[i].Remedy) {
				shown := book.Show(&remedies[i], v.Law.Jurisdiction, lang)
				if shown.Claim = policy.Defect; i < plain {
					shown.Claim = policy.ChangeOfMind
				}
				line.Remedies = append(line.Remedies, shown)
			}
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

func zone(name string) *time.Location {
	if z, err := calendar.Zone(name); err == nil {
		return z
	}
	return time.UTC
}

// wayOf asks law and policy for one line and one claim, as if the customer
// asked now for all of it.
func wayOf(book *rights.Book, p *policy.Policy, o order.Order, l order.Line, who policy.Person, claim string, now time.Time, lang string) (WayView, Law) {
	reason := ""
	for _, r := range p.Rules.Reasons {
		if r.Claims() == claim {
			reason = r.Code
			break
		}
	}
	delivered := l.DeliveredAt
	if delivered.IsZero() {
		delivered = o.DeliveredAt
	}
	d := Decide(book, p, Question{Order: o, Open: true, Request: policy.Request{
		Now: now, Zone: zone(o.Zone), Placed: o.PlacedAt, Total: money.Of(0, o.Currency), Channel: o.Channel, Country: o.Country, Region: o.Region, Seller: l.Seller, Photos: 1, Customer: who,
		Goods: []policy.Goods{{Line: l.No, SKU: l.SKU, Title: l.Title, Category: l.Category, Traits: l.Traits, Quantity: l.Quantity, Paid: l.Ledger.Paid, Seller: l.Seller,
			Delivered: delivered, Reason: cmp.Or(reason, claimReason[claim]), Photos: 1}},
	}})
	w := WayView{
		Claim: claim, Name: locale.Text(lang, "rights."+claim, nil), Outcome: d.Outcome, Answer: locale.Text(lang, "rights."+string(d.Outcome), nil),
		Until: known(d.Until), By: "none", Freight: d.Freight, Costs: locale.Text(lang, "rights.freight_"+d.Freight, nil), Grounds: []string{},
	}
	if len(d.Lines) > 0 {
		w.Fee = d.Lines[0].Fee
	}
	w.staff = shown(d.Grounds)
	for _, g := range w.staff {
		w.Grounds = append(w.Grounds, g.Text(lang))
	}
	for _, n := range d.Needs {
		w.Needs = append(w.Needs, NeedView{n.Name, n.Text(lang)})
	}
	law := Law{}
	if len(d.Laws) > 0 {
		law = d.Laws[0]
	}
	w.sides(book, d, law, now, lang)
	return w, law
}

// claimReason stands for a claim where the policy has no reason of that kind.
var claimReason = map[string]string{policy.ChangeOfMind: "no_longer_needed", policy.Defect: "defective"}

// sides tells what the law and the promise of the shop give by themselves.
func (w *WayView) sides(book *rights.Book, d Decision, law Law, now time.Time, lang string) {
	byLaw, byPromise := false, false
	if best := best(law.Remedies, wishOf(policy.ReturnRefund, policy.AfterReceipt, w.Claim).direct); best != nil {
		byLaw = best.Outcome == rights.Entitled
		w.Law = &SideView{Rule: best.Rule, Cite: best.Cite, Says: book.Says(law.Jurisdiction, best).In(lang)}
		if byLaw {
			w.Law.Until, w.Law.Freight = known(best.Deadline.End()), "customer"
			if best.Freight == "seller" {
				w.Law.Freight = "seller"
			}
		}
	}
	if len(d.Promised) > 0 && !d.Promised[0].Until.IsZero() {
		own := d.Promised[0]
		byPromise = !now.After(own.Until)
		w.Promise = &SideView{Until: known(own.Until), Freight: own.Freight}
	}
	switch {
	case byLaw && byPromise:
		w.By = "both"
	case byLaw:
		w.By = "law"
	case byPromise:
		w.By = "promise"
	}
}

// shown leaves out what speaks of amounts: nothing is asked for yet.
func shown(grounds []policy.Ground) []policy.Ground {
	some := slices.DeleteFunc(slices.Clone(grounds), func(g policy.Ground) bool { return g.Code == "below_limit" || g.Code == "above_limit" })
	if len(some) == 0 {
		return grounds
	}
	return some
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
