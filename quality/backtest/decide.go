package backtest

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/aftercare/aftercare/rules/policy"
)

// pair is what both sides say about one request.
type pair struct {
	before, after Answer
	err           error
}

// decide answers a batch by both sides on all cores, and counts it in the order
// in which it was read.
func (w *worker) decide(ctx context.Context, b *batch) (*Tally, error) {
	pairs := make([]pair, len(b.requests))
	err := w.service.each(ctx, len(pairs), func(i int) {
		q := &b.requests[i]
		pairs[i] = w.service.both(w.against(b, q), w.tried, q)
	})
	if err != nil {
		return nil, err
	}
	step := &Tally{Skipped: b.skipped, has: map[string]bool{}}
	for _, p := range partsOf(&w.tried.Rules) {
		step.has[p] = true
	}
	for i := range pairs {
		if pairs[i].err != nil {
			count(&step.Skipped, "no_quote", 1)
			continue
		}
		step.record(&b.requests[i], pairs[i].before, pairs[i].after, w.run.Figures.Samples)
	}
	return step, nil
}

func (w *worker) against(b *batch, q *request) *policy.Policy {
	if w.live != nil {
		return w.live
	}
	return b.policies[q.policy]
}

func (s *Service) both(before, after *policy.Policy, q *request) (p pair) {
	if p.before, p.err = decide(s.Book, before, q); p.err == nil {
		p.after, p.err = decide(s.Book, after, q)
	}
	return p
}

// each calls f for 0 to n−1 on all cores. A panic of f is an error that comes
// again.
func (s *Service) each(ctx context.Context, n int, f func(i int)) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	var wait sync.WaitGroup
	var once sync.Once
	var failed error
	for k := range workers {
		wait.Go(func() {
			i := k
			defer func() {
				if p := recover(); p != nil {
					once.Do(func() { failed = errBroken{fmt.Errorf("request %d of a step: %v", i, p)} })
				}
			}()
			for ; i < n && ctx.Err() == nil; i += workers {
				f(i)
			}
		})
	}
	wait.Wait()
	if failed != nil {
		return failed
	}
	return ctx.Err()
}
