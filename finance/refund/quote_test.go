package refund_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/sales/order"
)

// The reasons of these tests say who is at fault.
var (
	remorse = map[string]string{"remorse": refund.Customer, "defective": refund.Seller}
	keep    = refund.Terms{Freight: remorse, Shipping: refund.None}
	full    = refund.Terms{Freight: remorse, Shipping: refund.None, FullShippingOnFullReturn: true}
)

func units(line int, first, count int64) refund.Run {
	return refund.Run{Line: line, First: first, Count: count, Reason: "remorse"}
}

func defective(line int, first, count int64) refund.Run {
	return refund.Run{Line: line, First: first, Count: count, Reason: "defective"}
}

// Each case was somebody's real bug: the number is the one of the project's
// list of refund rules, the source where it was seen.
func TestRefundsOfKnownFailures(t *testing.T) {
	one := func(price int64) article { return article{quantity: 1, price: price} }
	tests := []struct {
		name   string
		basket basket
		terms  refund.Terms
		steps  [][]refund.Run
		want   []int64
	}{
		{"1 order promotion falls on both lines (solidus#512)",
			basket{articles: []article{one(600), one(400)}, discounts: []int64{100}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(2, 1, 1)}}, []int64{540, 360}},
		{"2 the kept line keeps its share of the promotion (PrestaShop#18319)",
			basket{articles: []article{one(15000), one(6000)}, discounts: []int64{4200}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(2, 1, 1)}}, []int64{12000, 4800}},
		{"3 a promotion falls on units too (PrestaShop#25687)",
			basket{articles: []article{{quantity: 2, price: 5000}}, discounts: []int64{1000}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}}, []int64{4500, 4500}},
		{"5 tax on top of a discounted price, unit by unit (medusa#13091)",
			basket{articles: []article{{quantity: 3, price: 3333, tax: 1710}}, discounts: []int64{1000}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}, {units(1, 3, 1)}}, []int64{3569, 3570, 3570}},
		{"6 yen have no decimals",
			basket{currency: "JPY", articles: []article{{quantity: 3, price: 1000}}, discounts: []int64{100}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}, {units(1, 3, 1)}}, []int64{966, 967, 967}},
		{"9 tax of three units in three credit notes (magento2#38388)",
			basket{articles: []article{{quantity: 3, price: 10000, tax: 5700}}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}, {units(1, 3, 1)}}, []int64{11900, 11900, 11900}},
		{"10 full refund of an order with a coupon (OpenMage#4396)",
			basket{currency: "SEK", articles: []article{one(25000), one(13050)}, discounts: []int64{6250}}, full,
			[][]refund.Run{{units(1, 1, 1), units(2, 1, 1)}}, []int64{31800}},
		{"11 shipping that is used up does not block items (magento2#38088)",
			basket{articles: []article{one(5000), one(3000)}, shipping: order.Shipping{List: 11364, Discount: 0, Tax: 1136}}, full,
			[][]refund.Run{{defective(1, 1, 1), defective(2, 1, 1)}}, []int64{8000 + 12500}},
		{"12 shipping with a discount never exceeds what was paid (magento2#19429)",
			basket{included: true, articles: []article{one(1000), one(1000)}, shipping: order.Shipping{List: 790, Discount: 5, Tax: 131}}, full,
			[][]refund.Run{{units(1, 1, 1)}, {units(2, 1, 1)}}, []int64{1000, 1000 + 785}},
		{"13 shipping that was free is not refunded (Sylius RefundPlugin#252)",
			basket{articles: []article{one(1000)}, shipping: order.Shipping{List: 500, Discount: 500}}, full,
			[][]refund.Run{{defective(1, 1, 1)}}, []int64{1000}},
		{"15 the buyer pays the return label (medusa#4686)",
			basket{articles: []article{one(10000)}}, refund.Terms{Freight: remorse, LabelFee: 3900},
			[][]refund.Run{{units(1, 1, 1)}}, []int64{6100}},
		{"15 the seller pays the return label (medusajs/admin#522)",
			basket{articles: []article{one(10000)}}, refund.Terms{Freight: remorse, LabelFee: 3900},
			[][]refund.Run{{defective(1, 1, 1)}}, []int64{10000}},
		{"17 parts of a kit returned apart (solidus_product_assembly#61)",
			basket{articles: []article{{quantity: 1, price: 8679, tax: 521}, {quantity: 1, price: 7320, tax: 439}}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(2, 1, 1)}}, []int64{9200, 7759}},
		{"18 two of three discounted units (sonata#177)",
			basket{articles: []article{{quantity: 3, price: 10000}}, discounts: []int64{3000}}, keep,
			[][]refund.Run{{units(1, 1, 2)}}, []int64{18000}},
		{"21 promotion and delivery keep their eligibility (vendure#3885)",
			basket{articles: []article{{quantity: 5, price: 550}}, discounts: []int64{275}, shipping: order.Shipping{List: 50}}, keep,
			[][]refund.Run{{units(1, 1, 2)}}, []int64{990}},
		{"23 all of a coupon order (vendure#2762)",
			basket{articles: []article{one(10000)}, discounts: []int64{1000}}, full,
			[][]refund.Run{{units(1, 1, 1)}}, []int64{9000}},
		{"24 yen are not multiplied by a hundred (woocommerce-gateway-stripe#435)",
			basket{currency: "JPY", articles: []article{one(9899)}}, full,
			[][]refund.Run{{units(1, 1, 1)}}, []int64{9899}},
		{"28 price with tax in it (woocommerce-ios#17630)",
			basket{included: true, articles: []article{{quantity: 1, price: 100, tax: 12}}}, full,
			[][]refund.Run{{units(1, 1, 1)}}, []int64{100}},
		{"33 a coupon on one line stays there (woocommerce#24483)",
			basket{articles: []article{{quantity: 1, price: 10000, discounts: []int64{1000}}, one(20000)}}, keep,
			[][]refund.Run{{units(1, 1, 1)}, {units(2, 1, 1)}}, []int64{9000, 20000}},
		{"35 a line discount is not paid back (OCA/rma#289)",
			basket{articles: []article{{quantity: 1, price: 10000, discounts: []int64{2000}}}}, keep,
			[][]refund.Run{{units(1, 1, 1)}}, []int64{8000}},
		{"40 withdrawal from all of an order pays its delivery back",
			basket{articles: []article{one(5000)}, shipping: order.Shipping{List: 500}}, full,
			[][]refund.Run{{units(1, 1, 1)}}, []int64{5500}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			check(t, test.basket.order(), test.terms, test.steps, test.want)
		})
	}
}

