package cases_test

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
)

func TestAWholeReturnPaysOnceWhatWasPromised(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A1", 19900)
		c := s.open(s.buyer, o, 2, "wrong_size")
		// 2 of 3 × 199.00 less 10 %: 358.20; the customer pays the label, 10.00.
		if c.State != cases.AwaitReturn || c.Quoted != 34820 || c.Tracking == "" || c.Decision.Outcome != "approve" {
			t.Fatalf("after the request: %s %d %q %+v", c.State, c.Quoted, c.Tracking, c.Decision)
		}
		c = s.scan(c, shipment.HandedOver)
		c = s.scan(c, shipment.InTransit)
		c = s.scan(c, shipment.Delivered)
		if c.State != cases.Inspecting || c.Timer != "inspect" {
			t.Fatalf("after the scans: %s, deadline %s", c.State, c.Timer)
		}
		c = s.act(s.agent, c, received(2))
		c = s.act(s.agent, c, graded(2, 0))
		if c.State != cases.Resolving || c.Refunded != 34820 {
			t.Fatalf("after the inspection: %s %d", c.State, c.Refunded)
		}
		s.work()
		s.work() // hearing twice changes nothing
		c = s.reload(c)
		if c.State != cases.Completed || s.bank.total() != 34820 || len(s.bank.paid) != 1 {
			t.Errorf("at the end: %s, paid %v", c.State, s.bank.paid)
		}
		want := []string{"case.submitted", "case.approved", "case.handed_over", "case.delivered",
			"unit.received", "case.received", "unit.graded", "stock.moved", "case.graded", "case.completed"}
		if diff := cmp.Diff(want, s.types(c)); diff != "" {
			t.Errorf("events: %s", diff)
		}
	})
}

func TestTheRestOfAnOrderPaysTheRest(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A2", 19900)
		for range 3 {
			c := s.open(s.buyer, o, 1, "not_as_described")
			s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
			s.work()
		}
		// 3 × 199.00 less 10 %, no label, and these goods' 10.29 of the 12.00 for
		// delivery: the fault is the seller's.
		if got := s.bank.total(); got != 53730+1029 {
			t.Errorf("three returns of one paid %d, want 54759", got)
		}
		if _, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 1, Quantity: 1, Reason: "wrong_size"}); !errors.Is(err, refund.ErrUnitsTaken) {
			t.Errorf("a fourth unit of three: %v", err)
		}
	})
}

func TestAboveTheLimitAPersonDecidesAndSilenceApproves(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A3", 89900)
		asked := s.open(s.buyer, o, 1, "wrong_size")
		if asked.State != cases.Submitted || asked.Timer != "answer" || asked.Decision.Outcome != "review" {
			t.Fatalf("%s %s %s", asked.State, asked.Timer, asked.Decision.Outcome)
		}
		if _, err := s.try(s.buyer, asked, cases.Input{Action: cases.Approve}); !errors.Is(err, cases.ErrParty) {
			t.Errorf("a customer approved the own request: %v", err)
		}
		ignored := s.open(s.buyer, o, 1, "wrong_size")
		c := s.act(s.agent, asked, cases.Input{Action: cases.Approve})
		if c.State != cases.AwaitReturn || c.Decision.By != "staff" || c.Tracking == "" {
			t.Errorf("%s by %s", c.State, c.Decision.By)
		}
		s.clock.Add(48*time.Hour - time.Minute)
		s.work()
		if now := s.reload(ignored); now.State != cases.Submitted {
			t.Errorf("a minute early: %s", now.State)
		}
		s.clock.Add(time.Minute)
		s.work()
		if now := s.reload(ignored); now.State != cases.AwaitReturn || now.Decision.By != "timer" {
			t.Errorf("after 48 hours: %s by %s", now.State, now.Decision.By)
		}
	})
}

func TestARefusalNeedsAReasonAndFreesTheUnits(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A4", 89900)
		c := s.open(s.buyer, o, 3, "wrong_size")
		if _, err := s.try(s.agent, c, cases.Input{Action: cases.Refuse, Reason: "other"}); !errors.Is(err, cases.ErrRefusal) {
			t.Errorf("refused without a word: %v", err)
		}
		c = s.act(s.agent, c, cases.Input{Action: cases.Refuse, Reason: "damaged_by_use", Comment: "磨损"})
		if c.State != cases.Rejected {
			t.Fatal(c.State)
		}
		if again := s.open(s.buyer, o, 3, "not_as_described"); again.State != cases.Submitted {
			t.Errorf("the units are not free again: %s", again.State)
		}
		if _, err := s.try(s.agent, c, cases.Input{Action: cases.Approve}); !errors.Is(err, cases.ErrMove) {
			t.Errorf("a final case moved: %v", err)
		}
	})
}

