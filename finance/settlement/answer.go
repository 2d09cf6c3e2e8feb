package settlement

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Notice takes an answer that a provider sends by itself about a key, as often
// and as late as it likes. Only the first final answer changes anything; that
// money came back (Returned) changes a success once. An answer about a means of
// payment that the payout has left counts only where it says that it was paid
// after all and nothing else was: it is announced as a duplicate otherwise. One
// that came through another account than the payout's is about something else
// and refused with ErrUnknown.
func (s *Service) Notice(ctx context.Context, tx *db.Tx, tenant, key string, r Result) error {
	payoutID, generation := parse(key)
	p, err := byID(ctx, tx, tenant, payoutID)
	if err != nil {
		return err
	}
	if generation < p.Generation {
		return s.late(ctx, tx, p, generation, r)
	}
	if r.Account != p.Account {
		return ErrUnknown
	}
	_, err = s.record(ctx, tx, p, r)
	return err
}

// parse undoes Payout.Key.
func parse(key string) (payout string, generation int) {
	payout, text, ok := strings.Cut(key, "-")
	if n, err := strconv.Atoi(text); ok && err == nil && n > 1 {
		return payout, n
	}
	return payout, 1
}

// late looks at an answer about a means of payment that the payout has left.
func (s *Service) late(ctx context.Context, tx *db.Tx, p Payout, generation int, r Result) error {
	if r.Outcome != Paid {
		return nil
	}
	known, account, err := former(ctx, tx, p.Tenant, p.ID, generation)
	if err == nil && r.Account != account {
		return ErrUnknown
	}
	if err != nil || known != "" && known == r.Reference {
		return err // the payment that came back
	}
	return s.twice(ctx, tx, p, r)
}

// record applies an answer to a payout as it is now.
func (s *Service) record(ctx context.Context, tx *db.Tx, p Payout, r Result) (Payout, error) {
	by := actor.Of(p.Tenant)
	if p.State == Succeeded || p.State == Reversed {
		return s.again(ctx, tx, by, p, r)
	}
	waits := p.State == Failed || p.State == Manual // for a person, who was told
	switch r.Outcome {
	case Paid:
		return s.succeed(ctx, tx, by, p, succeed, r.Reference)
	case Declined, Returned:
		if waits {
			return s.known(ctx, tx, by, p, r.Reason)
		}
		return s.stop(ctx, tx, by, p, decline, r.Reason)
	case ByHand:
		if waits {
			return s.known(ctx, tx, by, p, r.Reason)
		}
		return s.stop(ctx, tx, by, p, hand, r.Reason)
	case Pending:
		if waits {
			return p, nil
		}
		return s.submitted(ctx, tx, by, p, "")
	}
	return p, fmt.Errorf("provider %s answered %q about %s", p.Provider, r.Outcome, p.ID)
}

// again looks at an answer about a payout that has succeeded: the same payment
// reported twice is nothing new, another one is, and so is money that came back.
func (s *Service) again(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, r Result) (Payout, error) {
	switch {
	case r.Outcome == Returned && p.State == Succeeded && (r.Reference == "" || r.Reference == p.ProviderRef):
		return s.back(ctx, tx, by, p, r)
	case r.Outcome == Paid && r.Reference != p.ProviderRef:
		return p, s.twice(ctx, tx, p, r)
	}
	return p, nil
}

// twice announces a payment besides the one that counts.
func (s *Service) twice(ctx context.Context, tx *db.Tx, p Payout, r Result) error {
	s.log.ErrorContext(ctx, "payout was settled and is reported paid once more", "payout", p.ID, "provider", p.Provider)
	return announce(ctx, tx, actor.Of(p.Tenant), p, DuplicateFact{about(p), r.Reference, p.ProviderRef})
}

// back takes a success back: the money returned to the shop.
func (s *Service) back(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, r Result) (_ Payout, err error) {
	if p.State, err = next(p.State, reverse); err != nil {
		return Payout{}, err
	}
	p.LastError = r.Reason
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	if err := uncount(ctx, tx, p.Tenant, p.Case); err != nil {
		return Payout{}, fmt.Errorf("counting payouts of %s: %w", p.Case, err)
	}
	return p, announce(ctx, tx, by, p, ReversedFact{about(p), p.ProviderRef, r.Reason})
}

// known records that the provider has said of a payout that waits for a person
// what nobody knew before: that nothing was paid.
func (s *Service) known(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, reason string) (Payout, error) {
	if !p.Unsure {
		return p, nil
	}
	p.Unsure, p.LastError = false, reason
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	return p, announce(ctx, tx, by, p, FailedFact{about(p), reason})
}

func (s *Service) succeed(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, on Event, reference string) (_ Payout, err error) {
	if p.State, err = next(p.State, on); err != nil {
		return Payout{}, err
	}
	p.ProviderRef, p.LastError, p.Unsure = reference, "", false
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
