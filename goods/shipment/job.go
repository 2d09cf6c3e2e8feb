package shipment

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
	bookKind      = "shipment.book"
	unbookKind    = "shipment.unbook"
	interceptKind = "shipment.intercept"
	pollKind      = "shipment.poll"
	forgetKind    = "shipment.forget"

	// With the queue's back-off this is about a day; then a person has to ask.
	bookAttempts = 30

	// A call to a carrier; two of them fit into the time of a job.
	callLimit = 18 * time.Second

	// After this time no call that was under way can still arrive.
	settleDown = 90 * time.Second

	// How long a webhook's delivery is remembered: longer than any adapter
	// accepts an old signature.
	deliveryAge = 24 * time.Hour
)

type bookArgs struct {
	Booking string `json:"booking"`
}

type parcelArgs struct {
	Parcel string `json:"parcel"`
}

// Jobs registers the work of this package. Without adapters there is none that
// asks anybody.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(bookKind, s.book)
	q.HandleOutside(unbookKind, s.unbook)
	q.HandleOutside(interceptKind, s.intercept)
	q.Handle(forgetKind, func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		return forgetDeliveries(ctx, tx, tx.Now.Add(-deliveryAge))
	})
	q.Every(forgetKind, time.Hour)
	if len(s.Carriers) > 0 || s.Own != nil {
		q.HandleOutside(pollKind, s.poll)
		q.Every(pollKind, time.Minute)
	}
}

// call gives an adapter a limited time.
func call[T any](ctx context.Context, f func(ctx context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	return f(ctx)
}

// hand is the actor in whose name a carrier's word is written down.
func (s *Service) hand(tenant, carrier string) actor.Actor {
	return actor.Actor{Tenant: tenant, Kind: actor.Carrier, Name: carrier}
}

// ends writes down an answer and ends the job with it, also when its time is up.
func (s *Service) ends(ctx context.Context, j job.Job, f func(tx *db.Tx) error) error {
	ctx = context.WithoutCancel(ctx)
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return s.Queue.Finish(ctx, tx, j)
	})
}

func (s *Service) jobParcel(ctx context.Context, j job.Job) (p Parcel, err error) {
	var args parcelArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return p, job.Dead(fmt.Errorf("arguments of %s: %w", j.ID, err))
	}
	err = s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = byID(ctx, tx, j.Tenant, args.Parcel)
		return err
	})
	if errors.Is(err, ErrUnknown) {
		return p, job.Dead(err)
	}
	return p, err
}

// jobBooking reads the booking of a job as adapters need it.
func (s *Service) jobBooking(ctx context.Context, j job.Job) (b Booking, err error) {
	var args bookArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return b, job.Dead(fmt.Errorf("arguments of %s: %w", j.ID, err))
	}
	err = s.Store.Read(ctx, func(tx *db.Tx) error {
		if b, err = bookingByID(ctx, tx, j.Tenant, args.Booking); err != nil {
			return err
		}
		p, err := byID(ctx, tx, j.Tenant, b.Parcel)
		b.Direction, b.Receiver = p.Direction, p.To
		return err
	})
	if errors.Is(err, ErrNoBooking) || errors.Is(err, ErrUnknown) {
		return b, job.Dead(err)
	}
	return b, err
}

// book asks the carrier, once: whatever may have been asked before is looked up
// first, and what is asked has the same key as before.
func (s *Service) book(ctx context.Context, j job.Job) error {
	b, err := s.jobBooking(ctx, j)
	if err != nil || b.State != BookRequested {
		return err
	}
	adapter, err := s.keptOf(ctx, b.Tenant, b.Carrier, b.Account)
	if err != nil {
		return err
	}
	if adapter == nil {
		return s.declined(ctx, j, b, "No carrier named "+b.Carrier+" is set up.")
	}
	got, err := Booked{}, error(ErrAbsent)
	if j.Attempt > 1 || s.Store.Now().Sub(b.CreatedAt) > time.Hour {
		got, err = call(ctx, func(ctx context.Context) (Booked, error) { return adapter.Find(ctx, b) })
	}
	if errors.Is(err, ErrAbsent) {
		got, err = call(ctx, func(ctx context.Context) (Booked, error) { return adapter.Book(ctx, b) })
	}
	var no *Declined
	switch {
	case errors.As(err, &no):
		return s.declined(ctx, j, b, no.Reason)
	case errors.Is(err, ErrNotOffered):
		return s.declined(ctx, j, b, err.Error())
	case err != nil && j.Attempt < j.MaxAttempts:
		return fmt.Errorf("booking %s with %s: %w", b.ID, b.Carrier, err)
	case err != nil:
		return s.ends(ctx, j, func(tx *db.Tx) error { return s.stuck(ctx, tx, b, err) })
	case got.Gone:
		return s.declined(ctx, j, b, "The carrier cancelled it.")
	}
	return s.ends(ctx, j, func(tx *db.Tx) error { return s.confirmed(ctx, tx, b, got) })
}

// unbook tells the carrier that a booking is void. One whose answer was never
// heard is looked up first.
func (s *Service) unbook(ctx context.Context, j job.Job) error {
	b, err := s.jobBooking(ctx, j)
	if err != nil || b.State != BookUndoing {
		return err
	}
	adapter, err := s.keptOf(ctx, b.Tenant, b.Carrier, b.Account)
	if err == nil && adapter == nil {
		err = fmt.Errorf("no carrier named %s is set up", b.Carrier)
	}
	if err == nil && b.Reference == "" {
		var got Booked
		got, err = call(ctx, func(ctx context.Context) (Booked, error) { return adapter.Find(ctx, b) })
		if b.Reference = got.Reference; errors.Is(err, ErrAbsent) || err == nil && got.Gone {
			return s.ends(ctx, j, func(tx *db.Tx) error { return s.undone(ctx, tx, b) })
		}
	}
	if err == nil {
		_, err = call(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, adapter.Cancel(ctx, b) })
	}
	var no *Declined
	switch {
	case err == nil:
		return s.ends(ctx, j, func(tx *db.Tx) error { return s.undone(ctx, tx, b) })
	case errors.As(err, &no) || errors.Is(err, ErrNotOffered) || j.Attempt >= j.MaxAttempts:
		return s.ends(ctx, j, func(tx *db.Tx) error { return s.stuck(ctx, tx, b, err) })
	}
	return fmt.Errorf("cancelling %s with %s: %w", b.ID, b.Carrier, err)
}
