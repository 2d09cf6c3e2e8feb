package cases_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/opening"
)

// works makes a desk of the shop work from nine to six, Monday to Friday.
func (s *shop) works(desk, mode string, closures ...opening.Closure) {
	s.t.Helper()
	c := opening.Calendar{Desk: desk, Mode: mode, Zone: "Asia/Shanghai", Country: "CN", Closures: closures}
	for day := 1; day <= 5; day++ {
		c.Week = append(c.Week, opening.Span{Day: day, From: "09:00", To: "18:00"})
	}
	s.write(func(tx *db.Tx) error {
		_, err := opening.Save(s.t.Context(), tx, s.agent, c)
		return err
	})
}

func (s *shop) due(c cases.Case, timer, want string) {
	s.t.Helper()
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	if got := c.Deadline.In(shanghai).Format("2006-01-02 15:04"); c.Timer != timer || got != want {
		s.t.Errorf("%s until %s, want %s until %s", c.Timer, got, timer, want)
	}
}

func TestTheShopsOwnDeadlinesCountItsOwnHours(t *testing.T) {
	eachShop(t, func(s *shop) {
		first := s.open(s.buyer2("H1", 89900), s.lastOrder, 1, "wrong_size")
		s.due(first, cases.TimerAnswer, "2026-03-04 10:00")

		s.works(opening.AtService, opening.Worked)
		s.due(s.reload(first), cases.TimerAnswer, "2026-03-04 10:00") // what runs keeps its time
		s.due(s.open(s.buyer2("H2", 89900), s.lastOrder, 1, "wrong_size"), cases.TimerAnswer, "2026-03-09 13:00")

		s.works(opening.AtService, opening.Wait)
		s.due(s.open(s.buyer2("H3", 89900), s.lastOrder, 1, "wrong_size"), cases.TimerAnswer, "2026-03-04 10:00")
		s.works(opening.AtService, opening.Wait, opening.Closure{From: "2026-03-04", To: "2026-03-11", Name: "Eight days"})
		s.due(s.open(s.buyer2("H4", 89900), s.lastOrder, 1, "wrong_size"), cases.TimerAnswer, "2026-03-12 18:00")

		s.works(opening.AtService, opening.Clock)
		s.due(s.open(s.buyer2("H5", 89900), s.lastOrder, 1, "wrong_size"), cases.TimerAnswer, "2026-03-04 10:00")
	})
}

func TestADeadlineThatWaitsForAnOfferGoesOnInOpenHours(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.works(opening.AtService, opening.Worked)
		c := s.open(s.buyer2("H6", 89900), s.lastOrder, 1, "wrong_size")
		s.clock.Add(10 * time.Hour) // eight of them open
		offer := cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 20000}
		c = s.act(s.agent, c, offer)
		s.due(c, cases.TimerOffer, "2026-03-04 20:00") // the customer's, on the clock
		if p := c.Detail.Paused[0]; p.Left != 40*time.Hour || !p.Worked {
			t.Fatalf("left: %+v", p)
		}
		s.clock.Add(14 * time.Hour) // Tuesday, ten o'clock
		c = s.act(s.agent, c, cases.Input{Action: cases.Decline})
		s.due(c, cases.TimerAnswer, "2026-03-09 14:00")

		c = s.act(s.agent, c, offer)
		s.works(opening.AtService, opening.Clock)
		c = s.act(s.agent, c, cases.Input{Action: cases.Decline})
		s.due(c, cases.TimerAnswer, "2026-03-05 02:00") // it counts by the calendar of now: none
		c = s.act(s.agent, c, offer)
		s.works(opening.AtService, opening.Worked)
		c = s.act(s.agent, c, cases.Input{Action: cases.Decline})
		s.due(c, cases.TimerAnswer, "2026-03-05 18:00") // hours of the clock are not stretched
	})
}

func TestNoCalendarMovesADayOfTheLawOrOfTheCustomer(t *testing.T) {
	eachShop(t, func(s *shop) {
		closed := opening.Closure{From: "2026-03-03", To: "2026-05-20", Name: "Moving house"}
		s.works(opening.AtService, opening.Worked, closed)
		s.works(opening.AtWarehouse, opening.Worked, closed)
		c := s.open(s.buyer2("H7", 89900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.agent, c, cases.Input{Action: cases.Approve})
		s.due(c, cases.TimerShipBack, "2026-03-09 23:59")
		c = s.scan(c, shipment.Delivered)
		if law := db.Time(c.Detail.RefundDue); c.Timer != cases.TimerInspect || law.IsZero() || !c.Deadline.Equal(law) {
			t.Errorf("%s until %s, the law says %s", c.Timer, c.Deadline, law)
		}
	})
}

func TestAfterTheDayOfTheLawNoCalendarHoldsACaseUp(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.german("H10"), 1, "wrong_size")
		if c.State != cases.AwaitReturn {
			c = s.act(s.agent, c, cases.Input{Action: cases.Approve})
		}
		s.works(opening.AtWarehouse, opening.Worked, opening.Closure{From: "2026-03-10", To: "2026-05-20", Name: "Moving house"})
		s.clock.Add(20 * 24 * time.Hour)
		c = s.act(s.buyer, c, cases.Input{Action: cases.HandOver, Carrier: "dhl", Tracking: "JJD0001"})
		s.clock.Add(3 * 24 * time.Hour)
		c = s.act(s.agent, c, received(1))
		law, now := db.Time(c.Detail.RefundDue), s.clock.Now()
		if c.Timer != cases.TimerInspect || law.IsZero() || law.After(now) || c.Deadline.Sub(now) > 7*24*time.Hour {
			t.Errorf("%s for %s, %s after the day of the law", c.Timer, c.Deadline.Sub(now), now.Sub(law))
		}
	})
}

func TestAPreviewNamesTheDeadlinesThatEndWhileClosed(t *testing.T) {
	eachShop(t, func(s *shop) {
		first := s.open(s.buyer2("H8", 89900), s.lastOrder, 1, "wrong_size")
		s.clock.Add(24 * time.Hour)
		s.open(s.buyer2("H9", 89900), s.lastOrder, 1, "wrong_size")
		service := &opening.Service{Running: cases.Running}
		var e opening.Effect
		err := s.d.Read(t.Context(), func(tx *db.Tx) (err error) {
			c, err := opening.Of(t.Context(), tx, "main", "", opening.AtService)
			if err != nil {
				return err
			}
			c.Mode, c.Closures = opening.Worked, []opening.Closure{{From: "2026-03-04", To: "2026-03-04", Name: "Inventory"}}
			e, err = service.Preview(t.Context(), tx, actor.Of("main"), c)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if e.Running[0] != (opening.Kept{Timer: cases.TimerAnswer, Count: 2, Shut: 1}) || e.Running[1].Count != 0 {
			t.Errorf("running: %+v", e.Running)
		}
		if len(e.Shut) != 1 || e.Shut[0].Case != first.ID || e.Shut[0].Number != first.Number {
			t.Errorf("they end while closed: %+v", e.Shut)
		}
		if n := e.Next[0]; n.Hours != 48 || !n.Before.Equal(s.clock.Now().Add(48*time.Hour)) || !n.After.After(n.Before) {
			t.Errorf("one that begins now: %+v", n)
		}
		s.due(s.reload(first), cases.TimerAnswer, "2026-03-04 10:00")
	})
}
