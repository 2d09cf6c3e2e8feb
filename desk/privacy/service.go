package privacy

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/record"
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
	First  []Forget        // in packages that this one may not know, while the log still tells what the person wrote
	Also   []Forget        // the same, after it
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
	p := Person{Tenant: by.Tenant, Customer: id}
	var err error
	if p.Cases, err = s.Cases.Erase(ctx, tx, by, id); err != nil {
		return Erasure{}, err
	}
	if p.Orders, err = order.Erase(ctx, tx, by.Tenant, id); err != nil {
		return Erasure{}, err
	}
	for _, forget := range s.First {
		if err := forget(ctx, tx, p); err != nil {
			return Erasure{}, err
		}
	}
	for _, one := range p.Cases {
		if err := s.eraseCase(ctx, tx, by, one, &p, &e); err != nil {
			return Erasure{}, fmt.Errorf("erase case %s: %w", one, err)
		}
	}
	if err := s.eraseRest(ctx, tx, by, &p, &e); err != nil {
		return Erasure{}, err
	}
	if _, err := session.EndCustomer(ctx, tx, by, id); err != nil {
		return Erasure{}, err
	}
	if err := customer.Erase(ctx, tx, by, id); err != nil {
		return Erasure{}, err
	}
	e.Cases, e.Orders = int64(len(p.Cases)), int64(len(p.Orders))
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

// ByCustomer tells what was erased of a customer, or ErrNotErased.
func ByCustomer(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Erasure, error) {
	return byCustomer(ctx, tx, by.Tenant, id)
}
