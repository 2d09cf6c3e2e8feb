package cases

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// ErrNoAddress refuses to confirm an address that nobody knows.
var ErrNoAddress = fault.New(fault.Conflict, "cases.no_address", "Nobody has told yet where the replacement goes.")

// Destination is where a replacement goes. It is personal: no event and no list
// has it, and it is shown masked.
type Destination struct {
	To   shipment.Address
	From string    // who told: customer, staff or key; order: it is the order's; empty: nobody knows
	At   time.Time // of the word for this case; zero: none was given
}

// sends tells whether something goes to the customer by this kind of case.
func (c *Case) sends() bool { return c.Kind == KindExchange || c.Kind == KindReship }

// sendable is the guard of another address: what goes out has not gone out.
func (c *Case) sendable() bool {
	x := c.Detail.Exchange
	return c.sends() && !c.State.Final() && (x == nil || !x.Sent)
}

// destination is where the replacement goes by what is known now.
func destination(ctx context.Context, tx *db.Tx, c *Case) (Destination, error) {
	d, told, err := addressTold(ctx, tx, c)
	if err != nil || told {
		return d, err
	}
	a, known, err := order.AddressOf(ctx, tx, c.Tenant, c.Order)
	if err != nil || !known {
		return Destination{}, err
	}
	return Destination{To: posted(a, shipment.Printed(c.Language)), From: "order"}, nil
}

// DestinationOf is where parcels of a case to its customer go, for the routes of
// parcels; an empty address where nobody told.
func (s *Service) DestinationOf(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (shipment.Address, error) {
	c, err := ByID(ctx, tx, by, caseID)
	if err != nil {
		return shipment.Address{}, err
	}
	d, err := destination(ctx, tx, &c)
	return d.To, err
}

// readdress takes the customer's word, or that of staff who asked, where the
// replacement goes. Without an address the present one is confirmed. A label
// that was prepared is printed anew.
func (s *Service) readdress(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, told *shipment.Address) error {
	to, err := c.next(Readdress, by.Kind)
	if err != nil {
		return err
	}
	if err := s.deliverTo(ctx, tx, by, c, told); err != nil {
		return err
	}
	return s.save(ctx, tx, by, c, Moved{Do: Readdress, From: c.State, To: to})
}

// deliverTo keeps a new address, or confirms the present one where none is told.
func (s *Service) deliverTo(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, told *shipment.Address) error {
	d, err := destination(ctx, tx, c)
	if err != nil {
		return err
	}
	if told == nil && d.From == "" {
		return ErrNoAddress
	}
	if told != nil {
		if d.To, err = s.deliverable(ctx, tx, c, *told); err != nil {
			return err
		}
	}
	if err := keepAddress(ctx, tx, c, by.Kind, d.To); err != nil {
		return err
	}
	return s.Shipment.Redirect(ctx, tx, by, c.ID, shipment.Replacement, d.To)
}

// deliverable is an address as it is printed; without a country it is in that
// of the order.
func (s *Service) deliverable(ctx context.Context, tx *db.Tx, c *Case, a shipment.Address) (shipment.Address, error) {
	if a.ISO == "" && a.Country == "" {
		o, err := s.orderOf(ctx, tx, c)
		if err != nil {
			return a, err
		}
		a.ISO = o.Country
	}
	if a.ISO != "" && a.Country == "" {
		a.Country = locale.Country(shipment.Printed(c.Language), a.ISO)
	}
	return shipment.Deliverable(a)
}

// goesTo is where a parcel to the customer is sent now: as told for this parcel,
// else where the case's go, else by name alone: the shop sends it by other means.
func (s *Service) goesTo(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, way shipment.Direction, told *shipment.Address) (shipment.Address, error) {
	if told == nil {
		d, err := destination(ctx, tx, c)
		if err != nil || d.From != "" {
			return d.To, err
		}
		return shipment.Address{Name: c.Name, Lines: []string{c.OrderNumber}}, nil
	}
	to, err := s.deliverable(ctx, tx, c, *told)
	if err != nil {
		return to, err
	}
	return to, s.Shipment.Redirect(ctx, tx, by, c.ID, way, to)
}

// settledAt tells the order of the new units where they went.
func (s *Service) settledAt(ctx context.Context, tx *db.Tx, c *Case, orderID string, to shipment.Address) error {
	if slices.Equal(to.Lines, []string{c.OrderNumber}) {
		return nil // nobody knows
	}
	return order.KeepAddress(ctx, tx, c.Tenant, orderID, order.Address{
		Name: to.Name, Lines: to.Lines, City: to.City, Region: to.Region, Postcode: to.Postcode, Country: to.ISO, Phone: to.Phone})
}

func posted(a order.Address, lang string) shipment.Address {
	return shipment.Address{Name: a.Name, Lines: a.Lines, City: a.City, Region: a.Region, Postcode: a.Postcode, Country: locale.Country(lang, a.Country), ISO: a.Country, Phone: a.Phone}
}

// DeliveryView is where a replacement goes, masked.
type DeliveryView struct {
	To         *order.Address `json:"to,omitempty" doc:"Masked; missing where nobody told"`
	From       string         `json:"from" enum:"customer,staff,key,order,nobody" doc:"Who told: order is the address of the purchase, not confirmed for this case"`
	At         *time.Time     `json:"at,omitempty" doc:"When it was told or confirmed"`
	Changeable bool           `json:"changeable" doc:"The replacement has not gone out"`
}

func lookDelivery(ctx context.Context, tx *db.Tx, c *Case, v *View) error {
	if !c.sends() {
		return nil
	}
	d, err := destination(ctx, tx, c)
	if err != nil {
		return err
	}
	v.Delivery = &DeliveryView{From: d.From, At: some(d.At), Changeable: c.sendable()}
	if d.From == "" {
		v.Delivery.From = "nobody"
		return nil
	}
	v.Delivery.To = masking(d.To) // for everybody
	return nil
}

func masking(a shipment.Address) *order.Address {
	m := order.Address{Name: a.Name, Lines: a.Lines, City: a.City, Region: a.Region, Postcode: a.Postcode, Country: a.ISO, Phone: a.Phone}.Masked()
	if m.Lines == nil {
		m.Lines = []string{}
	}
	return &m
}

// wholeAddress is for who packs: unmasked.
func (s *Service) wholeAddress(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*addressOut, error) {
	c, err := ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := destination(ctx, tx, &c)
	if err == nil && d.From == "" {
		err = ErrNoAddress
	}
	if d.To.Lines == nil {
		d.To.Lines = []string{}
	}
	return &addressOut{Body: d.To}, err
}

type addressOut struct{ Body shipment.Address }
