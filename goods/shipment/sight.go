package shipment

import (
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// GoesTo is where a parcel goes, as an actor may see it: the shop's own address
// is no secret, the buyer's is masked for who does not pack parcels.
func (p Parcel) GoesTo(by actor.Actor) Address {
	if p.Direction == Return {
		return p.To
	}
	return p.To.seenBy(by)
}

// Labelled tells whether an actor may have the label of a parcel: what goes to
// the buyer has the whole address on it.
func (p Parcel) Labelled(by actor.Actor) bool {
	return p.Direction == Return || customer.SightOf(by).Addresses()
}

// seenBy is a buyer's address: the town, and no telephone, for who may not see it.
func (a Address) seenBy(by actor.Actor) Address {
	sight := customer.SightOf(by)
	if sight.Addresses() || a.Name == "" && len(a.Lines) == 0 {
		return a
	}
	m := order.Address{Lines: a.Lines, Phone: a.Phone}.Masked()
	a.Name, a.Lines, a.Phone, a.Postcode = sight.Name(a.Name), m.Lines, "", ""
	return a
}
