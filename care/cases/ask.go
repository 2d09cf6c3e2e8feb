package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// detail fills what only a request of its kind says, and refuses what does not
// belong to it.
func (s *Service) detail(ctx context.Context, tx *db.Tx, o order.Order, rules policy.Rules, c *Case, r Request) error {
	wrong := ErrKind
	if r.Intercept && (c.Kind != KindRefund || c.Phase != policy.InTransit) {
		wrong = wrong.At("intercept", "nothing is under way that could be stopped", "a refund of goods that were sent and have not arrived")
	}
	if (r.Amount != 0 || r.Basis != "") && c.Kind != KindCompensate {
		wrong = wrong.At("amount", "belongs to a compensation", "0")
	}
	for i, w := range r.Items {
		if w.SKU != "" && c.Kind != KindExchange {
			wrong = wrong.At(fmt.Sprintf("items[%d].sku", i), "belongs to an exchange", "nothing")
		}
		if w.Lower != 0 && c.Kind != KindProtection {
			wrong = wrong.At(fmt.Sprintf("items[%d].lower", i), "belongs to price protection", "nothing")
		}
	}
	if wrong != ErrKind {
		return wrong
	}
	c.Detail.Intercept = r.Intercept
	switch c.Kind {
	case KindExchange, KindReship:
		return s.replacements(ctx, tx, o, c, r)
	case KindProtection:
		return c.lower(o, r)
	case KindCompensate:
		return c.compensate(o, rules, r)
	}
	return nil
}

// replacements lists what is sent instead or again.
func (s *Service) replacements(ctx context.Context, tx *db.Tx, o order.Order, c *Case, r Request) error {
	x := &Exchange{Credit: r.Credit}
	for i, w := range r.Items {
		line, _ := o.Line(w.Line)
		one := Replacement{Line: w.Line, SKU: line.SKU, Title: line.Title, Quantity: w.Quantity, Same: true}
		if w.SKU != "" && w.SKU != line.SKU {
			p, err := product.BySKU(ctx, tx, c.Tenant, w.SKU)
			if err != nil || p.Price.Currency != o.Currency || !p.Has(w.Quantity) || p.Seller != line.Seller {
				return ErrKind.At(fmt.Sprintf("items[%d].sku", i), "is not an article that can be had in exchange", "a SKU of the same seller in "+o.Currency+" that is in stock, or nothing for the same article")
			}
			one = Replacement{Line: w.Line, SKU: p.SKU, Title: strings.TrimSpace(p.Title + " " + p.Variant), Quantity: w.Quantity, UnitPrice: p.Price.Minor, UnitTax: p.Tax}
		}
		x.New = append(x.New, one)
	}
	c.Detail.Exchange = x
	return nil
}

func (c *Case) lower(o order.Order, r Request) error {
	c.Detail.Lower = map[int]int64{}
	for i, w := range r.Items {
		line, _ := o.Line(w.Line)
		if w.Lower < 0 || w.Lower >= line.UnitPrice {
			return ErrKind.At(fmt.Sprintf("items[%d].lower", i), "is not a lower price", fmt.Sprintf("0 to %d", line.UnitPrice-1))
		}
		c.Detail.Lower[w.Line] = w.Lower
	}
	return nil
}

// mostMoney bounds what is asked for: far beyond any order.
const mostMoney = 1_000_000_000_000

func (c *Case) compensate(o order.Order, rules policy.Rules, r Request) error {
	bases := []string{refund.Goodwill, refund.Promise, refund.Statutory}
	if !slices.Contains(bases, r.Basis) {
		return ErrKind.At("basis", "is not a ground for compensation", strings.Join(bases, ", "))
	}
	most, ok := rules.CompensationCap(r.Basis, o.Currency)
	if r.Basis == refund.Statutory {
		ok, most = false, 0 // what the law gives has no limit of the shop's; a person decides
	} else if !ok && rules.Offers(KindCompensate) {
		return ErrKind.At("basis", "the shop has set no limit for it in "+o.Currency, "a ground that the policy lists")
	}
	if r.Amount < 1 || r.Amount > mostMoney || ok && r.Amount > most {
		return ErrKind.At("amount", fmt.Sprintf("is %d", r.Amount), fmt.Sprintf("1 to %d minor units", most))
	}
	c.Detail.Claim = &Compensate{Basis: r.Basis, Amount: r.Amount, Law: -1}
	return nil
}

// priced gives the new articles of an exchange their price: that of the
// catalogue when it was asked for, and for the same article what was paid.
func (c *Case) priced(stake refund.Stake, units []refund.Run, claim refund.Claim) (refund.Claim, error) {
	x := c.Detail.Exchange
	if c.Kind != KindExchange || x == nil {
		return claim, nil
	}
	paid, err := stake.Quote(units, refund.Claim{})
	if err != nil {
		return claim, err
	}
	claim.New, claim.Credit = x.items(paid.Lines), x.Credit
	return claim, nil
}

// items are the new articles with their prices. The same article costs what was
// paid for the units it replaces, to the minor unit: where that does not divide,
// some of them cost one unit more.
func (x *Exchange) items(paid []refund.LineQuote) (all []refund.NewItem) {
	for _, n := range x.New {
		one := refund.NewItem{SKU: n.SKU, Title: n.Title, Quantity: n.Quantity, UnitPrice: n.UnitPrice, Tax: n.UnitTax * n.Quantity}
		if !n.Same {
			all = append(all, one)
			continue
		}
		for _, l := range paid {
			if l.Line != n.Line || n.Quantity == 0 {
				continue
			}
			dear := l.Subtotal % n.Quantity
			one.UnitPrice = l.Subtotal / n.Quantity
			tax := taxOf(l)
			one.Tax = tax * (n.Quantity - dear) / n.Quantity
			one.Quantity = n.Quantity - dear
			all = append(all, one)
			if dear > 0 {
				one.Quantity, one.UnitPrice, one.Tax = dear, one.UnitPrice+1, tax-one.Tax
				all = append(all, one)
			}
		}
	}
	return all
}

// limit sends no more than came back of each line.
func (x *Exchange) limit(units []refund.Run) {
	count := map[int]int64{}
	for _, r := range units {
		count[r.Line] += r.Count
	}
	for i := range x.New {
		x.New[i].Quantity = min(x.New[i].Quantity, count[x.New[i].Line])
	}
	x.New = slices.DeleteFunc(x.New, func(n Replacement) bool { return n.Quantity == 0 })
}

// taxOf is the tax of what is left of a line.
func taxOf(l refund.LineQuote) (sum int64) {
	for _, c := range l.Components {
		if c.Code == refund.CodeTax || c.Code == refund.CodePartTax {
			sum += c.Amount
		}
	}
	return sum
}

// lowerIsTrue tells whether the catalogue sells each article for the lower price
// now. What it does not know, a person checks.
func lowerIsTrue(ctx context.Context, tx *db.Tx, o order.Order, lower map[int]int64) (bool, error) {
	for no, price := range lower {
		line, _ := o.Line(no)
		p, err := product.BySKU(ctx, tx, o.Tenant, line.SKU)
		if errors.Is(err, product.ErrUnknown) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if !p.Active || p.Price.Currency != o.Currency || p.Price.Minor > price {
			return false, nil
		}
	}
	return true, nil
}
