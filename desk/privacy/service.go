package privacy

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/care/record"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// Service has the verbs of erasing.
type Service struct {
	Store  *db.DB
	Queue  *job.Queue
	Cases  *cases.Service
	Record *record.Service // which events belong to a case
}

// Erase erases a customer in one transaction: the person, what its cases and
// parcels know, the files, and what the events about them say. What else the
// customer did in the log is searched for afterwards, by a job. It fails with
// cases.ErrUnfinished, ErrErased and customer.ErrUnknown.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, by actor.Actor, id, reason string) (Erasure, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 3 || n > 400 {
		return Erasure{}, ErrReason.At("reason", "is needed", "3 to 400 characters")
	}
	if _, err := customer.ByID(ctx, tx, by.Tenant, id); err != nil {
		return Erasure{}, err
	}
	if at, err := customer.ErasedAt(ctx, tx, by.Tenant, id); err != nil {
		return Erasure{}, err
	} else if !at.IsZero() {
		return Erasure{}, ErrErased
	}
	e := Erasure{Tenant: by.Tenant, Customer: id, Reason: reason, By: by.ID, Name: by.Name, At: tx.Now}
	caseIDs, err := s.Cases.Erase(ctx, tx, by, id)
	if err != nil {
		return Erasure{}, err
	}
	for _, one := range caseIDs {
		if err := s.eraseCase(ctx, tx, by, one, &e); err != nil {
			return Erasure{}, fmt.Errorf("erase case %s: %w", one, err)
		}
	}
	orders, err := order.Erase(ctx, tx, by.Tenant, id)
	if err != nil {
		return Erasure{}, err
	}
	about := []event.About{{Stream: "proof", Subject: id}, {Stream: "customer", Subject: id}}
	for _, one := range orders {
		about = append(about, event.About{Stream: "order", Subject: one})
	}
	for _, one := range about {
		if err := s.eraseEvents(ctx, tx, by, one, &e); err != nil {
			return Erasure{}, err
		}
	}
	if _, err := session.EndCustomer(ctx, tx, by, id); err != nil {
		return Erasure{}, err
	}
	if err := customer.Erase(ctx, tx, by, id); err != nil {
		return Erasure{}, err
	}
	e.Cases, e.Orders = int64(len(caseIDs)), int64(len(orders))
	if fresh, err := insert(ctx, tx, e); err != nil || !fresh {
		if err == nil {
			err = ErrErased
		}
		return Erasure{}, err
	}
	fact := ErasedFact{Customer: id, Reason: reason, Cases: e.Cases, Orders: e.Orders}
	if err := event.Append(ctx, tx, by, event.About{Stream: "customer", Subject: id}, fact); err != nil {
		return Erasure{}, err
	}
	return e, s.Queue.Enqueue(ctx, tx, job.New{Tenant: by.Tenant, Kind: searchKind, Key: id, Args: searchArgs{id}})
}

func (s *Service) eraseCase(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, e *Erasure) error {
	about, err := s.Record.Things(ctx, tx, by.Tenant, caseID)
	if err != nil {
		return err
	}
	for _, one := range about {
		switch one.Stream {
		case "case", "photo", "notice", "parcel":
			if err := s.eraseEvents(ctx, tx, by, one, e); err != nil {
				return err
			}
		}
	}
	if err := shipment.Erase(ctx, tx, by.Tenant, caseID); err != nil {
		return err
	}
	n, err := evidence.Erase(ctx, tx, by.Tenant, caseID)
	e.Files += n
	return err
}

func (s *Service) eraseEvents(ctx context.Context, tx *db.Tx, by actor.Actor, about event.About, e *Erasure) error {
	n, err := event.Erase(ctx, tx, by, about.Stream, about.Subject, e.Reason)
	e.Events += int64(n)
	return err
}

// ByCustomer tells what was erased of a customer, or ErrNotErased.
func ByCustomer(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Erasure, error) {
	return byCustomer(ctx, tx, by.Tenant, id)
}
