package owed_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// below lists where an answer gives less than the law, line by line and remedy
// by remedy: in outcome, freight, fee, time, money, day of the money and the cost
// of delivery. held tells by which rules there was something to hold it against.
func below(rules *policy.Rules, q owed.Question, d owed.Decision) (found, held []string) {
	if !policy.Allowed(q.Request.Kind, q.Request.Phase) {
		return nil, nil
	}
	miss := func(x *rights.Decision, format string, args ...any) {
		found = append(found, fmt.Sprintf("%s (%s): ", x.Rule, x.Remedy)+fmt.Sprintf(format, args...))
	}
	if len(d.Grounds) == 0 {
		found = append(found, "there is no ground")
	}
	all, mind := len(d.Laws) > 0, true
	for i, l := range d.Laws {
		claim := claimed(rules, q.Request.Goods[i].Reason)
		mind = mind && claim == policy.ChangeOfMind
		names, some := direct(q.Request.Kind, claim), false
		for k := range l.Remedies {
			x := &l.Remedies[k]
			if !slices.Contains(names, x.Remedy) || x.Outcome != rights.Entitled {
				continue
			}
			some, held = true, append(held, x.Rule)
			line := d.Lines[i]
			if x.Freight == "seller" && (line.Freight != "seller" || d.Freight != "seller") {
				miss(x, "the seller pays the way back, the answer says %s", line.Freight)
			}
			if line.Fee != 0 || d.Fees && len(d.Laws) == 1 {
				miss(x, "nothing is kept, the answer keeps %d %%", line.Fee)
			}
			if end := x.Deadline.End(); !end.IsZero() && line.Until.Before(end) {
				miss(x, "it runs until %s, the answer until %s", x.Deadline.At, line.Until)
			}
			if m := x.Refund; m != nil {
				if m.Outbound == "full" && d.Delivery != "full" || m.Outbound == "standard" && d.Delivery == "" {
					miss(x, "delivery comes back (%s), the answer says %q", m.Outbound, d.Delivery)
				}
				if due := m.Due.End(); !due.IsZero() && (d.RefundDue.IsZero() || d.RefundDue.After(due) && (!m.Withhold || q.Request.SentBack.IsZero() && q.Request.Returned.IsZero())) {
					miss(x, "the money is due on %s, the answer says %s", m.Due.At, d.RefundDue)
				}
			}
			if sum := x.OnTop(); d.OnTop >= 0 && d.OnTop < sum {
				miss(x, "%d are due on top, the answer says %d", sum, d.OnTop)
			}
		}
		all = all && some
	}
	if all && (d.Outcome == policy.Refuse || d.Outcome == policy.Ask && mind && q.Request.Kind == policy.ReturnRefund) {
		found = append(found, fmt.Sprintf("every line is entitled, the answer is %s %v", d.Outcome, codes(d.Grounds)))
	}
	return found, held
}

func claimed(rules *policy.Rules, code string) string {
	if reason, known := rules.Reason(code); known {
		return reason.Claims()
	}
	if claim := map[string]string{"counterfeit": policy.Fraud, "defective": policy.Defect, "wrong_item": policy.Defect, "missing_parts": policy.Defect}[code]; claim != "" {
		return claim
	}
	return policy.ChangeOfMind
}

// simpler are ways to make rules and a question plainer, for a counterexample
// that people can read.
var simpler = []func(*policy.Rules, *owed.Question){
	func(r *policy.Rules, _ *owed.Question) { r.Conditions = nil },
	func(r *policy.Rules, _ *owed.Question) { r.Evidence = nil },
	func(r *policy.Rules, _ *owed.Question) { r.Kinds = nil },
	func(r *policy.Rules, _ *owed.Question) { r.RestockingFee = 0 },
	func(r *policy.Rules, _ *owed.Question) { r.FullShipping = true },
	func(r *policy.Rules, _ *owed.Question) { r.Compensation = nil },
	func(r *policy.Rules, _ *owed.Question) { r.WindowDays = 7 },
	func(r *policy.Rules, _ *owed.Question) { r.InspectHours, r.PayoutHours = 72, 24 },
	func(r *policy.Rules, _ *owed.Question) { r.AutoApprove = nil },
	func(r *policy.Rules, _ *owed.Question) { r.Categories = nil },
	func(r *policy.Rules, _ *owed.Question) { r.Reasons = policy.Default().Reasons },
	func(r *policy.Rules, q *owed.Question) {
		r.Reasons = slices.DeleteFunc(slices.Clone(r.Reasons), func(x policy.Reason) bool { return x.Code != q.Request.Goods[0].Reason })
	},
	func(_ *policy.Rules, q *owed.Question) {
		q.Order.Lines, q.Request.Goods = q.Order.Lines[:1], q.Request.Goods[:1]
	},
	func(_ *policy.Rules, q *owed.Question) {
		q.Order.Lines, q.Request.Goods = q.Order.Lines[len(q.Order.Lines)-1:], q.Request.Goods[len(q.Request.Goods)-1:]
	},
	func(_ *policy.Rules, q *owed.Question) { q.Request.Known = nil },
	func(_ *policy.Rules, q *owed.Question) {
		q.Request.SentBack, q.Request.Returned = time.Time{}, time.Time{}
	},
	func(_ *policy.Rules, q *owed.Question) { q.Order.Told = order.Told{} },
	func(_ *policy.Rules, q *owed.Question) { q.Order.Shipping = order.Shipping{} },
	func(_ *policy.Rules, q *owed.Question) { q.Order.Sale = order.Sale{Channel: "web"} },
	func(_ *policy.Rules, q *owed.Question) { q.Now = q.Order.PlacedAt.AddDate(0, 0, 8) },
}

