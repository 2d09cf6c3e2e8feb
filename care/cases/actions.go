package cases

import "github.com/aftercare/aftercare/base/actor"

// offering is an action as it is shown.
type offering struct {
	do       Action
	customer bool
	fields   []string
}

// offered is the order in which actions are shown, with the fields that each
// asks for, and whether customers are shown it.
var offered = []offering{
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
	{Liable, false, []string{"freight", "freight_paid", "comment"}},
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
			v.Reason = c.blockedView(lang, by, code)
		} else {
			v.Allowed = true
		}
		all = append(all, v)
	}
	return all
}
