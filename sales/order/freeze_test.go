package order

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// freezeDraft goes the way of Put without a store.
func freezeDraft(d Draft) (Order, *Problem) {
	p, problem := prepare(newChecker(now), d)
	if problem != nil {
		return Order{}, problem
	}
	return p.order, nil
}

func draft(currency string, lines ...DraftLine) Draft {
	for i := range lines {
		lines[i].SKU, lines[i].Title = fmt.Sprintf("A%d", i+1), "Article"
	}
	return Draft{Source: "shop", Number: "1", Currency: currency, PlacedAt: now.AddDate(0, -1, 0), Lines: lines}
}

// pay adds one tender of what the order costs.
func pay(t *testing.T, d Draft) Draft {
	t.Helper()
	total := d.Shipping.Amount - d.Shipping.Discount
	if !d.TaxIncluded {
		total += d.Shipping.Tax
	}
	for _, l := range d.Lines {
		total += l.Quantity*l.UnitPrice + l.Duty
		if !d.TaxIncluded {
			total += l.Tax
		}
		for _, x := range l.Discounts {
			total -= x.Amount
		}
	}
	for _, x := range d.Discounts {
		total -= x.Amount
	}
	d.Tenders = []DraftTender{{Kind: "card", Amount: total}}
	return d
}

