package refund

import (
	"strconv"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// checkNew looks at what goes out.
func (c Claim) checkNew(wrong *fault.Fault) *fault.Fault {
	if len(c.New) == 0 {
		wrong = wrong.At("new", "is empty", "what goes out")
	}
	all := c.Send
	for i, n := range c.New {
		at := "new[" + strconv.Itoa(i) + "]"
		switch {
		case n.Quantity < 1 || n.Quantity > order.MaxQuantity:
			wrong = wrong.At(at+".quantity", "is not a quantity", "1 to 1000000")
		case n.UnitPrice < 0 || n.UnitPrice > (order.MaxAmount-all)/n.Quantity:
			wrong = wrong.At(at+".unit_price", "is not an amount", "minor units, 0 or more")
		case n.Tax < 0 || n.Tax > n.Total():
			wrong = wrong.At(at+".tax", "is not within the price", "minor units, 0 or more")
		default:
			all += n.Total()
		}
	}
	return wrong
}

// exchange lets the returned units pay what goes out. What they are worth more
// comes back, or becomes store credit; what they are worth less is due. The old
// units are credited at their old tax, the new ones charged at theirs.
func (w *work) exchange() error {
	if len(w.runs) == 0 {
		return nil // nothing comes back: nothing goes out
	}
	q, cost := &w.quote, w.c.Send
	for _, n := range w.c.New {
		cost += n.Total()
		w.plus(CodeNew, 0, -(n.Total() - n.Tax), GroundExchange)
		w.plus(CodeNewTax, 0, -n.Tax, GroundExchange)
	}
	w.plus(CodeNewShipping, 0, -w.c.Send, GroundExchange)
	q.New, q.Send = w.c.New, w.c.Send
	worth := sum(w.goods)
	back := max(worth-cost, 0)
	q.Due = max(cost-worth, 0)
	w.plus(CodeDue, 0, q.Due, GroundExchange)
	used, none := w.usage(), make([]int64, len(w.goods))
	refunded := money.Split(back, w.goods)
	carried := make([]int64, len(w.goods))
	for i := range carried {
		carried[i] = w.goods[i] - refunded[i]
	}
	w.goods = refunded
	if w.c.Credit && back > 0 {
		q.Credit = back
		q.Turned = w.shares(refunded, none, used)
		w.goods = none
		q.Extra = append(q.Extra, Extra{Purpose: CodeGoods, Kind: "store_credit", Provider: "wallet", Payer: Seller, Amount: back})
	} else {
		w.shares(refunded, none, used) // only raises used: what comes back has the first points
	}
	q.Carried = w.shares(carried, none, used)
	w.ledger.move(CodeCarried, sum(carried), theCustomer, w.seller())
	if w.quote.Freight != Customer {
		w.ledger.move(CodeLabel, w.t.LabelFee, w.freightBearer(), theCarrier)
	}
	return nil
}
