package refund

import (
	"slices"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// room is what is left of each tender.
func (w *work) room() []int64 {
	room := make([]int64, len(w.o.Tenders))
	for i, t := range w.o.Tenders {
		room[i] = max(t.Amount-w.before.Tenders[t.ID], 0)
	}
	return room
}

// limit keeps each tender within what is left of it. A tender has less left
// than the units' shares if an earlier refund fell on the tenders in another
// way, then the others pay; or if money was paid back without units, then the
// refund is lower.
func (w *work) limit() {
	room := w.room()
	var overGoods, overShipping int64
	for i := range room {
		excess := max(w.goods[i]+w.shipping[i]-room[i], 0)
		ofGoods := min(excess, w.goods[i])
		w.goods[i] -= ofGoods
		w.shipping[i] -= excess - ofGoods
		overGoods += ofGoods
		overShipping += excess - ofGoods
		room[i] -= w.goods[i] + w.shipping[i]
	}
	if overGoods+overShipping > 0 {
		overShipping -= spill(w.shipping, overShipping, room)
		overGoods -= spill(w.goods, overGoods, room)
		over := overGoods + overShipping
		w.plus(CodeEarlier, 0, -over, "")
		w.ledger.move(CodeEarlier, over, theCustomer, w.seller())
	}
	w.distribute()
}

// spill lets an amount fall on tenders that have room, and tells how much did.
func spill(shares []int64, amount int64, room []int64) int64 {
	amount = min(amount, sum(room))
	if amount == 0 {
		return 0
	}
	for i, n := range money.Split(amount, room) {
		shares[i] += n
		room[i] -= n
	}
	return amount
}

// distribute shares the refund out by another rule than how the units were
// paid, where the terms say so.
func (w *work) distribute() {
	all, freight := sum(w.goods)+sum(w.shipping), sum(w.shipping)
	if all == 0 {
		return
	}
	var shares []int64
	switch w.t.Tender {
	case ByProportion:
		shares = money.Split(all, w.room())
	case InOrder:
		shares = inOrder(all, w.room(), w.o.Tenders, w.t.TenderOrder)
	default:
		return
	}
	w.shipping = money.Split(freight, shares)
	for i := range shares {
		w.goods[i] = shares[i] - w.shipping[i]
	}
}

// inOrder uses up one tender after the other.
func inOrder(amount int64, room []int64, tenders []order.Tender, wanted []string) []int64 {
	place := func(t order.Tender) int {
		at := slices.IndexFunc(wanted, func(s string) bool { return s == t.ID || s == t.Kind })
		if at < 0 {
			return len(wanted)
		}
		return at
	}
	turns := make([]int, len(tenders))
	for i := range turns {
		turns[i] = i
	}
	slices.SortStableFunc(turns, func(a, b int) int { return place(tenders[a]) - place(tenders[b]) })
	shares := make([]int64, len(tenders))
	for _, i := range turns {
		shares[i] = min(amount, room[i])
		amount -= shares[i]
	}
	return shares
}

// share names the tenders' shares and adds them up.
func (w *work) share() {
	used := w.usage()
	w.quote.Tenders = append(w.quote.Tenders, w.shares(w.goods, w.shipping, used)...)
	for _, s := range w.quote.Tenders {
		w.quote.Total += s.Goods + s.Shipping
		w.quote.Points.Restore += s.Points
	}
}

// usage is how much of each tender has been used up before.
func (w *work) usage() []int64 {
	used := make([]int64, len(w.o.Tenders))
	for i, t := range w.o.Tenders {
		used[i] = min(w.before.Tenders[t.ID], t.Amount)
	}
	return used
}

// pointsOf is the count of points in the first of a tender's amount: of P points
// worth A, in x of it ⌊P·x/A⌋.
func pointsOf(t order.Tender, amount int64) int64 {
	if t.Points == 0 {
		return 0
	}
	return money.Part(t.Points, min(amount, t.Amount), t.Amount)
}

// shares lists what the tenders pay, and raises used by it. Points come back by
// count.
func (w *work) shares(goods, shipping, used []int64) (all []TenderShare) {
	for i, t := range w.o.Tenders {
		n := goods[i] + shipping[i]
		if n <= 0 {
			continue
		}
		s := TenderShare{ID: t.ID, Kind: t.Kind, Label: t.Label, Provider: t.Provider, Reference: t.Reference, Goods: goods[i], Shipping: shipping[i]}
		s.Points = pointsOf(t, used[i]+n) - pointsOf(t, used[i])
		used[i] += n
		all = append(all, s)
	}
	return all
}

// extra is money that no tender of the order pays back.
func (w *work) extra(purpose, payer string, amount int64) {
	x := Extra{Purpose: purpose, Kind: "bank", Provider: "manual", Payer: payer, Amount: amount}
	if w.c.Credit {
		x.Kind, x.Provider = "store_credit", "wallet"
	}
	w.quote.Extra = append(w.quote.Extra, x)
}
