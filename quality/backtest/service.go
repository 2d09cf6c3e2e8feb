package backtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// Service runs back-tests. Store, Queue and Book are required.
type Service struct {
	Store *db.DB
	Queue *job.Queue
	Book  *rights.Book
	Log   *slog.Logger // nil: silent
	Step  int          // requests between two places that are stored; 0: 1,000
	// Stored is told after each step how many requests are done; nil: nobody.
	Stored func(done int64)
}

// Wish is what somebody wants tried.
type Wish struct {
	Policy  string        // id
	Version int64         // to try; 0: Rules
	Rules   *policy.Rules // to try instead of a version
	Scope   Scope
}

// Ask queues a back-test. It refuses rules that contradict themselves, a policy
// or version that does not exist, and more runs than may wait.
func (s *Service) Ask(ctx context.Context, tx *db.Tx, by actor.Actor, w Wish) (Run, error) {
	p, err := tried(ctx, tx, by.Tenant, w)
	if err != nil {
		return Run{}, err
	}
	scope, err := w.Scope.complete(tx.Now)
	if err != nil {
		return Run{}, err
	}
	if n, err := waiting(ctx, tx, by.Tenant); err != nil || n >= MaxWaiting {
		return Run{}, errors.Join(err, when(err == nil, ErrWaiting.With("waiting", n).With("limit", MaxWaiting)))
	}
	rules, err := json.Marshal(p.Rules)
	if err != nil {
		return Run{}, err
	}
	r := Run{
		ID: id.New("bkt"), Tenant: by.Tenant, State: Queued, Policy: w.Policy, PolicyVer: w.Version, Rules: rules, Scope: scope, By: by.Name,
		Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if r.Total, err = size(ctx, tx, by.Tenant, scope); err != nil {
		return Run{}, err
	}
	if err := insert(ctx, tx, &r); err != nil {
		return Run{}, fmt.Errorf("storing back-test: %w", err)
	}
	if err := s.wake(ctx, tx, by.Tenant); err != nil {
		return Run{}, err
	}
	return r, event.Append(ctx, tx, by, about(&r), Asked{Policy: r.Policy, Version: r.PolicyVer, Total: r.Total})
}

func when(is bool, err error) error {
	if is {
		return err
	}
	return nil
}

func about(r *Run) event.About {
	return event.About{Stream: "backtest", Subject: r.ID, Version: r.Version}
}

// tried is the policy that a wish names, ready to judge.
func tried(ctx context.Context, tx *db.Tx, tenant string, w Wish) (*policy.Policy, error) {
	switch {
	case w.Rules != nil && w.Version != 0:
		return nil, ErrInvalid.At("rules", "are given besides a version", "one of both")
	case w.Rules == nil && w.Version == 0:
		return nil, ErrInvalid.At("version", "is missing", "a version of the policy, or rules")
	case w.Rules == nil:
		p, err := policy.At(ctx, tx, tenant, w.Policy, w.Version)
		return &p, err
	}
	if _, err := policy.At(ctx, tx, tenant, w.Policy, 0); err != nil {
		return nil, err
	}
	if err := w.Rules.Check(); err != nil {
		return nil, err
	}
	return ready(ctx, tx, tenant, w.Policy, 0, *w.Rules)
}

// ready makes rules that are stored nowhere ready to judge, on the policy that
// they stand on.
func ready(ctx context.Context, tx *db.Tx, tenant, id string, version int64, rules policy.Rules) (*policy.Policy, error) {
	if rules.Parent == "" {
		return policy.Make(id, version, rules, nil), nil
	}
	parent, err := policy.At(ctx, tx, tenant, rules.Parent, 0)
	if err != nil {
		return nil, fmt.Errorf("policy under the rules: %w", err)
	}
	return policy.Make(id, version, rules, &parent), nil
}

// complete fills what a scope leaves out, and refuses what makes no sense.
func (s Scope) complete(now time.Time) (Scope, error) {
	if s.To.IsZero() || s.To.After(now) {
		s.To = now
	}
	if len(s.Sources) == 0 {
		s.Sources = []string{Cases, History}
	}
	if s.Limit == 0 {
		s.Limit = MaxRequests
	}
	if s.Against == "" {
		s.Against = Then
	}
	if s.Reason == "" {
		s.Reason = "no_longer_needed"
	}
	wrong := ErrInvalid
	if !s.From.Before(s.To) {
		wrong = wrong.At("from", "is not before the end", "an earlier instant")
	}
	if s.Limit < 1 || s.Limit > MaxRequests {
		wrong = wrong.At("limit", "is out of range", fmt.Sprintf("1 to %d", MaxRequests))
	}
	for _, kind := range s.Kinds {
		if !slices.Contains(policy.Kinds, kind) {
			wrong = wrong.At("kinds", "names no kind of request", strings.Join(policy.Kinds, ", "))
		}
	}
	for i, source := range s.Sources {
		if source != Cases && source != History || slices.Contains(s.Sources[:i], source) {
			wrong = wrong.At("sources", "names no source, or one twice", Cases+", "+History)
		}
	}
	if s.Against != Then && s.Against != Live {
		wrong = wrong.At("against", "is not known", Then+", "+Live)
	}
	if wrong != ErrInvalid {
		return s, wrong
	}
	return s, nil
}

// Cancel ends a run that has not ended. What it has counted stays.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Run, error) {
	r, err := lock(ctx, tx, by, id)
	if err != nil {
		return Run{}, err
	}
	return r, s.end(ctx, tx, by, &r, Cancel, "")
}

