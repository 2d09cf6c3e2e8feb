package charge

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	// A call to a provider. An attempt is kept for its sender three times as long,
	// so that nobody sends beside somebody who is still sending.
	callLimit = 15 * time.Second
	busyFor   = 45 * time.Second
)

// With is how a customer wants to pay.
type With struct {
	Provider string
	Means    string // in the provider's words; may be empty
	Return   string // where a page of the provider leads back to; may be empty
}

// Collect has the customer pay through a provider: at once, or on the page that
// the charge's attempt then names. It opens its own transactions, because it
// talks to the provider between them. Of many at once one sends; the others get
// the charge as it is. What may have been sent before is asked for first, and
// sent again under the same key. Refusals: ErrUnknown, ErrMove, ErrOverdue,
// ErrProvider, and ErrNoAnswer where the outcome is not known yet.
func (s *Service) Collect(ctx context.Context, by actor.Actor, chargeID string, with With) (Charge, error) {
	var c Charge
	var mine, asked bool
	err := s.store.Write(ctx, func(tx *db.Tx) (err error) {
		c, mine, asked, err = s.begin(ctx, tx, by, chargeID, with)
		return err
	})
	if err != nil || !mine {
		return c, err
	}
	collector, err := s.opened(ctx, c)
	if err != nil {
		return c, err
	}
	r := request(c)
	got := Session{Outcome: Absent}
	if asked {
		if got, err = call(ctx, r, collector.Collected); err != nil {
			return c, s.silent(ctx, c, err)
		}
	}
	if got.Outcome == Absent {
		if got, err = call(ctx, r, collector.Collect); err != nil {
			return c, s.silent(ctx, c, err)
		}
	}
	err = s.store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) (err error) { // an answer must not be lost
		c, err = s.record(ctx, tx, by.Tenant, c.ID, r.Key, got)
		return err
	})
	return c, err
}

// begin takes the attempt that is open, or opens one. It tells whether the
// caller is the one to send, and whether it may have been sent before.
func (s *Service) begin(ctx context.Context, tx *db.Tx, by actor.Actor, chargeID string, with With) (c Charge, mine, asked bool, err error) {
	if _, err := ByID(ctx, tx, by, chargeID); err != nil {
		return Charge{}, false, false, err
	}
	if c, err = lock(ctx, tx, by.Tenant, chargeID); err != nil {
		return Charge{}, false, false, err
	}
	if _, err := next(c, Pay); err != nil {
		return Charge{}, false, false, err
	}
	if c.State != Due || !c.Due.After(tx.Now) {
		return Charge{}, false, false, ErrOverdue.With("due", c.Due)
	}
	if c.Attempt != nil && c.Attempt.State == attemptOpen {
		if c.Attempt.BusyUntil.After(tx.Now) {
			return c, false, false, nil
		}
		c.Attempt.BusyUntil = tx.Now.Add(busyFor)
		return c, true, true, errors.Join(saveAttempt(ctx, tx, c.Tenant, *c.Attempt), s.askLater(ctx, tx, c))
	}
	account, err := s.account(ctx, tx, c.Tenant, with.Provider)
	if err != nil {
		return Charge{}, false, false, err
	}
	a := Attempt{Charge: c.ID, Number: 1, Provider: with.Provider, Account: account, Means: with.Means, Back: with.Return, State: attemptOpen, BusyUntil: tx.Now.Add(busyFor), StartedAt: tx.Now}
	if c.Attempt != nil {
		a.Number = c.Attempt.Number + 1
	}
	if err := addAttempt(ctx, tx, c.Tenant, a); err != nil {
		return Charge{}, false, false, fmt.Errorf("attempt to collect %s: %w", c.ID, err)
	}
	c.Attempt = &a
	return c, true, false, s.askLater(ctx, tx, c)
}

// askLater makes sure that the provider is asked about an attempt whose sender
// has died.
func (s *Service) askLater(ctx context.Context, tx *db.Tx, c Charge) error {
	return s.queue.Enqueue(ctx, tx, job.New{Tenant: c.Tenant, Kind: askKind, Key: c.Attempt.Key(), Args: chargeArgs{c.ID},
		RunAt: c.Attempt.BusyUntil, MaxAttempts: maxAttempts})
}

