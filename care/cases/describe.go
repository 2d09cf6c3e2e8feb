package cases

import (
	"slices"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

func goodsOf(o order.Order, line order.Line, reason string) policy.Goods {
	delivered := line.DeliveredAt
	if delivered.IsZero() {
		delivered = o.DeliveredAt
	}
	return policy.Goods{Line: line.No, SKU: line.SKU, Title: line.Title, Category: line.Category, Traits: line.Traits, Quantity: line.Quantity, Paid: line.Ledger.Paid,
		Seller: line.Seller, Delivered: delivered, Reason: reason}
}

// phase is where the goods of a line are.
func phase(o order.Order, l order.Line) string {
	switch {
	case !l.DeliveredAt.IsZero() || !o.DeliveredAt.IsZero():
		return policy.AfterReceipt
	case !l.ShippedAt.IsZero():
		return policy.InTransit
	}
	return policy.PreShip
}

func phaseOf(o order.Order, items []Wanted) string {
	line, _ := o.Line(items[0].Line)
	return phase(o, line)
}

// describe fills what lists and screens show of the goods.
func (c *Case) describe(o order.Order, r Request, held []refund.Run) {
	for _, run := range held {
		line, _ := o.Line(run.Line)
		it := Item{Line: run.Line, First: run.First, Count: run.Count, Reason: run.Reason, Title: line.Title, SKU: line.SKU, ImageURL: line.ImageURL}
		for _, w := range r.Items {
			if w.Line == run.Line && !slices.ContainsFunc(c.Items, func(x Item) bool { return x.Line == w.Line }) {
				it.Photos = append(it.Photos, w.Photos...)
			}
		}
		c.Quantity += run.Count
		c.Seller = line.Seller
		c.Items = append(c.Items, it)
	}
	if len(c.Items) > 0 {
		c.Items[0].Photos = append(c.Items[0].Photos, r.Photos...)
		c.Title, c.Reason = c.Items[0].Title, c.Items[0].Reason
	}
}

func (c *Case) photos() []string {
	var all []string
	for _, it := range c.Items {
		all = append(all, it.Photos...)
	}
	return all
}

func keepPhotos(c *Case, before []string) {
	have := c.photos()
	for _, p := range before {
		if !slices.Contains(have, p) && len(have) < maxPhotos {
			c.Items[0].Photos = append(c.Items[0].Photos, p)
		}
	}
}
