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
)

// tier gives a customer one now.
func (s *shop) tier(name string, until time.Time) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		_, err := customer.SetTier(s.t.Context(), tx, actor.Of("main"), s.buyer.ID, customer.Told{Tier: name, Until: until})
		return err
	})
}

func TestATierGivesMoreTimeHigherLimitsAndMoneyBeforeTheGoodsAreSeen(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) {
			r.AutoApprove = map[string]int64{"CNY": 1000}
			r.Tiers = map[string]policy.Tier{"gold": {WindowDays: 60, AutoApprove: map[string]int64{"CNY": 100000}, Advance: map[string]int64{"CNY": 20000}, Freight: "seller"}}
		})
		plain := s.order("T1", 19900)
		if c := s.open(s.buyer, plain, 1, "wrong_size"); c.State != cases.Submitted {
			t.Fatalf("without a tier: %s", c.State)
		}
		o := s.order("T2", 19900)
		s.tier("gold", s.clock.Now().AddDate(0, 1, 0))
		s.clock.Add(20 * 24 * time.Hour) // past the law's seven days and the shop's
		c := s.open(s.buyer, o, 1, "wrong_size")
		if c.State != cases.AwaitReturn || c.Quoted != 17910+343 {
			t.Fatalf("of gold: %s, %d promised, %+v", c.State, c.Quoted, c.Decision)
		}
		big := s.open(s.buyer, o, 2, "wrong_size") // more than is paid in advance
		c, big = s.scan(c, shipment.HandedOver), s.scan(big, shipment.HandedOver)
		if c.Detail.Advance == nil || c.Detail.Advance.Total != c.Quoted || big.Detail.Advance != nil {
			t.Errorf("paid %+v and %+v before the goods were seen", c.Detail.Advance, big.Detail.Advance)
		}
		other := s.order("T3", 19900)
		s.tier("gold", s.clock.Now().Add(time.Hour))
		s.clock.Add(30 * 24 * time.Hour)
		if c := s.open(s.buyer, other, 1, "wrong_size"); c.State != cases.Rejected {
			t.Errorf("with a tier that has run out: %s, %+v", c.State, c.Decision)
		}
	})
}
