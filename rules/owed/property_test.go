package owed_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

var places = []string{"CN", "FR", "DE", "ES", "SE", "PT", "AT", "GB", "US-NY", "US-CA", "US-TX", "CA-QC", "BR", "TW", "KR", "JP", "AU", "SG", "RU", "TR", "HK", "NZ", "MY", "TH", "VN", "ID", "IN", "MX", "SA", "AE", "FI", "NL", "ZA", ""}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

func maybe(r *rand.Rand) *bool {
	return pick(r, nil, new(bool), func() *bool { b := true; return &b }())
}

// wild are rules made by chance: most of them are worse than any law.
func wildRules(r *rand.Rand) policy.Rules {
	rules := policy.Default()
	rules.WindowDays = pick(r, 0, 1, 7, 14, 60)
	rules.RestockingFee = r.IntN(51)
	rules.FullShipping = r.IntN(3) == 0
	rules.Kinds = pick(r, nil, []string{"return_refund"}, []string{"refund_only"}, policy.Kinds)
	rules.PriceProtectionDays = 7
	rules.InspectHours, rules.PayoutHours = 1+r.IntN(700), 1+r.IntN(700)
	rules.Compensation = pick(r, nil, map[string]map[string]int64{"statutory": {"CNY": 1}, "goodwill": {"CNY": 10}})
	rules.AutoApprove = pick(r, nil, map[string]int64{"CNY": 1_000_000_000, "EUR": 1_000_000_000, "GBP": 1_000_000_000}, rules.AutoApprove)
	for i := range rules.Reasons {
		days := r.IntN(40)
		rules.Reasons[i].WindowDays = pick(r, nil, &days)
		if r.IntN(4) == 0 {
			rules.Reasons[i].Freight = pick(r, "seller", "customer")
			rules.Reasons[i].Claim = pick(r, "", policy.ChangeOfMind, policy.Defect, policy.NotDelivered, policy.Fraud)
		}
	}
	if r.IntN(3) == 0 {
		rules.Reasons = rules.Reasons[:1+r.IntN(len(rules.Reasons))]
	}
	rules.Categories["clothing"] = policy.Category{Final: r.IntN(2) == 0, Why: pick(r, "other", "clearance", "hygiene")}
	if r.IntN(2) == 0 {
		fee, days := r.IntN(51), r.IntN(10)
		rules.Conditions = append(rules.Conditions, policy.Condition{
			ID: "no", When: pick(r, "true", "request.total > 5000", "item.quantity > 1", "request.kind == 'return_refund' && item.claim != 'fraud'"),
			Then: policy.Then{Outcome: pick(r, "refuse", "review", "approve", ""), Freight: pick(r, "", "customer"), RestockingFee: pick(r, nil, &fee), WindowDays: pick(r, nil, &days)},
		})
	}
	if r.IntN(4) == 0 {
		rules.Evidence = []policy.EvidenceRule{{Ask: []string{"video"}}}
	}
	return rules
}

func wild(r *rand.Rand) *policy.Policy { return policy.Make("wild", 1, wildRules(r), nil) }

