package cases_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/opening"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// from stores an order of a seller's goods.
func (s *shop) from(seller, number string) (o order.Order) {
	s.t.Helper()
	delivered := s.clock.Now().Add(-14 * time.Hour)
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.t.Context(), tx, s.agent, order.Draft{
			Source: "shop", Number: number, Currency: "CNY", Country: "CN", PlacedAt: s.clock.Now().Add(-72 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
			Sale: order.Sale{Channel: "web", SellerCountry: "CN"}, Customer: &customer.Draft{Ref: "c-" + number, Name: "林晓雯", Email: number + "@example.com"},
			Lines:   []order.DraftLine{{SKU: "X2", Title: "声悦 X2 耳机", Category: "audio", Quantity: 1, UnitPrice: 89900, Seller: seller}},
			Tenders: []order.DraftTender{{Kind: "card", Label: "Visa", Provider: "bank", Reference: "pi_" + number, Amount: 89900}},
		})
		return err
	})
	s.buyer.Tenant, s.buyer.Kind, s.buyer.ID = "main", actor.Customer, o.Customer
	return o
}

// of opens a case about a seller's goods.
func (s *shop) of(seller, number string) cases.Case {
	s.t.Helper()
	return s.open(s.agent, s.from(seller, number), 1, "wrong_size")
}

// answers gives a seller in New York hours of its own, from nine to five.
func (s *shop) answers(seller, mode string, closures ...opening.Closure) {
	s.t.Helper()
	c := opening.Calendar{Desk: opening.AtService, Seller: seller, Mode: mode, Zone: "America/New_York", Country: "US", Closures: closures}
	for day := 1; day <= 5; day++ {
		c.Week = append(c.Week, opening.Span{Day: day, From: "09:00", To: "17:00"})
	}
	s.write(func(tx *db.Tx) error {
		_, err := opening.Save(s.t.Context(), tx, s.agent, c)
		return err
	})
}

func TestASellersAnswerCountsByItsOwnCalendar(t *testing.T) {
	eachShop(t, func(s *shop) {
		first := s.of("north", "N1")
		s.due(first, cases.TimerAnswer, "2026-03-04 10:00")
		s.answers("north", opening.Worked)
		s.due(s.reload(first), cases.TimerAnswer, "2026-03-04 10:00") // what runs keeps its time
		// Six days of eight hours from Monday the 2nd; on Sunday the 8th the clocks go forward: five is 21:00 UTC.
		s.due(s.of("north", "N2"), cases.TimerAnswer, "2026-03-10 05:00")
		s.due(s.of("south", "S1"), cases.TimerAnswer, "2026-03-04 10:00")
		s.due(s.of("", "P1"), cases.TimerAnswer, "2026-03-04 10:00")

		s.works(opening.AtService, opening.Worked)
		s.due(s.of("north", "N3"), cases.TimerAnswer, "2026-03-10 05:00")
		s.due(s.of("south", "S2"), cases.TimerAnswer, "2026-03-09 13:00") // the shop's
		s.answers("north", opening.Worked, opening.Closure{From: "2026-03-05", To: "2026-03-05", Name: "Founders' day"})
		s.due(s.of("north", "N4"), cases.TimerAnswer, "2026-03-11 05:00")
		s.answers("north", opening.Clock)
		s.due(s.of("north", "N5"), cases.TimerAnswer, "2026-03-04 10:00")

		s.write(func(tx *db.Tx) error {
			_, err := opening.Return(t.Context(), tx, s.agent, "north", opening.AtService, 0)
			return err
		})
		s.due(s.of("north", "N6"), cases.TimerAnswer, "2026-03-09 13:00")
	})
}

func TestWhatASellerWasLeftGoesOnByItsOwnCalendar(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.answers("north", opening.Worked)
		c := s.of("north", "N7")
		s.clock.Add(16 * time.Hour) // Monday, one o'clock in New York: four open hours have passed
		c = s.act(s.agent, c, cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 20000})
		if p := c.Detail.Paused[0]; p.Left != 44*time.Hour || !p.Worked {
			t.Fatalf("left: %+v", p)
		}
		s.clock.Add(8 * time.Hour) // Tuesday, ten o'clock in Shanghai, still Monday evening in New York
		c = s.act(s.buyer, c, cases.Input{Action: cases.Decline})
		s.due(c, cases.TimerAnswer, "2026-03-11 01:00") // five and a half days more, across the change of clocks
	})
}

