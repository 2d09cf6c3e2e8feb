package record

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Things names what belongs to a case: the events about it are part of its
// evidence.
type Things func(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]event.About, error)

// things are what belongs to a case: the case itself, its photos and messages, whether
// anything of it was erased, its money and its parcels.
func things(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]event.About, error) {
	all := []event.About{{Stream: "case", Subject: caseID}, {Stream: "photo", Subject: caseID}, {Stream: "message", Subject: caseID}, {Stream: "erasure", Subject: caseID}}
	payouts, err := settlement.ByCase(ctx, tx, tenant, caseID)
	if err != nil {
		return nil, err
	}
	for _, p := range payouts {
		all = append(all, event.About{Stream: "payout", Subject: p.ID})
	}
	charges, err := charge.ByCase(ctx, tx, tenant, caseID)
	if err != nil {
		return nil, err
	}
	for _, c := range charges {
		all = append(all, event.About{Stream: "charge", Subject: c.ID})
	}
	books, err := clearing.ByCase(ctx, tx, actor.Of(tenant), caseID)
	if err != nil {
		return nil, err
	}
	for _, b := range books {
		all = append(all, event.About{Stream: "clearing", Subject: b.ID})
	}
	parcels, err := shipment.Of(ctx, tx, tenant, caseID)
	if err != nil {
		return nil, err
	}
	for _, p := range parcels {
		all = append(all, event.About{Stream: "parcel", Subject: p.ID})
	}
	return all, nil
}

// Things names everything that belongs to a case, also what other packages know.
func (s *Service) Things(ctx context.Context, tx *db.Tx, tenant, caseID string) (all []event.About, err error) {
	for _, more := range append([]Things{things}, s.Also...) {
		some, err := more(ctx, tx, tenant, caseID)
		if err != nil {
			return nil, fmt.Errorf("what belongs to case %s: %w", caseID, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// events are all events of a case and of what belongs to it, in the order of the
// log.
func (s *Service) events(ctx context.Context, tx *db.Tx, tenant, caseID string) (all []event.Sealed, err error) {
	wanted, err := s.Things(ctx, tx, tenant, caseID)
	if err != nil {
		return nil, err
	}
	seen := map[event.About]bool{}
	for i := 0; i < len(wanted); i++ {
		t := wanted[i]
		if seen[t] {
			continue
		}
		seen[t] = true
		some, err := event.SealedHistory(ctx, tx, tenant, t.Stream, t.Subject)
		if err != nil {
			return nil, fmt.Errorf("history of %s %s: %w", t.Stream, t.Subject, err)
		}
		for _, e := range some {
			wanted = append(wanted, chargebackOf(e)...)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b event.Sealed) int {
		if a.Event.Position == 0 || b.Event.Position == 0 { // no position yet: behind those that have one
			return int(min(b.Event.Position, 1) - min(a.Event.Position, 1))
		}
		return int(a.Event.Position - b.Event.Position)
	})
	return all, nil
}

// chargebackOf is the chargeback that a payout waited for.
func chargebackOf(e event.Sealed) []event.About {
	var fact settlement.BlockedFact
	if e.Type != fact.Type() || json.Unmarshal([]byte(e.Stored), &fact) != nil || fact.Chargeback == "" {
		return nil
	}
	return []event.About{{Stream: "chargeback", Subject: fact.Chargeback}}
}
