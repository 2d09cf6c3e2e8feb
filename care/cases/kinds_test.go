package cases_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// under lets new orders be bought under changed rules.
func (s *shop) under(change func(r *policy.Rules)) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		r := policy.Default()
		r.Markets = nil // what is tried here is no market's law
		change(&r)
		p, err := (&policy.Service{}).Save(s.t.Context(), tx, actor.Of("main"), policy.Standard, "Standard", r, s.rules)
		s.rules = p.Version
		return err
	})
}

// sent is an order of 2 × 100.00 that is at a place: pre_ship, in_transit or
// after_receipt.
func (s *shop) sent(number, phase string) (o order.Order) {
	s.t.Helper()
	shipped, delivered := monday.Add(-40*time.Hour), monday.Add(-14*time.Hour)
	line := order.DraftLine{SKU: "M1", Title: "杯子", Quantity: 2, UnitPrice: 10000}
	if phase != policy.PreShip {
		line.ShippedAt, line.Carrier, line.Tracking = &shipped, "SF", "SF"+strings.ReplaceAll(number, "-", "")+"00001"
	}
	if phase == policy.AfterReceipt {
		line.DeliveredAt = &delivered
	}
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.t.Context(), tx, actor.Of("main"), order.Draft{
			Source: "shop", Number: number, Currency: "CNY", Country: "CN", PlacedAt: monday.Add(-72 * time.Hour), TaxIncluded: true,
			Customer: &customer.Draft{Ref: "c-" + number, Name: "林晓雯", Email: number + "@example.com"},
			Lines:    []order.DraftLine{line}, Shipping: order.DraftShipping{Amount: 1000},
			Tenders: []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi_1", Amount: 21000}},
		})
		return err
	})
	s.buyer = actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}
	return o
}

func (s *shop) ask(by actor.Actor, r cases.Request) (c cases.Case, err error) {
	r.Language = "zh-CN"
	err = s.d.Write(s.t.Context(), func(tx *db.Tx) (err error) {
		c, err = s.cases.Open(s.t.Context(), tx, by, r)
		return err
	})
	return c, err
}

