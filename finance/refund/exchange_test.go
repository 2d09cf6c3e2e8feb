package refund_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/sales/order"
)

// Rule 12.
func TestAnExchangeMovesOnlyTheDifference(t *testing.T) {
	o := basket{articles: []article{{quantity: 2, price: 5000, tax: 800}}, tenders: []int64{4000}, shipping: order.Shipping{List: 600}}.order()
	tests := []struct {
		name                string
		price, send, fee    int64
		credit              bool
		total, due, carried int64
	}{
		{"dearer: the customer pays the rest", 6000, 500, 0, false, 0, 1100, 5400},
		{"as dear: no money moves", 5400, 0, 0, false, 0, 0, 5400},
		{"cheaper: the rest comes back", 5000, 0, 0, false, 400, 0, 5000},
		{"cheaper, as store credit", 5000, 0, 0, true, 400, 0, 5000},
		{"a fee is not worth anything", 5400, 0, 300, false, 0, 300, 5100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := refund.Claim{Kind: refund.Exchange, Credit: tt.credit, Send: tt.send, New: []refund.NewItem{{SKU: "B", Title: "B", Quantity: 1, UnitPrice: tt.price, Tax: 100}},
				Terms: refund.Terms{Freight: remorse, FullShippingOnFullReturn: true}}
			if tt.fee > 0 {
				c.Terms.Deductions = []refund.Deduction{{Code: refund.CodeRestocking, Amount: tt.fee, Basis: "contract"}}
			}
			q := calculate(t, o, c, units(1, 1, 1))
			var carried, turned int64
			for _, s := range q.Carried {
				carried += s.Goods
			}
			for _, s := range q.Turned {
				turned += s.Goods
			}
			if q.Total != tt.total || q.Due != tt.due || carried != tt.carried || (turned == tt.total) != tt.credit && tt.total > 0 {
				t.Errorf("total %d, due %d, carried %d, turned %d", q.Total, q.Due, carried, turned)
			}
			if carried+q.Due != tt.price+tt.send {
				t.Errorf("%d and %d do not pay %d", carried, q.Due, tt.price+tt.send)
			}
			if component(q, refund.CodeTax) != 400 || component(q, refund.CodeNewTax) != -100 || component(q, refund.CodeShipping) != 0 {
				t.Errorf("%+v", q.Components)
			}
		})
	}
	none := refund.Claim{Kind: refund.Exchange}
	if _, err := refund.Calculate(o, refund.Before{}, []refund.Run{units(1, 1, 1)}, none); !errors.Is(err, refund.ErrTerms) {
		t.Errorf("an exchange for nothing: %v", err)
	}
}

