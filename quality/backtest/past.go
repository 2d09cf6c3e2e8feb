package backtest

import (
	"context"
	"fmt"
	"maps"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// Past is requests held in memory together with the rules of then, for whoever
// decides them apart from a run: measurements, and programs that look closer.
type Past struct {
	Skipped  map[string]int64
	book     *rights.Book
	requests []request
	policies map[policyKey]*policy.Policy
}

// Load reads the past of a shop.
func (s *Service) Load(ctx context.Context, tenant string, scope Scope) (*Past, error) {
	p := &Past{Skipped: map[string]int64{}, book: s.Book, policies: map[policyKey]*policy.Policy{}}
	scope, err := scope.complete(s.Store.Now())
	if err != nil {
		return nil, err
	}
	r := reader{tenant: tenant, scope: scope}
	for at := (Place{}); at.Source < len(scope.Sources) && int64(len(p.requests)) < scope.Limit; {
		var b batch
		err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
			b, err = r.read(ctx, tx, at, int(min(stepSize, scope.Limit-int64(len(p.requests)))))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("reading the past: %w", err)
		}
		at = b.next
		p.requests = append(p.requests, b.requests...)
		maps.Copy(p.policies, b.policies)
		for why, n := range b.skipped {
			p.Skipped[why] += n
		}
	}
	return p, nil
}

// Len is how many requests there are.
func (p *Past) Len() int { return len(p.requests) }

// Then is the version that a request was judged by.
func (p *Past) Then(i int) *policy.Policy { return p.policies[p.requests[i].policy] }

// Decide answers a request by a policy: what it is worth, whether it is granted,
// and on what terms.
func (p *Past) Decide(i int, by *policy.Policy) (Answer, error) {
	return decide(p.book, by, &p.requests[i])
}

// Question is what law and policy are asked about a request that is worth so
// much.
func (p *Past) Question(i int, minor int64) owed.Question {
	q := &p.requests[i]
	ask := q.ask
	ask.Total = q.total(minor)
	return owed.Question{Order: q.order, Request: ask, Now: q.at}
}
