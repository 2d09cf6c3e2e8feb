package cases

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
)

// sendFor makes the goods come: a label for the customer, or the wish that the
// carrier brings back what has not arrived yet.
func (s *Service) sendFor(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	if !c.Detail.Intercept {
		return s.issue(ctx, tx, by, c)
	}
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	line, _ := o.Line(c.Items[0].Line)
	p, err := s.Shipment.Intercept(ctx, tx, by, c.ID, line.Carrier, line.Tracking)
	if errors.Is(err, shipment.ErrTaken) { // another case has it stopped: see Scan
		if p, err = shipment.ByTracking(ctx, tx, c.Tenant, line.Tracking); err == nil && p.Direction != shipment.Original {
			err = shipment.ErrTaken
		}
	}
	c.Tracking = p.Tracking
	return err
}

// issue gives the customer a label to the shop's return address.
func (s *Service) issue(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	shop, err := tenant.ByID(ctx, tx, c.Tenant)
	if err != nil {
		return err
	}
	send := s.Shipment.Issue
	if c.Detail.Inspected { // they went back, and come once more
		if err := s.Inspection.Again(ctx, tx, c.Tenant, c.ID); err != nil {
			return err
		}
		c.Detail.Inspected, c.Detail.SentBack, c.Detail.GotBack = false, 0, 0
		c.Detail.Rounds++
		send = s.Shipment.Add
	}
	p, err := send(ctx, tx, by, c.ID, returnAddress(shop, shipment.Printed(c.Language)))
	c.Tracking = p.Tracking
	return err
}

func returnAddress(shop tenant.Tenant, lang string) shipment.Address {
	a := shop.Return
	return shipment.Address{Name: a.Name, Lines: a.Lines, City: a.City, Postcode: a.Postcode, Country: locale.Country(lang, a.Country), Phone: a.Phone}
}

// addParcel gives the customer another label: the goods do not fit in one box.
func (s *Service) addParcel(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) (shipment.Parcel, error) {
	if _, err := c.next(AddParcel, by.Kind); err != nil {
		return shipment.Parcel{}, err
	}
	shop, err := tenant.ByID(ctx, tx, c.Tenant)
	if err != nil {
		return shipment.Parcel{}, err
	}
	p, err := s.Shipment.Add(ctx, tx, by, c.ID, returnAddress(shop, shipment.Printed(c.Language)))
	if err != nil {
		return p, err
	}
	c.Detail.Parcels++
	return p, s.save(ctx, tx, by, c, Moved{Do: AddParcel, From: c.State, To: c.State, Tracking: p.Tracking})
}

