package backtest_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/rules/policy"
)

// tried runs rules on the whole past and gives what came out.
func (s *shop) tried(r *policy.Rules) backtest.Tally {
	s.t.Helper()
	run := s.ask(backtest.Wish{Policy: policy.Standard, Rules: r})
	s.work()
	if run = s.run(run.ID); run.State != backtest.Done {
		s.t.Fatalf("%s: %s", run.State, run.Error)
	}
	return run.Figures
}

func TestConditionsAreCountedAndThoseThatOverlapAreNamed(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		r := policy.Default()
		r.Conditions = []policy.Condition{
			{ID: "new", When: "customer.orders <= 1", Then: policy.Then{Outcome: "review"}},
			{ID: "dear", When: "request.total > 80000", Then: policy.Then{Outcome: "refuse"}},
			{ID: "never", When: "request.total > 100000000", Then: policy.Then{Outcome: "refuse"}},
		}
		f := s.tried(&r)
		if f.Parts["conditions/new"] != 14 || f.Parts["conditions/dear"] != 2 || f.Parts["conditions/never"] != 0 {
			t.Errorf("parts: %v", f.Parts)
		}
		if diff := cmp.Diff(map[string]int64{"conditions/dear conditions/new": 2}, f.Pairs); diff != "" {
			t.Errorf("overlaps: %s", diff)
		}
	})
}

func TestTheLawDecidesOnBothSidesAndIsCounted(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.open(s.order(bought{number: "F1", country: "FR", channel: "web", unit: 10000, days: 10}), 1, "wrong_size") // within the 14 days of the law
		s.open(s.order(bought{number: "F2", country: "FR", channel: "web", unit: 10000, days: 40}), 1, "wrong_size")
		s.open(s.order(bought{number: "F3", country: "FR", category: "underwear", unit: 10000, days: 2}), 1, "wrong_size") // is the seal broken?
		s.open(s.order(bought{number: "X1", country: "AQ", unit: 10000, days: 1}), 1, "wrong_size")                        // no pack
		s.clock.Add(time.Minute)
		r := policy.Default()
		r.WindowDays = 5
		f := s.tried(&r)
		if f.Laws["FR-WD"] == 0 || f.Matrix["approve>approve"] != 2 || f.Matrix["refuse>refuse"] != 1 || f.Matrix["ask>ask"] != 1 || f.Better+f.Worse != 0 {
			t.Errorf("%v %v", f.Laws, f.Matrix)
		}
		if f.Unknown["law.no_pack"] != 1 || f.Unknown["use.seal_broken"] != 1 {
			t.Errorf("unknown: %v", f.Unknown)
		}
	})
}

func TestAPolicyIsTriedOnWhatItGoverned(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		s.write(func(tx *db.Tx) error {
			_, err := (&policy.Service{}).Save(t.Context(), tx, actor.Of("main"), "other", "Other", policy.Default(), 0)
			return err
		})
		r := s.ask(backtest.Wish{Policy: "other", Version: 1})
		s.work()
		if r = s.run(r.ID); r.State != backtest.Done || r.Figures.Decided != 0 || r.Figures.Skipped["other_policy"] != 14 || r.Done != 14 {
			t.Errorf("%s %+v", r.State, r.Figures)
		}
	})
}

func TestFreightAndFeesChangeTheMoney(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.open(s.order(bought{number: "M1", unit: 10000, days: 2}), 1, "wrong_size")
		s.clock.Add(time.Minute)
		r := policy.Default()
		r.Conditions = []policy.Condition{{ID: "ours", When: "true", Then: policy.Then{Freight: "seller"}}}
		f := s.tried(&r)
		if m := *f.Money["CNY"]; m.Before.Paid != 9000 || m.After.Paid != 10000 || m.After.Fees != 0 || m.After.Seller != 1000 || m.Before.Customer != 1000 || f.Better != 1 || f.Samples["approve:refund"] != 1 {
			t.Errorf("the seller pays the way back: %+v %+v", m, f)
		}
		r = policy.Default()
		r.RestockingFee = 20
		f = s.tried(&r)
		if m := *f.Money["CNY"]; m.After.Paid != 7000 || m.After.Fees != 3000 || f.Worse != 1 {
			t.Errorf("a fee of 20 %%: %+v", m)
		}
	})
}