func request(c Charge) Request {
	return Request{Key: c.Attempt.Key(), Tenant: c.Tenant, Charge: c.ID, Case: c.Case, Order: c.Order, Customer: c.Customer, Purpose: c.Purpose,
		Means: c.Attempt.Means, Return: c.Attempt.Back, Reference: c.Attempt.Reference, Amount: c.Amount}
}

func call(ctx context.Context, r Request, to func(context.Context, Request) (Session, error)) (Session, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	return to(ctx, r)
}

func (s *Service) silent(ctx context.Context, c Charge, err error) error {
	s.log.WarnContext(ctx, "payment provider has not answered", "charge", c.ID, "provider", c.Attempt.Provider, "err", err)
	return ErrNoAnswer
}

// Notice takes what a provider says by itself about a key, as often and as late
// as it likes. What came through another account than the attempt's is refused
// with ErrUnknown.
func (s *Service) Notice(ctx context.Context, tx *db.Tx, tenant, key string, got Session) error {
	chargeID, _, _ := strings.Cut(key, "-")
	a, err := attempt(ctx, tx, tenant, chargeID, numberOf(key))
	if err == nil && a.Account != got.Account {
		err = ErrUnknown
	}
	if err != nil {
		return err
	}
	_, err = s.record(ctx, tx, tenant, chargeID, key, got)
	return err
}

// record applies an answer about a key to its charge as it is now. The charge is
// locked, so only the first payment counts; any other is announced as too much.
func (s *Service) record(ctx context.Context, tx *db.Tx, tenant, chargeID, key string, got Session) (Charge, error) {
	c, err := lock(ctx, tx, tenant, chargeID)
	if err != nil {
		return Charge{}, err
	}
	a, err := attempt(ctx, tx, tenant, chargeID, numberOf(key))
	if err != nil {
		return Charge{}, err
	}
	by := actor.Of(tenant)
	switch got.Outcome {
	case Collected:
		if a.State == attemptPaid && a.Reference == got.Reference {
			return c, nil // said before
		}
		if c.State != Due || got.Amount != c.Amount {
			return c, s.tooMuch(ctx, tx, by, c, a, got)
		}
		a.State, a.URL, a.Reference = attemptPaid, "", got.Reference
		if err := saveAttempt(ctx, tx, tenant, a); err != nil {
			return Charge{}, fmt.Errorf("attempt %s: %w", key, err)
		}
		c.Attempt, c.Reference = &a, got.Reference
		return s.end(ctx, tx, by, c, Paid, false)
	case Declined:
		if a.State != attemptOpen {
			return c, nil
		}
		a.State, a.URL, a.Reason = attemptDeclined, "", got.Reason
		c.Attempt = &a
		if err := saveAttempt(ctx, tx, tenant, a); err != nil {
			return Charge{}, fmt.Errorf("attempt %s: %w", key, err)
		}
		return c, announce(ctx, tx, by, c, DeclinedFact{about(c), got.Reason})
	case Pending:
		if a.State != attemptOpen {
			return c, nil
		}
		a.URL, a.Reference, a.BusyUntil = got.URL, got.Reference, tx.Now
		c.Attempt = &a
		return c, saveAttempt(ctx, tx, tenant, a)
	}
	return c, fmt.Errorf("provider %s answered %q about %s", a.Provider, got.Outcome, key)
}

// tooMuch announces a payment that does not fit, once per reference.
func (s *Service) tooMuch(ctx context.Context, tx *db.Tx, by actor.Actor, c Charge, a Attempt, got Session) error {
	s.log.ErrorContext(ctx, "a payment does not fit its charge", "charge", c.ID, "provider", a.Provider, "state", string(c.State))
	a.State, a.URL, a.Reference = attemptPaid, "", got.Reference
	return errors.Join(saveAttempt(ctx, tx, c.Tenant, a),
		announce(ctx, tx, by, c, OverpaidFact{about(c), got.Reference, got.Amount.Minor, got.Amount.Currency, c.State}))
}

// numberOf undoes Attempt.Key.
func numberOf(key string) int {
	_, text, _ := strings.Cut(key, "-")
	if n, err := strconv.Atoi(text); err == nil && n > 1 {
		return n
	}
	return 1
}
