package cases_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/product"
)

func TestAnExchangeForTheSameCostsNothingAndItsUnitCanComeBack(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("K8", 19900)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: item(2, "not_as_described")})
		c = s.act(s.agent, c, received(2))
		c = s.act(s.agent, c, graded(2, 0))
		if c.State != cases.Resolving || c.Detail.Exchange.Due != 0 || c.Refunded != 0 {
			t.Fatalf("%s, due %d, refunded %d", c.State, c.Detail.Exchange.Due, c.Refunded)
		}
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF9988776655"})
		if c.State != cases.AwaitConfirm || c.Detail.Exchange.Order == "" {
			t.Fatalf("%s, order %q", c.State, c.Detail.Exchange.Order)
		}
		c = s.act(s.buyer, c, cases.Input{Action: cases.Confirm})
		s.expect(c, cases.Completed, 0)
		if got := s.moved(c); !slices.Equal(got, []string{"customer restock", "shelf customer"}) {
			t.Errorf("stock: %v", got)
		}
		if _, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 1, Quantity: 2, Reason: "wrong_size"}); err == nil {
			t.Error("exchanged units came back")
		}
		back := s.asked(s.agent, cases.Request{Order: c.Detail.Exchange.Order, Items: item(2, "not_as_described")})
		if back.Quoted != 35820 { // what was paid for the first two
			t.Errorf("giving the new units back promises %d", back.Quoted)
		}
	})
}

func TestAnExchangeThatCostsLessPaysTheDifference(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.sells("X1", 9900)
		o := s.order("K9", 19900)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "not_as_described", SKU: "X1"}}})
		c = s.act(s.agent, c, received(1))
		c = s.act(s.agent, c, graded(1, 0))
		s.work()
		s.expect(c, cases.Resolving, 0) // no money before the replacement is sent
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF1231231231"})
		s.work()
		c = s.expect(c, cases.AwaitConfirm, 17910-9900)
		s.later(8 * 24 * time.Hour)
		s.expect(c, cases.Completed, 17910-9900)
	})
}

func TestAnExchangeBecomesARefundWhereTheArticleIsNotThere(t *testing.T) {
	eachShop(t, func(s *shop) {
		for _, at := range []cases.State{cases.AwaitReturn, cases.Inspecting, cases.Resolving} {
			before := s.bank.total()
			o := s.order("K10"+string(at), 19900)
			c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: item(1, "not_as_described")})
			if at != cases.AwaitReturn {
				c = s.act(s.agent, c, received(1))
			}
			if at == cases.Resolving {
				c = s.act(s.agent, c, graded(1, 0))
				c = s.act(s.agent, c, cases.Input{Action: cases.BackLog, Comment: "sold out"})
			}
			c = s.act(s.buyer, c, cases.Input{Action: cases.Convert})
			if c.Kind != cases.KindReturn {
				t.Errorf("%s: still %s", at, c.Kind)
			}
			if at == cases.AwaitReturn {
				c = s.act(s.agent, c, received(1))
			}
			if at != cases.Resolving {
				c = s.act(s.agent, c, graded(1, 0))
			}
			s.work()
			s.expect(c, cases.Completed, before+17910+343) // with its share of the shipping
		}
	})
}

func TestWhatWasMissingIsSentAgainAndStaysReturnable(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("K11", 19900)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindReship, Order: o.ID, Items: item(1, "missing_parts")})
		if c.State != cases.Resolving {
			t.Fatalf("%s %+v", c.State, c.Decision)
		}
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF5554443332"})
		s.write(func(tx *db.Tx) error {
			return s.cases.Scan(t.Context(), tx, s.agent, "SF5554443332", shipment.Scan{Status: shipment.Delivered, At: tx.Now})
		})
		if c = s.reload(c); !c.Detail.Exchange.Delivered {
			t.Error("the replacement's arrival was not heard of")
		}
		c = s.act(s.buyer, c, cases.Input{Action: cases.Confirm})
		s.expect(c, cases.Completed, 0)
		if back := s.open(s.buyer, o, 3, "wrong_size"); back.Quantity != 3 {
			t.Errorf("%+v", back.Items)
		}
	})
}

// sells puts an article into the catalogue.
func (s *shop) sells(sku string, price int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		_, _, err := (&product.Service{}).Put(s.t.Context(), tx, s.agent, product.Draft{SKU: sku, Title: "另一款", Price: money.Of(price, "CNY")}, 0)
		return err
	})
}