func TestWhatWouldBeAskedIsNotMadeUp(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.open(s.order(bought{number: "N1", unit: 10000, days: 2}), 1, "wrong_size")
		s.clock.Add(time.Minute)
		r := policy.Default()
		r.Conditions = []policy.Condition{{ID: "tags", When: "!has(known.tags)", Then: policy.Then{Outcome: "ask", Needs: []policy.Question{{Name: "tags", Type: "bool",
			Says: map[string]string{"en": "Are the tags on?", "zh-CN": "吊牌还在吗？", "zh-TW": "吊牌還在嗎？"}}}}}}
		f := s.tried(&r)
		if f.Matrix["approve>ask"] != 1 || f.Unknown["tags"] != 1 || f.Money["CNY"].After.Open != 9000 || f.ToPerson != 1 {
			t.Errorf("%+v %v", f, f.Money["CNY"])
		}
	})
}

// TestWhatHappenedLaterDoesNotCount opens a case of goods that were not
// delivered yet, and lets the customer buy and ask more afterwards.
func TestWhatHappenedLaterDoesNotCount(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		o := s.order(bought{number: "L1", unit: 10000, days: 2})
		first := s.open(o, 1, "wrong_size")
		s.clock.Add(time.Hour)
		for range 2 { // of the same customer
			s.open(o, 1, "wrong_size")
			s.clock.Add(time.Hour)
		}
		r := policy.Default()
		r.Conditions = []policy.Condition{{ID: "again", When: "customer.cases > 0", Then: policy.Then{Outcome: "review"}}}
		f := s.tried(&r)
		if f.Matrix["approve>review"] != 2 || f.Matrix["approve>approve"] != 1 {
			t.Errorf("%v", f.Matrix)
		}
		s.read(func(tx *db.Tx) error {
			c, err := s.trials.WhatIf(t.Context(), tx, admin, first.ID, backtest.Wish{Policy: policy.Standard, Rules: &r})
			if c.After.Outcome != "approve" {
				t.Errorf("the first case: %+v", c.After.Side)
			}
			return err
		})
		s.write(func(tx *db.Tx) error {
			_, err := s.cases.Act(t.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}, first.ID, 0, cases.Input{Action: cases.Withdraw})
			return err
		})
	})
}

func TestComparisonsAreMadeAsCustomersMakeThem(t *testing.T) {
	side := func(outcome string, refund int64, freight string) backtest.Side {
		return backtest.Side{Outcome: outcome, Refund: refund, Freight: freight}
	}
	tests := []struct {
		before, after   backtest.Side
		name, direction string
	}{
		{side("approve", 100, "seller"), side("approve", 100, "seller"), "", ""},
		{side("refuse", 100, "seller"), side("approve", 100, "seller"), "refuse>approve", "better"},
		{side("approve", 100, "seller"), side("review", 100, "seller"), "approve>review", "worse"},
		{side("review", 100, "seller"), side("ask", 100, "seller"), "review>ask", "other"},
		{side("ask", 100, "seller"), side("refuse", 100, "seller"), "ask>refuse", "worse"},
		{side("approve", 100, "customer"), side("approve", 110, "customer"), "approve:refund", "better"},
		{side("approve", 110, "customer"), side("approve", 100, "seller"), "approve:refund", "worse"},
		{side("review", 100, "customer"), side("review", 100, "seller"), "review:freight", "better"},
		{side("approve", 100, "seller"), side("approve", 100, "customer"), "approve:freight", "worse"},
		{side("refuse", 100, "seller"), side("refuse", 50, "customer"), "", ""},
	}
	for _, x := range tests {
		if name, direction := backtest.Compare(x.before, x.after); name != x.name || direction != x.direction {
			t.Errorf("%+v to %+v: %q %q, want %q %q", x.before, x.after, name, direction, x.name, x.direction)
		}
	}
	for rule, want := range map[string]string{
		"standard@3/conditions/vip": "conditions/vip", "standard@0/reasons/defective/auto_approve": "reasons/defective", "standard@1/auto_approve": "auto_approve", "conditions/vip": "conditions/vip", "": "",
	} {
		if got := backtest.Part(rule); got != want {
			t.Errorf("part of %q: %q, want %q", rule, got, want)
		}
	}
}

func TestAMedianIsAsGoodAsPromised(t *testing.T) {
	for _, waits := range [][]time.Duration{
		{time.Minute}, {2 * time.Hour, 2 * time.Hour, 90 * time.Hour}, {10 * time.Minute, 3 * time.Hour, 4 * time.Hour, 5 * 24 * time.Hour, 6 * 24 * time.Hour},
	} {
		slices.Sort(waits)
		want := waits[(len(waits)-1)/2]
		got, n := backtest.Median(waits)
		if int(n) != len(waits) || math.Abs(got.Seconds()-want.Seconds()) > 0.025*want.Seconds()+2 {
			t.Errorf("%v: %s of %d, want %s", waits, got, n, want)
		}
	}
	if got, n := backtest.Median(nil); got != 0 || n != 0 {
		t.Errorf("of nothing: %s of %d", got, n)
	}
}
