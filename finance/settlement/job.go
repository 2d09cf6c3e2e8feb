package settlement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	payKind = "settlement.pay"

	// With the queue's back-off this is about four days of asking, which
	// outlasts a weekend of a bank; then a person looks.
	maxAttempts = 100

	// A call to a provider; two of them fit into the time of a job.
	callLimit = 18 * time.Second

	// A provider remembers a key for a day at least. Within this time a key may
	// be sent without asking first; see mayBeSent.
	freshFor = time.Hour
)

type payArgs struct {
	Payout string `json:"payout"`
}

// Jobs registers the work of this package.
func (s *Service) Jobs(q *job.Queue) { q.HandleOutside(payKind, s.pay) }

var (
	errPending = errors.New("the provider has not decided yet")
	errPassed  = errors.New("the chargeback has just ended")
)

// pay sends one payout, once. It may die at any instruction and run again, even
// beside itself: whatever may have been sent before is looked up first, and
// what is sent has the same key as before.
func (s *Service) pay(ctx context.Context, j job.Job) error {
	var args payArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(fmt.Errorf("arguments of %s: %w", j.ID, err))
	}
	p, against, err := s.read(ctx, j.Tenant, args.Payout)
	if errors.Is(err, ErrUnknown) {
		return job.Dead(err)
	}
	if err != nil || p.State != Reserved && p.State != Submitted && p.State != Blocked {
		return err // nil: somebody else has brought it to its end
	}
	asked := mayBeSent(p, j, s.store.Now())
	provider, on, err := s.provider(ctx, p)
	if err != nil {
		return err
	}
	switch {
	case provider == nil || !on && !asked:
		p.Unsure = j.Attempt > 1 || p.Attempts > 0 || p.State != Reserved // another binary may have sent it
		return s.answer(ctx, j, p, Result{Outcome: ByHand, Reason: offReason(p)})
	case !asked && against == Lost:
		p.Unsure = true
		return s.answer(ctx, j, p, Result{Outcome: ByHand, Reason: lostReason})
	case !asked && against == Open, p.State == Blocked && j.Attempt == 1 && p.Attempts == 0: // never sent
		return s.rest(ctx, j, p)
	}
	if asked {
		r, err := lookup(ctx, provider, p)
		if err != nil {
			return s.unknown(ctx, j, p, err)
		}
		if r.Outcome != Absent && !((r.Outcome == Declined || r.Outcome == Returned) && askedAgain(p, j)) {
			return s.answer(ctx, j, p, r)
		}
		if p.State == Blocked || against == Open {
			return s.rest(ctx, j, p)
		}
		if !on && r.Outcome == Absent && p.State == Reserved && p.Attempts == 0 && j.Attempt == 1 { // never sent after all
			return s.answer(ctx, j, p, Result{Outcome: ByHand, Reason: offReason(p)})
		}
		if p, err = s.sending(ctx, p); err != nil {
			return err
		}
	} else {
		p.Attempts++ // saved with the answer
	}
	r, err := refund(ctx, provider, p)
	if err != nil {
		return s.unknown(ctx, j, p, err)
	}
	return s.answer(ctx, j, p, r)
}

// mayBeSent says whether an earlier run may have sent the key. The first run of
// a job writes nothing before it sends, which spares a commit per payout: the
// queue's count of attempts is durable before the job starts, so a crash shows
// there. Only an operator who runs a job anew resets that count; within freshFor
// the provider itself still knows the key then, and later we ask.
func mayBeSent(p Payout, j job.Job, now time.Time) bool {
	return j.Attempt > 1 || p.Attempts > 0 || p.State != Reserved || p.Version > 1 || now.Sub(p.CreatedAt) > freshFor
}

// askedAgain says that a person wants a payout that was declined, or came back,
// to be tried anew. That it was sent before may have been counted by nobody: a
// worker that dies behind the provider's no does not.
func askedAgain(p Payout, j job.Job) bool {
	return p.State == Reserved && (p.Attempts > 0 || p.Version > 1) && j.Attempt == 1
}

func lookup(ctx context.Context, provider Provider, p Payout) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	r, err := provider.Lookup(ctx, request(p))
	if err != nil {
		return Result{}, fmt.Errorf("asking %s about %s: %w", p.Provider, p.ID, err)
	}
	return r, nil
}

func refund(ctx context.Context, provider Provider, p Payout) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	r, err := provider.Refund(ctx, request(p))
	if err != nil {
		return Result{}, fmt.Errorf("paying %s by %s: %w", p.ID, p.Provider, err)
	}
	return r, nil
}

func request(p Payout) Request {
	return Request{
		Key: p.Key(), Tenant: p.Tenant, Case: p.Case, Order: p.Order, Purpose: p.Purpose, Tender: p.Tender, Kind: p.Kind,
		Reference: p.Reference, Amount: p.Money(),
	}
}

func (s *Service) read(ctx context.Context, tenant, id string) (p Payout, against Standing, err error) {
	err = s.store.Read(ctx, func(tx *db.Tx) (err error) {
		p, against, err = toSend(ctx, tx, tenant, id)
		return err
	})
	return p, against, err
}

// rest makes a payout wait for the end of a chargeback and ends its job. The
// payout is written even where it waits already, so that of this and the end of
// the chargeback one comes first: then either the job is gone and the end makes
// a new one, or this fails and the job runs again.
func (s *Service) rest(ctx context.Context, j job.Job, p Payout) error {
	return s.store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if p.State == Blocked {
			again := p
			if err := update(ctx, tx, &again); err != nil {
				return err
			}
			return s.queue.Finish(ctx, tx, j)
		}
		chargeback, err := lockOpen(ctx, tx, p)
		if err != nil {
			return err
		}
		if chargeback == "" {
			return errPassed
		}
		if _, err := s.hold(ctx, tx, actor.Of(p.Tenant), p, chargeback); err != nil {
			return err
		}
		return s.queue.Finish(ctx, tx, j)
	})
}

// sending makes it durable that the key is about to be sent once more.
func (s *Service) sending(ctx context.Context, p Payout) (sent Payout, err error) {
	err = s.store.Write(ctx, func(tx *db.Tx) (err error) {
		again := p
		again.Attempts++
		sent, err = s.submitted(ctx, tx, actor.Of(p.Tenant), again, p.LastError)
		return err
	})
	return sent, err
}

// answer records what the provider said and ends the job with it.
func (s *Service) answer(ctx context.Context, j job.Job, p Payout, r Result) error {
	if r.Outcome == Pending {
		return s.unknown(ctx, j, p, errPending)
	}
	ctx = context.WithoutCancel(ctx) // an answer must not be lost because time is up
	return s.store.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.record(ctx, tx, p, r); err != nil {
			return err
		}
		return s.queue.Finish(ctx, tx, j)
	})
}

// unknown records that the outcome is not known and lets the queue try again,
// unless this was the last attempt: then a person has to find out.
func (s *Service) unknown(ctx context.Context, j job.Job, p Payout, why error) error {
	ctx = context.WithoutCancel(ctx)
	last := j.Attempt >= j.MaxAttempts
	err := s.store.Write(ctx, func(tx *db.Tx) error {
		by := actor.Of(p.Tenant)
		now, err := s.submitted(ctx, tx, by, p, why.Error())
		if err != nil || !last {
			return err
		}
		now.Unsure = true
		if _, err := s.stop(ctx, tx, by, now, giveUp, "The outcome is not known: "+why.Error()); err != nil {
			return err
		}
		return s.queue.Finish(ctx, tx, j)
	})
	if err == nil && last {
		return nil
	}
	return errors.Join(why, err)
}
