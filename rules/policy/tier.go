package policy

// TierOf is what the rules give a customer for the tier: that of now, joined
// with that of the purchase, because what was promised then stays promised.
func (r *Rules) TierOf(who Person) Tier {
	now, has := r.Tiers[who.Tier]
	if who.Bought == "" || who.Bought == who.Tier {
		return now
	}
	then, had := r.Tiers[who.Bought]
	switch {
	case !had:
		return now
	case !has:
		return then
	}
	now.WindowDays = max(now.WindowDays, then.WindowDays)
	now.AutoApprove, now.Returnless, now.Advance = higher(now.AutoApprove, then.AutoApprove), higher(now.Returnless, then.Returnless), higher(now.Advance, then.Advance)
	if then.Freight != "" {
		now.Freight = then.Freight
	}
	return now
}

// higher are the higher of two limits by currency.
func higher(a, b map[string]int64) map[string]int64 {
	if len(a) == 0 {
		return b
	}
	all := make(map[string]int64, len(a)+len(b))
	for currency, limit := range a {
		all[currency] = limit
	}
	for currency, limit := range b {
		if have, ok := all[currency]; !ok || limit > have {
			all[currency] = limit
		}
	}
	return all
}

// tierRule names the tier that a value comes from.
func (r *Rules) tierRule(who Person, is func(*Tier) bool) string {
	name := who.Tier
	if t, ok := r.Tiers[name]; !ok || !is(&t) {
		name = who.Bought
	}
	return "tiers/" + name
}

// AdvanceLimit is how much may be paid to a customer before the goods are seen;
// false where the rules allow none in the currency. A tier only ever gives more.
func (r *Rules) AdvanceLimit(who Person, currency string) (int64, bool) {
	limit := max(r.Advance.Max[currency], r.TierOf(who).Advance[currency])
	return limit, limit > 0
}

// AdvanceLimit is that of the rules, or of those they stand on where they give
// more.
func (p *Policy) AdvanceLimit(who Person, currency string) (int64, bool) {
	limit, _ := p.Rules.AdvanceLimit(who, currency)
	if p.engine != nil && p.engine.parent != nil {
		more, _ := p.engine.parent.rules.AdvanceLimit(who, currency)
		limit = max(limit, more)
	}
	return limit, limit > 0
}

// Advances reports whether anybody could be paid in advance, so that nobody is
// looked up where it could not matter.
func (p *Policy) Advances(currency string) bool {
	some := func(r *Rules) bool {
		if r.Advance.Max[currency] > 0 {
			return true
		}
		for _, t := range r.Tiers {
			if t.Advance[currency] > 0 {
				return true
			}
		}
		return false
	}
	return some(&p.Rules) || p.engine != nil && p.engine.parent != nil && some(p.engine.parent.rules)
}
