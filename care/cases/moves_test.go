package cases_test

import (
	"slices"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/rules/policy"
)

var (
	no      = cases.Input{Action: cases.Refuse, Reason: "other", Comment: "no"}
	yes     = cases.Input{Action: cases.Approve}
	partial = cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 5000}
	goods   = cases.Input{Action: cases.Propose, Kind: cases.KindReturn}
	oneBox  = cases.Input{Action: cases.Receive, More: true, Received: []inspection.Received{{Line: 1, Quantity: 0}}}
	ours    = cases.Input{Action: cases.Liable, Freight: "seller"}
	again   = cases.Input{Action: cases.Reopen, Comment: "by mistake", Amount: 500}
)

func do(a cases.Action) cases.Input { return cases.Input{Action: a} }

func TestEachRowOfTheTableIsReachedThroughThePublicVerbs(t *testing.T) {
	eachTour(t, func(t *tour) {
		for _, story := range []func(*tour){answers, questions, offers, refusals, setOut, boxes, losses, inspections, replacements, dearer, reopenings} {
			t.clock.Set(monday) // each story begins with goods that came the evening before
			story(t)
		}
		parties, all := 0, 0
		for _, m := range cases.Moves {
			by := t.reached[row{m.From, m.Do, m.To}]
			if len(by) == 0 {
				t.t.Errorf("not reached: %s --%s [%s]--> %s", m.From, m.Do, m.When, m.To)
			}
			for kind := range by {
				if !slices.Contains(m.By, kind) {
					t.t.Errorf("%s did %s in %s", kind, m.Do, m.From)
				}
			}
			parties += len(by)
			all += len(m.By)
			delete(t.reached, row{m.From, m.Do, m.To})
		}
		for r := range t.reached {
			t.t.Errorf("done and not in the table: %+v", r)
		}
		t.t.Logf("%d rows reached, %d of %d pairs of row and party", len(cases.Moves), parties, all)
	})
}

func answers(t *tour) {
	t.do(t.agent, t.submitted("M1"), yes)
	t.wait(t.submitted("M2"), cases.Approve)
	t.do(t.agent, t.submitted("M3"), no)
	t.do(t.buyer, t.submitted("M4"), do(cases.Withdraw))
	t.do(t.agent, t.submitted("M5"), ours)
	kept := t.do(t.key(), t.asks(cases.KindRefund, t.order("M6", 89900)), yes)
	t.hearMoney(kept, cases.Settle)
}

func questions(t *tour) {
	t.questioning()
	c := t.do(t.buyer, t.doubtful("M7"), opened("false"))
	t.do(t.agent, c, yes)
	t.do(t.buyer, t.doubtful("M8"), opened("true"))
	t.wait(t.doubtful("M9"), cases.Expire)
	t.under(paying)
	o := t.order("M2B", 89900)
	t.wait(t.asked(t.buyerOf(o), cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: item(1, ""), Basis: "goodwill", Amount: 500}), cases.Escalate)
	t.rules = 1
}

func offers(t *tour) {
	c := t.do(t.agent, t.submitted("M10"), partial)
	c = t.do(t.buyer, c, partial)
	c = t.do(t.agent, c, do(cases.Decline))
	c = t.do(t.agent, c, partial)
	c = t.wait(c, cases.Lapse)
	c = t.do(t.buyer, c, partial)
	c = t.do(t.agent, c, do(cases.Accept))
	t.hearMoney(c, cases.Settle)

	c = t.do(t.agent, t.submitted("M11"), goods)
	t.do(t.buyer, c, do(cases.Accept))
	t.do(t.buyer, t.do(t.agent, t.submitted("M12"), goods), do(cases.Withdraw))
}

func refusals(t *tour) {
	c := t.do(t.agent, t.submitted("M20"), no)
	c = t.do(t.agent, c, partial)
	c = t.do(t.buyer, c, do(cases.Decline))
	c = t.do(t.buyer, c, partial)
	c = t.wait(c, cases.Lapse)
	t.wait(c, cases.Expire)
	c = t.do(t.agent, t.submitted("M21"), no)
	t.do(t.agent, t.do(t.buyer, c, do(cases.Amend)), no)
	t.do(t.buyer, t.do(t.agent, t.submitted("M22"), no), do(cases.Withdraw))
}

func setOut(t *tour) {
	t.do(t.buyer, t.approved("M30", cases.KindReturn), do(cases.Withdraw))
	t.wait(t.approved("M31", cases.KindReturn), cases.Expire)
	c := t.do(t.agent, t.approved("M32", cases.KindReturn), ours)
	c = t.do(t.buyer, c, do(cases.HandOver))
	c = t.do(t.buyer, c, cases.Input{Action: cases.HandOver, Carrier: "SF", Tracking: "SF777700001"})
	c = t.do(t.agent, c, ours)
	t.hear(c, "SF777700001", shipment.Delivered, cases.Deliver)
	c = t.approved("M33", cases.KindReturn)
	t.hear(c, c.Tracking, shipment.Delivered, cases.Deliver)
	t.do(t.agent, t.approved("M34", cases.KindReturn), received(1))
	c = t.do(t.buyer, t.approved("M35", cases.KindReturn), do(cases.HandOver))
	t.do(t.agent, c, received(1))
	c = t.do(t.buyer, t.approved("M36", cases.KindExchange), do(cases.Convert))
	t.hear(c, c.Tracking, shipment.HandedOver, cases.HandOver)
}

