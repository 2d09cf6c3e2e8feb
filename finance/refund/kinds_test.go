package refund_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/sales/order"
)

// calculate works out one claim on an order of which nothing was paid back.
func calculate(t *testing.T, o order.Order, c refund.Claim, runs ...refund.Run) refund.Quote {
	t.Helper()
	q, err := refund.Calculate(o, refund.Before{}, runs, c)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// component is the sum of a code's components.
func component(q refund.Quote, code string) (sum int64) {
	for _, c := range q.Components {
		if c.Code == code {
			sum += c.Amount
		}
	}
	return sum
}

func notes(q refund.Quote) (codes []string) {
	for _, n := range q.Notes {
		codes = append(codes, n.Code)
	}
	return codes
}

func lamp(price int64) order.Order {
	return basket{articles: []article{{quantity: 1, price: price}}}.order()
}

func TestOffersOfKnownFailures(t *testing.T) {
	offer := func(amount int64) refund.Claim { return refund.Claim{Kind: refund.Partial, Amount: amount} }
	yen := basket{currency: "JPY", articles: []article{{quantity: 1, price: 9899}}}.order()
	t.Run("26 500 yen entered in the back office are 500 (stripe-sfcc#31)", func(t *testing.T) {
		if q := calculate(t, yen, offer(500), units(1, 1, 1)); q.Total != 500 {
			t.Errorf("total %d", q.Total)
		}
		if _, err := refund.Calculate(yen, refund.Before{}, []refund.Run{units(1, 1, 1)}, offer(50_000)); !errors.Is(err, refund.ErrExceeds) {
			t.Errorf("50000 of 9899: %v", err)
		}
	})
	t.Run("41 55 where 50 are owed is refused, 5 of goodwill are a payment of their own", func(t *testing.T) {
		o := lamp(5000)
		if _, err := refund.Calculate(o, refund.Before{}, []refund.Run{units(1, 1, 1)}, offer(5500)); !errors.Is(err, refund.ErrExceeds) {
			t.Errorf("5500 of 5000: %v", err)
		}
		goodwill := refund.Claim{Kind: refund.Compensation, Amount: 500, Basis: refund.Goodwill, Cap: 500}
		q := calculate(t, o, goodwill)
		if q.Total != 500 || len(q.Tenders) != 0 || len(q.Extra) != 1 || q.Extra[0].Purpose != "compensation" {
			t.Errorf("%+v", q)
		}
		if goodwill.Amount++; !errors.Is(second(refund.Calculate(o, refund.Before{}, nil, goodwill)), refund.ErrCap) {
			t.Error("a compensation above its limit was accepted")
		}
	})
	t.Run("32 300 of 1000 refunded for a line are 300 (saleor/apps#2069)", func(t *testing.T) {
		o, before := lamp(100_000), refund.Before{}
		runs := []refund.Run{units(1, 1, 1)}
		q := calculate(t, o, offer(30_000), runs...)
		before.Add(q, runs)
		rest, err := refund.Calculate(o, before, runs, refund.Claim{})
		if err != nil || q.Total != 30_000 || rest.Total != 70_000 {
			t.Errorf("%d, then %d (%v)", q.Total, rest.Total, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Rule 5: the tax of a part is ⌊T·(R+r)/g⌋ less the tax refunded before; the
// last cent closes.
func TestThePartsOfAUnitCarryItsTax(t *testing.T) {
	o := basket{articles: []article{{quantity: 1, price: 10000, tax: 1900}}}.order()
	before, runs := refund.Before{}, []refund.Run{units(1, 1, 1)}
	var taxes []int64
	for _, amount := range []int64{1000, 333, 1} {
		q, err := refund.Calculate(o, before, runs, refund.Claim{Kind: refund.Partial, Amount: amount})
		if err != nil {
			t.Fatal(err)
		}
		taxes = append(taxes, component(q, refund.CodePartTax))
		before.Add(q, runs)
	}
	q, err := refund.Calculate(o, before, runs, refund.Claim{})
	if err != nil {
		t.Fatal(err)
	}
	taxes = append(taxes, component(q, refund.CodeTax)+component(q, refund.CodePartTax))
	// ⌊1900·1000/11900⌋ = 159, ⌊1900·1333/11900⌋ = 212, ⌊1900·1334/11900⌋ = 212
	if diff := cmp.Diff([]int64{159, 53, 0, 1688}, taxes); diff != "" {
		t.Error(diff)
	}
	if q.Total != 11900-1334 {
		t.Errorf("the rest is %d", q.Total)
	}
}

// Who reads prices that contain tax reads both as they were paid: the whole
// price, and the whole of what was paid back before.
func TestWhatWasPaidBackBeforeIsToldWithItsTax(t *testing.T) {
	o := basket{included: true, articles: []article{{quantity: 2, price: 11900, tax: 3800}}}.order()
	before, runs := refund.Before{}, []refund.Run{units(1, 1, 1)}
	before.Add(calculate(t, o, refund.Claim{Kind: refund.Partial, Amount: 1000}, runs...), runs)
	q, err := refund.Calculate(o, before, runs, refund.Claim{})
	want := []refund.Component{
		{Code: refund.CodeGoods, Line: 1, Amount: 10000}, {Code: refund.CodeTax, Line: 1, Amount: 1900},
		{Code: refund.CodePart, Line: 1, Amount: -841, Ground: refund.GroundPaidBefore}, {Code: refund.CodePartTax, Line: 1, Amount: -159, Ground: refund.GroundPaidBefore},
	}
	if diff := cmp.Diff(want, q.Components); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// Rule 13: (paid − lower) × q, cumulative, and less is left of the unit.
func TestAFallingPriceIsPaidOnce(t *testing.T) {
	o := basket{articles: []article{{quantity: 3, price: 1000}}, discounts: []int64{100}}.order() // 966, 967, 967
	before := refund.Before{}
	protect := func(lower int64, runs ...refund.Run) int64 {
		t.Helper()
		q, err := refund.Calculate(o, before, runs, refund.Claim{Kind: refund.PriceProtection, Lower: map[int]int64{1: lower}})
		if err != nil {
			t.Fatal(err)
		}
		before.Add(q, runs)
		return q.Total
	}
	all := []int64{protect(900, units(1, 1, 2)), protect(900, units(1, 1, 3)), protect(850, units(1, 1, 3)), protect(870, units(1, 1, 3))}
	if diff := cmp.Diff([]int64{133, 67, 150, 0}, all); diff != "" {
		t.Error(diff)
	}
	q, err := refund.Calculate(o, before, []refund.Run{units(1, 1, 3)}, refund.Claim{})
	if err != nil || q.Total != 2550 || component(q, refund.CodePart) != -350 {
		t.Errorf("the rest is %+v (%v)", q, err)
	}
	damage := refund.Claim{Kind: refund.Partial, Amount: 50}
	o2, b2, one := lamp(10000), refund.Before{}, []refund.Run{units(1, 1, 1)}
	part := calculate(t, o2, damage, one...)
	b2.Add(part, one)
	q, err = refund.Calculate(o2, b2, one, refund.Claim{Kind: refund.PriceProtection, Lower: map[int]int64{1: 9000}})
	if err != nil || q.Total != 1000 {
		t.Errorf("a payment for damage must not lessen price protection: %d (%v)", q.Total, err)
	}
}

// Rule 8.
func TestDeductions(t *testing.T) {
	fee := func(code string, amount int64, line int) refund.Deduction {
		return refund.Deduction{Code: code, Amount: amount, Line: line, Basis: "contract"}
	}
	o := basket{articles: []article{{quantity: 2, price: 5000}, {quantity: 1, price: 3000}}}.order()
	tests := []struct {
		name      string
		all       []refund.Deduction
		forbidden bool
		runs      []refund.Run
		total     int64
		notes     []string
	}{
		{"each is a line of its own", []refund.Deduction{fee(refund.CodeRestocking, 700, 0), fee(refund.CodeMissingParts, 300, 1)}, false, []refund.Run{units(1, 1, 1)}, 4000, nil},
		{"never more than the goods", []refund.Deduction{fee(refund.CodeDiminished, 9000, 0)}, false, []refund.Run{units(1, 1, 1)}, 0, []string{"capped_at_goods"}},
		{"never more than the goods of the line", []refund.Deduction{fee(refund.CodeDiminished, 9000, 2)}, false, []refund.Run{units(1, 1, 1), units(2, 1, 1)}, 5000, []string{"capped_at_goods"}},
		{"two together neither", []refund.Deduction{fee(refund.CodeDiminished, 4000, 1), fee(refund.CodeMissingParts, 4000, 0)}, false, []refund.Run{units(1, 1, 1)}, 0, []string{"capped_at_goods"}},
		{"nothing on the seller's fault", []refund.Deduction{fee(refund.CodeDiminished, 1000, 0)}, false, []refund.Run{defective(1, 1, 1)}, 5000, []string{"not_deductible"}},
		{"only of what is the customer's", []refund.Deduction{fee(refund.CodeDiminished, 9000, 0)}, false, []refund.Run{defective(1, 1, 1), units(2, 1, 1)}, 5000, []string{"capped_at_goods"}},
		{"no fee on a statutory withdrawal", []refund.Deduction{fee(refund.CodeRestocking, 700, 0), fee(refund.CodeDiminished, 500, 0)}, true, []refund.Run{units(1, 1, 1)}, 4500, []string{"fee_forbidden"}},
		{"a label set by hand replaces the policy's", []refund.Deduction{fee(refund.CodeLabel, 250, 0)}, false, []refund.Run{units(1, 1, 1)}, 4750, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			terms := refund.Terms{Freight: remorse, Deductions: tt.all, FeesForbidden: tt.forbidden}
			if slices.ContainsFunc(tt.all, func(d refund.Deduction) bool { return d.Code == refund.CodeLabel }) {
				terms.LabelFee = 900
			}
			q := calculate(t, o, refund.Claim{Terms: terms}, tt.runs...)
			if q.Total != tt.total || !slices.Equal(notes(q), tt.notes) {
				t.Errorf("total %d, notes %v; want %d, %v", q.Total, notes(q), tt.total, tt.notes)
			}
		})
	}
	wrong := refund.Claim{Terms: refund.Terms{Deductions: []refund.Deduction{{Code: refund.CodeDiminished, Amount: 1}}}}
	if _, err := refund.Calculate(o, refund.Before{}, []refund.Run{units(1, 1, 1)}, wrong); !errors.Is(err, refund.ErrTerms) {
		t.Errorf("a deduction without a legal basis: %v", err)
	}
}

// Rule 9.
func TestTheReasonSaysWhoPaysTheWayBack(t *testing.T) {
	o := basket{articles: []article{{quantity: 2, price: 5000}}, shipping: order.Shipping{List: 600}}.order()
	label := refund.Terms{Freight: everyone, LabelFee: 800, FullShippingOnFullReturn: true}
	with := func(change func(*refund.Terms)) refund.Terms {
		x := label
		change(&x)
		return x
	}
	run := func(reason string) refund.Run { return refund.Run{Line: 1, First: 1, Count: 2, Reason: reason} }
	insured := refund.Insurance{Payer: refund.Insurer, Table: 500}
	tests := []struct {
		name    string
		terms   refund.Terms
		reason  string
		total   int64
		freight string
	}{
		{"remorse: the customer", label, "remorse", 10600 - 800, refund.Customer},
		{"defective: the seller", label, "defective", 10600, refund.Seller},
		{"lost: the carrier, the customer gets all", label, "lost", 10600, refund.Carrier},
		{"a promise of the platform", label, "promise", 10600, refund.Platform},
		{"a verdict for the customer", with(func(t *refund.Terms) { t.Liability = refund.Seller }), "remorse", 10600, refund.Seller},
		{"a verdict for the seller", with(func(t *refund.Terms) { t.Liability = refund.Customer }), "defective", 10600 - 800, refund.Customer},
		{"insured: the smaller of cost and table comes back", with(func(t *refund.Terms) { t.Insurance = insured }), "remorse", 10600 - 800 + 500, refund.Customer},
		{"the cost is smaller", with(func(t *refund.Terms) { t.Insurance = insured; t.Insurance.Actual = 300 }), "remorse", 10600 - 800 + 300, refund.Customer},
		{"paid at pick-up: the customer neither pays nor gets it", with(func(t *refund.Terms) { t.Insurance = insured; t.Insurance.Direct = true }), "remorse", 10600 - 300, refund.Customer},
		{"paid up front and not the customer's: it comes back", with(func(t *refund.Terms) { t.Upfront = 1200 }), "defective", 10600 + 1200, refund.Seller},
		{"paid up front by whom it falls on", with(func(t *refund.Terms) { t.LabelFee = 0; t.Upfront = 1200 }), "remorse", 10600, refund.Customer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := calculate(t, o, refund.Claim{Terms: tt.terms}, run(tt.reason))
			if q.Total != tt.total || q.Freight != tt.freight {
				t.Errorf("total %d, freight %s; want %d, %s: %+v", q.Total, q.Freight, tt.total, tt.freight, q.Components)
			}
		})
	}
	t.Run("insured once per unit", func(t *testing.T) {
		c := refund.Claim{Terms: refund.Terms{Freight: everyone, LabelFee: 800, Insurance: insured}}
		before := refund.Before{Insured: []refund.Run{units(1, 1, 1), units(1, 2, 1)}}
		q, err := refund.Calculate(o, before, []refund.Run{run("remorse")}, c)
		if err != nil || q.Total != 10000-800 || !slices.Contains(notes(q), "insured_before") {
			t.Errorf("%d %v (%v)", q.Total, notes(q), err)
		}
	})
}

// Rule 6.
func TestTheTariffSaysWhatTheKeptGoodsWouldHaveCost(t *testing.T) {
	b := basket{articles: []article{{quantity: 4, price: 2500}}, shipping: order.Shipping{List: 900, Tiers: []order.Tier{{From: 0, Amount: 300}, {From: 5000, Amount: 600}, {From: 10000, Amount: 900}}}}
	terms := refund.Terms{Freight: everyone, Shipping: refund.Difference, FullShippingOnFullReturn: true}
	check(t, b.order(), terms, [][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}, {units(1, 3, 1)}, {units(1, 4, 1)}}, []int64{2800, 2500, 2800, 2800})
	cheaper := basket{articles: []article{{quantity: 2, price: 2500}}, shipping: order.Shipping{List: 0, Tiers: []order.Tier{{From: 0, Amount: 300}, {From: 5000, Amount: 0}}}}
	check(t, cheaper.order(), terms, [][]refund.Run{{units(1, 1, 1)}, {units(1, 2, 1)}}, []int64{2500, 2500})
	unsent := basket{articles: []article{{quantity: 1, price: 2500}}, shipping: order.Shipping{List: 900, Standard: 300}}.order()
	if q := calculate(t, unsent, refund.Claim{Kind: refund.RefundOnly, Terms: terms}, units(1, 1, 1)); q.Total != 3400 || component(q, refund.CodeLabel) != 0 {
		t.Errorf("nothing was sent: %d", q.Total)
	}
}
