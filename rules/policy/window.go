package policy

// days is a window and the rule that sets it.
type days struct {
	n    int
	rule string
}

// window is the window of a line in days, and the rule that sets it: that of a
// condition, else the general one or the longer one of a tier. The time in which
// faulty goods are replaced is never shorter than the reason says, and holds for
// money too once a cure has failed or the fault is serious.
func (x *judging) window(g *Goods, reason Reason, fx *effect) days {
	d := x.rules.days(g.Category, reason)
	if x.tier.WindowDays > d.n {
		d = days{x.tier.WindowDays, x.rules.tierRule(x.q.Customer, func(t *Tier) bool { return t.WindowDays == x.tier.WindowDays })}
	}
	if fx.window != nil {
		d = days{*fx.window, fx.windowBy}
	}
	if n := reason.cure(d.n); n > d.n && (x.q.Kind == Exchange || x.q.Kind == Reship || x.q.Uncured()) {
		d = days{n, "reasons/" + reason.Code + "/cure_days"}
	}
	return d
}

// days is the window for a category and a reason, before tiers and conditions.
func (r *Rules) days(category string, reason Reason) days {
	d := days{r.WindowDays, "window_days"}
	if c := r.Categories[category]; c.WindowDays != nil {
		d = days{*c.WindowDays, "categories/" + category + "/window_days"}
	}
	if reason.WindowDays != nil && *reason.WindowDays > d.n {
		d = days{*reason.WindowDays, "reasons/" + reason.Code + "/window_days"}
	}
	return d
}