// Rule 7: "按购买时各商品价格结算，多退少补".
func TestKeptGoodsArePricedAgain(t *testing.T) {
	step := func(code string, threshold, amount int64) order.Promotion {
		return order.Promotion{Code: code, Threshold: threshold, Amount: amount}
	}
	deal := func(discount int64, rules ...order.Promotion) order.Order {
		o := basket{included: true, articles: []article{{quantity: 1, price: 40000}, {quantity: 2, price: 10000}}, discounts: []int64{discount}}.order()
		o.Promotions = rules
		return o
	}
	rebill := refund.Terms{Freight: remorse, Promotions: refund.Rebill, FullShippingOnFullReturn: true}
	coat, scarf, scarves := units(1, 1, 1), units(2, 1, 1), units(2, 1, 2)
	tests := []struct {
		name  string
		o     order.Order
		terms refund.Terms
		steps [][]refund.Run
		want  []int64
	}{
		{"the threshold is broken: the kept goods cost their price", deal(10000, step("order", 60000, 10000)), rebill,
			[][]refund.Run{{scarves}, {coat}}, []int64{50000 - 40000, 40000}},
		{"it is kept where the shop says so", deal(10000, step("order", 60000, 10000)), refund.Terms{Freight: remorse, Promotions: refund.Keep},
			[][]refund.Run{{scarves}, {coat}}, []int64{16667, 33333}},
		{"a lower step is reached", deal(10000, step("order", 60000, 10000), step("order", 30000, 4000)), rebill,
			[][]refund.Run{{scarves}, {coat}}, []int64{50000 - 36000, 36000}},
		{"a fixed amount that still stands is all the kept goods'", deal(10000, step("order", 30000, 10000)), rebill,
			[][]refund.Run{{scarves}, {coat}}, []int64{20000, 30000}},
		{"what was paid on top comes back with the goods, whoever is at fault", deal(10000, step("order", 30000, 10000)), rebill,
			[][]refund.Run{{scarves}, {defective(1, 1, 1)}}, []int64{20000, 30000}},
		{"percent go on, until the threshold is broken", deal(6000, order.Promotion{Code: "order", Threshold: 30000, Percent: 10}), rebill,
			[][]refund.Run{{scarf}, {coat}}, []int64{9000, 54000 - 10000 - 9000}},
		{"each 20000", deal(15000, order.Promotion{Code: "order", Threshold: 20000, Amount: 5000, Repeats: true}), rebill,
			[][]refund.Run{{scarf}, {units(2, 2, 1)}}, []int64{45000 - 40000, 10000}},
		{"never less than nothing", deal(10000, step("order", 60000, 10000)), rebill,
			[][]refund.Run{{scarf}, {units(2, 2, 1)}, {coat}}, []int64{0, 10000, 40000}},
		{"never at the cost of what is defective", deal(10000, step("order", 60000, 10000)), rebill,
			[][]refund.Run{{defective(2, 1, 2)}}, []int64{16667}},
		{"what could not be kept of one return is not kept of defective goods", deal(30000, step("order", 60000, 30000)), rebill,
			[][]refund.Run{{scarf}, {defective(2, 2, 1)}, {coat}}, []int64{0, 5000, 25000}},
		{"rules that the order never fulfilled change nothing", deal(10000, step("order", 90000, 10000)), rebill,
			[][]refund.Run{{scarves}, {coat}}, []int64{16667, 33333}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := refund.Before{}
			for i, runs := range tt.steps {
				q, err := refund.Calculate(tt.o, before, runs, refund.Claim{Terms: tt.terms})
				if err != nil {
					t.Fatal(err)
				}
				if q.Total != tt.want[i] || component(q, refund.CodeEarlier) != 0 {
					t.Errorf("step %d: %d, want %d: %+v", i+1, q.Total, tt.want[i], q.Components)
				}
				before.Add(q, runs)
			}
		})
	}
}

func TestFreeDeliveryCanBeLost(t *testing.T) {
	o := basket{included: true, articles: []article{{quantity: 2, price: 5000}}, shipping: order.Shipping{List: 800, Discount: 800}}.order()
	o.Promotions = []order.Promotion{{Code: "free", Threshold: 9900, ShippingFree: true}}
	terms := refund.Terms{Freight: remorse, Promotions: refund.Rebill, FullShippingOnFullReturn: true}
	check(t, o, terms, [][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}}, []int64{4200, 5800})
	check(t, o, terms, [][]refund.Run{{defective(1, 1, 1)}}, []int64{5000})
	terms.FullShippingOnFullReturn = false
	check(t, o, terms, [][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}}, []int64{4200, 5000})
}

