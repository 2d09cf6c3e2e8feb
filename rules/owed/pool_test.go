package owed_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

// Rooms to work in are used again, by many at once. An answer that was given
// stays as it was, whatever is asked after it.
func TestManyAtOnceGetTheirOwnAnswers(t *testing.T) {
	type asked struct {
		by   *policy.Policy
		q    owed.Question
		want string
	}
	const questions, workers = 400, 8
	book, r := law(t), rand.New(rand.NewPCG(21, 34))
	all := make([]asked, questions)
	for i := range all {
		all[i].by, all[i].q = wild(r), guess(r, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
		if i%3 > 0 {
			all[i].by = all[i-1].by // rules that several judge by at the same time
		}
		all[i].want = text(t, owed.Decide(book, all[i].by, all[i].q))
	}
	given := make([][]owed.Decision, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := range all {
				x := &all[(i*(2*w+1)+w)%questions] // each in another order
				given[w] = append(given[w], owed.Decide(book, x.by, x.q))
			}
		})
	}
	wait.Wait()
	for w := range workers {
		for i, d := range given[w] {
			if x := &all[(i*(2*w+1)+w)%questions]; text(t, d) != x.want {
				t.Fatalf("worker %d, answer %d:\n%s\n%s", w, i, text(t, d), x.want)
			}
		}
	}
}
