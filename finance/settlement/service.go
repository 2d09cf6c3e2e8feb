package settlement

import (
	"context"
	"fmt"
	"log/slog"
	"time"

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
	// Known refuses an order that the actor may not see. It is the order
	// capability's; without it orders are taken as they are named.
	Known func(ctx context.Context, tx *db.Tx, by actor.Actor, orderID string) error
	// AccountOf names the shop's own account that took the payments of an order at
	// a provider; empty: the installation's. Without it all are.
	AccountOf func(ctx context.Context, tx *db.Tx, tenant, provider, orderID string) (string, error)
	// Own opens an account of a shop, nil where it is gone. off is since when
	// nothing new begins with it, zero while it is on; what was reserved before
	// ends with it.
	Own func(ctx context.Context, tenant, account string) (p Provider, off time.Time, err error)
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

// CasesOf tells of which case each of these payouts is, by its id; what is gone
// is left out.
func CasesOf(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	return casesByID(ctx, tx, tenant, ids)
}

// ByCase lists the payouts of a case by time, purpose and tender.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Payout, error) {
	return byCase(ctx, tx, tenant, caseID)
}

// ByCases lists the payouts of many cases, by case, each in the order they were
// planned.
func ByCases(ctx context.Context, tx *db.Tx, tenant string, caseIDs []string) (map[string][]Payout, error) {
	return byCases(ctx, tx, tenant, caseIDs)
}

// Reserve writes the payouts of a plan and one job each. It refuses with
// ErrReserved when the case already has one of them. That the plan stays within
// what was captured is checked by its caller, who holds the order's money row.
func (s *Service) Reserve(ctx context.Context, tx *db.Tx, by actor.Actor, plan Plan) ([]Payout, error) {
	all := make([]Payout, 0, len(plan.Parts))
	for _, part := range plan.Parts {
		account, err := s.accountOf(ctx, tx, by.Tenant, part.Provider, plan.Order)
		if err != nil {
			return nil, err
		}
		all = append(all, Payout{
			ID: id.New("payout"), Generation: 1, Tenant: by.Tenant, Case: plan.Case, Order: plan.Order, Currency: plan.Currency,
			Purpose: part.Purpose, Tender: part.Tender, Kind: part.Kind, Label: part.Label, Provider: part.Provider,
			Account: account, Reference: part.Reference, Amount: part.Amount, State: Reserved, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		})
	}
	if len(all) == 0 {
		return all, nil
	}
	blocked, err := insert(ctx, tx, all)
	if err != nil {
		return nil, fmt.Errorf("reserving payouts of %s: %w", plan.Case, err)
	}
	if len(blocked) != len(all) {
		return nil, ErrReserved.With("case", plan.Case)
	}
	if err := expect(ctx, tx, by.Tenant, plan.Case, len(all)); err != nil {
		return nil, fmt.Errorf("reserving payouts of %s: %w", plan.Case, err)
	}
	for i, p := range all {
		if err := announce(ctx, tx, by, p, ReservedFact{about(p)}); err != nil {
			return nil, err
		}
		if blocked[p.ID] {
			chargeback, err := lockOpen(ctx, tx, p)
			if err != nil {
				return nil, fmt.Errorf("chargebacks on %s: %w", p.ID, err)
			}
			if chargeback != "" {
				if all[i], err = s.hold(ctx, tx, by, p, chargeback); err != nil {
					return nil, err
				}
				continue
			}
		}
		if err := s.enqueue(ctx, tx, p, false); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// enqueue has a payout sent. A job that is there already is moved to now, or
// kept as it is.
func (s *Service) enqueue(ctx context.Context, tx *db.Tx, p Payout, keep bool) error {
	return s.queue.Enqueue(ctx, tx, job.New{Tenant: p.Tenant, Kind: payKind, Key: p.ID, Args: payArgs{p.ID}, MaxAttempts: maxAttempts, Keep: keep})
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: stream, Subject: p.ID, Version: p.Version}, fact)
}
