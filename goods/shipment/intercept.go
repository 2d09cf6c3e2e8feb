package shipment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// ErrNoWish refuses a result that nobody waits for.
var ErrNoWish = fault.New(fault.Conflict, "shipment.no_wish", "Nobody wants this parcel to be stopped, or it has been decided.")

// Intercept asks the carrier to stop the order's own parcel and bring it back:
// by a job where an adapter carries it, else it is a person's task. What came of
// it is the parcel's Wish and, when it was stopped, its state. Asking twice asks
// once. A parcel whose carrier or number nobody can tell is a person's task as
// well, under a number of ours. It refuses with ErrTaken and ErrMany.
func (s *Service) Intercept(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, carrier, tracking string) (Parcel, error) {
	carrier = cmp.Or(strings.TrimSpace(carrier), "?")
	p, err := s.Follow(ctx, tx, by, caseID, carrier, tracking)
	if errors.Is(err, ErrTracking) {
		p, err = s.unnumbered(ctx, tx, by, caseID, carrier)
	}
	if err != nil || p.Wish != "" || ranks[p.State] >= ranks[Intercepted] {
		return p, err
	}
	carrying, err := s.carrying(ctx, tx, p)
	if err != nil {
		return Parcel{}, err
	}
	adapter := s.Queue != nil && carrying.Carrier != nil
	if adapter {
		if err := s.Queue.Enqueue(ctx, tx, job.New{Tenant: p.Tenant, Kind: interceptKind, Key: p.ID, Args: parcelArgs{p.ID}, MaxAttempts: bookAttempts}); err != nil {
			return Parcel{}, err
		}
	}
	return s.wish(ctx, tx, by, p, Wished{Wish: Requested, ByHand: !adapter})
}

// Decide records what a person learned from the carrier about the wish to stop
// a parcel. It refuses with ErrUnknown and ErrNoWish.
func (s *Service) Decide(ctx context.Context, tx *db.Tx, by actor.Actor, parcelID string, stopped bool, why string) (Parcel, error) {
	p, err := byID(ctx, tx, by.Tenant, parcelID)
	if err != nil {
		return Parcel{}, err
	}
	if p.Wish != Requested && p.Wish != Asked || ranks[p.State] >= ranks[Intercepted] {
		return Parcel{}, ErrNoWish.With("wish", p.Wish).With("state", p.State)
	}
	if err := s.decide(ctx, tx, by, p, stopped, why); err != nil {
		return Parcel{}, err
	}
	return byID(ctx, tx, by.Tenant, parcelID)
}

func (s *Service) decide(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, stopped bool, why string) error {
	if stopped {
		return s.report(ctx, tx, by, p.Tracking, Scan{ID: "intercepted:" + p.ID, Status: Intercepted, At: tx.Now, Note: why})
	}
	_, err := s.wish(ctx, tx, by, p, Wished{Wish: Refusal, Why: why})
	return err
}

// wish records what became of the wish to stop a parcel.
func (s *Service) wish(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, w Wished) (Parcel, error) {
	w.Case, w.Carrier, w.Tracking = p.Case, p.Carrier, p.Tracking
	p, err := wish(ctx, tx, p, w.Wish)
	if err != nil {
		return Parcel{}, fmt.Errorf("stopping parcel %s: %w", w.Tracking, err)
	}
	return p, announce(ctx, tx, by, p, w)
}

// intercept asks the adapter. It may be asked again under the same key until
// it answers; in the end a person has to.
func (s *Service) intercept(ctx context.Context, j job.Job) error {
	p, err := s.jobParcel(ctx, j)
	if err != nil || p.Wish != Requested || ranks[p.State] >= ranks[Intercepted] {
		return err
	}
	answer, why := Requested, "No adapter carries the parcel."
	adapter, err := s.carrier(ctx, p)
	if err != nil {
		return err
	}
	if adapter.Carrier != nil {
		answer, err = call(ctx, func(ctx context.Context) (Wish, error) {
			return adapter.Intercept(ctx, Interception{Key: p.ID, Tenant: p.Tenant, Carrier: p.Carrier, Tracking: p.Tracking})
		})
		var no *Declined
		switch {
		case errors.As(err, &no):
			answer, why = Refusal, no.Reason
		case errors.Is(err, ErrNotOffered):
			answer, why = Requested, "The carrier's adapter cannot ask."
		case err != nil && j.Attempt < j.MaxAttempts:
			return fmt.Errorf("stopping parcel %s: %w", p.ID, err)
		case err != nil:
			answer, why = Requested, "The carrier did not answer: "+err.Error()
		}
	}
	return s.ends(ctx, j, func(tx *db.Tx) error {
		by := s.hand(p.Tenant, p.Carrier)
		if p, err = byID(ctx, tx, p.Tenant, p.ID); err != nil || p.Wish != Requested {
			return err
		}
		switch answer {
		case Stopped:
			return s.decide(ctx, tx, by, p, true, "")
		case Refusal:
			return s.decide(ctx, tx, by, p, false, why)
		case Asked:
			why = ""
		}
		_, err := s.wish(ctx, tx, by, p, Wished{Wish: answer, ByHand: answer == Requested, Why: why})
		return err
	})
}

// Tasks lists the parcels that a person has to have stopped.
func Tasks(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Parcel, error) {
	return wished(ctx, tx, tenant, after, limit)
}