// AnotherParcel is addParcel for the routes of parcels: the case has to know how
// many are to come.
func (s *Service) AnotherParcel(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (shipment.Parcel, error) {
	c, err := ByID(ctx, tx, by, caseID)
	if err != nil {
		return shipment.Parcel{}, err
	}
	return s.addParcel(ctx, tx, by, &c)
}

func (s *Service) handOver(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	to, err := c.next(HandOver, by.Kind)
	if err != nil {
		return err
	}
	if in.Parcel == "" && c.Detail.Rounds > 0 { // the first one has been here
		p, err := shipment.ByTracking(ctx, tx, c.Tenant, c.Tracking)
		if err != nil {
			return err
		}
		in.Parcel = p.ID
	}
	p, err := s.Shipment.HandOver(ctx, tx, by, c.ID, in.Parcel, in.Carrier, in.Tracking)
	if err != nil {
		return err
	}
	if c.Detail.Parcels == 0 {
		c.Tracking = p.Tracking
	}
	if in.Tracking != "" && c.Detail.SentBack == 0 { // a number of a carrier proves that they are sent
		c.Detail.SentBack = db.Millis(tx.Now)
	}
	if in.Tracking != "" {
		if err := s.sentBy(ctx, tx, c, p); err != nil {
			return err
		}
	}
	return s.enter(ctx, tx, by, c, to, Moved{Do: HandOver, From: c.State, To: to, Carrier: p.Carrier, Tracking: p.Tracking})
}

// sentBy notes whether a parcel went with our label or with the customer's own
// carrier. A label that nobody used is not deducted: who paid a carrier does not
// pay the way back twice.
func (s *Service) sentBy(ctx context.Context, tx *db.Tx, c *Case, p shipment.Parcel) error {
	own := p.Slip == "" && p.Tracking != p.Label
	if own == slices.Contains(c.Detail.SelfSent, p.ID) {
		return nil
	}
	if own {
		c.Detail.SelfSent = append(c.Detail.SelfSent, p.ID)
	} else {
		c.Detail.SelfSent = without(c.Detail.SelfSent, []string{p.ID})
	}
	return s.promiseAnew(ctx, tx, c)
}

// promiseAnew works out what the case comes to after its course changed it, as
// long as nothing was paid or agreed.
func (s *Service) promiseAnew(ctx context.Context, tx *db.Tx, c *Case) error {
	if c.Detail.Advance != nil || !c.awaitsMoney() {
		return nil
	}
	if err := s.requote(ctx, tx, c); err != nil {
		return err
	}
	return rewrite(ctx, tx, c)
}

// meanings are what a scan says to the case, by the way the parcel goes.
var meanings = map[shipment.Direction]map[shipment.State]Action{
	shipment.Return: {
		shipment.HandedOver: HandOver, shipment.InTransit: HandOver, shipment.OutForDelivery: HandOver,
		shipment.Delivered: Deliver, shipment.Lost: Lose,
	},
	shipment.Original: {
		shipment.Refused: HandOver, shipment.Intercepted: HandOver,
		shipment.Returned: Deliver, shipment.Delivered: Miss, shipment.Lost: Lose,
	},
	shipment.Replacement: {shipment.Delivered: Deliver},
}

// Scan takes what a carrier reports of a parcel and moves the case with it. A
// scan that came late or twice changes nothing.
func (s *Service) Scan(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc shipment.Scan) error {
	p, changed, err := s.Shipment.Scan(ctx, tx, by, tracking, sc)
	if err != nil || !changed {
		return err
	}
	do, ok := meanings[p.Direction][sc.Status]
	if !ok {
		return nil
	}
	c, err := ByID(ctx, tx, actor.Of(by.Tenant), p.Case)
	if err != nil {
		return err
	}
	concerned := []Case{c}
	if p.Direction == shipment.Original {
		if concerned, err = s.aboard(ctx, tx, c, p); err != nil {
			return err
		}
	}
	who := actor.Actor{Tenant: by.Tenant, Kind: actor.Carrier, Name: p.Carrier}
	for i := range concerned {
		err = s.hear(ctx, tx, who, &concerned[i], p, do, sc.Place)
		if err != nil && !errors.Is(err, ErrMove) && !errors.Is(err, ErrGuard) { // a case that is past this: the parcel knows, that is enough
			return err
		}
	}
	return nil
}

// aboard are the cases whose goods are in a parcel that shall be stopped: that
// which follows it, and others that ask for the same.
func (s *Service) aboard(ctx context.Context, tx *db.Tx, c Case, p shipment.Parcel) ([]Case, error) {
	all := []Case{c}
	others, err := byTracking(ctx, tx, c.Tenant, p.Tracking)
	for _, x := range others {
		if x.ID != c.ID && x.Detail.Intercept {
			all = append(all, x)
		}
	}
	return all, err
}

// hear moves the case by what happened to one of its parcels.
func (s *Service) hear(ctx context.Context, tx *db.Tx, who actor.Actor, c *Case, p shipment.Parcel, do Action, place string) error {
	if do == Deliver && p.Direction == shipment.Replacement {
		return s.arrived(ctx, tx, who, c, p, place)
	}
	if c.State == AwaitConfirm {
		return nil // of goods that came back before
	}
	if do == Lose && p.Direction == shipment.Return && (p.Carrier != shipment.Own || c.State == AwaitReturn) {
		return nil // sent at the customer's own choice and risk, or never sent: a person looks, see the parcel's state
	}
	given, err := s.remaining(ctx, tx, c)
	if err != nil {
		return err
	}
	if do == Lose && c.State == Returning && c.Detail.Parcels > 0 {
		if given == More {
			return nil // the others are still to come
		}
		if gone, err := s.goOn(ctx, tx, who, c, p); err != nil || gone {
			return err
		}
	}
	to, err := c.next(do, who.Kind, given)
	if err != nil {
		return err
	}
	fact := Moved{Do: do, From: c.State, To: to, Carrier: p.Carrier, Tracking: p.Tracking, Place: place}
	switch do {
	case Lose:
		return s.lose(ctx, tx, who, c, fact)
	case Miss:
		return s.miss(ctx, tx, who, c, to, fact)
	}
	if to == c.State && c.Detail.Parcels == 0 {
		return nil // a scan between: it is where the scan puts it
	}
	if do == HandOver {
		paid, err := s.payAdvance(ctx, tx, who, c)
		if err != nil {
			return err
		}
		fact.Advance = paid
	}
	return s.enter(ctx, tx, who, c, to, fact)
}

// remaining tells whether more parcels of the case are to come.
func (s *Service) remaining(ctx context.Context, tx *db.Tx, c *Case) (Guard, error) {
	if c.Detail.Parcels == 0 {
		return Last, nil
	}
	all, err := shipment.Of(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return "", err
	}
	for _, p := range all {
		if p.Direction.Incoming() && p.State != shipment.Cancelled && p.State != shipment.Lost && !p.State.Final() {
			return More, nil
		}
	}
	return Last, nil
}

// goOn continues without the last parcel that was awaited: what arrived is
// inspected, and what is missing then was in the lost one. It tells false where
// nothing arrived.
func (s *Service) goOn(ctx context.Context, tx *db.Tx, who actor.Actor, c *Case, lost shipment.Parcel) (bool, error) {
	came, err := s.parcel(ctx, tx, c, func(p shipment.Parcel) bool { return p.Direction.Incoming() && p.State.Final() })
	if err != nil || !came {
		return false, err
	}
	to, err := c.next(Deliver, actor.Carrier, Last)
	if err != nil {
		return false, err
	}
	return true, s.enter(ctx, tx, who, c, to, Moved{Do: "parcel_lost", From: c.State, To: to, Carrier: lost.Carrier, Tracking: lost.Tracking})
}

// parcel tells whether one of the case's parcels is so.
func (s *Service) parcel(ctx context.Context, tx *db.Tx, c *Case, is func(p shipment.Parcel) bool) (bool, error) {
	all, err := shipment.Of(ctx, tx, c.Tenant, c.ID)
	return slices.ContainsFunc(all, is), err
}

// lostUnits are the units that did not come because one of several parcels was
// lost on its way with our label: they are the shop's to answer for.
func (s *Service) lostUnits(ctx context.Context, tx *db.Tx, c *Case, came map[int]int64) (map[int]int64, error) {
	if c.Detail.Parcels == 0 {
		return nil, nil
	}
	ours, err := s.parcel(ctx, tx, c, func(p shipment.Parcel) bool {
		return p.Direction == shipment.Return && p.State == shipment.Lost && p.Carrier == shipment.Own
	})
	if err != nil || !ours {
		return nil, err
	}
	lost := c.announced()
	for line, n := range came {
		lost[line] -= n
	}
	return lost, nil
}

// acceptLost adds the units of a lost parcel to those that are accepted.
func (s *Service) acceptLost(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, came, accepted map[int]int64) (count int64, err error) {
	lost, err := s.lostUnits(ctx, tx, c, came)
	if err != nil {
		return 0, err
	}
	var gone []refund.Run
	for _, line := range slices.Sorted(maps.Keys(lost)) {
		if n := lost[line]; n > 0 {
			count += n
			accepted[line] += n
			gone = append(gone, refund.Run{Line: line, First: 1, Count: n})
		}
	}
	return count, s.announceUnits(ctx, tx, by, c, gone, stock.Parcel, stock.Lost)
}

// arrived starts the customer's time to look at the replacement.
func (s *Service) arrived(ctx context.Context, tx *db.Tx, who actor.Actor, c *Case, p shipment.Parcel, place string) error {
	to, err := c.next(Deliver, who.Kind)
	if err != nil || c.Detail.Exchange == nil || c.Detail.Exchange.Delivered {
		return err
	}
	if err := s.delivered(ctx, tx, c); err != nil {
		return err
	}
	c.Detail.Exchange.Delivered = true
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	return s.save(ctx, tx, who, c, Moved{Do: "replacement_delivered", From: c.State, To: to, Carrier: p.Carrier, Tracking: p.Tracking, Place: place})
}

// lose pays for goods that left the customer's hands and never arrived: the
// shop claims them from its carrier, not from the customer.
func (s *Service) lose(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, fact Moved) error {
	to, err := c.next(Lose, by.Kind)
	if err != nil {
		return err
	}
	if c.Detail.Liability == "" {
		c.Detail.Liability = "carrier"
	}
	fact.Do, fact.From, fact.To = Lose, c.State, to
	if err := s.announceUnits(ctx, tx, by, c, runs(c.Items), stock.Parcel, stock.Lost); err != nil {
		return err
	}
	return s.provide(ctx, tx, by, c, to, runs(c.Items), fact)
}

// miss makes an ordinary return of an interception that came too late.
func (s *Service) miss(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, to State, fact Moved) error {
	c.Kind, c.Detail.Intercept = KindReturn, false
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	var lines []int // all that were in the parcel
	for _, l := range o.Lines {
		if c.item(l.No).Line == l.No || l.Tracking != "" && strings.EqualFold(l.Tracking, fact.Tracking) {
			lines = append(lines, l.No)
		}
	}
	if err := s.has(ctx, tx, c.Tenant, c.Order, lines); err != nil {
		return err
	}
	if err := s.issue(ctx, tx, actor.Of(c.Tenant), c); err != nil {
		return err
	}
	if err := s.requote(ctx, tx, c); err != nil {
		return err
	}
	if err := rewrite(ctx, tx, c); err != nil {
		return err
	}
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	c.State = to
	return s.save(ctx, tx, by, c, fact)
}