// end moves a run to one of its ends.
func (s *Service) end(ctx context.Context, tx *db.Tx, by actor.Actor, r *Run, do Action, why string) (err error) {
	if r.State, err = next(r.State, do); err != nil {
		return err
	}
	r.EndedAt, r.Error = tx.Now, why
	ok, err := save(ctx, tx, r)
	if err != nil {
		return fmt.Errorf("%s back-test %s: %w", do, r.ID, err)
	}
	if !ok {
		return errMoved
	}
	return event.Append(ctx, tx, by, about(r), Ended{Policy: r.Policy, State: r.State, Decided: r.Figures.Decided, Better: r.Figures.Better, Worse: r.Figures.Worse})
}

// errMoved says that somebody else changed the run meanwhile.
var errMoved = errors.New("the run was changed by somebody else")

// WhatIf answers one case by the policy of its order and by other rules.
func (s *Service) WhatIf(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, w Wish) (Comparison, error) {
	p, err := tried(ctx, tx, by.Tenant, w)
	if err != nil {
		return Comparison{}, err
	}
	q, err := oneCase(ctx, tx, by, caseID)
	if err != nil {
		return Comparison{}, err
	}
	against, err := policy.At(ctx, tx, by.Tenant, q.policy.id, q.policy.version)
	if w.Scope.Against == Live {
		against, err = policy.At(ctx, tx, by.Tenant, w.Policy, 0)
	}
	if err != nil {
		return Comparison{}, fmt.Errorf("policy of the case: %w", err)
	}
	c := Comparison{request: q}
	if c.Before, err = decide(s.Book, &against, &q); err != nil {
		return Comparison{}, err
	}
	if c.After, err = decide(s.Book, p, &q); err != nil {
		return Comparison{}, err
	}
	c.Change, c.Direction = compare(c.Before.Side, c.After.Side)
	c.Unknown = append(slices.Clone(q.unknown), missing(&c.After.Decision)...)
	slices.Sort(c.Unknown)
	c.Unknown = slices.Compact(c.Unknown)
	return c, nil
}

// Comparison is one request answered by two sets of rules.
type Comparison struct {
	request           request
	Before, After     Answer
	Change, Direction string
	Unknown           []string
}
