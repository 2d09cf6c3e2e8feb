package settlement

import (
	"context"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// Act is what a person does with a payout: Retry sends it again under the same
// key, MarkPaid records that it was paid by other means under a reference.
// Version is what the person saw; 0 means any. Refusals: ErrUnknown, ErrStale,
// ErrMove, ErrReference, and ErrWire for one that waits for a chargeback while
// an earlier call may still be under way.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by actor.Actor, payoutID string, version int64, do Event, reference string) (Payout, error) {
	p, err := seen(ctx, tx, by.Tenant, payoutID, version)
	if err != nil {
		return Payout{}, err
	}
	if do == MarkPaid {
		if reference == "" {
			return Payout{}, ErrReference
		}
		return s.paidByHand(ctx, tx, by, p, reference)
	}
	if do != Retry {
		return Payout{}, ErrMove.With("state", string(p.State)).With("action", string(do))
	}
	if p.State, err = next(p.State, Retry); err != nil {
		return Payout{}, err
	}
	if p.Attempts == 0 && !p.Unsure { // never sent: an account that was set up since may pay it
		if p.Account, err = s.accountOf(ctx, tx, p.Tenant, p.Provider, p.Order); err != nil {
			return Payout{}, err
		}
		if err := retarget(ctx, tx, p); err != nil {
			return Payout{}, fmt.Errorf("account of %s: %w", p.ID, err)
		}
	}
	p.LastError, p.Unsure = "", false
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	if err := s.enqueue(ctx, tx, p, false); err != nil {
		return Payout{}, err
	}
	return p, announce(ctx, tx, by, p, RetriedFact{about(p)})
}

// paidByHand records a payment by other means. Where one came back before, the
// key ends with it: what its provider repeats later is about the former payment.
func (s *Service) paidByHand(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, reference string) (Payout, error) {
	switch p.State {
	case Blocked:
		if err := s.quiet(ctx, tx, p); err != nil {
			return Payout{}, err
		}
	case Reversed:
		if err := leave(ctx, tx, by, &p, ""); err != nil {
			return Payout{}, err
		}
	}
	return s.succeed(ctx, tx, by, p, MarkPaid, reference)
}

// leave keeps the present means of payment and begins another generation.
func leave(ctx context.Context, tx *db.Tx, by actor.Actor, p *Payout, consent string) error {
	if err := insertRedirect(ctx, tx, *p, consent, by.ID); err != nil {
		return fmt.Errorf("leaving the key of %s: %w", p.ID, err)
	}
	p.Generation++
	return retarget(ctx, tx, *p)
}

// Redirect pays a payout to other means, as the customer agreed in the words of
// consent: the card is closed, the time for refunds has passed, a transfer came
// back. The payout stays the record of what was reserved; only its key changes.
//
// It cannot pay twice, because it is possible only after the provider's own
// answer that under the former key nothing was paid or all came back. Refusals:
// ErrUnsure where that answer is missing (Retry asks for it), ErrWire while a
// call may be under way, ErrBlocked during a chargeback, ErrMove in any other
// state than failed, manual and reversed, ErrTarget, ErrConsent, ErrStale,
// ErrUnknown.
func (s *Service) Redirect(ctx context.Context, tx *db.Tx, by actor.Actor, payoutID string, version int64, to Target, consent string) (Payout, error) {
	p, err := seen(ctx, tx, by.Tenant, payoutID, version)
	if err != nil {
		return Payout{}, err
	}
	from := p
	if p.State, err = next(p.State, Redirect); err != nil {
		return Payout{}, err
	}
	switch {
	case to.Kind == "" || to.Provider == "":
		return Payout{}, ErrTarget
	case strings.TrimSpace(consent) == "":
		return Payout{}, ErrConsent
	case p.Unsure:
		return Payout{}, ErrUnsure.With("reason", p.LastError)
	}
	if err := s.quiet(ctx, tx, from); err != nil {
		return Payout{}, err
	}
	if chargeback, err := lockOpen(ctx, tx, from); err != nil || chargeback != "" {
		if err != nil {
			return Payout{}, fmt.Errorf("chargebacks on %s: %w", p.ID, err)
		}
		return Payout{}, ErrBlocked.With("chargeback", chargeback)
	}
	if err := leave(ctx, tx, by, &p, consent); err != nil {
		return Payout{}, err
	}
	p.Kind, p.Provider, p.Reference, p.Label = to.Kind, to.Provider, to.Reference, to.Label
	p.ProviderRef, p.LastError = "", ""
	if p.Account, err = s.accountOf(ctx, tx, p.Tenant, p.Provider, p.Order); err != nil {
		return Payout{}, err
	}
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	if err := retarget(ctx, tx, p); err != nil {
		return Payout{}, fmt.Errorf("redirecting %s: %w", p.ID, err)
	}
	if err := s.enqueue(ctx, tx, p, false); err != nil {
		return Payout{}, err
	}
	return p, announce(ctx, tx, by, p, RedirectedFact{about(p), means(from), means(p), consent})
}

func means(p Payout) Means { return Means{p.Kind, p.Provider, p.Label} }

// seen reads a payout that somebody wants to change.
func seen(ctx context.Context, tx *db.Tx, tenant, payoutID string, version int64) (Payout, error) {
	p, err := byID(ctx, tx, tenant, payoutID)
	if err != nil {
		return Payout{}, err
	}
	if version != 0 && version != p.Version {
		return Payout{}, ErrStale.With("version", p.Version)
	}
	return p, nil
}

// quiet refuses with ErrWire while a worker may be talking to the provider, and
// takes away a job that only waits.
func (s *Service) quiet(ctx context.Context, tx *db.Tx, p Payout) error {
	jobs, err := s.queue.ByKeys(ctx, tx, p.Tenant, payKind, p.ID)
	if err != nil {
		return fmt.Errorf("jobs of %s: %w", p.ID, err)
	}
	for _, j := range jobs {
		if j.State == job.Running {
			return ErrWire
		}
		if err := s.queue.Cancel(ctx, tx, p.Tenant, payKind, p.ID); err != nil {
			return fmt.Errorf("job of %s: %w", p.ID, err)
		}
	}
	return nil
}
