package cases

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/event"
)

func reasonText(lang, code string) Text { return Text{code, locale.Text(lang, "reason."+code, nil)} }

func groundTexts(lang string, grounds []Ground) []Text {
	all := make([]Text, len(grounds))
	for i, g := range grounds {
		all[i] = Text{g.Code, locale.Text(lang, "ground."+g.Code, g.Args)}
	}
	return all
}

// summary words a case for a list.
func summary(c Case, lang string) Summary {
	amount := c.Quoted
	if c.Refunded > 0 {
		amount = c.Refunded
	}
	s := Summary{
		ID: c.ID, Number: c.Number, Kind: c.Kind, State: c.State, ClosedAs: c.ClosedAs, OrderNumber: c.OrderNumber, Name: c.Name,
		Title: c.Title, Quantity: c.Quantity, Amount: money.Of(amount, c.Currency), Reason: reasonText(lang, c.Reason),
		OpenedAt: c.OpenedAt, UpdatedAt: c.UpdatedAt, WaitingFor: waitingFor[c.State], Assignee: c.Assignee, Version: c.Version,
	}
	if c.Timer != "" {
		s.Deadline = &c.Deadline
	}
	return s
}

// next says what happens now, to whom it is said.
func (c *Case) next(lang string, payoutProblem bool) NextView {
	key := "next." + string(c.State)
	switch {
	case c.State == Closed:
		key += "_" + c.ClosedAs
	case c.State == Resolving && payoutProblem:
		key += "_problem"
	}
	n := NextView{Who: waitingFor[c.State]}
	args := locale.Args{}
	if c.Timer != "" {
		zone, err := calendar.Zone(c.zone())
		if err != nil {
			zone = time.UTC
		}
		n.By = &c.Deadline
		args["by"] = c.Deadline.In(zone).Format("2006-01-02 15:04")
	} else {
		args["by"] = "—"
	}
	n.Text = locale.Text(lang, key, args)
	return n
}

func (c *Case) timers(lang string, now time.Time) []TimerView {
	if c.Timer == "" {
		return []TimerView{}
	}
	return []TimerView{{
		Name: c.Timer, Deadline: c.Deadline, RemainingSeconds: max(0, int64(c.Deadline.Sub(now)/time.Second)),
		OnExpiry: Text{"timer." + c.Timer, locale.Text(lang, "timer."+c.Timer, nil)},
	}}
}

// staffOnly are events that customers do not see.
var staffOnly = []string{"case.noted", "case.overdue", "payout.failed", "payout.submitted", "case.review_needed"}

func timeline(lang string, by actor.Actor, events []event.Event) []TimelineView {
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
		}
		_ = json.Unmarshal(e.Data, &fact) // facts without these fields leave them empty
		args := locale.Args{"place": fact.Place, "accepted": fact.Accepted, "refused": fact.Refused, "missing": fact.Missing}
		if fact.Currency != "" {
			args["amount"] = money.Of(fact.Amount, fact.Currency).Display()
		}
		if fact.By != "" && locale.Has(key+"_"+fact.By) {
			key += "_" + fact.By
		}
		v.Text = strings.TrimSpace(locale.Text(lang, key, args))
		v.Note = fact.Comment
		if fact.Text != "" {
			v.Note = fact.Text
		}
		all = append(all, v)
	}
	return all
}

// offered is the order in which actions are shown, with the permission of
// staff and the fields that each asks for.
var offered = []struct {
	do     Action
	need   actor.Permission
	fields []string
}{
	{Approve, role.CaseDecide, []string{"note"}},
	{Refuse, role.CaseDecide, []string{"reason_code", "comment"}},
	{HandOver, role.ParcelScan, []string{"carrier", "tracking"}},
	{Receive, role.CaseReceive, []string{"items"}},
	{Grade, role.CaseReceive, []string{"items"}},
	{Withdraw, role.CaseDecide, []string{"comment"}},
	{Note, role.CaseNote, []string{"text"}},
}

// actions lists what the reader may do now, and why not the rest.
func (c *Case) actions(lang string, by actor.Actor, received bool) []ActionView {
	all := []ActionView{}
	blocked := func(code string) *Text { return &Text{code, locale.Text(lang, "blocked."+code, nil)} }
	for _, o := range offered {
		if by.Kind == actor.Customer && o.do != Withdraw && o.do != HandOver {
			continue
		}
		v := ActionView{Action: o.do, Fields: o.fields}
		_, err := next(c.State, o.do, by.Kind)
		switch {
		case by.Kind != actor.Customer && role.Allow(by, o.need) != nil:
			v.Reason = blocked("role")
		case o.do == Note:
			v.Allowed = true
		case err != nil && c.State.Final():
			v.Reason = blocked("final")
		case err != nil:
			v.Reason = blocked("state_" + string(c.State))
		case o.do == Receive && received:
			v.Reason = blocked("received")
		case o.do == Grade && !received:
			v.Reason = blocked("not_received")
		default:
			v.Allowed = true
		}
		all = append(all, v)
	}
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
	v := QuoteView{Currency: q.Currency, Components: components(q.Components), Total: amount(q.Total), Freight: q.Freight, Lines: []LineQuoteView{}, Tenders: []TenderView{}}
	for _, l := range q.Lines {
		v.Lines = append(v.Lines, LineQuoteView{l.Line, title(l.Line), l.Count, components(l.Components), amount(l.Subtotal)})
	}
	for _, t := range q.Tenders {
		v.Tenders = append(v.Tenders, TenderView{t.ID, t.Kind, t.Label, amount(t.Goods + t.Shipping)})
	}
	return v
}
