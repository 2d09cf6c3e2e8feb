package cases

import (
	"errors"
	"slices"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
)

// offered is the order in which actions are shown, with the fields that each
// asks for, and whether customers are shown it.
var offered = []struct {
	do       Action
	customer bool
	fields   []string
}{
	{Approve, false, []string{"note"}},
	{Refuse, false, []string{"reason_code", "comment", "photos"}},
	{Answer, true, []string{"facts", "photos", "comment"}},
	{Accept, true, nil},
	{Decline, true, []string{"comment"}},
	{Propose, true, []string{"offer_kind", "amount", "freight", "comment"}},
	{Amend, true, []string{"kind", "items", "comment", "photos"}},
	{HandOver, true, []string{"parcel", "carrier", "tracking"}},
	{AddParcel, true, nil},
	{Receive, false, []string{"parcel", "items", "more"}},
	{Grade, false, []string{"items"}},
	{Ship, false, []string{"carrier", "tracking", "address"}},
	{Readdress, true, []string{"address"}},
	{BackLog, false, []string{"comment"}},
	{Confirm, true, nil},
	{Convert, true, []string{"comment"}},
	{Lose, false, []string{"comment"}},
	{Liable, false, []string{"freight", "comment"}},
	{Withdraw, true, []string{"comment"}},
	{Reopen, false, []string{"comment", "freight", "amount"}},
	{Keep, false, []string{"comment"}},
	{Assign, false, []string{"assignee"}},
	{Note, false, []string{"text"}},
}

// actions lists what the reader may do now, and why not the rest.
func (c *Case) actions(lang string, by actor.Actor, received bool) []ActionView {
	all := []ActionView{}
	for _, o := range offered {
		if by.Kind == actor.Customer && !o.customer || o.do == Readdress && !c.sends() {
			continue
		}
		v := ActionView{Action: o.do, Fields: o.fields}
		if code := c.blocked(o.do, by, received); code != "" {
			v.Reason = &Text{code, locale.Text(lang, "blocked."+code, nil)}
		} else {
			v.Allowed = true
		}
		all = append(all, v)
	}
	return all
}

// blocked is the code of what keeps a reader from an action; empty: nothing.
func (c *Case) blocked(do Action, by actor.Actor, received bool) string {
	if by.Kind != actor.Customer && role.Allow(by, needed[do]) != nil {
		return "role"
	}
	if slices.ContainsFunc(Any, func(m Move) bool { return m.Do == do && m.When == "" }) {
		return ""
	}
	err := c.can(do, by.Kind)
	var f *fault.Fault
	switch {
	case errors.Is(err, ErrGuard) && errors.As(err, &f):
		return "guard_" + string(c.missing(do, by.Kind))
	case err != nil && c.State.Final():
		return "final"
	case err != nil:
		return "state_" + string(c.State)
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