func (s *shop) asked(by actor.Actor, r cases.Request) cases.Case {
	s.t.Helper()
	c, err := s.ask(by, r)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// expect checks state and all money that the bank has paid so far.
func (s *shop) expect(c cases.Case, state cases.State, paid int64) cases.Case {
	s.t.Helper()
	c = s.reload(c)
	if c.State != state || s.bank.total() != paid {
		s.t.Errorf("%s with %d paid, want %s with %d", c.State, s.bank.total(), state, paid)
	}
	return c
}

func (s *shop) moved(c cases.Case) (all []string) {
	s.t.Helper()
	err := s.d.Read(s.t.Context(), func(tx *db.Tx) error {
		found, err := stock.Of(s.t.Context(), tx, "main", c.ID)
		for _, m := range found {
			all = append(all, string(m.From)+" "+string(m.To))
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func item(quantity int64, reason string) []cases.Wanted {
	return []cases.Wanted{{Line: 1, Quantity: quantity, Reason: reason}}
}

// later lets time pass and the deadlines that fall due in it happen.
func (s *shop) later(d time.Duration) {
	s.clock.Add(d)
	s.work()
}

func TestWhatWasNotSentIsPaidBackAtOnceWithItsShipping(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.asked(s.buyerOf(s.sent("K1", policy.PreShip)), cases.Request{Kind: cases.KindRefund, Order: s.lastOrder.ID, Items: item(2, "no_longer_needed")})
		if c.State != cases.Resolving || c.Phase != policy.PreShip || c.Decision.By != "rule" {
			t.Fatalf("%s %s by %s", c.State, c.Phase, c.Decision.By)
		}
		s.work()
		s.expect(c, cases.Completed, 21000)
		if _, err := s.ask(s.buyer, cases.Request{Kind: cases.KindRefund, Order: s.lastOrder.ID, Items: item(1, "no_longer_needed")}); err == nil {
			t.Error("the same goods were paid back again")
		}
	})
}

func TestGoodsUnderWayAreStoppedMissedOrLost(t *testing.T) {
	tests := []struct {
		name  string
		scans []shipment.State
		state cases.State
		kind  string
	}{
		{"stopped", []shipment.State{shipment.Intercepted}, cases.Returning, cases.KindRefund},
		{"refused at the door", []shipment.State{shipment.Refused, shipment.Returned}, cases.Inspecting, cases.KindRefund},
		{"delivered in spite of it", []shipment.State{shipment.Delivered}, cases.AwaitReturn, cases.KindReturn},
		{"lost", []shipment.State{shipment.Lost}, cases.Resolving, cases.KindRefund},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			eachShop(t, func(s *shop) {
				o := s.sent("K2", policy.InTransit)
				c := s.asked(s.buyer, cases.Request{Kind: cases.KindRefund, Order: o.ID, Items: item(2, "no_longer_needed"), Intercept: true})
				if c.State != cases.Submitted {
					t.Fatalf("a rule decided: %s", c.State)
				}
				c = s.act(s.agent, c, cases.Input{Action: cases.Approve})
				if c.State != cases.AwaitReturn || c.Timer != cases.TimerTransit {
					t.Fatalf("%s until %s", c.State, c.Timer)
				}
				original := c.Tracking
				for _, state := range test.scans {
					s.write(func(tx *db.Tx) error {
						return s.cases.Scan(t.Context(), tx, s.agent, original, shipment.Scan{Status: state, At: tx.Now})
					})
				}
				c = s.reload(c)
				if c.State != test.state || c.Kind != test.kind {
					t.Errorf("%s of kind %s", c.State, c.Kind)
				}
				if test.name == "lost" {
					s.work()
					s.expect(c, cases.Completed, 21000)
				}
				if test.name == "delivered in spite of it" && (c.Tracking == original || c.Timer != cases.TimerShipBack) {
					t.Errorf("no way back: %s, %s", c.Tracking, c.Timer)
				}
			})
		})
	}
}

func TestGoodsMayBeKeptWhereTheirWayBackIsNotWorthIt(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.Keep.Below = map[string]int64{"CNY": 15000} })
		o := s.sent("K3", policy.AfterReceipt)
		cheap := s.asked(s.buyer, cases.Request{Kind: cases.KindRefund, Order: o.ID, Items: item(1, "not_as_described")})
		if cheap.State != cases.Resolving {
			t.Errorf("%s: %+v", cheap.State, cheap.Decision)
		}
		s.work()
		cheap = s.expect(cheap, cases.Completed, cheap.Refunded)
		if got := s.moved(cheap); !slices.Equal(got, []string{"customer kept"}) {
			t.Errorf("stock: %v", got)
		}
		dear := s.asked(s.buyerOf(s.order("K3b", 89900)), cases.Request{Kind: cases.KindRefund, Order: s.lastOrder.ID, Items: item(1, "not_as_described")})
		if dear.State != cases.Submitted {
			t.Errorf("a rule let keep goods of %d: %s", dear.Quoted, dear.State)
		}
	})
}

func TestSeveralParcelsArriveOneByOne(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("K4", 19900), s.lastOrder, 3, "wrong_size")
		c = s.act(s.agent, c, cases.Input{Action: cases.Approve})
		c = s.act(s.buyer, c, cases.Input{Action: cases.AddParcel})
		c = s.act(s.agent, c, cases.Input{Action: cases.Receive, More: true, Received: []inspection.Received{{Line: 1, Quantity: 1}}})
		if c.State != cases.Returning {
			t.Fatalf("after the first box: %s", c.State)
		}
		c = s.act(s.agent, c, cases.Input{Action: cases.Receive, Received: []inspection.Received{{Line: 1, Quantity: 1},
			{Line: 1, Quantity: 1, Finding: inspection.Swapped, Title: "旧耳机", Note: "not ours"}}})
		if c.State != cases.Inspecting {
			t.Fatalf("after the last box: %s", c.State)
		}
		c = s.act(s.agent, c, graded(2, 0))
		s.work()
		c = s.expect(c, cases.Completed, 34820)
		if again := s.open(s.buyer, s.lastOrder, 1, "wrong_size"); again.Quantity != 1 {
			t.Errorf("the unit that never came is not free: %+v", again.Items)
		}
	})
}