func TestOutboundShippingFollowsTheTerms(t *testing.T) {
	express := basket{articles: []article{{quantity: 2, price: 3000}, {quantity: 1, price: 4000}},
		shipping: order.Shipping{List: 1500, Standard: 1000}}
	share := refund.Terms{Freight: remorse, Shipping: refund.ProRata}
	fullShare := refund.Terms{Freight: remorse, Shipping: refund.Difference, FullShippingOnFullReturn: true}
	everything := []refund.Run{units(1, 1, 2), units(2, 1, 1)}
	tests := []struct {
		name  string
		terms refund.Terms
		steps [][]refund.Run
		want  []int64
	}{
		{"the surcharge for express stays on withdrawal", full, [][]refund.Run{everything}, []int64{11000}},
		{"nothing when the terms say so", keep, [][]refund.Run{everything}, []int64{10000}},
		{"by value", share, [][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}, {units(2, 1, 1)}}, []int64{3300, 3300, 4400}},
		{"difference without a tariff is by value", fullShare, [][]refund.Run{{units(2, 1, 1)}, {units(1, 1, 2)}}, []int64{4400, 6600}},
		{"the last of several returns completes the withdrawal", full, [][]refund.Run{{units(2, 1, 1)}, {units(1, 1, 2)}}, []int64{4000, 7000}},
		{"all of it when all is the seller's fault", keep,
			[][]refund.Run{{defective(1, 1, 2), defective(2, 1, 1)}}, []int64{11500}},
		{"a faulty part brings its share of the whole cost", keep, [][]refund.Run{{defective(2, 1, 1)}}, []int64{4600}},
		{"a fault among the last units brings all that is left", keep,
			[][]refund.Run{{units(2, 1, 1)}, {units(1, 1, 1), defective(1, 2, 1)}}, []int64{4000, 7500}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { check(t, express.order(), test.terms, test.steps, test.want) })
	}
}