// any question made by chance, about one to three lines.
func guess(r *rand.Rand, at time.Time) owed.Question {
	place := pick(r, places...)
	country := place
	if len(place) > 2 {
		country = place[:2]
	}
	placed := at.AddDate(0, 0, r.IntN(500)).Add(time.Duration(r.IntN(86400)) * time.Second)
	o := order.Order{
		ID: "ord_1", Currency: pick(r, "CNY", "EUR", "GBP", "USD"), Country: country, Zone: pick(r, "Asia/Shanghai", "Europe/Paris", "America/New_York", "UTC"), PlacedAt: placed,
		Sale: order.Sale{Channel: pick(r, "", "web", "app", "store", "phone"), Buyer: pick(r, "", "", "", "business"), SellerCountry: pick(r, "", country, "CN"), Terms: pick(r, "", "CN", "US")},
	}
	if len(place) > 2 {
		o.Region = place
	}
	o.Told = order.Told{Right: maybe(r), ReturnCost: maybe(r), Exception: maybe(r), Confirmed: maybe(r), Policy: maybe(r), Terms: maybe(r)}
	kind, phase := pick(r, policy.Kinds...), policy.AfterReceipt
	if r.IntN(5) == 0 {
		phase = pick(r, policy.PreShip, policy.InTransit)
	}
	q := owed.Question{Now: placed.AddDate(0, 0, r.IntN(pick(r, 12, 40, 400))), Request: policy.Request{Kind: kind, Phase: phase, Placed: placed}}
	total := int64(0)
	for no := 1; no <= 1+r.IntN(3); no++ {
		delivered := time.Time{}
		if phase == policy.AfterReceipt {
			delivered = placed.AddDate(0, 0, 1+r.IntN(6))
		}
		l := order.Line{No: no, SKU: "A", Title: "T", Category: pick(r, "clothing", "phone", "laptop", "fresh_food", "underwear", "car"), Quantity: 1 + r.Int64N(3), DeliveredAt: delivered}
		l.Ledger.Paid = r.Int64N(200_000)
		l.Traits = pick(r, nil, nil, []string{"custom"}, []string{"perishable"}, []string{"sealed_hygiene"}, []string{"second_hand", "durable"}, []string{"digital"})
		o.Lines = append(o.Lines, l)
		reason := pick(r, "no_longer_needed", "wrong_size", "defective", "wrong_item", "missing_parts", "not_received", "counterfeit", "of_no_policy")
		if no > 1 {
			reason = q.Request.Goods[0].Reason
		}
		q.Request.Goods = append(q.Request.Goods, policy.Goods{Line: no, SKU: l.SKU, Title: l.Title, Category: l.Category, Traits: nil, Quantity: l.Quantity, Paid: l.Ledger.Paid, Delivered: delivered, Reason: reason})
		total += l.Ledger.Paid
	}
	q.Order, q.Request.Total = o, money.Of(total, o.Currency)
	o.Shipping = order.Shipping{Paid: r.Int64N(3000), Standard: r.Int64N(2000)}
	q.Order = o
	q.Request.Known = pick(r, nil, nil,
		map[string]json.RawMessage{"use.seal_broken": json.RawMessage(pick(r, "true", "false", "null")), "defect.major": json.RawMessage(pick(r, "true", "false", "null"))},
		map[string]json.RawMessage{"repair.failed": json.RawMessage(pick(r, "0", "1", "2")), "repair.tries": json.RawMessage(pick(r, "0", "2")), "repair.refused": json.RawMessage(pick(r, "true", "false"))},
		map[string]json.RawMessage{"fraud.found": json.RawMessage(pick(r, "true", "false"))},
	)
	if sent := r.IntN(6); sent == 0 && !q.Now.IsZero() {
		q.Request.SentBack, q.Request.Returned = q.Now, q.Now.AddDate(0, 0, r.IntN(4))
	}
	return q
}

// direct is the remedies that a test holds a kind and a claim against. It is
// written down again here, so that the table of the package has a witness.
func direct(kind, claim string) []string {
	switch {
	case kind == policy.ReturnRefund && claim == policy.ChangeOfMind:
		return []string{"withdrawal", "store_refund"}
	case kind == policy.ReturnRefund && claim == policy.Defect:
		return []string{"return", "refund", "withdrawal"}
	case kind == policy.Exchange && (claim == policy.Defect || claim == policy.Fraud), kind == policy.Reship && claim == policy.Defect:
		return []string{"replacement"}
	case kind == policy.Compensation:
		return []string{"compensation"}
	case kind == policy.RefundOnly && claim == policy.NotDelivered:
		return []string{"late_delivery", "refund"}
	}
	return nil
}

func TestTheSameQuestionGetsTheSameAnswer(t *testing.T) {
	book := law(t)
	again, err := rights.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		p, q := wild(r), guess(r, time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC))
		before, err := json.Marshal(q.Order)
		if err != nil {
			t.Fatal(err)
		}
		a, b := owed.Decide(book, p, q), owed.Decide(again, p, q)
		if !reflect.DeepEqual(text(t, a), text(t, b)) {
			t.Fatalf("%s\n%s", text(t, a), text(t, b))
		}
		if after, _ := json.Marshal(q.Order); string(after) != string(before) {
			t.Fatal("the question was changed")
		}
	}
}

func text(t *testing.T, v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestWhatComesLaterEndsLater(t *testing.T) {
	book := law(t)
	r := rand.New(rand.NewPCG(8, 9))
	for range 5000 {
		p, q := wild(r), guess(r, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
		q.Request.Phase, q.Request.Kind, q.Open = policy.AfterReceipt, policy.ReturnRefund, true
		q.Order.Lines, q.Request.Goods = q.Order.Lines[:1], q.Request.Goods[:1]
		at := q.Order.PlacedAt.AddDate(0, 0, 2)
		last := time.Time{}
		for day := range 4 {
			arrived := at.AddDate(0, 0, day)
			q.Order.Lines[0].DeliveredAt, q.Request.Goods[0].Delivered, q.Order.DeliveredAt = arrived, arrived, arrived
			q.Now = arrived.AddDate(0, 0, 1)
			d := owed.Decide(book, p, q)
			if d.Outcome == policy.Refuse || d.Until.IsZero() {
				break // another rule speaks now
			}
			if d.Until.Before(last) {
				t.Fatalf("delivered a day later, it ends earlier: %s before %s, %s", d.Until, last, text(t, d))
			}
			last = d.Until
		}
	}
}