func TestAnOfferIsAnsweredByTheOtherSide(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("K5", 89900), s.lastOrder, 1, "wrong_size")
		s.clock.Add(10 * time.Hour)
		offer := cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 20000, Comment: "keep it"}
		c = s.act(s.agent, c, offer)
		if c.State != cases.Negotiating || c.Timer != cases.TimerOffer || len(c.Detail.Paused) != 1 || c.Detail.Paused[0].Left != 38*time.Hour {
			t.Fatalf("%s %s %+v", c.State, c.Timer, c.Detail.Paused)
		}
		if _, err := s.try(s.boss, c, cases.Input{Action: cases.Accept}); !errors.Is(err, cases.ErrNoOffer) {
			t.Errorf("a side accepted its own offer: %v", err)
		}
		offer.Amount = 40000
		c = s.act(s.buyer, c, offer)
		if _, err := s.try(s.buyer, c, cases.Input{Action: cases.Accept}); !errors.Is(err, cases.ErrNoOffer) {
			t.Errorf("a side accepted its own counter-offer: %v", err)
		}
		c = s.act(s.agent, c, cases.Input{Action: cases.Decline})
		if c.State != cases.Submitted || c.Timer != cases.TimerAnswer || !c.Deadline.Equal(s.clock.Now().Add(38*time.Hour)) {
			t.Fatalf("after the refusal of an offer: %s, %s until %v", c.State, c.Timer, c.Deadline)
		}
		offer.Amount = 30000
		c = s.act(s.agent, c, offer)
		c = s.act(s.buyer, c, cases.Input{Action: cases.Accept})
		if c.State != cases.Resolving || c.Refunded != 30000 {
			t.Fatalf("%s, %d", c.State, c.Refunded)
		}
		s.work()
		s.expect(c, cases.Completed, 30000)
		rest := s.open(s.buyer, s.lastOrder, 1, "wrong_size")
		if rest.Quoted != 80910-1000-30000 { // what was paid, less the label, less the agreement
			t.Errorf("after 300.00 for keeping it, giving it back promises %d", rest.Quoted)
		}
	})
}

func TestAnOfferThatNobodyAnswersLapses(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("K6", 89900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.agent, c, cases.Input{Action: cases.Refuse, Reason: "other", Comment: "no"})
		c = s.act(s.agent, c, cases.Input{Action: cases.Propose, Kind: cases.KindReturn, Freight: "customer"})
		s.later(48*time.Hour + time.Second)
		c = s.expect(c, cases.Rejected, 0)
		if c.Detail.Offers[0].State != "expired" || c.Timer != cases.TimerEscalate {
			t.Errorf("%+v %s", c.Detail.Offers[0], c.Timer)
		}
		s.later(9 * 24 * time.Hour)
		if c = s.reload(c); c.State != cases.Closed || c.ClosedAs != "for_seller" {
			t.Errorf("%s %s", c.State, c.ClosedAs)
		}
	})
}

func TestARefusedCustomerMayAskFiveTimesAgain(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("K7", 89900), s.lastOrder, 1, "wrong_size")
		no := cases.Input{Action: cases.Refuse, Reason: "other", Comment: "no"}
		for n := range cases.MaxAmends {
			c = s.act(s.agent, c, no)
			c = s.act(s.buyer, c, cases.Input{Action: cases.Amend, Comment: "really", Request: cases.Request{Items: item(int64(n%2)+1, "no_longer_needed")}})
			if c.State != cases.Submitted || c.Quantity != int64(n%2)+1 || c.Reason != "no_longer_needed" || c.Timer != cases.TimerAnswer {
				t.Fatalf("%d: %s, %d × %s", n, c.State, c.Quantity, c.Reason)
			}
		}
		c = s.act(s.agent, c, no)
		if _, err := s.try(s.buyer, c, cases.Input{Action: cases.Amend}); !errors.Is(err, cases.ErrGuard) {
			t.Errorf("a sixth time: %v", err)
		}
	})
}

func TestALowerPriceIsPaidOutAndLowersWhatIsLeft(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.PriceProtectionDays = 30 })
		o := s.sent("K12", policy.AfterReceipt)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindProtection, Order: o.ID, Items: []cases.Wanted{{Line: 1, Quantity: 2, Lower: 9000}}})
		if c.State == cases.Submitted {
			c = s.act(s.agent, c, cases.Input{Action: cases.Approve})
		}
		s.work()
		s.expect(c, cases.Completed, 2000)
		back := s.open(s.buyer, o, 2, "not_as_described")
		if back.Quoted != 19000 {
			t.Errorf("giving both back promises %d, want 190.00 with the shipping", back.Quoted)
		}
	})
}

