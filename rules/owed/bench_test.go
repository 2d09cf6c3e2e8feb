package owed_test

import (
	"testing"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

func BenchmarkDecide(b *testing.B) {
	book, p := law(b), shop(func(r *policy.Rules) {
		r.Conditions = []policy.Condition{{ID: "vip", When: "customer.tier == 'gold' && request.total < 100000", Then: policy.Then{Outcome: "approve"}}}
	})
	for name, q := range map[string]owed.Question{
		"CN approved": asks(bought("CN", "CNY", "Asia/Shanghai", monday), "", "wrong_size", monday.AddDate(0, 0, 3)),
		"DE by law":   asks(bought("DE", "EUR", "Europe/Berlin", monday), "", "wrong_size", monday.AddDate(0, 0, 10)),
		"DE refused":  asks(bought("DE", "EUR", "Europe/Berlin", monday), "", "wrong_size", monday.AddDate(0, 0, 40)),
		"FR defect":   asks(bought("FR", "EUR", "Europe/Paris", monday), "", "defective", monday.AddDate(0, 0, 90)),
		"DE 4 lines":  lines(asks(bought("DE", "EUR", "Europe/Berlin", monday), "", "wrong_size", monday.AddDate(0, 0, 12)), 4),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				owed.Decide(book, p, q)
			}
		})
	}
}

// lines is a wish for so many articles alike.
func lines(q owed.Question, n int) owed.Question {
	for no := 2; no <= n; no++ {
		l, g := q.Order.Lines[0], q.Request.Goods[0]
		l.No, g.Line = no, no
		q.Order.Lines, q.Request.Goods = append(q.Order.Lines, l), append(q.Request.Goods, g)
	}
	return q
}

// What an order of 1,000 lines offers is asked line by line.
func BenchmarkDecideEachOf1000Lines(b *testing.B) {
	book, p := law(b), shop(func(*policy.Rules) {})
	q := lines(asks(bought("DE", "EUR", "Europe/Berlin", monday), "", "wrong_size", monday.AddDate(0, 0, 12)), 1000)
	b.Run("alone", func(b *testing.B) {
		one, whole := q, owed.WholeOf(&q.Order)
		one.Whole = &whole
		for b.Loop() {
			for i := range q.Request.Goods {
				one.Request.Goods = q.Request.Goods[i : i+1]
				owed.Decide(book, p, one)
			}
		}
	})
	b.Run("together", func(b *testing.B) {
		for b.Loop() {
			owed.Decide(book, p, q)
		}
	})
}