// shrunk is the plainest question and rules for which it still fails.
func shrunk(fails func(policy.Rules, owed.Question) []string, rules policy.Rules, q owed.Question) string {
	for again := true; again; {
		again = false
		for _, change := range simpler {
			r, s := rules, q
			s.Order.Lines, s.Request.Goods = slices.Clone(q.Order.Lines), slices.Clone(q.Request.Goods)
			change(&r, &s)
			if text(nil, r)+text(nil, s) != text(nil, rules)+text(nil, q) && len(r.Reasons) > 0 && len(fails(r, s)) > 0 {
				rules, q, again = r, s, true
			}
		}
	}
	raw, _ := json.Marshal(rules)
	asked, _ := json.Marshal(q.Request)
	of, _ := json.Marshal(q.Order)
	return fmt.Sprintf("%q\nrules    %s\nasked %s %s\norder    %s", fails(rules, q), raw, q.Now.Format(time.RFC3339), asked, of)
}

// Whatever the rules and the facts are, the effective answer never gives less
// than the law.
func TestAPolicyNeverRemovesAFloor(t *testing.T) {
	book := law(t)
	r := rand.New(rand.NewPCG(3, 5))
	fails := func(rules policy.Rules, q owed.Question) []string {
		found, _ := below(&rules, q, owed.Decide(book, policy.Make("wild", 1, rules, nil), q))
		return found
	}
	holds, seen := 0, map[string]bool{}
	for range 15_000 {
		rules, q := wildRules(r), guess(r, time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC))
		found, held := below(&rules, q, owed.Decide(book, policy.Make("wild", 1, rules, nil), q))
		if len(found) > 0 {
			t.Fatal(shrunk(fails, rules, q))
		}
		holds += len(held)
		for _, rule := range held {
			seen[rule] = true
		}
	}
	if holds < 700 || len(seen) < 35 {
		t.Errorf("only %d rights were there to be held, by %d rules: the test has lost its force", holds, len(seen))
	}
	t.Logf("%d rights by %d rules", holds, len(seen))
}

// What the test of the floor has to see: answers that were made worse in one
// point each.
func TestTheTestOfTheFloorCanFail(t *testing.T) {
	book := law(t)
	for name, worse := range map[string]func(*owed.Decision){
		"refused":        func(d *owed.Decision) { d.Outcome = policy.Refuse },
		"no ground":      func(d *owed.Decision) { d.Grounds = nil },
		"freight":        func(d *owed.Decision) { d.Freight, d.Lines[0].Freight = "customer", "customer" },
		"a fee":          func(d *owed.Decision) { d.Lines[0].Fee = 1 },
		"a day less":     func(d *owed.Decision) { d.Lines[0].Until = d.Lines[0].Until.AddDate(0, 0, -90) },
		"a later day":    func(d *owed.Decision) { d.RefundDue = d.RefundDue.AddDate(0, 1, 0) },
		"delivery":       func(d *owed.Decision) { d.Delivery = "" },
		"statutory less": func(d *owed.Decision) { d.OnTop = max(0, d.OnTop-1) },
	} {
		r, caught := rand.New(rand.NewPCG(3, 5)), false
		for range 15_000 {
			rules, q := wildRules(r), guess(r, time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC))
			d := owed.Decide(book, policy.Make("wild", 1, rules, nil), q)
			worse(&d)
			if found, _ := below(&rules, q, d); len(found) > 0 {
				caught = true
				break
			}
		}
		if !caught {
			t.Errorf("%s: nobody noticed", name)
		}
	}
}

