package cases_test

import (
	"errors"
	"testing"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// insured is an order of 2 × 100.00 with insurance of the way back.
func (s *shop) insured(number string, x *order.Insurance) (o order.Order) {
	s.t.Helper()
	delivered := monday.Add(-14 * 3600e9)
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.t.Context(), tx, s.agent, order.Draft{
			Source: "shop", Number: number, Currency: "CNY", Country: "CN", PlacedAt: monday.Add(-72 * 3600e9), DeliveredAt: &delivered, TaxIncluded: true,
			Customer: &customer.Draft{Ref: "c-" + number, Name: "林晓雯", Email: number + "@example.com"},
			Lines:    []order.DraftLine{{SKU: "M1", Title: "杯子", Quantity: 2, UnitPrice: 10000}}, Insurance: x,
			Tenders: []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi_1", Amount: 20000}},
		})
		return err
	})
	s.buyer.Tenant, s.buyer.Kind, s.buyer.ID = "main", "customer", o.Customer
	return o
}

func (s *shop) sums(c cases.Case) map[string]int64 {
	s.t.Helper()
	all := map[string]int64{}
	err := s.d.Read(s.t.Context(), func(tx *db.Tx) error {
		list, err := settlement.ByCase(s.t.Context(), tx, "main", c.ID)
		for _, p := range list {
			all[p.Purpose] += p.Amount
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func (s *shop) wantsPayouts(c cases.Case, want map[string]int64) {
	s.t.Helper()
	got := s.sums(c)
	for purpose, n := range want {
		if got[purpose] != n {
			s.t.Errorf("payouts %v, want %v", got, want)
			return
		}
	}
	if len(got) != len(want) {
		s.t.Errorf("payouts %v, want %v", got, want)
	}
}

func TestALabelThatNobodyUsedIsNotDeducted(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.insured("L-1", nil), 1, "wrong_size")
		if c.Quoted != 9000 {
			t.Fatalf("with the label %d, want 9000", c.Quoted)
		}
		c = s.act(s.buyer, c, cases.Input{Action: cases.HandOver, Carrier: "SF", Tracking: "SF70000001"})
		if c.Quoted != 10000 || s.reload(c).Quoted != 10000 {
			t.Fatalf("after another carrier got it %d, want 10000", c.Quoted)
		}
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.wantsPayouts(c, map[string]int64{settlement.Goods: 10000})

		second := s.open(s.buyer, s.insured("L-2", nil), 1, "wrong_size")
		second = s.act(s.buyer, second, cases.Input{Action: cases.HandOver})
		second = s.act(s.agent, s.act(s.agent, second, received(1)), graded(1, 0))
		s.wantsPayouts(second, map[string]int64{settlement.Goods: 9000})
	})
}

func TestOneParcelOfTwoOnTheLabelIsStillDeductedOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.insured("L-1", nil), 2, "wrong_size")
		c = s.act(s.buyer, c, cases.Input{Action: cases.AddParcel})
		c = s.act(s.buyer, c, cases.Input{Action: cases.HandOver, Carrier: "SF", Tracking: "SF70000001"})
		if c.Quoted != 19000 {
			t.Fatalf("one of two labels is still to be used: %d, want 19000", c.Quoted)
		}
	})
}

func TestWhatTheCustomerPaidForTheWayBackFollowsTheLiability(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.insured("U-1", nil), 1, "wrong_size")
		c = s.act(s.buyer, c, cases.Input{Action: cases.HandOver, Carrier: "SF", Tracking: "SF70000001"})
		paid, most := int64(1800), int64(20001)
		if _, err := s.try(s.boss, c, cases.Input{Action: cases.Liable, Freight: refund.Seller, Upfront: &most}); !errors.Is(err, cases.ErrOffer) {
			t.Fatalf("more than the order cost: %v", err)
		}
		c = s.act(s.boss, c, cases.Input{Action: cases.Liable, Freight: refund.Seller, Upfront: &paid})
		if c.Quoted != 11800 {
			t.Fatalf("the seller bears it: %d, want 11800", c.Quoted)
		}
		c = s.act(s.boss, c, cases.Input{Action: cases.Liable, Freight: refund.Customer})
		if c.Quoted != 10000 {
			t.Fatalf("the customer bears it: %d, want 10000", c.Quoted)
		}
		c = s.act(s.boss, c, cases.Input{Action: cases.Liable, Freight: refund.Seller})
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.wantsPayouts(c, map[string]int64{settlement.Goods: 10000, refund.FreightReimbursement: 1800})
	})
}