func TestCompensationIsApprovedByAPersonUpToItsLimit(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 5000}} })
		o := s.sent("K13", policy.AfterReceipt)
		r := cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: item(1, ""), Basis: "goodwill", Amount: 5001}
		if _, err := s.ask(s.agent, r); !errors.Is(err, cases.ErrKind) {
			t.Errorf("above the limit: %v", err)
		}
		r.Amount = 5000
		c := s.asked(s.agent, r)
		if c.State != cases.Submitted {
			t.Fatalf("a rule paid a compensation: %s", c.State)
		}
		back := s.open(s.buyer, o, 2, "not_as_described") // besides, not instead
		c = s.act(s.agent, c, cases.Input{Action: cases.Approve})
		s.work()
		if c = s.expect(c, cases.Resolving, 0); c.Refunded != 5000 { // no means of payment of the order: a person pays it
			t.Errorf("%d reserved", c.Refunded)
		}
		if back.Quoted != 21000 {
			t.Errorf("the return promises %d", back.Quoted)
		}
	})
}

func TestMoneyPaidInAdvanceIsReckonedAfterTheInspection(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.Advance.Max = map[string]int64{"CNY": 100000} })
		o := s.order("K14", 19900)
		c := s.open(s.buyer, o, 2, "wrong_size")
		c = s.act(s.buyer, c, cases.Input{Action: cases.HandOver})
		if c.Detail.Advance != nil {
			t.Fatal("the customer's word alone was believed")
		}
		c = s.scan(c, shipment.InTransit)
		if c.Detail.Advance != nil {
			t.Fatalf("%+v", c.Detail.Advance)
		}
		d := s.open(s.buyer, s.order("K14b", 19900), 2, "wrong_size")
		d = s.scan(d, shipment.HandedOver)
		s.work()
		paid := s.bank.total()
		if d = s.reload(d); d.Detail.Advance == nil || paid != d.Quoted || d.State != cases.Returning {
			t.Fatalf("%s, %d paid, promised %d, %+v", d.State, paid, d.Quoted, d.Detail.Advance)
		}
		d = s.act(s.agent, d, received(2))
		d = s.act(s.agent, d, graded(2, 0))
		s.work()
		s.expect(d, cases.Completed, paid)
	})
}

func TestTwoPeopleReopenWhatWasClosed(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("K15", 19900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.buyer, c, cases.Input{Action: cases.Withdraw})
		again := cases.Input{Action: cases.Reopen, Comment: "closed by mistake"}
		c = s.act(s.agent, c, again)
		if c.State != cases.Closed {
			t.Fatalf("one person reopened: %s", c.State)
		}
		if _, err := s.try(s.agent, c, again); !errors.Is(err, cases.ErrSame) {
			t.Errorf("the same person twice: %v", err)
		}
		c = s.act(s.boss, c, again)
		if c.State != cases.Submitted || c.Timer != cases.TimerAnswer || c.Detail.Reopened != 1 {
			t.Errorf("%s %s", c.State, c.Timer)
		}
	})
}

func TestTwoPeopleAddToWhatWasPaid(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("K16", 19900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.agent, c, received(1))
		c = s.act(s.agent, c, graded(1, 0))
		s.work()
		c = s.expect(c, cases.Completed, 16910) // 179.10 less the label
		c = s.act(s.agent, c, cases.Input{Action: cases.Reopen, Comment: "the label was ours", Freight: "seller"})
		c = s.act(s.boss, c, cases.Input{Action: cases.Reopen})
		if c.State != cases.Resolving {
			t.Fatalf("%s", c.State)
		}
		s.work()
		c = s.expect(c, cases.Completed, 17910+343) // and its share of the shipping, which is the seller's too
		c = s.act(s.agent, c, cases.Input{Action: cases.Reopen, Comment: "sorry", Amount: 500})
		c = s.act(s.boss, c, cases.Input{Action: cases.Keep})
		s.expect(c, cases.Completed, 17910+343)
	})
}

// buyerOf is the customer of an order, which becomes the last.
func (s *shop) buyerOf(o order.Order) actor.Actor {
	s.lastOrder = o
	return s.buyer
}

func (s *shop) buyer2(number string, unit int64) actor.Actor { return s.buyerOf(s.order(number, unit)) }

func TestAnAgreedReturnOfGoodsThatWereToBeStoppedHasALabel(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.sent("K9", policy.InTransit)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindRefund, Order: o.ID, Items: item(2, "no_longer_needed"), Intercept: true})
		c = s.act(s.agent, c, cases.Input{Action: cases.Propose, Kind: cases.KindReturn})
		c = s.act(s.buyer, c, cases.Input{Action: cases.Accept})
		if c.State != cases.AwaitReturn || c.Kind != cases.KindReturn || c.Timer != cases.TimerShipBack || c.Tracking == "" || c.Tracking == o.Lines[0].Tracking {
			t.Errorf("%s of kind %s until %s with %q", c.State, c.Kind, c.Timer, c.Tracking)
		}
	})
}
