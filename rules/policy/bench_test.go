package policy_test

import (
	"fmt"
	"testing"

	"github.com/aftercare/aftercare/rules/policy"
)

// twenty are twenty conditions of which none holds, so that all are asked.
func twenty() *policy.Policy {
	return rules(func(r *policy.Rules) {
		for i := range 20 {
			r.Conditions = append(r.Conditions, when(fmt.Sprint("c", i), fmt.Sprintf("customer.tier == 'gold' && request.total < %d || item.category == 'phone' && item.days > %d", i, i), policy.Then{Outcome: "review"}))
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	q := ask(nothing)
	for name, p := range map[string]*policy.Policy{"general": rules(func(*policy.Rules) {}), "twenty": twenty()} {
		b.Run(name, func(b *testing.B) {
			p.Judge(q)
			b.ReportAllocs()
			for b.Loop() {
				p.Judge(q)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	q := ask(nothing)
	for b.Loop() {
		p := twenty()
		p.Judge(q)
	}
}

func BenchmarkCheck(b *testing.B) {
	law, r := book(b), twenty().Rules
	for i := range r.Conditions {
		r.Conditions[i].Then = policy.Then{Outcome: "refuse"}
	}
	for b.Loop() {
		policy.Check(law, r, []string{"CN", "DE", "FR", "ES", "SE", "PT", "TW", "GB", "BR", "KR"})
	}
}