func TestMoneyAndWhatArrivedAreTheShopsAlsoOfASellersCase(t *testing.T) {
	eachShop(t, func(s *shop) {
		closed := opening.Closure{From: "2026-03-03", To: "2026-03-31", Name: "Closed"}
		s.answers("north", opening.Worked, closed)
		c := s.act(s.agent, s.of("north", "N8"), cases.Input{Action: cases.Approve})
		c = s.act(s.buyer, c, cases.Input{Action: cases.HandOver, Carrier: "dhl", Tracking: "JJD0002"})
		c = s.act(s.agent, c, received(1))
		if c.Timer != cases.TimerInspect || c.Deadline.Sub(s.clock.Now()) > 7*24*time.Hour {
			t.Errorf("%s until %s", c.Timer, c.Deadline)
		}
	})
}

func TestAPreviewTellsASellerOfItsOwnCasesOnly(t *testing.T) {
	eachShop(t, func(s *shop) {
		mine := s.of("north", "N9")
		s.of("south", "S9")
		s.of("", "P9")
		preview := func(seller string) (e opening.Effect) {
			err := s.d.Read(t.Context(), func(tx *db.Tx) (err error) {
				c, err := opening.Of(t.Context(), tx, "main", seller, opening.AtService)
				if err != nil {
					return err
				}
				c.Mode, c.Closures = opening.Worked, []opening.Closure{{From: "2026-03-04", To: "2026-03-04", Name: "Inventory"}}
				e, err = (&opening.Service{Running: cases.Running}).Preview(t.Context(), tx, s.agent, c)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		if e := preview("north"); len(e.Running) != 1 || e.Running[0] != (opening.Kept{Timer: cases.TimerAnswer, Count: 1, Shut: 1}) || len(e.Shut) != 1 || e.Shut[0].Case != mine.ID {
			t.Errorf("the seller's: %+v", e)
		}
		if e := preview(""); e.Running[0] != (opening.Kept{Timer: cases.TimerAnswer, Count: 3, Shut: 3}) {
			t.Errorf("the shop's: %+v", e)
		}
		s.answers("north", opening.Worked)
		if e := preview(""); e.Running[0] != (opening.Kept{Timer: cases.TimerAnswer, Count: 2, Shut: 2}) || len(e.Shut) != 2 {
			t.Errorf("the shop's, without those who have their own: %+v", e)
		}
	})
}

// As many sellers as a marketplace has are asked about: more than a statement of
// either database can name.
func TestAPreviewKnowsAnyNumberOfSellersWithCalendars(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.of("north", "N10")
		s.of("south", "S10")
		s.of("", "P10")
		s.answers("south", opening.Worked)
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `
				insert into opening_hours (tenant, seller, desk, version, at, actor_kind, actor_id, actor_name, body)
				with recursive n (i) as (select 1 union all select i + 1 from n where i < 70000)
				select 'main', 'many-' || n.i, h.desk, 1, h.at, h.actor_kind, h.actor_id, h.actor_name, h.body
				from n, opening_hours h where h.tenant = 'main' and h.seller = 'south'`)
			return err
		})
		err := s.d.Read(t.Context(), func(tx *db.Tx) error {
			c, err := opening.Of(t.Context(), tx, "main", "", opening.AtService)
			if err != nil {
				return err
			}
			c.Mode, c.Closures = opening.Worked, []opening.Closure{{From: "2026-03-04", To: "2026-03-04", Name: "Inventory"}}
			e, err := (&opening.Service{Running: cases.Running}).Preview(t.Context(), tx, s.agent, c)
			if err == nil && (e.Running[0] != opening.Kept{Timer: cases.TimerAnswer, Count: 2, Shut: 2} || len(e.Shut) != 2) {
				t.Errorf("without the one that has its own: %+v", e)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