// check returns the steps one after the other and compares the totals.
func check(t *testing.T, o order.Order, terms refund.Terms, steps [][]refund.Run, want []int64) {
	t.Helper()
	before := refund.Before{Tenders: map[string]int64{}}
	for i, runs := range steps {
		q, err := refund.Calculate(o, before, runs, refund.Claim{Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		if q.Total != want[i] {
			t.Errorf("step %d: total %d, want %d; %+v", i+1, q.Total, want[i], q.Components)
		}
		sound(t, o, before, q)
		before.Add(q, runs)
	}
}

// sound checks what is true of every quote.
func sound(t *testing.T, o order.Order, before refund.Before, q refund.Quote) {
	t.Helper()
	var components, lines, tenders int64
	for _, c := range q.Components {
		components += c.Amount
		deduction := c.Code == refund.CodeLineDiscount || c.Code == refund.CodeOrderDiscount || c.Code == refund.CodeLabel || c.Code == refund.CodeEarlier ||
			c.Code == refund.CodeThreshold && c.Amount < 0
		if deduction != (c.Amount < 0) && c.Amount != 0 {
			t.Errorf("%s has the sign of %d", c.Code, c.Amount)
		}
		if c.Line != 0 {
			lines += c.Amount
		}
	}
	for _, l := range q.Lines {
		lines -= l.Subtotal
	}
	left := map[string]int64{}
	for _, tender := range o.Tenders {
		left[tender.ID] = tender.Amount - before.Tenders[tender.ID]
	}
	for _, s := range q.Tenders {
		tenders += s.Goods + s.Shipping
		if s.Goods < 0 || s.Shipping < 0 || s.Goods+s.Shipping > left[s.ID] {
			t.Errorf("tender %s: goods %d and shipping %d of %d left", s.ID, s.Goods, s.Shipping, left[s.ID])
		}
	}
	if components != q.Total || lines != 0 || tenders != q.Total || q.Total < 0 {
		t.Errorf("total %d, components %d, tenders %d, lines differ by %d", q.Total, components, tenders, lines)
	}
}

func TestComponentsNameWhatIsPaidBack(t *testing.T) {
	o := basket{included: true, articles: []article{{quantity: 1, price: 10000, discounts: []int64{1000}, tax: 1437, duty: 300}},
		discounts: []int64{500}, shipping: order.Shipping{List: 790, Tax: 126}}.order()
	q, err := refund.Calculate(o, refund.Before{}, []refund.Run{units(1, 1, 1)},
		refund.Claim{Terms: refund.Terms{Freight: remorse, LabelFee: 390, FullShippingOnFullReturn: true}})
	if err != nil {
		t.Fatal(err)
	}
	want := []refund.Component{
		{Code: "goods", Line: 1, Amount: 8563}, {Code: "line_discount", Line: 1, Amount: -1000}, {Code: "order_discount", Line: 1, Amount: -500},
		{Code: "tax", Line: 1, Amount: 1437}, {Code: "duty", Line: 1, Amount: 300},
		{Code: "shipping", Amount: 664, Ground: "full_return"}, {Code: "shipping_tax", Amount: 126, Ground: "full_return"},
		{Code: "return_label", Amount: -390, Ground: "customer"},
	}
	if diff := cmp.Diff(want, q.Components); diff != "" {
		t.Error(diff)
	}
	if q.Total != 8563-1500+1437+300+790-390 || q.Freight != refund.Customer {
		t.Errorf("total %d, freight %s", q.Total, q.Freight)
	}
}

// 29: a 90 article paid with a card and a gift card (woocommerce-ios#10336).
func TestEachTenderPaysBackItsOwnPart(t *testing.T) {
	o := basket{articles: []article{{quantity: 3, price: 3000}}, tenders: []int64{5000}, shipping: order.Shipping{List: 500}}.order()
	before := refund.Before{Tenders: map[string]int64{}}
	var got [][2]int64
	for unit := range int64(3) {
		q, err := refund.Calculate(o, before, []refund.Run{units(1, unit+1, 1)}, refund.Claim{Terms: full})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, o, before, q)
		before.Add(q, []refund.Run{units(1, unit+1, 1)})
		got = append(got, [2]int64{q.Tenders[0].Goods + q.Tenders[0].Shipping, q.Tenders[1].Goods + q.Tenders[1].Shipping})
	}
	if diff := cmp.Diff([][2]int64{{1579, 1421}, {1579, 1421}, {1842, 1658}}, got); diff != "" {
		t.Error(diff)
	}
	if before.Tenders["t1"] != 5000 || before.Tenders["t2"] != 4500 {
		t.Errorf("paid back %v", before.Tenders)
	}
}

// 38: 100 of 100 were paid back without the unit, then the unit comes. 32: 300
// of 1000 were paid back without units, then all comes. In the third case the
// earlier money reaches into the shipping.
func TestMoneyPaidBackWithoutUnitsIsNotPaidTwice(t *testing.T) {
	for _, test := range []struct{ price, shipping, earlier, want int64 }{{10000, 0, 10000, 0}, {100000, 0, 30000, 70000}, {10000, 500, 10300, 200}} {
		o := basket{articles: []article{{quantity: 1, price: test.price}}, shipping: order.Shipping{List: test.shipping}}.order()
		before := refund.Before{Tenders: map[string]int64{"t1": test.earlier}}
		q, err := refund.Calculate(o, before, []refund.Run{units(1, 1, 1)}, refund.Claim{Terms: full})
		if err != nil || q.Total != test.want {
			t.Errorf("%d of %d before: got %d (%v), want %d", test.earlier, test.price, q.Total, err, test.want)
		}
		sound(t, o, before, q)
	}
}

func TestTheLabelNeverCostsMoreThanTheGoods(t *testing.T) {
	o := basket{articles: []article{{quantity: 1, price: 300}}, shipping: order.Shipping{List: 500}}.order()
	terms := refund.Terms{Freight: remorse, LabelFee: 900, FullShippingOnFullReturn: true}
	q, err := refund.Calculate(o, refund.Before{}, []refund.Run{units(1, 1, 1)}, refund.Claim{Terms: terms})
	if err != nil || q.Total != 500 {
		t.Errorf("got %d (%v), want the shipping alone", q.Total, err)
	}
}

func TestUnitsOfNobodyAreRefused(t *testing.T) {
	o := basket{articles: []article{{quantity: 2, price: 300}}}.order()
	for _, r := range []refund.Run{units(2, 1, 1), units(1, 0, 1), units(1, 3, 1), units(1, 2, 2), units(1, 1, 0), units(1, 1, 1<<62), units(1, 1<<62, 1)} {
		if _, err := refund.Calculate(o, refund.Before{}, []refund.Run{r}, refund.Claim{Terms: keep}); !errors.Is(err, refund.ErrWanted) {
			t.Errorf("%+v: got %v", r, err)
		}
	}
	if _, err := refund.Calculate(o, refund.Before{}, []refund.Run{units(1, 1, 1)}, refund.Claim{Terms: refund.Terms{Shipping: "half"}}); !errors.Is(err, refund.ErrTerms) {
		t.Errorf("unknown policy of shipping: got %v", err)
	}
}
