package settlement

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// Service holds the verbs of payouts.
type Service struct {
	store     *db.DB
	queue     *job.Queue
	log       *slog.Logger
	providers map[string]Provider
}

// New makes the service. A tender whose provider is not among these is paid by
// hand.
func New(store *db.DB, queue *job.Queue, log *slog.Logger, providers ...Provider) *Service {
	s := &Service{store: store, queue: queue, log: log, providers: map[string]Provider{}}
	for _, p := range providers {
		s.providers[p.Name()] = p
	}
	return s
}

// ByID finds a payout, or refuses with ErrUnknown.
func ByID(ctx context.Context, tx *db.Tx, tenant, id string) (Payout, error) {
	return byID(ctx, tx, tenant, id)
}

// ByCase lists the payouts of a case by time, purpose and tender.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Payout, error) {
	return byCase(ctx, tx, tenant, caseID)
}

// Reserve writes the payouts of a plan and one job each. It refuses with
// ErrReserved when the case already has one of them. That the plan stays within
// what was captured is checked by its caller, who holds the order's money row.
func (s *Service) Reserve(ctx context.Context, tx *db.Tx, by actor.Actor, plan Plan) ([]Payout, error) {
	all := make([]Payout, 0, len(plan.Parts))
	for _, part := range plan.Parts {
		all = append(all, Payout{
			ID: id.New("payout"), Tenant: by.Tenant, Case: plan.Case, Order: plan.Order, Currency: plan.Currency,
			Purpose: part.Purpose, Tender: part.Tender, Kind: part.Kind, Label: part.Label, Provider: part.Provider,
			Reference: part.Reference, Amount: part.Amount, State: Reserved, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		})
	}
	if len(all) == 0 {
		return all, nil
	}
	n, err := insert(ctx, tx, all)
	if err != nil {
		return nil, fmt.Errorf("reserving payouts of %s: %w", plan.Case, err)
	}
	if n != int64(len(all)) {
		return nil, ErrReserved.With("case", plan.Case)
	}
	if err := expect(ctx, tx, by.Tenant, plan.Case, len(all)); err != nil {
		return nil, fmt.Errorf("reserving payouts of %s: %w", plan.Case, err)
	}
	for _, p := range all {
		if err := s.enqueue(ctx, tx, p); err != nil {
			return nil, err
		}
		if err := announce(ctx, tx, by, p, ReservedFact{about(p)}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Act is what a person does with a payout: Retry sends it again under the same
// key, MarkPaid records that it was paid by other means under a reference.
// Version is what the person saw; 0 means any. Refusals: ErrUnknown, ErrStale,
// ErrMove, ErrReference.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by actor.Actor, payoutID string, version int64, do Event, reference string) (Payout, error) {
	p, err := byID(ctx, tx, by.Tenant, payoutID)
	if err != nil {
		return Payout{}, err
	}
	if version != 0 && version != p.Version {
		return Payout{}, ErrStale.With("version", p.Version)
	}
	if do == MarkPaid {
		if reference == "" {
			return Payout{}, ErrReference
		}
		return s.succeed(ctx, tx, by, p, do, reference)
	}
	if do != Retry {
		return Payout{}, ErrMove.With("state", string(p.State)).With("action", string(do))
	}
	if p.State, err = next(p.State, Retry); err != nil {
		return Payout{}, err
	}
	p.LastError = ""
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	if err := s.enqueue(ctx, tx, p); err != nil {
		return Payout{}, err
	}
	return p, announce(ctx, tx, by, p, RetriedFact{about(p)})
}

// Notice takes an answer that a provider sends by itself, as often and as late
// as it likes. Only the first final answer changes anything.
func (s *Service) Notice(ctx context.Context, tx *db.Tx, tenant, key string, r Result) error {
	p, err := byID(ctx, tx, tenant, key)
	if err != nil {
		return err
	}
	_, err = s.record(ctx, tx, p, r)
	return err
}

// record applies an answer to a payout as it is now.
func (s *Service) record(ctx context.Context, tx *db.Tx, p Payout, r Result) (Payout, error) {
	by := actor.Of(p.Tenant)
	if p.State == Succeeded {
		return p, s.again(ctx, tx, by, p, r)
	}
	switch r.Outcome {
	case Paid:
		return s.succeed(ctx, tx, by, p, succeed, r.Reference)
	case Declined:
		if p.State == Failed || p.State == Manual {
			return p, nil // said before
		}
		return s.stop(ctx, tx, by, p, decline, r.Reason)
	case ByHand:
		if p.State == Failed || p.State == Manual {
			return p, nil
		}
		return s.stop(ctx, tx, by, p, hand, r.Reason)
	case Pending:
		if p.State == Failed || p.State == Manual {
			return p, nil
		}
		return s.submitted(ctx, tx, by, p, "")
	}
	return p, fmt.Errorf("provider %s answered %q about %s", p.Provider, r.Outcome, p.ID)
}

// again looks at an answer about a payout that has succeeded: the same payment
// reported twice is nothing new, another one is.
func (s *Service) again(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, r Result) error {
	if r.Outcome != Paid || r.Reference == p.ProviderRef {
		return nil
	}
	s.log.ErrorContext(ctx, "payout was settled and is reported paid once more", "payout", p.ID, "provider", p.Provider)
	return announce(ctx, tx, by, p, DuplicateFact{about(p), r.Reference, p.ProviderRef})
}

func (s *Service) succeed(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, on Event, reference string) (_ Payout, err error) {
	if p.State, err = next(p.State, on); err != nil {
		return Payout{}, err
	}
	p.ProviderRef, p.LastError = reference, ""
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	open, err := count(ctx, tx, p.Tenant, p.Case)
	if err != nil {
		return Payout{}, fmt.Errorf("counting payouts of %s: %w", p.Case, err)
	}
	return p, announce(ctx, tx, by, p, SucceededFact{about(p), reference, on == MarkPaid, open == 0})
}

// stop hands a payout to a person.
func (s *Service) stop(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, on Event, reason string) (_ Payout, err error) {
	if p.State, err = next(p.State, on); err != nil {
		return Payout{}, err
	}
	p.LastError = reason
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	if on == hand {
		return p, announce(ctx, tx, by, p, ManualFact{about(p), reason})
	}
	return p, announce(ctx, tx, by, p, FailedFact{about(p), reason})
}

// submitted records that a payout may be on the wire. It is announced once.
func (s *Service) submitted(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, why string) (_ Payout, err error) {
	first := p.State != Submitted
	if p.State, err = next(p.State, submit); err != nil {
		return Payout{}, err
	}
	p.LastError = why
	if err := update(ctx, tx, &p); err != nil || !first {
		return p, err
	}
	return p, announce(ctx, tx, by, p, SubmittedFact{about(p), p.Attempts, why})
}

func (s *Service) enqueue(ctx context.Context, tx *db.Tx, p Payout) error {
	return s.queue.Enqueue(ctx, tx, job.New{Tenant: p.Tenant, Kind: payKind, Key: p.ID, Args: payArgs{p.ID}, MaxAttempts: maxAttempts})
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: stream, Subject: p.ID, Version: p.Version}, fact)
}
