package rights

import "math/big"

// refund reckons the money of a rule, as far as the facts tell.
func (r *run) refund(c *compiled, currency string) *Money {
	var lacks set
	m := &Money{Outbound: c.Refund.Outbound, SameMeans: c.Refund.SameMeans, Withhold: c.Refund.Withhold}
	if c.due != nil {
		if due := c.due.day(r, &lacks); due.known {
			m.Due = r.deadline(due)
		}
	}
	for i := range c.deductions {
		if is, _ := c.deductions[i].when.eval(r); is == yes {
			m.Deductions = append(m.Deductions, c.deductions[i].code)
		}
	}
	for i := range c.unsettled {
		if is, _ := c.unsettled[i].when.eval(r); is == yes {
			m.Unsettled = append(m.Unsettled, c.unsettled[i].code)
		}
	}
	total, complete := int64(0), len(c.parts) > 0
	for i := range c.parts {
		p := &c.parts[i]
		is, _ := p.when.eval(r)
		if is == no {
			continue
		}
		minor, ok := p.minor(r)
		if is == unsure || !ok {
			complete = false
			continue
		}
		m.Parts = append(m.Parts, Piece{p.Code, minor})
		total += minor
	}
	if len(m.Parts) > 0 {
		m.Currency = currency
	}
	if complete && len(m.Parts) > 0 {
		m.Minor = &total
	}
	return m
}

// minor is of × times ÷ per, rounded half up, between min and max.
func (p *part) minor(r *run) (int64, bool) {
	var lacks set
	n, ok := p.of.of(r, &lacks)
	if !ok {
		return 0, false
	}
	if len(p.times) > 0 || p.Per > 1 {
		if n, ok = p.product(r, n, &lacks); !ok {
			return 0, false
		}
	}
	if p.min != nil {
		low, ok := p.min.of(r, &lacks)
		if !ok {
			return 0, false
		}
		n = max(n, low)
	}
	if p.max != nil {
		high, ok := p.max.of(r, &lacks)
		if !ok {
			return 0, false
		}
		n = min(n, high)
	}
	if p.Minus {
		n = -n
	}
	return n, true
}

// product is n × times ÷ per, rounded half up.
func (p *part) product(r *run, n int64, lacks *set) (int64, bool) {
	product := big.NewInt(n)
	for i := range p.times {
		k, ok := p.times[i].of(r, lacks)
		if !ok {
			return 0, false
		}
		product.Mul(product, big.NewInt(k))
	}
	if p.Per > 1 {
		product.Add(product, big.NewInt(p.Per/2))
		product.Div(product, big.NewInt(p.Per))
	}
	return product.Int64(), product.IsInt64()
}