// The numbers are those of bugs that other systems had.
func TestKnownFailuresElsewhereAreRight(t *testing.T) {
	tests := []struct {
		name  string
		draft Draft
		units [][2]int64 // line, unit
		want  []int64    // paid for each
	}{
		{"10 % on 6 and 4", Draft{Lines: []DraftLine{{Quantity: 1, UnitPrice: 600}, {Quantity: 1, UnitPrice: 400}}, Discounts: []DraftDiscount{{Amount: 100}}}, [][2]int64{{1, 1}, {2, 1}}, []int64{540, 360}},
		{"20 % on 150 and 60", Draft{Lines: []DraftLine{{Quantity: 1, UnitPrice: 15000}, {Quantity: 1, UnitPrice: 6000}}, Discounts: []DraftDiscount{{Amount: 4200}}}, [][2]int64{{1, 1}, {2, 1}}, []int64{12000, 4800}},
		{"one of two at 50 with 10 %", Draft{Lines: []DraftLine{{Quantity: 2, UnitPrice: 5000}}, Discounts: []DraftDiscount{{Amount: 1000}}}, [][2]int64{{1, 1}, {1, 2}}, []int64{4500, 4500}},
		{"tax on top of 3 at 33.33 less 10", Draft{Lines: []DraftLine{{Quantity: 3, UnitPrice: 3333, Tax: 1710}}, Discounts: []DraftDiscount{{Amount: 1000}}}, [][2]int64{{1, 1}, {1, 2}, {1, 3}}, []int64{3569, 3570, 3570}},
		{"no digits after the point", Draft{Currency: "JPY", Lines: []DraftLine{{Quantity: 3, UnitPrice: 1000}}, Discounts: []DraftDiscount{{Amount: 100}}}, [][2]int64{{1, 1}, {1, 2}, {1, 3}}, []int64{966, 967, 967}},
		{"kit of two parts with tax", Draft{Lines: []DraftLine{{Quantity: 1, UnitPrice: 8679, Tax: 521}, {Quantity: 1, UnitPrice: 7320, Tax: 439}}}, [][2]int64{{1, 1}, {2, 1}}, []int64{9200, 7759}},
		{"coupon for one line only", Draft{Lines: []DraftLine{{Quantity: 1, UnitPrice: 10000}, {Quantity: 1, UnitPrice: 20000}}, Discounts: []DraftDiscount{{Amount: 1000, Lines: []int{1}}}}, [][2]int64{{1, 1}, {2, 1}}, []int64{9000, 20000}},
		{"20 % on the line", Draft{Lines: []DraftLine{{Quantity: 1, UnitPrice: 10000, Discounts: []LineDiscount{{Amount: 2000}}}}}, [][2]int64{{1, 1}}, []int64{8000}},
		{"a coupon for one line leaves room for one for all", Draft{Lines: []DraftLine{{Quantity: 1, UnitPrice: 100}, {Quantity: 1, UnitPrice: 100}}, Discounts: []DraftDiscount{{Amount: 100}, {Amount: 100, Lines: []int{1}}}}, [][2]int64{{1, 1}, {2, 1}}, []int64{0, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := draft("EUR", tt.draft.Lines...)
			d.Discounts = tt.draft.Discounts
			if tt.draft.Currency != "" {
				d.Currency = tt.draft.Currency
			}
			o, problem := freezeDraft(pay(t, d))
			if problem != nil {
				t.Fatal(*problem)
			}
			var got []int64
			for _, u := range tt.units {
				got = append(got, o.Lines[u[0]-1].Units(u[1], 1).Paid)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func random(r *rand.Rand) Draft {
	digits := []string{"JPY", "EUR", "KWD"}
	d := draft(digits[r.IntN(3)])
	d.TaxIncluded = r.IntN(2) == 0
	for range 1 + r.IntN(8) {
		l := DraftLine{SKU: "A", Title: "Article", Quantity: 1 + r.Int64N(50), UnitPrice: r.Int64N(100000) * r.Int64N(2)}
		left := l.Quantity * l.UnitPrice
		for range r.IntN(3) {
			x := r.Int64N(left/2 + 1)
			l.Discounts, left = append(l.Discounts, LineDiscount{Code: "L", Amount: x}), left-x
		}
		l.Duty = r.Int64N(500) * r.Int64N(2)
		d.Lines = append(d.Lines, l)
	}
	net := func(i int) int64 {
		n := d.Lines[i].Quantity * d.Lines[i].UnitPrice
		for _, x := range d.Lines[i].Discounts {
			n -= x.Amount
		}
		return n
	}
	room := int64(0)
	for i := range d.Lines {
		room += net(i)
	}
	for range r.IntN(3) {
		x := r.Int64N(room/2 + 1)
		d.Discounts, room = append(d.Discounts, DraftDiscount{Code: "O", Amount: x}), room-x
	}
	if r.IntN(2) == 0 {
		no := 1 + r.IntN(len(d.Lines))
		if most := min(room, net(no-1)); most > 0 {
			d.Discounts = append(d.Discounts, DraftDiscount{Code: "C", Amount: r.Int64N(most + 1), Lines: []int{no, no}})
		}
	}
	d.Shipping = DraftShipping{Amount: r.Int64N(3000)}
	d.Shipping.Discount = r.Int64N(d.Shipping.Amount + 1)
	return d
}

// withTax adds tax that fits the frozen value of each line, and tenders.
func withTax(r *rand.Rand, d Draft) Draft {
	probe, problem := freezeDraft(payAny(d))
	if problem != nil {
		panic(*problem)
	}
	for i := range d.Lines {
		d.Lines[i].Tax = r.Int64N(probe.Lines[i].Ledger.Paid - d.Lines[i].Duty + 1)
	}
	d.Shipping.Tax = r.Int64N(d.Shipping.Amount - d.Shipping.Discount + 1)
	d = payAny(d)
	left := d.Tenders[0].Amount
	d.Tenders = nil
	for range r.IntN(4) {
		x := r.Int64N(left + 1)
		d.Tenders, left = append(d.Tenders, DraftTender{Kind: "gift_card", Amount: x}), left-x
	}
	d.Tenders = append(d.Tenders, DraftTender{Kind: "card", Amount: left})
	return d
}

func payAny(d Draft) Draft { return pay(&testing.T{}, d) }

func TestEverythingAddsUpForRandomOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 4000 {
		d := withTax(r, random(r))
		o, problem := freezeDraft(d)
		if problem != nil {
			t.Fatalf("draft %d: %+v\n%+v", n, *problem, d)
		}
		checkOrder(t, d, o)
		for _, l := range o.Lines {
			checkUnits(t, r, d.TaxIncluded, l)
		}
		if t.Failed() {
			t.Fatalf("draft %d: %+v", n, d)
		}
	}
}

func checkOrder(t *testing.T, d Draft, o Order) {
	t.Helper()
	discounts := map[string]int64{}
	tenders := make([]int64, len(o.Tenders))
	row := func(what string, paid int64, shares []int64) {
		var sum int64
		for i, s := range shares {
			if s < 0 {
				t.Errorf("%s: negative share %v", what, shares)
			}
			sum += s
			tenders[i] += s
		}
		if sum != paid {
			t.Errorf("%s: paid %d, tenders %v", what, paid, shares)
		}
	}
	for i, l := range o.Lines {
		g := l.Ledger
		want := g.List - Sum(g.LineDiscounts) - Sum(g.OrderDiscounts) + g.Duty
		if !o.TaxIncluded {
			want += g.Tax
		}
		if g.List != l.Quantity*l.UnitPrice || g.Paid != want || g.Paid < 0 || g.Tax != d.Lines[i].Tax {
			t.Errorf("line %d: %+v", l.No, g)
		}
		for _, x := range g.OrderDiscounts {
			discounts[x.Code] += x.Amount
		}
		row(fmt.Sprint("line ", l.No), g.Paid, g.Tenders)
	}
	row("shipping", o.Shipping.Paid, o.Shipping.Tenders)
	for i, s := range tenders {
		if s != d.Tenders[i].Amount {
			t.Errorf("tender %d: %d of %d shared", i, s, d.Tenders[i].Amount)
		}
	}
	for _, x := range d.Discounts {
		discounts[x.Code] -= x.Amount
	}
	for code, rest := range discounts {
		if rest != 0 {
			t.Errorf("discount %s: %d not shared", code, -rest)
		}
	}
}

// checkUnits takes a line apart in random runs: nothing is lost, and midway
// never more than the exact share was given.
func checkUnits(t *testing.T, r *rand.Rand, included bool, l Line) {
	t.Helper()
	var sum UnitMoney
	for first := int64(1); first <= l.Quantity; {
		count := 1 + r.Int64N(l.Quantity-first+1)
		u := l.Units(first, count)
		want := u.List - u.LineDiscount - u.OrderDiscount + u.Duty
		if !included {
			want += u.Tax
		}
		if u.Paid != want || u.Paid < 0 || u.Tax < 0 || u.List != count*l.UnitPrice {
			t.Errorf("line %d units %d+%d: %+v", l.No, first, count, u)
		}
		sum = UnitMoney{sum.List + u.List, sum.LineDiscount + u.LineDiscount, sum.OrderDiscount + u.OrderDiscount, sum.Tax + u.Tax, sum.Duty + u.Duty, sum.Paid + u.Paid}
		first += count
		if k := first - 1; sum.Paid*l.Quantity > l.Ledger.Paid*k {
			t.Errorf("line %d: %d given for %d of %d units of %d", l.No, sum.Paid, k, l.Quantity, l.Ledger.Paid)
		}
	}
	g := l.Ledger
	want := UnitMoney{g.List, Sum(g.LineDiscounts), Sum(g.OrderDiscounts), g.Tax, g.Duty, g.Paid}
	if sum != want {
		t.Errorf("line %d: units add up to %+v, want %+v", l.No, sum, want)
	}
}

func TestWrongDraftsAreRefusedWithFieldAndReason(t *testing.T) {
	good := func() Draft {
		d := draft("CNY", DraftLine{Quantity: 2, UnitPrice: 5000})
		d.Tenders = []DraftTender{{Kind: "card", Amount: 10000}}
		return d
	}
	early := now.AddDate(0, -2, 0)
	tests := []struct {
		field, reason string
		spoil         func(d *Draft)
	}{
		{"number", "missing", func(d *Draft) { d.Number = "" }},
		{"source", "not a source name", func(d *Draft) { d.Source = "Shop 1" }},
		{"currency", "unknown currency", func(d *Draft) { d.Currency = "ABC" }},
		{"country", "unknown country", func(d *Draft) { d.Country = "ZZ" }},
		{"country", "unknown country", func(d *Draft) { d.Country = "China" }},
		{"zone", "unknown zone", func(d *Draft) { d.Zone = "Mars/Base" }},
		{"placed_at", "missing", func(d *Draft) { d.PlacedAt = time.Time{} }},
		{"placed_at", "date before 1990", func(d *Draft) { d.PlacedAt = time.Unix(0, 0) }},
		{"placed_at", "date in the future", func(d *Draft) { d.PlacedAt = now.AddDate(0, 0, 3) }},
		{"delivered_at", "date before the order was placed", func(d *Draft) { d.DeliveredAt = &early }},
		{"lines", "no lines", func(d *Draft) { d.Lines = nil }},
		{"lines", "more than 1000 lines", func(d *Draft) { d.Lines = make([]DraftLine, 1001) }},
		{"lines[0].quantity", "quantity not from 1 to 1000000", func(d *Draft) { d.Lines[0].Quantity = 0 }},
		{"lines[0].quantity", "quantity not from 1 to 1000000", func(d *Draft) { d.Lines[0].Quantity = 1_000_001 }},
		{"lines[0].unit_price", "negative amount", func(d *Draft) { d.Lines[0].UnitPrice = -1 }},
		{"lines[0].unit_price", "amounts too large", func(d *Draft) { d.Lines[0].UnitPrice = MaxAmount }},
		{"lines[0].sku", "missing", func(d *Draft) { d.Lines[0].SKU = "" }},
		{"lines[0].title", "not UTF-8 text", func(d *Draft) { d.Lines[0].Title = "a\x00b" }},
		{"lines[0].discounts", "discount above the value of the line", func(d *Draft) { d.Lines[0].Discounts = []LineDiscount{{Amount: 10001}} }},
		{"lines[0].discounts[0].funder", "unknown funder", func(d *Draft) { d.Lines[0].Discounts = []LineDiscount{{Amount: 1, Funder: "me"}} }},
		{"lines[0].tax", "included tax above the price", func(d *Draft) { d.TaxIncluded = true; d.Lines[0].Tax = 10001 }},
		{"discounts[0].amount", "discount above the value of its lines", func(d *Draft) { d.Discounts = []DraftDiscount{{Amount: 10001}} }},
		{"discounts[0].lines", "no such line", func(d *Draft) { d.Discounts = []DraftDiscount{{Amount: 1, Lines: []int{2}}} }},
		{"shipping.discount", "discount above the cost of shipping", func(d *Draft) { d.Shipping.Discount = 1 }},
		{"tenders", "payments do not add up to the price", func(d *Draft) { d.Tenders[0].Amount = 9999 }},
		{"tenders[0].kind", "unknown kind of payment", func(d *Draft) { d.Tenders[0].Kind = "shells" }},
		{"returned[0].quantity", "more units returned than bought", func(d *Draft) { d.Returned = []DraftReturn{{Line: 1, Quantity: 3, At: now}} }},
		{"returned[0].amount", "more money returned than paid for the units", func(d *Draft) { d.Returned = []DraftReturn{{Line: 1, Quantity: 1, Amount: 5001, At: now}} }},
		{"returned[0].line", "no such line", func(d *Draft) { d.Returned = []DraftReturn{{Line: 2, Quantity: 1, At: now}} }},
	}
	if _, problem := freezeDraft(good()); problem != nil {
		t.Fatalf("the good draft: %+v", *problem)
	}
	for _, tt := range tests {
		d := good()
		tt.spoil(&d)
		_, problem := freezeDraft(d)
		if problem == nil || problem.Field != tt.field || problem.Reason != tt.reason {
			t.Errorf("got %+v, want %s: %s", problem, tt.field, tt.reason)
		}
	}
}

func TestRefusedPaymentsSayBothSums(t *testing.T) {
	d := draft("CNY", DraftLine{Quantity: 1, UnitPrice: 12900})
	d.Tenders = []DraftTender{{Kind: "card", Amount: 12800}}
	_, problem := freezeDraft(d)
	if problem == nil || problem.Value != "paid 12800, price 12900" {
		t.Errorf("%+v", problem)
	}
}

func TestAnOrderIsDeliveredWithItsLastLine(t *testing.T) {
	a, b := now.AddDate(0, 0, -9), now.AddDate(0, 0, -5)
	d := pay(t, draft("EUR", DraftLine{Quantity: 1, UnitPrice: 1, DeliveredAt: &b}, DraftLine{Quantity: 1, UnitPrice: 1, DeliveredAt: &a}))
	o, _ := freezeDraft(d)
	if !o.DeliveredAt.Equal(b) {
		t.Errorf("all lines delivered: %v", o.DeliveredAt)
	}
	d.Lines[1].DeliveredAt = nil
	if o, _ = freezeDraft(d); !o.DeliveredAt.IsZero() {
		t.Errorf("one line missing: %v", o.DeliveredAt)
	}
}