func TestWhatTheRulesExcludeIsRefusedOnRecord(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A5", 19900)
		c, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 2, Quantity: 1, Reason: "wrong_size"})
		if err != nil || c.State != cases.Rejected || c.Decision.Grounds[0].Code != "final_hygiene" {
			t.Errorf("hygiene goods: %s %+v %v", c.State, c.Decision, err)
		}
		s.clock.Add(8 * 24 * time.Hour)
		c, err = s.tryOpen(s.buyer, o, cases.Wanted{Line: 1, Quantity: 1, Reason: "wrong_size"})
		if err != nil || c.State != cases.Rejected || c.Decision.Grounds[0].Code != "window_closed" {
			t.Errorf("after the window: %s %+v %v", c.State, c.Decision, err)
		}
	})
}

func TestNothingSentInTimeClosesTheCase(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A6", 19900)
		c := s.open(s.buyer, o, 1, "wrong_size")
		// Seven days after Monday the 2nd end with the 9th in Shanghai.
		if want := time.Date(2026, 3, 9, 15, 59, 59, 999e6, time.UTC); !c.Deadline.Equal(want) {
			t.Errorf("deadline %v, want %v", c.Deadline, want)
		}
		s.clock.Set(c.Deadline.Add(time.Millisecond))
		s.work()
		now := s.reload(c)
		if now.State != cases.Closed || now.ClosedAs != "expired" || now.Timer != "" {
			t.Errorf("%s %s %s", now.State, now.ClosedAs, now.Timer)
		}
	})
}

func TestAnArrivalNobodyInspectsIsRefunded(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A7", 19900)
		c := s.scan(s.open(s.buyer, o, 2, "not_as_described"), shipment.Delivered)
		s.clock.Add(72 * time.Hour)
		s.work()
		s.work()
		if now := s.reload(c); now.State != cases.Completed || s.bank.total() != 35820+686 {
			t.Errorf("%s, paid %d", now.State, s.bank.total())
		}
	})
}

func TestOnlyWhatArrivedAndPassedIsPaid(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A8", 14900)
		c := s.act(s.agent, s.open(s.buyer, o, 3, "wrong_size"), received(2))
		c = s.act(s.agent, c, graded(1, 1))
		s.work()
		if now := s.reload(c); now.State != cases.Completed || s.bank.total() != 12410 {
			t.Errorf("%s, paid %d, want 134.10 less the label for one of three", now.State, s.bank.total())
		}
		again := s.open(s.buyer, o, 2, "not_as_described") // the missing one and the refused one
		again = s.act(s.agent, s.act(s.agent, again, received(2)), graded(0, 2))
		if again.State != cases.Rejected || s.bank.total() != 12410 {
			t.Errorf("%s, paid %d", again.State, s.bank.total())
		}
	})
}

func TestWithdrawingIsPossibleUntilTheParcelLeft(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("A9", 19900)
		first := s.open(s.buyer, o, 1, "wrong_size")
		if c := s.act(s.buyer, first, cases.Input{Action: cases.Withdraw}); c.State != cases.Closed || c.ClosedAs != "withdrawn" {
			t.Errorf("%s %s", c.State, c.ClosedAs)
		}
		sent := s.act(s.buyer, s.open(s.buyer, o, 1, "wrong_size"), cases.Input{Action: cases.HandOver})
		if _, err := s.try(s.buyer, sent, cases.Input{Action: cases.Withdraw}); !errors.Is(err, cases.ErrMove) {
			t.Errorf("withdrew a parcel on its way: %v", err)
		}
	})
}

func TestPhotosAreAskedForWhereTheReasonNeedsThem(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("B1", 19900)
		if _, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 1, Quantity: 1, Reason: "defective"}); !errors.Is(err, cases.ErrPhotos) {
			t.Errorf("defective without a photo: %v", err)
		}
	})
}

