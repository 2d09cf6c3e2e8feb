package cases_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/order"
)

var (
	first  = shipment.Address{Name: "林晓雯", Lines: []string{"滨江区江南大道 588 号"}, City: "杭州", Country: "中国", ISO: "CN", Phone: "+8613800002207"}
	second = shipment.Address{Name: "林晓雯", Lines: []string{"西湖区文三路 90 号", "东部软件园"}, City: "杭州", ISO: "CN"}
)

// bought makes the address of an order known.
func (s *shop) livesAt(o order.Order, a shipment.Address) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		return order.KeepAddress(s.t.Context(), tx, "main", o.ID, order.Address{Name: a.Name, Lines: a.Lines, City: a.City, Country: a.ISO, Phone: a.Phone})
	})
}

func (s *shop) look(by actor.Actor, c cases.Case) (v cases.View) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		v, err = s.cases.Look(s.t.Context(), tx, by, s.reload(c), "en")
		return err
	})
	return v
}

func (s *shop) outgoing(c cases.Case) (all []shipment.Parcel) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		found, err := shipment.Of(s.t.Context(), tx, "main", c.ID)
		for _, p := range found {
			if !p.Direction.Incoming() {
				all = append(all, p)
			}
		}
		return err
	})
	return all
}

func address(a *shipment.Address) cases.Input {
	return cases.Input{Action: cases.Readdress, Address: a}
}

func TestAReplacementGoesWhereTheOrderWentUnlessTheCustomerSaysOtherwise(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("AD1", 19900)
		s.livesAt(o, first)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: item(1, "not_as_described"), AddressRight: true})
		v := s.look(s.buyer, c)
		if d := v.Delivery; d == nil || d.From != "customer" || !d.Changeable || d.To.Lines[0] != "滨江区江南大***" || d.To.Phone != "***2207" || d.At == nil {
			t.Fatalf("confirmed at the request: %+v", d)
		}
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship})
		out := s.outgoing(c)
		if len(out) != 1 || cmp.Diff(first, out[0].To) != "" {
			t.Errorf("sent to: %s", cmp.Diff(first, out[0].To))
		}
		if d := s.look(s.buyer, c).Delivery; d.Changeable {
			t.Error("changeable although it was sent")
		}
		if _, err := s.try(s.buyer, c, address(&second)); !errors.Is(err, cases.ErrGuard) {
			t.Errorf("changed after it was sent: %v", err)
		}
		s.write(func(tx *db.Tx) error {
			a, known, err := order.AddressOf(t.Context(), tx, "main", c.Detail.Exchange.Order)
			if !known || a.Lines[0] != first.Lines[0] {
				t.Errorf("the order of the new units went to %+v", a)
			}
			return err
		})
	})
}

func TestTheAddressOfAReplacementChangesUntilItIsSentAndSoDoesItsLabel(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("AD2", 19900)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindReship, Order: o.ID, Items: item(1, "missing_parts"), Address: &first})
		if c.State == cases.Submitted {
			c = s.act(s.agent, c, yes)
		}
		s.write(func(tx *db.Tx) error { // staff print the label of the box
			to, err := s.cases.DestinationOf(t.Context(), tx, s.agent, c.ID)
			if err != nil {
				return err
			}
			_, err = s.cases.Shipment.Prepare(t.Context(), tx, s.agent, c.ID, shipment.Replacement, to)
			return err
		})
		c = s.act(s.buyer, c, address(&second))
		want := second
		want.Country = "中国"
		if p := s.outgoing(c)[0]; cmp.Diff(want, p.To) != "" || p.State != shipment.LabelIssued {
			t.Errorf("the label says %+v in %s", p.To, p.State)
		}
		if got := s.types(c); !slices.Contains(got, "case.address") {
			t.Errorf("events: %v", got)
		}
		box := s.outgoing(c)[0].ID
		s.write(func(tx *db.Tx) error {
			all, err := event.History(t.Context(), tx, "main", "case", c.ID)
			more, err2 := event.History(t.Context(), tx, "main", "parcel", box)
			for _, e := range append(all, more...) {
				if strings.Contains(string(e.Data), "文三路") || strings.Contains(string(e.Data), "江南大道") {
					t.Errorf("%s tells where somebody lives: %s", e.Type, e.Data)
				}
			}
			return errors.Join(err, err2)
		})
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Address: &first})
		if p := s.outgoing(c)[0]; p.To.Lines[0] != first.Lines[0] || !p.State.Sent() {
			t.Errorf("staff sent it to %+v in %s", p.To, p.State)
		}
	})
}

func TestAnAddressIsRefusedWhereItIsNoneOrNothingIsSent(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: s.order("AD3", 19900).ID, Items: item(1, "not_as_described")})
		if d := s.look(s.buyer, c).Delivery; d.From != "nobody" || d.To != nil {
			t.Errorf("nobody told: %+v", d)
		}
		back := s.asked(s.buyer, cases.Request{Order: s.order("AD4", 19900).ID, Items: item(1, "not_as_described")})
		tests := []struct {
			name string
			of   cases.Case
			give *shipment.Address
			want *fault.Fault
		}{
			{"nothing to confirm", c, nil, cases.ErrNoAddress},
			{"no street", c, &shipment.Address{Name: "Lin"}, shipment.ErrAddress},
			{"a country that is none", c, &shipment.Address{Name: "Lin", Lines: []string{"1 Road"}, ISO: "XX"}, shipment.ErrAddress},
			{"control characters", c, &shipment.Address{Name: "Lin\x1b[2J", Lines: []string{"1 Road"}}, shipment.ErrAddress},
			{"a return sends nothing", back, &second, cases.ErrGuard},
		}
		for _, test := range tests {
			who := s.buyer
			who.ID = test.of.Customer
			if _, err := s.try(who, test.of, address(test.give)); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
			s.same(test.of, test.name)
		}
		stranger := actor.Actor{Tenant: "main", Kind: actor.Customer, ID: "cust_other"}
		if _, err := s.try(stranger, c, address(&second)); !errors.Is(err, cases.ErrUnknown) {
			t.Errorf("another customer: %v", err)
		}
		if s.look(s.agent, back).Delivery != nil {
			t.Error("a return has a delivery")
		}
	})
}
