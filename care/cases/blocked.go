package cases

import (
	"errors"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
)

// BlockedView says why an action is not possible now, on what it waits, and what
// would make it possible.
type BlockedView struct {
	Code  string     `json:"code"`
	Text  string     `json:"text" doc:"In the reader's language"`
	Track string     `json:"track" enum:"role,decision,questions,offer,transport,inspection,replacement,money,closing" doc:"The part of the case that is in the way"`
	Waits string     `json:"waits_for,omitempty" enum:"customer,seller,warehouse,carrier,system" doc:"Whose turn it is, where the case waits"`
	Since *time.Time `json:"since,omitempty" doc:"Since when, where one moment made it so"`
	Until *time.Time `json:"until,omitempty" doc:"When the running deadline changes the case by itself"`
	Next  []Action   `json:"next,omitempty" doc:"Any of these would bring it nearer"`
}

// obstacle is what stands behind a code.
type obstacle struct {
	track string
	next  []Action
}

// obstacles are all reasons why something is not possible; each has a sentence
// "blocked.<code>" in the catalogues.
var obstacles = map[string]obstacle{
	"role":               {track: "role"},
	"offer_open":         {"offer", []Action{Accept, Decline}},
	"no_offer":           {"offer", []Action{Propose}},
	"offer_too_late":     {track: "offer"},
	"own_offer":          {"offer", []Action{Accept, Decline}},
	"nothing_to_offer":   {track: "offer"},
	"approval_first":     {"decision", []Action{Approve, Propose}},
	"approved_already":   {track: "decision"},
	"refused_already":    {"decision", []Action{Amend, Propose}},
	"not_refused":        {track: "decision"},
	"amend_limit":        {track: "decision"},
	"no_questions":       {track: "questions"},
	"nothing_comes_back": {track: "transport"},
	"parcel_awaited":     {"transport", []Action{HandOver, Receive}},
	"parcel_under_way":   {"transport", []Action{Receive}},
	"parcel_arrived":     {track: "transport"},
	"parcel_lost":        {track: "transport"},
	"no_parcel_to_stop":  {track: "transport"},
	"goods_first":        {"transport", []Action{HandOver, Receive}},
	"goods_at_shop":      {track: "inspection"},
	"goods_not_at_shop":  {track: "inspection"},
	"goods_judged":       {track: "inspection"},
	"inspection_first":   {"inspection", []Action{Receive, Grade}},
	"received":           {"inspection", []Action{Grade}},
	"not_received":       {"inspection", []Action{Receive}},
	"nothing_to_send":    {track: "replacement"},
	"replacement_due":    {"replacement", []Action{Ship}},
	"replacement_sent":   {track: "replacement"},
	"no_exchange":        {track: "replacement"},
	"difference_unpaid":  {"money", []Action{Convert}},
	"paid_in_advance":    {track: "money"},
	"money_reserved":     {track: "money"},
	"not_over":           {track: "closing"},
	"not_proposed":       {"closing", []Action{Reopen}},
	"second_person":      {"closing", []Action{Reopen, Keep}},
	"completed":          {"closing", []Action{Reopen}},
	"closed_withdrawn":   {"closing", []Action{Reopen}},
	"closed_expired":     {"closing", []Action{Reopen}},
	"closed_for_seller":  {"closing", []Action{Reopen}},
}

// blockedView words a reason.
func (c *Case) blockedView(lang string, by actor.Actor, code string) *BlockedView {
	o := obstacles[code]
	v := &BlockedView{Code: code, Text: locale.Text(lang, "blocked."+code, nil), Track: o.track}
	for _, do := range o.next {
		if by.Kind != actor.Customer || slices.ContainsFunc(offered, func(x offering) bool { return x.do == do && x.customer }) {
			v.Next = append(v.Next, do)
		}
	}
	if code == "role" || c.State.Final() {
		if o.track == "closing" {
			v.Since = some(c.UpdatedAt)
		}
		return v
	}
	if v.Waits = c.waitsFor(); v.Waits == "nobody" {
		v.Waits = ""
	}
	if c.Timer != "" {
		v.Until = some(c.Deadline)
	}
	switch open := c.Detail.open(); {
	case o.track == "decision" && c.State != Submitted:
		v.Since = some(c.Decision.At)
	case o.track == "offer" && open != nil:
		v.Since = some(open.At)
	}
	return v
}

