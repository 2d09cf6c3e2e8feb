package refund

import (
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/sales/order"
)

// naming says under which purposes money goes out. A case has at most one
// payout per purpose and tender, so every turn has names of its own.
type naming struct {
	goods, shipping string
	extra           string // empty: each under its own
}

// keepsGoods says that the units stay with the customer and are not used up.
func (c Claim) keepsGoods() bool {
	return c.Kind == PriceProtection || c.Kind == Partial || c.Kind == Compensation
}

func purposes(c Claim) naming {
	if c.Kind == PriceProtection {
		return naming{settlement.PriceProtection, settlement.Shipping, ""}
	}
	return naming{settlement.Goods, settlement.Shipping, ""}
}

func adjustments(n int) naming {
	name := settlement.Adjustment(n)
	return naming{name, name, name}
}

// plan lists the payouts of a quote: one per tender and purpose.
func plan(o order.Order, caseID string, q Quote, as naming) settlement.Plan {
	p := settlement.Plan{Case: caseID, Order: o.ID, Currency: o.Currency}
	for _, t := range q.Tenders {
		add := func(purpose string, amount int64) {
			if amount > 0 {
				p.Parts = append(p.Parts, settlement.Part{
					Purpose: purpose, Tender: t.ID, Kind: t.Kind, Label: t.Label, Provider: t.Provider, Reference: t.Reference, Amount: amount,
				})
			}
		}
		if as.goods == as.shipping {
			add(as.goods, t.Goods+t.Shipping)
			continue
		}
		add(as.goods, t.Goods)
		add(as.shipping, t.Shipping)
	}
	for _, x := range q.Extra {
		part := x.part(o)
		if as.extra != "" {
			part.Purpose = as.extra
		}
		p.Parts = merged(p.Parts, part)
	}
	return p
}

// part is the payout of money that no tender of the order pays back. A wallet
// knows it by the customer.
func (x Extra) part(o order.Order) settlement.Part {
	p := settlement.Part{Purpose: x.Purpose, Tender: x.channel(), Kind: x.Kind, Provider: x.Provider, Amount: x.Amount}
	if x.Provider == "wallet" {
		p.Reference = o.Customer
	}
	return p
}

// merged adds a part to one of its purpose and tender.
func merged(all []settlement.Part, one settlement.Part) []settlement.Part {
	if one.Amount <= 0 {
		return all
	}
	for i := range all {
		if all[i].Purpose == one.Purpose && all[i].Tender == one.Tender {
			all[i].Amount += one.Amount
			return all
		}
	}
	return append(all, one)
}
