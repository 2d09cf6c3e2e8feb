package policy

import "slices"

// rank orders outcomes by what they are worth to the customer: what can still
// be answered may become an approval.
var rank = map[Outcome]int{Refuse: 0, Review: 1, Ask: 2, Approve: 3}

// better joins the answers of a policy and of the one it stands on: the
// customer gets the better of both, in the whole and for each line. Of two that
// are alike the first one's words stay.
func better(a, b Judgement) Judgement {
	out := a
	if rank[b.Outcome] > rank[a.Outcome] {
		out.Outcome, out.Grounds, out.Needs, out.Limit = b.Outcome, b.Grounds, b.Needs, b.Limit
	}
	out.Lines = slices.Clone(a.Lines)
	for i := range out.Lines {
		if i >= len(b.Lines) {
			break
		}
		l, o := &out.Lines[i], b.Lines[i]
		if o.Until.After(l.Until) {
			l.Until = o.Until
		}
		if o.Freight == "seller" {
			l.Freight = o.Freight
		}
		l.Fee = min(l.Fee, o.Fee)
	}
	if out.Lines == nil {
		out.Lines = b.Lines
	}
	out.Offers = append(slices.Clone(a.Offers), b.Offers...)
	out.Promises = slices.Clone(a.Promises)
	for _, p := range b.Promises {
		i := slices.IndexFunc(out.Promises, func(o Promised) bool { return o.Code == p.Code })
		switch {
		case i < 0:
			out.Promises = append(out.Promises, p)
		case p.Amount.Minor > out.Promises[i].Amount.Minor:
			out.Promises[i] = p
		}
	}
	out.Fired = append(slices.Clone(a.Fired), b.Fired...)
	return out
}
