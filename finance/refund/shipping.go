package refund

import "github.com/aftercare/aftercare/sales/order"

// values is the goods' money of an order: all of it, what came back before,
// what comes back now, and how much of that is the seller's fault.
type values struct {
	all, before, now, fault int64
	full                    bool // nothing is kept
	faulty                  bool // something is the seller's fault, be it worth nothing
}

// outbound is how much of the delivery's cost is given back, and why.
//
//   - Nothing is kept and the seller is at fault for any of it now: all that is left.
//   - Nothing is kept and the terms give it back: up to what the cheapest standard
//     delivery would have cost; a surcharge for express stays.
//   - Otherwise the share by value: of the standard cost if the terms share it,
//     and at least of the whole cost for units that are the seller's fault.
//
// It is never negative and never more than what is left of it.
func outbound(s order.Shipping, refunded int64, v values, t Terms) (amount int64, ground string) {
	left := max(s.Paid-refunded, 0)
	standard := s.Paid
	if s.Standard > 0 {
		standard = min(s.Standard, s.Paid)
	}
	switch {
	case v.full && v.faulty:
		amount, ground = left, GroundSellerFault
	case v.full && t.FullShippingOnFullReturn:
		amount, ground = standard-refunded, GroundFullReturn
	default:
		if t.Shipping == ProRata || t.Shipping == Difference {
			amount, ground = share(standard, v, v.now), GroundPartial
			if v.all == 0 && v.full {
				amount = standard
			}
		}
		if byFault := share(s.Paid, v, v.fault); byFault > amount {
			amount, ground = byFault, GroundSellerFault
		}
	}
	return min(max(amount, 0), left), ground
}

// share is the part of a cost that falls on the next of the goods' value, after
// what came back before. Successive shares add up to the cost.
func share(cost int64, v values, part int64) int64 {
	return within(cost, v.before+part, v.all) - within(cost, v.before, v.all)
}