// near are rules close to what the law of a market asks for: some of them take a
// right away, some do not.
func near(r *rand.Rand, market string) policy.Rules {
	rules := policy.Default()
	if eu, _ := policy.Preset("eu"); !slices.Contains([]string{"CN", "TW", "KR", "BR"}, market) {
		rules = eu.Apply(rules)
	}
	rules.Markets, rules.Reasons = []string{market}, slices.Clone(rules.Reasons)
	rules.WindowDays += pick(r, 0, 0, 0, 0, -1, 1)
	rules.FullShipping = r.IntN(8) > 0
	rules.RestockingFee = pick(r, 0, 0, 0, 0, 0, 5)
	rules.InspectHours = pick(r, 24, 24, 72, 72, 400)
	rules.Kinds = pick(r, nil, nil, nil, []string{"return_refund", "exchange"}, []string{"return_refund", "refund_only", "reship"})
	pays := market == "TW" || r.IntN(3) == 0
	for i := range rules.Reasons {
		x := &rules.Reasons[i]
		if x.Claims() == policy.Defect && r.IntN(20) == 0 {
			x.CureDays = pick(r, new(int), func() *int { n := 365; return &n }(), func() *int { n := 1100; return &n }())
		}
		if x.Claims() == policy.ChangeOfMind && pays {
			x.Freight = "seller"
		}
	}
	if r.IntN(4) == 0 {
		rules.Conditions = []policy.Condition{{ID: "c", When: pick(r, "item.claim == 'change_of_mind' && item.days > 20", "item.days > 6", "customer.cases > 3", "request.country == 'US'"),
			Kinds: pick(r, nil, []string{"return_refund"}, []string{"exchange"}, []string{"refund_only"}), Then: policy.Then{Outcome: "refuse"}}}
	}
	return rules
}

// Rules in which the check finds nothing give by themselves what the law gives
// for a usual purchase, in which nobody did anything to lose a right.
func TestWhatTheCheckLetsPassGivesWhatTheLawGives(t *testing.T) {
	book := law(t)
	r := rand.New(rand.NewPCG(5, 6))
	places := map[string][2]string{"CN": {"CNY", "Asia/Shanghai"}, "DE": {"EUR", "Europe/Berlin"}, "FR": {"EUR", "Europe/Paris"}, "ES": {"EUR", "Europe/Madrid"}, "SE": {"EUR", "Europe/Stockholm"},
		"GB": {"GBP", "Europe/London"}, "TW": {"TWD", "Asia/Taipei"}}
	passed, refused, compared := 0, 0, 0
	for range 300 {
		market := pick(r, "CN", "DE", "FR", "ES", "SE", "GB", "TW")
		rules := near(r, market)
		if len(policy.Check(book, rules, rules.Markets)) > 0 {
			refused++
			continue
		}
		passed++
		p := policy.Make("near", 1, rules, nil)
		for range 20 {
			o := bought(market, places[market][0], places[market][1], monday)
			yes := true
			o.Told = order.Told{Right: &yes, ReturnCost: &yes, Function: &yes}
			q := asks(o, pick(r, policy.ReturnRefund, policy.Exchange, policy.RefundOnly), pick(r, "no_longer_needed", "wrong_size", "defective", "wrong_item"), monday.AddDate(0, 0, r.IntN(pick(r, 20, 800))))
			q.Request.Country, q.Request.Known = market, pick(r, nil, map[string]json.RawMessage{"repair.failed": []byte("1"), "repair.tries": []byte("2")}, map[string]json.RawMessage{"defect.major": []byte("true")})
			q.Request.Customer.Cases = r.Int64N(6)
			if q.Request.Kind == policy.Exchange && !rules.Offers(policy.Exchange) {
				q.Request.Kind = policy.Reship // which is as good
			}
			d := owed.Decide(book, p, q)
			q.Request.Now = q.Now
			q.Request.Zone, _ = time.LoadLocation(o.Zone)
			alone := p.Judge(q.Request)
			names := direct(q.Request.Kind, claimed(&rules, q.Request.Goods[0].Reason))
			if q.Request.Kind == policy.RefundOnly && claimed(&rules, q.Request.Goods[0].Reason) == policy.Defect {
				names = []string{"price_reduction"}
			}
			for _, x := range d.Laws[0].Remedies {
				if !slices.Contains(names, x.Remedy) || x.Outcome != rights.Entitled || x.Deadline != nil && x.Deadline.Strict != "" && q.Now.After(x.Deadline.End().AddDate(0, 0, -4)) {
					continue // days off at the end are the law's
				}
				compared++
				mine := append(alone.Lines, policy.Terms{})[0]
				if alone.Outcome == policy.Refuse || x.Freight == "seller" && mine.Freight != "seller" && q.Request.Kind == policy.ReturnRefund || mine.Fee > 0 {
					raw, _ := json.Marshal(rules)
					t.Fatalf("%s by %s until %v: the rules alone say %s %v %+v of %s for %s on %s %s\n%s", x.Remedy, x.Rule, x.Deadline, alone.Outcome, codes(alone.Grounds), mine, q.Request.Kind, q.Request.Goods[0].Reason, q.Now.Format(time.DateOnly), q.Request.Known, raw)
				}
			}
		}
	}
	if passed < 50 || refused < 50 || compared < 300 {
		t.Errorf("%d passed, %d refused, %d compared: the test has lost its force", passed, refused, compared)
	}
	t.Logf("%d passed, %d refused, %d compared", passed, refused, compared)
}
