package policy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/common/types"

	"github.com/aftercare/aftercare/base/money"
)

func someScope(r *rand.Rand, rules *Rules) *scope {
	any := func(all ...string) string { return all[r.IntN(len(all))] }
	day := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	q := &Request{
		Kind: any(Kinds...), Phase: any(PreShip, InTransit, AfterReceipt), Now: day.AddDate(0, 0, r.IntN(30)), Placed: day, Zone: time.UTC, Total: money.Of(r.Int64N(20_000), any("CNY", "EUR")),
		Customer: Person{Tier: any("", "gold", "silver"), Orders: r.Int64N(30), Cases: r.Int64N(6), Refused: r.Int64N(4)}, Channel: any("", "web"), Country: any("CN", "DE"), Region: any("", "NY"), Seller: any("", "s1"),
		Language: any("en", "zh-CN"), Photos: r.IntN(3), Amends: r.IntN(2),
		Goods: []Goods{{Line: 1, SKU: any("A", "B"), Category: any("phone", "shoes"), Quantity: r.Int64N(3), Paid: r.Int64N(9000), Seller: any("", "s2"), Reason: any("defective", "no_longer_needed"), Delivered: day, Photos: r.IntN(2)}},
	}
	return &scope{q: q, rules: rules, item: &q.Goods[0]}
}

// What guards read is what the words say.
func TestGuardsKnowTheWords(t *testing.T) {
	rules := Default()
	r := rand.New(rand.NewPCG(1, 9))
	for range 200 {
		s := someScope(r, &rules)
		for name, of := range texts {
			if got, want := of(s), byName[name].of(s); got != want {
				t.Fatalf("%s: %v, want %v", name, got, want)
			}
		}
		for name, of := range counts {
			if got, want := of(s), byName[name].of(s); got != want {
				t.Fatalf("%s: %v, want %v", name, got, want)
			}
		}
	}
}

// An expression made by chance has the same answer with guards as CEL alone
// gives, also where a part of it fails.
func TestGuardsChangeNoAnswer(t *testing.T) {
	rules := Default()
	r := rand.New(rand.NewPCG(2, 7))
	part := func() string {
		verb := []string{"==", "!=", "<", "<=", ">", ">="}
		switch r.IntN(7) {
		case 0:
			return fmt.Sprintf("customer.tier %s '%s'", verb[r.IntN(2)], []string{"gold", "silver", ""}[r.IntN(3)])
		case 1:
			return fmt.Sprintf("item.category in ['%s', 'x']", []string{"phone", "shoes"}[r.IntN(2)])
		case 2:
			return fmt.Sprintf("request.total %s %d", verb[r.IntN(6)], r.IntN(20_000))
		case 3:
			return fmt.Sprintf("%d %s item.days", r.IntN(30), verb[r.IntN(6)])
		case 4:
			return fmt.Sprintf("(customer.orders %s %d || item.price > 4000)", verb[r.IntN(6)], r.IntN(30))
		case 5:
			return "10 / customer.refused > 4" // fails where there was none
		}
		return fmt.Sprintf("request.country %s 'CN'", verb[r.IntN(2)])
	}
	skipped, fails := 0, 0
	for range 1500 {
		parts := make([]string, 1+r.IntN(4))
		for i := range parts {
			parts[i] = part()
		}
		text := strings.Join(parts, " && ")
		p, _, err := compile(text)
		if err != nil || p == nil {
			t.Fatal(text, err)
		}
		s := someScope(r, &rules)
		got, failed := p.eval(s)
		v, _, err := p.run.Eval(s)
		if (err != nil) != (failed != nil) || err == nil && types.Bool(got) != v {
			t.Fatalf("%s: %t %v, CEL says %v %v", text, got, failed, v, err)
		}
		if err != nil {
			fails++
		}
		if len(p.guards) > 0 {
			skipped++
		}
	}
	if skipped < 1000 || fails < 10 {
		t.Errorf("%d with guards, %d that fail: the test has lost its force", skipped, fails)
	}
}
