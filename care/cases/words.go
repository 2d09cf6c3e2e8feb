package cases

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
)

// reasonText words a reason. One that a shop has made up is told by its code,
// which is written to be read.
func reasonText(lang, code string) Text {
	if key := "reason." + code; locale.Has(key) {
		return Text{code, locale.Text(lang, key, nil)}
	}
	return Text{code, strings.ReplaceAll(code, "_", " ")}
}

// groundViews words grounds: with its source for everybody, with the rule for
// staff.
func groundViews(lang string, by actor.Actor, grounds []Ground) []GroundView {
	all := make([]GroundView, len(grounds))
	for i, g := range grounds {
		all[i] = GroundView{Code: g.Code, Text: g.Text(lang), Basis: g.Basis, Cite: g.Cite}
		if by.Kind != actor.Customer {
			all[i].Rule = g.Rule
		}
	}
	return all
}

// needViews words the questions that are open.
func (c *Case) needViews(lang string, by actor.Actor) (all []NeedView) {
	for _, n := range c.Detail.Needs {
		v := NeedView{Name: n.Name, Kind: n.Kind, Type: n.Type, Text: n.Text(lang), Lines: n.Lines}
		for _, choice := range n.Choices {
			text := choice
			if key := "choice." + n.Name + "." + choice; locale.Has(key) {
				text = locale.Text(lang, key, nil)
			}
			v.Choices = append(v.Choices, Text{choice, text})
		}
		if by.Kind != actor.Customer {
			v.Why = n.Why
		}
		all = append(all, v)
	}
	return all
}

// summary words a case for a list.
func summary(c Case, by actor.Actor, lang string) Summary {
	amount := c.Quoted
	if c.Refunded > 0 {
		amount = c.Refunded
	}
	s := Summary{
		ID: c.ID, Number: c.Number, Kind: c.Kind, State: c.State, ClosedAs: c.ClosedAs, OrderNumber: c.OrderNumber, Name: customer.SightOf(by).Name(c.Name),
		Title: c.Title, Quantity: c.Quantity, Amount: money.Of(amount, c.Currency), Reason: reasonText(lang, c.Reason),
		OpenedAt: c.OpenedAt, UpdatedAt: c.UpdatedAt, WaitingFor: c.waitsFor(), Assignee: c.Assignee, Version: c.Version,
	}
	if c.Timer != "" || c.Called() { // a missed one stays
		s.Deadline = &c.Deadline
	}
	if s.Unread = c.talk.unreadBy(by.Kind == actor.Customer); by.Kind != actor.Customer {
		s.WroteAt = some(c.talk.WroteAt)
	}
	return s
}

// step says what happens now: to the customer as "you", to everybody else of the customer.
func (c *Case) step(lang string, by actor.Kind, payoutProblem bool) NextView {
	key := "next." + string(c.State)
	n := NextView{Who: c.waitsFor()}
	x := c.Detail.Exchange
	switch {
	case c.State == Closed:
		key += "_" + c.ClosedAs
	case len(c.Detail.CameBack) > 0 && (c.State == Resolving || c.State == Completed):
		key = "next.money_returned"
		n.Who = "seller"
	case c.State == Resolving && c.Detail.Dispute != nil && c.Detail.Dispute.State == "open":
		key = "next.resolving_dispute"
	case c.State == Resolving && payoutProblem:
		key += "_problem"
	case c.State == Resolving && x != nil && c.mustSend():
		key += "_replacement"
	case c.State == Resolving && x != nil && !x.Sent:
		key += "_difference"
	case c.State == AwaitReturn && c.Detail.Intercept:
		key += "_intercept"
	case c.State == Submitted && len(c.Detail.Needs) > 0:
		key += "_asked"
	case c.late():
		key += "_late"
	case c.State == Negotiating && n.Who == "customer":
		key += "_customer"
	case c.State == Rejected && c.Detail.Arrived:
		key, n.Who = key+"_goods_here", "seller"
	}
	if told := "told_" + key; by != actor.Customer && locale.Has(told) {
		key = told
	}
	args := locale.Args{}
	if c.Timer != "" || c.late() {
		zone, err := c.zone()
		if err != nil {
			zone = time.UTC
		}
		n.By = &c.Deadline
		args["by"] = c.Deadline.In(zone)
		if c.Terms.Away {
			args["by"] = locale.Abroad{Time: c.Deadline.In(zone)}
		}
	} else {
		args["by"] = "—"
	}
	n.Text = locale.Text(lang, key, args)
	if told := locale.Told(lang, args["by"]); n.By != nil && strings.Contains(n.Text, told) {
		n.Clock = told
	}
	return n
}

// Next says what happens now, in the words of the case's page.
func (c Case) Next(lang string) string { return c.step(lang, actor.Customer, false).Text }

// waitsFor is whose turn it is.
func (c *Case) waitsFor() string {
	x := c.Detail.Exchange
	switch {
	case c.State == Negotiating:
		if o := c.Detail.open(); o != nil && o.Side == refund.Seller {
			return "customer"
		}
		return "seller"
	case c.State == Submitted && len(c.Detail.Needs) > 0:
		return "customer"
	case c.State == AwaitReturn && c.Detail.Intercept:
		return "carrier"
	case c.State == Resolving && x != nil && c.mustSend():
		return "warehouse"
	case c.State == Resolving && x != nil && x.Due > 0 && !x.Collected:
		return "customer"
	}
	return waitingFor[c.State]
}

