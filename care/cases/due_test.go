package cases_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// german is an order of one article that arrived in Berlin the day before.
func (s *shop) german(number string) (o order.Order) {
	s.t.Helper()
	delivered := monday.Add(-14 * time.Hour)
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.t.Context(), tx, actor.Of("main"), order.Draft{
			Source: "shop", Number: number, Currency: "EUR", Country: "DE", Zone: "Europe/Berlin", PlacedAt: monday.Add(-72 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
			Sale:     order.Sale{Channel: "web", SellerCountry: "DE"},
			Customer: &customer.Draft{Ref: "c-" + number, Name: "Anna", Email: number + "@example.com"},
			Lines:    []order.DraftLine{{SKU: "X2", Title: "Headphones", Category: "audio", Quantity: 1, UnitPrice: 5000}},
			Tenders:  []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi_1", Amount: 5000}},
		})
		return err
	})
	s.buyer = actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}
	return o
}

func due(c cases.Case, zone string) string {
	at, err := time.LoadLocation(zone)
	if err != nil || c.Detail.RefundDue == 0 {
		return ""
	}
	return db.Time(c.Detail.RefundDue).In(at).Format(time.DateOnly)
}

func TestTheDayOfTheMoneyFollowsTheGoods(t *testing.T) {
	const beijing, berlin, day = "Asia/Shanghai", "Europe/Berlin", 24 * time.Hour
	t.Run("seven days from when the shop has them", func(t *testing.T) {
		eachShop(t, func(s *shop) {
			s.under(func(r *policy.Rules) { r.InspectHours = 1440 })
			c := s.open(s.buyer2("D1", 19900), s.lastOrder, 1, "wrong_size")
			s.clock.Add(2 * day)
			c = s.scan(c, shipment.InTransit)
			s.clock.Add(3 * day)
			c = s.scan(c, shipment.Delivered)
			if got, want := due(c, beijing), s.clock.Now().Add(7*day).Format(time.DateOnly); got != want || c.Timer != cases.TimerInspect || !c.Deadline.Equal(db.Time(c.Detail.RefundDue)) {
				t.Errorf("the money is due on %q, want %s; %s until %s", got, want, c.Timer, c.Deadline)
			}
		})
	})
	t.Run("kept until they are sent", func(t *testing.T) {
		eachShop(t, func(s *shop) {
			o := s.german("D2")
			asked := s.clock.Now()
			c := s.open(s.buyer, o, 1, "wrong_size")
			if c.State != cases.AwaitReturn {
				c = s.act(s.agent, c, yes)
			}
			notice := asked.Add(14 * day).Format(time.DateOnly)
			if got := due(c, berlin); got != notice {
				t.Errorf("at first due on %q, want %s", got, notice)
			}
			early := c
			s.clock.Add(6 * day)
			if early = s.act(s.agent, early, received(1)); due(early, berlin) != notice {
				t.Errorf("back in time: due on %q", due(early, berlin))
			}
			late := s.open(s.buyer, s.german("D3"), 1, "wrong_size")
			if late.State != cases.AwaitReturn {
				late = s.act(s.agent, late, yes)
			}
			s.clock.Add(20 * day)
			late = s.act(s.buyer, late, cases.Input{Action: cases.HandOver, Carrier: "dhl", Tracking: "JJD0001"})
			if got, want := due(late, berlin), s.clock.Now().Format(time.DateOnly); got != want {
				t.Errorf("sent late: due on %q, want %s", got, want)
			}
		})
	})
}