func TestAWrongRequestNamesEachField(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("B2", 19900)
		for name, items := range map[string][]cases.Wanted{
			"no items":     {},
			"no such line": {{Line: 9, Quantity: 1, Reason: "wrong_size"}},
			"none":         {{Line: 1, Quantity: 0, Reason: "wrong_size"}},
			"too many":     {{Line: 1, Quantity: 4, Reason: "wrong_size"}},
			"reason":       {{Line: 1, Quantity: 1, Reason: "whim"}},
			"twice":        {{Line: 1, Quantity: 1, Reason: "wrong_size"}, {Line: 1, Quantity: 1, Reason: "wrong_size"}},
		} {
			if _, err := s.tryOpen(s.buyer, o, items...); !errors.Is(err, cases.ErrItems) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWhatOneMayNotSeeDoesNotExist(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.order("B3", 19900), 1, "wrong_size")
		strangers := map[string]actor.Actor{
			"another customer":   {Tenant: "main", Kind: actor.Customer, ID: "cus_other"},
			"a nameless one":     {Tenant: "main", Kind: actor.Customer},
			"another tenant":     {Tenant: "other", Kind: actor.Staff, Role: "administrator"},
			"a seller of others": {Tenant: "main", Kind: actor.Staff, Role: "seller", Seller: "someone"},
		}
		for name, who := range strangers {
			if _, err := s.try(who, c, cases.Input{Action: cases.Withdraw}); !errors.Is(err, cases.ErrUnknown) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestOneOfManyWinsAndTheRestLearnsIt(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.order("B7", 89900), 1, "wrong_size")
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 32 {
			wg.Go(func() {
				_, err := s.try(s.agent, c, cases.Input{Action: cases.Approve})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !errors.Is(err, cases.ErrStale) {
					t.Errorf("lost with %v", err)
				}
			})
		}
		wg.Wait()
		if won != 1 || s.reload(c).Version != c.Version+1 {
			t.Errorf("%d of 32 approved", won)
		}
	})
}

func TestTheViewOffersExactlyWhatWorks(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.order("B8", 89900), 1, "wrong_size")
		err := s.d.Read(t.Context(), func(tx *db.Tx) error {
			for _, lang := range []string{"zh-CN", "zh-TW", "en"} {
				v, err := s.cases.Look(t.Context(), tx, s.agent, c, lang)
				if err != nil {
					return err
				}
				offered := map[cases.Action]bool{}
				for _, a := range v.Actions {
					offered[a.Action] = a.Allowed
					if !a.Allowed && (a.Reason == nil || a.Reason.Text == "" || a.Reason.Text == "blocked."+a.Reason.Code) {
						t.Errorf("%s: %s is refused without words: %+v", lang, a.Action, a.Reason)
					}
				}
				want := map[cases.Action]bool{}
				for _, do := range cases.Shown() {
					want[do] = false
				}
				delete(want, cases.Readdress) // a return sends nothing to the customer
				for _, do := range []cases.Action{cases.Approve, cases.Refuse, cases.Propose, cases.Withdraw, cases.Liable, cases.Assign, cases.Note} {
					want[do] = true
				}
				if diff := cmp.Diff(want, offered); diff != "" {
					t.Error(diff)
				}
				sum := int64(0)
				for _, x := range v.Money.Quoted.Components {
					sum += x.Amount.Minor
					if x.Text == "component."+x.Code {
						t.Errorf("%s: component %s has no words", lang, x.Code)
					}
				}
				if sum != v.Money.Quoted.Total.Minor || v.Money.Quoted.Total.Minor != c.Quoted {
					t.Errorf("components add up to %d, total %v, promised %d", sum, v.Money.Quoted.Total, c.Quoted)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// What a minimal answer leaves out must be missing: an empty list or a zero
// amount would be a false statement about the case.
func TestAMinimalAnswerSaysNothingItDoesNotKnow(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.order("B9", 19900), 1, "wrong_size")
		raw, err := json.Marshal(cases.Minimal(c))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"items", "money", "money_effect", "timers", "next", "timeline", "actions", "parcel"} {
			if value, ok := got[field]; ok {
				t.Errorf("%s is %v", field, value)
			}
		}
		if got["id"] != c.ID || got["state"] != "await_return" || got["tracking"] != c.Tracking {
			t.Errorf("%s", raw)
		}
	})
}