func TestInsuranceOfTheWayBackPaysOncePerUnit(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.insured("I-1", &order.Insurance{Payer: refund.Insurer, Most: 800})
		c := s.open(s.buyer, o, 1, "wrong_size")
		if c.Quoted != 9800 {
			t.Fatalf("insured: %d, want 10000 less the label's 1000 and 800 of the insurance", c.Quoted)
		}
		c = s.act(s.buyer, c, cases.Input{Action: cases.HandOver})
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.wantsPayouts(c, map[string]int64{settlement.Goods: 9000, refund.FreightReimbursement: 800})

		fault := s.open(s.buyer, o, 1, "not_as_described")
		if fault.Quoted != 10000 {
			t.Errorf("the seller's fault needs no insurance: %d, want 10000", fault.Quoted)
		}
		direct := s.open(s.buyer, s.insured("I-2", &order.Insurance{Payer: refund.Platform, Most: 1500, Direct: true}), 1, "wrong_size")
		if direct.Quoted != 10000 {
			t.Errorf("paid to the carrier at pick-up: %d, want 10000", direct.Quoted)
		}
	})
}

func worse(loss int64, basis string) cases.Input {
	return cases.Input{Action: cases.Grade, Grades: []inspection.Grade{{Line: 1, Count: 1, Grade: "C", Note: "worn soles", Disposition: "liquidate", Accepted: true}},
		Losses: []cases.Loss{{Line: 1, Code: refund.CodeDiminished, Amount: loss, Basis: basis}}}
}

func TestWhatTheInspectionFoundLostIsKeptWithItsGround(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.act(s.agent, s.open(s.buyer, s.insured("W-1", nil), 1, "wrong_size"), received(1))
		field := func(in cases.Input) string {
			t.Helper()
			_, err := s.try(s.agent, c, in)
			var f *fault.Fault
			if !errors.As(err, &f) || !errors.Is(err, inspection.ErrGrade) || len(f.Fields) != 1 {
				t.Fatalf("not refused: %v", err)
			}
			return f.Fields[0].Field
		}
		silent, back, fine := worse(3000, "contract"), worse(3000, "contract"), worse(3000, "contract")
		silent.Grades[0].Note, back.Grades[0].Accepted, back.Grades[0].Disposition, fine.Grades[0].Grade = "", false, inspection.Back, "A"
		for want, in := range map[string]cases.Input{"items[0].basis": worse(3000, "because"), "items[0].note": silent, "items[0].loss": back} {
			if got := field(in); got != want {
				t.Errorf("refused at %s, want %s", got, want)
			}
		}
		if got := field(fine); got != "items[0].loss" {
			t.Errorf("a loss of what is as new is refused at %s", got)
		}
		if got := field(worse(10001, "contract")); got != "items[0].loss" {
			t.Errorf("more than the goods is refused at %s", got)
		}
		if c = s.reload(c); c.State != cases.Inspecting {
			t.Fatalf("a refused grade changed the case to %s", c.State)
		}
		c = s.act(s.agent, c, worse(3000, "cn_no_reason_returns"))
		s.wantsPayouts(c, map[string]int64{settlement.Goods: 6000})

		fault := s.act(s.agent, s.open(s.buyer, s.insured("W-2", nil), 1, "not_as_described"), received(1))
		if _, err := s.try(s.agent, fault, worse(3000, "contract")); !errors.Is(err, inspection.ErrGrade) {
			t.Errorf("kept of the seller's own fault: %v", err)
		}
	})
}