func boxes(t *tour) {
	c := t.twoBoxes("M40")
	numbers := t.parcels(c)
	c = t.hear(c, numbers[0], shipment.Delivered, cases.Deliver)
	t.hear(c, numbers[1], shipment.Delivered, cases.Deliver)
	c = t.twoBoxes("M41")
	c = t.do(t.agent, c, oneBox)
	c = t.do(t.buyer, c, do(cases.AddParcel))
	c = t.do(t.agent, c, oneBox)
	t.do(t.agent, c, received(1))
	c = t.twoBoxes("M42")
	numbers = t.parcels(c)
	c = t.hear(c, numbers[0], shipment.HandedOver, cases.HandOver)
	c = t.hear(c, numbers[1], shipment.HandedOver, cases.HandOver)
	t.hear(c, numbers[0], shipment.Delivered, cases.Deliver)
}

func losses(t *tour) {
	stop := func(number string) cases.Case {
		c := t.asked(t.buyerOf(t.sent(number, policy.InTransit)), cases.Request{Kind: cases.KindRefund, Order: t.lastOrder.ID, Items: item(2, "no_longer_needed"), Intercept: true})
		return t.do(t.agent, c, yes)
	}
	c := stop("M50")
	t.hear(c, c.Tracking, shipment.Delivered, cases.Miss)
	c = stop("M51")
	t.hearMoney(t.hear(c, c.Tracking, shipment.Lost, cases.Lose), cases.Settle)
	c = t.do(t.buyer, t.approved("M52", cases.KindReturn), do(cases.HandOver))
	t.do(t.agent, c, do(cases.Lose))
	c = t.do(t.buyer, t.approved("M53", cases.KindReturn), do(cases.HandOver))
	t.wait(c, cases.Lose)
}

func inspections(t *tour) {
	c := t.approved("M60", cases.KindReturn)
	c = t.hear(c, c.Tracking, shipment.Delivered, cases.Deliver)
	c = t.do(t.agent, c, ours)
	c = t.do(t.agent, c, received(1))
	t.hearMoney(t.do(t.agent, c, graded(1, 0)), cases.Settle)
	c = t.do(t.agent, t.do(t.agent, t.approved("M61", cases.KindReturn), received(1)), graded(0, 1))
	t.do(t.agent, c, cases.Input{Action: cases.Ship, Tracking: "SF777700002", Carrier: "SF"})
	t.wait(t.do(t.agent, t.approved("M62", cases.KindReturn), received(1)), cases.Grade)
}

// replaced is an exchange whose goods came back and passed.
func (t *tour) replaced(number string) cases.Case {
	c := t.do(t.agent, t.approved(number, cases.KindExchange), received(1))
	return t.do(t.agent, c, graded(1, 0))
}

func replacements(t *tour) {
	c := t.do(t.agent, t.replaced("M70"), do(cases.BackLog))
	c = t.do(t.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF777700003"})
	c = t.hear(c, "SF777700003", shipment.Delivered, cases.Deliver)
	t.do(t.buyer, c, do(cases.Confirm))
	c = t.do(t.agent, t.replaced("M71"), cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF777700004"})
	t.wait(c, cases.Confirm)
	t.do(t.agent, t.replaced("M72"), do(cases.Convert))
	t.do(t.buyer, t.do(t.buyer, t.approved("M73", cases.KindExchange), do(cases.HandOver)), do(cases.Convert))
	t.do(t.buyer, t.do(t.agent, t.approved("M74", cases.KindExchange), received(1)), do(cases.Convert))
}

func dearer(t *tour) {
	c := t.dearer("M80")
	t.pays(c.Detail.Exchange.Charge)
	t.seen(c, cases.Collect)
	t.wait(t.dearer("M81"), cases.Convert)
}

func reopenings(t *tour) {
	c := t.do(t.buyer, t.submitted("M90"), do(cases.Withdraw))
	c = t.do(t.agent, c, again)
	c = t.do(t.agent, c, do(cases.Keep))
	t.do(t.boss, t.do(t.agent, c, again), again)
	c = t.do(t.agent, t.submitted("M91"), partial)
	c = t.hearMoney(t.do(t.buyer, c, do(cases.Accept)), cases.Settle)
	c = t.do(t.boss, t.do(t.agent, c, again), do(cases.Keep))
	t.do(t.boss, t.do(t.agent, c, again), again)
}

// key is a program with an API key.
func (t *tour) key() actor.Actor { return actor.Actor{Tenant: "main", Kind: actor.Key, ID: "key_1"} }
