package cases_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

func (s *shop) parcelsOf(c cases.Case) (all []shipment.Parcel) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		all, err = shipment.Of(s.t.Context(), tx, "main", c.ID)
		return err
	})
	return all
}

func (s *shop) orderNow(id string) (o order.Order) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		o, err = order.ByID(s.t.Context(), tx, actor.Of("main"), id)
		return err
	})
	return o
}

func TestAnAmendedRequestKeepsWhatItDoesNotName(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 5000}} })
		o := s.order("G1", 89900)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: item(1, ""), Basis: "goodwill", Amount: 700})
		c = s.act(s.buyer, s.act(s.agent, c, no), do(cases.Amend))
		if w := c.Detail.Claim; w == nil || w.Amount != 700 || w.Basis != "goodwill" {
			t.Errorf("the claim became %+v", w)
		}

		c = s.asked(s.buyer, cases.Request{Kind: cases.KindRefund, Order: s.sent("G2", policy.InTransit).ID, Items: item(1, "no_longer_needed"), Intercept: true})
		if c = s.act(s.agent, c, no); c.State != cases.Rejected {
			t.Fatal(c.State)
		}
		c = s.act(s.agent, s.act(s.buyer, c, do(cases.Amend)), yes)
		if c.State != cases.AwaitReturn {
			t.Errorf("%s: paid for goods that were to be stopped", c.State)
		}
	})
}

func TestNothingIsAmendedIntoWhatCannotBe(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.sent("G3", policy.PreShip)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: item(1, "wrong_size")})
		if c.State != cases.Rejected {
			t.Fatal(c.State)
		}
		for _, kind := range []string{cases.KindReturn, cases.KindExchange, cases.KindReship, cases.KindCompensate} {
			again := cases.Input{Action: cases.Amend, Request: cases.Request{Kind: kind, Basis: "statutory", Amount: 1 << 40}}
			if _, err := s.try(s.buyer, c, again); !errors.Is(err, cases.ErrKind) {
				t.Errorf("%s of goods that were not sent: %v", kind, err)
			}
		}
	})
}

// twoBoxes is a return of three units in two parcels, both handed over; one of
// the units arrived in the first.
func (s *shop) twoBoxes(number string) (cases.Case, []shipment.Parcel) {
	c := s.act(s.agent, s.open(s.buyer2(number, 89900), s.lastOrder, 3, "not_as_described"), yes)
	c = s.act(s.buyer, c, do(cases.AddParcel))
	all := s.parcelsOf(c)
	for _, p := range all {
		s.report(p, shipment.HandedOver)
	}
	c = s.act(s.agent, s.reload(c), cases.Input{Action: cases.Receive, Parcel: all[0].ID, More: true, Received: []inspection.Received{{Line: 1, Quantity: 1}}})
	return c, all
}

func (s *shop) report(p shipment.Parcel, status shipment.State) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		return s.cases.Scan(s.t.Context(), tx, s.agent, p.Tracking, shipment.Scan{Status: status, At: tx.Now})
	})
}

func TestOneOfTwoParcelsIsLost(t *testing.T) {
	lose := map[string]func(s *shop, p shipment.Parcel){
		"by the carrier": func(s *shop, p shipment.Parcel) { s.report(p, shipment.Lost) },
		"by time":        func(s *shop, _ shipment.Parcel) { s.later(11 * 24 * time.Hour) },
	}
	for how, lose := range lose {
		t.Run(how, func(t *testing.T) {
			eachShop(t, func(s *shop) {
				c, all := s.twoBoxes("G4")
				lose(s, all[1])
				if c = s.reload(c); c.State != cases.Inspecting || s.bank.total() != 0 {
					t.Fatalf("%s, %d paid before anybody saw what came", c.State, s.bank.total())
				}
				c = s.act(s.agent, c, cases.Input{Action: cases.Receive})
				c = s.act(s.agent, c, graded(0, 1)) // what came is refused; what was lost with our label is paid
				s.work()
				s.expect(c, cases.Completed, 2*80910+771) // with their share of the delivery
				if got := s.moved(c); !slices.Equal(got, []string{"customer back", "parcel lost"}) {
					t.Errorf("stock: %v", got)
				}
			})
		})
	}
}

func TestALabelCountsAgainInACaseThatIsTakenUpAgain(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("G5", 19900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.buyer, c, do(cases.Withdraw))
		c = s.act(s.agent, c, cases.Input{Action: cases.Reopen, Comment: "by mistake"})
		c = s.act(s.boss, c, do(cases.Reopen))
		c = s.act(s.agent, c, yes)
		if all := s.parcelsOf(c); len(all) != 1 || all[0].State != shipment.LabelIssued {
			t.Errorf("%+v", all)
		}
	})
}