// blocked is the code of what keeps a reader from an action; empty: nothing.
func (c *Case) blocked(do Action, by actor.Actor, received bool) string {
	if by.Kind != actor.Customer && role.Allow(by, needed[do]) != nil {
		return "role"
	}
	err := c.can(do, by.Kind)
	switch {
	case errors.Is(err, ErrGuard):
		return c.unmet(c.missing(do, by.Kind))
	case err != nil:
		return c.elsewhere(do)
	}
	o, p := c.Detail.open(), c.Detail.Reopening
	switch {
	case do == Propose && !c.negotiable():
		return "nothing_to_offer"
	case do == Accept && (o == nil || o.Side == sideOf(by)):
		return "own_offer"
	case do == Receive && received && c.State == Inspecting:
		return "received"
	case do == Grade && !received:
		return "not_received"
	case do == Reopen && p != nil && p.By == by.ID:
		return "second_person"
	case do == Keep && p == nil:
		return "not_proposed"
	}
	return ""
}

// unmet is why a condition of a listed step is not met.
func (c *Case) unmet(g Guard) string {
	x := c.Detail.Exchange
	switch g {
	case Questioned:
		return "no_questions"
	case Amendable:
		if c.Detail.Arrived {
			return "goods_at_shop"
		}
		return "amend_limit"
	case NotHere:
		return "goods_at_shop"
	case GoodsHere:
		return "goods_not_at_shop"
	case OnTheirWay:
		return "no_parcel_to_stop"
	case NotAdvanced:
		return "paid_in_advance"
	case Exchanging:
		if c.Kind != KindExchange {
			return "no_exchange"
		}
		return "replacement_sent"
	case MustSend, Sendable:
		switch {
		case !c.sends():
			return "nothing_to_send"
		case c.State.Final():
			return c.over()
		case x != nil && !x.Sent && g == MustSend:
			return "difference_unpaid"
		}
		return "replacement_sent"
	}
	return c.elsewhere("")
}

func (c *Case) over() string {
	if c.State == Completed {
		return "completed"
	}
	return "closed_" + c.ClosedAs
}

// elsewhere is why a step is not one of the present state.
func (c *Case) elsewhere(do Action) string {
	switch {
	case c.State.Final():
		return c.over()
	case do == Reopen || do == Keep:
		return "not_over"
	case c.State == Negotiating:
		return "offer_open"
	}
	switch do {
	case Accept, Decline:
		if c.State == Submitted || c.State == Rejected {
			return "no_offer"
		}
		return "offer_too_late"
	case Propose:
		return "offer_too_late"
	case Amend:
		return "not_refused"
	case HandOver, AddParcel, Lose, Receive, Grade:
		return c.noParcel()
	case Ship, BackLog, Confirm, Convert:
		return c.noReplacement(do)
	}
	switch {
	case c.State == Rejected:
		return "refused_already"
	case do == Approve || do == Refuse || do == Answer:
		return "approved_already"
	case c.State == AwaitConfirm:
		return "replacement_sent"
	case c.State == Returning:
		return "parcel_under_way"
	case c.State == Inspecting:
		return "parcel_arrived"
	case c.sends(): // an exchange or a reship that is provided for
		return "replacement_due"
	}
	return "money_reserved"
}

// noParcel is why nothing can be done with parcels to the shop.
func (c *Case) noParcel() string {
	switch c.State {
	case Submitted:
		if !c.goodsBack() {
			return "nothing_comes_back"
		}
		return "approval_first"
	case Rejected:
		return "refused_already"
	case AwaitReturn:
		return "parcel_awaited"
	case Returning:
		return "parcel_under_way"
	case Inspecting:
		return "parcel_arrived"
	case AwaitConfirm:
		return "replacement_sent"
	}
	switch {
	case c.Detail.Arrived:
		return "goods_judged"
	case c.Tracking != "":
		return "parcel_lost"
	}
	return "nothing_comes_back"
}

// noReplacement is why nothing can be done with what goes to the customer.
func (c *Case) noReplacement(do Action) string {
	switch {
	case do == Convert && c.Kind != KindExchange:
		return "no_exchange"
	case !c.sends():
		return "nothing_to_send"
	case c.State == Rejected:
		return "refused_already"
	case c.State == AwaitConfirm:
		return "replacement_sent"
	case c.State == Submitted:
		return "approval_first"
	case do == Confirm && c.State == Resolving:
		return "replacement_due"
	case slices.Contains([]State{AwaitReturn, Returning}, c.State):
		return "goods_first"
	}
	return "inspection_first"
}