// timers are the running deadline and those that wait.
func (c *Case) timers(lang string, now time.Time) []TimerView {
	all := []TimerView{}
	expiry := func(name string) Text {
		if name == TimerAnswer && c.byPerson() {
			name = TimerPayout // then a person is called
		}
		return Text{"timer." + name, locale.Text(lang, "timer."+name, nil)}
	}
	if c.Timer != "" {
		all = append(all, TimerView{Name: c.Timer, Deadline: &c.Deadline, RemainingSeconds: max(0, int64(c.Deadline.Sub(now)/time.Second)), OnExpiry: expiry(c.Timer)})
	}
	for _, p := range c.Detail.Paused {
		all = append(all, TimerView{Name: p.Name, RemainingSeconds: int64(p.Left / time.Second), Paused: true, OnExpiry: expiry(p.Name)})
	}
	return all
}

// staffOnly are events that customers do not see: what colleagues say to each
// other, and steps of shelves and books that another line says in their words.
var staffOnly = []string{
	"case.noted", "case.note_taken_back", "case.overdue", "case.assigned", "case.reopen_proposed", "case.keep_closed", "case.review_needed",
	"payout.failed", "payout.submitted", "payout.reserved", "payout.manual", "unit.received", "unit.graded", "stock.moved", "clearing.booked",
}

func timeline(lang string, by actor.Actor, events []event.Event, now time.Time) []TimelineView {
	all := []TimelineView{}
	for _, e := range events {
		key := "event." + e.Type
		if by.Kind == actor.Customer && slices.Contains(staffOnly, e.Type) || !locale.Has(key) {
			continue
		}
		v := TimelineView{ID: e.ID, At: e.At, Type: e.Type, Actor: ActorView{Kind: string(e.Actor)}}
		if e.Actor != actor.Customer && (by.Kind != actor.Customer || e.Actor == actor.Carrier) {
			v.Actor.Name = e.Name
		}
		var fact struct {
			Comment  string `json:"comment"`
			Text     string `json:"text"`
			Place    string `json:"place"`
			Accepted int64  `json:"accepted"`
			Refused  int64  `json:"refused"`
			Missing  int64  `json:"missing"`
			Amount   int64  `json:"amount"`
			Currency string `json:"currency"`
			By       string `json:"by"`
			Name     string `json:"name"`
			Tracking string `json:"tracking"`
		}
		_ = json.Unmarshal(e.Data, &fact) // facts without these fields leave them empty
		args := locale.Args{"place": fact.Place, "accepted": fact.Accepted, "refused": fact.Refused, "missing": fact.Missing, "name": fact.Name, "tracking": fact.Tracking}
		if fact.Currency != "" {
			args["amount"] = money.Of(fact.Amount, fact.Currency)
		}
		if fact.By != "" && locale.Has(key+"_"+fact.By) {
			key += "_" + fact.By
		}
		if e.Type == "case.graded" && fact.Accepted > 0 && fact.Refused+fact.Missing == 0 {
			key += "_well"
		}
		v.Text = strings.TrimSpace(locale.Text(lang, key, args))
		v.Note = fact.Comment
		if fact.Text != "" {
			v.Note = fact.Text
		}
		all = append(all, v)
	}
	lookNotes(by, events, all, now)
	return all
}

func quoteView(lang string, q refund.Quote, title func(line int) string) QuoteView {
	amount := func(n int64) money.Amount { return money.Of(n, q.Currency) }
	components := func(from []refund.Component) []ComponentView {
		all := []ComponentView{}
		for _, x := range from {
			v := ComponentView{Code: x.Code, Text: locale.Text(lang, "component."+x.Code, nil), Amount: amount(x.Amount)}
			if x.Ground != "" {
				v.Ground = locale.Text(lang, "basis."+x.Ground, nil)
			}
			same := slices.IndexFunc(all, func(o ComponentView) bool { return o.Code == v.Code && o.Ground == v.Ground })
			if same >= 0 { // of another line
				all[same].Amount.Minor += x.Amount
				continue
			}
			all = append(all, v)
		}
		return all
	}
	v := QuoteView{Currency: q.Currency, TaxIncluded: q.TaxIncluded, Components: components(q.Components), Total: amount(q.Total), Freight: q.Freight, Lines: []LineQuoteView{}, Tenders: []TenderView{}}
	if q.Due > 0 {
		due := amount(q.Due)
		v.Due = &due
	}
	for _, l := range q.Lines {
		v.Lines = append(v.Lines, LineQuoteView{l.Line, title(l.Line), l.Count, components(l.Components), amount(l.Subtotal)})
	}
	for _, t := range q.Tenders {
		v.Tenders = append(v.Tenders, TenderView{t.ID, t.Kind, t.Label, amount(t.Goods + t.Shipping)})
	}
	for _, x := range q.Extra {
		v.Tenders = append(v.Tenders, TenderView{x.Kind, x.Kind, "", amount(x.Amount)})
	}
	v.More = besides(lang, q)
	return v
}