// byHand records that what no provider pays was paid.
func (s *shop) byHand(c cases.Case) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		all, err := settlement.ByCase(s.t.Context(), tx, "main", c.ID)
		for _, p := range all {
			if err == nil && p.State == settlement.Manual {
				_, err = s.cases.Payouts.Act(s.t.Context(), tx, s.agent, p.ID, p.Version, settlement.MarkPaid, "till 7")
			}
		}
		return err
	})
	s.work()
}

func TestWhatACustomerHasTooMuchAfterAChangeIsAskedBackOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("G6", 19900), s.lastOrder, 1, "not_as_described")
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.work()
		change := func(in cases.Input) (cases.Case, error) {
			in.Action, in.Comment = cases.Reopen, "looked at again"
			c := s.act(s.agent, s.reload(c), in)
			c, err := s.try(s.boss, c, do(cases.Reopen))
			s.work()
			s.byHand(c)
			return c, err
		}
		for _, in := range []cases.Input{{Amount: 500}, {Freight: "customer"}} {
			if _, err := change(in); err != nil {
				t.Fatal(err)
			}
		}
		c = s.expect(c, cases.Completed, 17910+343) // goodwill went out by hand
		var owed []charge.Charge
		s.write(func(tx *db.Tx) (err error) {
			owed, err = charge.ByCase(t.Context(), tx, "main", c.ID)
			return err
		})
		if len(owed) != 1 || owed[0].Amount.Minor != 1343 || owed[0].Purpose != charge.Adjustment {
			t.Fatalf("%+v", owed)
		}
		if _, err := change(cases.Input{Freight: "seller"}); !errors.Is(err, charge.ErrDemanded) {
			t.Errorf("changed again while 13.43 is owed: %v", err)
		}
		s.pays(owed[0].ID)
		if _, err := s.try(s.boss, s.reload(c), do(cases.Reopen)); err != nil {
			t.Fatal(err)
		}
		s.work()
		s.expect(c, cases.Completed, 17910+343+1343) // what was given back, paid once more
	})
}

func TestGoodwillIsAddedToACaseThatHadNoMoney(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindReship, Order: s.order("G7", 19900).ID, Items: item(1, "missing_parts")})
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF20000001"})
		c = s.act(s.buyer, c, do(cases.Confirm))
		c = s.act(s.agent, c, cases.Input{Action: cases.Reopen, Comment: "sorry", Amount: 300})
		s.act(s.boss, c, do(cases.Reopen))
		s.work()
		if s.bank.total()+s.reserved(c) == 0 {
			t.Error("nothing was reserved")
		}
	})
}

func TestTheNewUnitsArriveWhenTheCustomerHasThem(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: s.order("G8", 19900).ID, Items: item(1, "not_as_described")})
		label := s.parcelsOf(c)[0]
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF20000002"})
		version := c.Version
		s.report(label, shipment.Delivered) // a late scan of what came back
		if c = s.reload(c); c.Version != version {
			t.Errorf("the case heard of the return parcel in %s", c.State)
		}
		if !s.orderNow(c.Detail.Exchange.Order).DeliveredAt.IsZero() {
			t.Error("arrived before it did")
		}
		c = s.act(s.buyer, c, do(cases.Confirm))
		if s.orderNow(c.Detail.Exchange.Order).DeliveredAt.IsZero() {
			t.Error("the customer has it, the order does not know")
		}
		again := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: c.Detail.Exchange.Order, Items: item(1, "not_as_described")})
		if again.State != cases.AwaitReturn {
			t.Errorf("exchanged once more: %s %+v", again.State, again.Decision)
		}
	})
}

func TestAParcelWithoutANumberIsStoppedByPeople(t *testing.T) {
	eachShop(t, func(s *shop) {
		var o order.Order
		shipped := monday.Add(-40 * time.Hour)
		s.write(func(tx *db.Tx) (err error) {
			d := order.Draft{Source: "shop", Number: "G9", Currency: "CNY", PlacedAt: monday.Add(-72 * time.Hour),
				Lines:   []order.DraftLine{{SKU: "M1", Title: "杯子", Quantity: 1, UnitPrice: 10000, ShippedAt: &shipped}},
				Tenders: []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi_2", Amount: 10000}}}
			o, _, err = s.orders.Put(t.Context(), tx, actor.Of("main"), d)
			return err
		})
		c := s.asked(s.agent, cases.Request{Kind: cases.KindRefund, Order: o.ID, Items: item(1, "no_longer_needed"), Intercept: true})
		if c = s.act(s.agent, c, yes); c.State != cases.AwaitReturn {
			t.Fatal(c.State)
		}
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.work()
		s.expect(c, cases.Completed, 10000)
	})
}