// Rule 10: 29 with each policy.
func TestTendersByPolicy(t *testing.T) {
	o := basket{articles: []article{{quantity: 3, price: 3000}}, tenders: []int64{5000}}.order()
	o.Tenders[0].Kind, o.Tenders[1].Kind = "gift_card", "card"
	tests := []struct {
		name  string
		terms refund.Terms
		want  [][2]int64
	}{
		{"as each unit was paid", refund.Terms{}, [][2]int64{{1666, 1334}, {1667, 1333}, {1667, 1333}}},
		{"by what is left", refund.Terms{Tender: refund.ByProportion}, [][2]int64{{1667, 1333}, {1667, 1333}, {1666, 1334}}},
		{"one after the other", refund.Terms{Tender: refund.InOrder}, [][2]int64{{3000, 0}, {2000, 1000}, {0, 3000}}},
		{"in another order", refund.Terms{Tender: refund.InOrder, TenderOrder: []string{"card"}}, [][2]int64{{0, 3000}, {2000, 1000}, {3000, 0}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := refund.Before{}
			var got [][2]int64
			for unit := range int64(3) {
				runs := []refund.Run{units(1, unit+1, 1)}
				q, err := refund.Calculate(o, before, runs, refund.Claim{Terms: tt.terms})
				if err != nil || q.Total != 3000 {
					t.Fatal(q.Total, err)
				}
				var both [2]int64
				for _, s := range q.Tenders {
					both[s.ID[1]-'1'] = s.Goods + s.Shipping
				}
				got = append(got, both)
				before.Add(q, runs)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Rule 11.
func TestPointsAndCoupons(t *testing.T) {
	o := basket{articles: []article{{quantity: 3, price: 1000}, {quantity: 1, price: 500}}, tenders: []int64{1000}}.order()
	o.Tenders[0].Kind, o.Tenders[0].Points = "points", 100
	o.Lines[0].Ledger.Points = 50
	o.Coupons = []order.Coupon{{Code: "A", SingleUse: true, Lines: []int{1}}, {Code: "B", SingleUse: true}, {Code: "C"}}
	before := refund.Before{}
	var restored, reversed []int64
	var coupons [][]string
	for _, runs := range [][]refund.Run{{units(1, 1, 1)}, {defective(1, 2, 2)}, {units(2, 1, 1)}} {
		q, err := refund.Calculate(o, before, runs, refund.Claim{Terms: keep})
		if err != nil {
			t.Fatal(err)
		}
		restored, reversed, coupons = append(restored, q.Points.Restore), append(reversed, q.Points.Reverse), append(coupons, q.Coupons)
		before.Add(q, runs)
	}
	if diff := cmp.Diff([][]int64{{28, 57, 15}, {16, 34, 0}}, [][]int64{restored, reversed}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{nil, nil, {"A", "B"}}, coupons); diff != "" {
		t.Error(diff)
	}
	faulty := calculate(t, o, refund.Claim{Terms: keep}, defective(1, 1, 3))
	if diff := cmp.Diff([]string{"A"}, faulty.Coupons); diff != "" {
		t.Errorf("all that A touched was defective: %s", diff)
	}
	spent := refund.Terms{Spent: refund.Spent{Count: 40, Value: 100, Per: 10}}
	if q := calculate(t, o, refund.Claim{Terms: spent}, units(1, 1, 3)); q.Total != 3000-400 || q.Points.Book != 400 || q.Points.Debt != 0 {
		t.Errorf("spent points at book value: %d, %+v", q.Total, q.Points)
	}
	spent.Spent.Value = 1000
	if q := calculate(t, o, refund.Claim{Terms: spent}, units(1, 1, 3)); q.Total != 0 || q.Points.Book != 3000 || q.Points.Debt != 10 {
		t.Errorf("never below nothing, the rest is a debt: %d, %+v", q.Total, q.Points)
	}
}

// Who bears what: the example of a marketplace.
func TestEverybodyBearsTheirOwn(t *testing.T) {
	o := basket{articles: []article{{quantity: 2, price: 5000, discounts: []int64{1000}}}, discounts: []int64{600}}.order()
	o.Lines[0].Seller, o.Lines[0].Ledger.Commission = "north", 420
	o.Lines[0].Ledger.LineDiscounts[0].Funder, o.Lines[0].Ledger.OrderDiscounts[0].Funder = "brand", "platform"
	terms := refund.Terms{Freight: everyone, LabelFee: 700}
	got := func(reason string, kind string) []clearing.Entry {
		_, all, err := refund.Reckon(o, refund.Before{}, []refund.Run{{Line: 1, First: 1, Count: 1, Reason: reason}}, refund.Claim{Kind: kind, Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	sold := []clearing.Entry{
		{Account: "commission", Code: "commission", Amount: -210}, {Account: "seller", Party: "north", Code: "commission", Amount: 210},
		{Account: "seller", Party: "north", Code: "goods", Amount: -4200}, {Account: "customer", Code: "goods", Amount: 4200},
		{Account: "seller", Party: "north", Code: "discount", Amount: -800}, {Account: "platform", Code: "discount", Amount: 300}, {Account: "brand", Code: "discount", Amount: 500},
	}
	way := func(by clearing.Account, party string) []clearing.Entry {
		return append(append([]clearing.Entry{}, sold...), clearing.Entry{Account: by, Party: party, Code: "return_label", Amount: -700}, clearing.Entry{Account: "carrier", Code: "return_label", Amount: 700})
	}
	lost := append(append([]clearing.Entry{}, sold...), clearing.Entry{Account: "carrier", Code: "carrier_claim", Amount: -4200}, clearing.Entry{Account: "seller", Party: "north", Code: "carrier_claim", Amount: 4200})
	for _, tt := range []struct {
		reason, kind string
		want         []clearing.Entry
	}{
		{"remorse", "", way("customer", "")}, {"defective", "", way("seller", "north")}, {"promise", "", way("platform", "")},
		{"lost", "", lost}, {"lost", refund.RefundOnly, lost}, {"remorse", refund.RefundOnly, sold},
	} {
		if diff := cmp.Diff(tt.want, got(tt.reason, tt.kind)); diff != "" {
			t.Errorf("%s %s: %s", tt.kind, tt.reason, diff)
		}
	}
}
