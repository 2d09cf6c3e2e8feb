package insight

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/order"
)

// Service counts, and answers what was counted.
type Service struct {
	Store *db.DB
	Queue *job.Queue
}

// Events keeps the tallies up to date.
func (s *Service) Events() (types []string, follow event.Reaction) {
	return []string{"case.*", "order.imported", "order.returned", "payout.succeeded", "payout.reversed", "tenant.updated"}, s.follow
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, e event.Event) error {
	zone, err := s.zone(ctx, tx, e.Tenant)
	if err != nil {
		return err
	}
	switch {
	case e.Type == "tenant.updated":
		return s.moved(ctx, tx, e.Tenant)
	case e.Type == "order.imported":
		return s.sale(ctx, tx, e.Tenant, e.Subject, zone)
	case e.Type == "order.returned":
		var r order.Returned
		if err := json.Unmarshal(e.Data, &r); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		return s.past(ctx, tx, e.Tenant, order.PastReturn{Returned: r, Order: e.Subject}, zone)
	case e.Stream == "payout":
		var about settlement.About
		if err := json.Unmarshal(e.Data, &about); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		return s.soon(ctx, tx, e.Tenant, about.Case)
	case e.Type == "case.noted", e.Type == "case.assigned":
		return nil
	}
	return s.soon(ctx, tx, e.Tenant, e.Subject)
}

// pause is how long changed cases are gathered: one that changes many times in
// it is counted once.
const pause = 2 * time.Second

// soon has a case counted when the pause is over.
func (s *Service) soon(ctx context.Context, tx *db.Tx, tenantID, caseID string) error {
	fresh, err := mark(ctx, tx, tenantID, caseID)
	if err != nil || !fresh {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: tenantID, Kind: countKind, Key: tenantID, RunAt: tx.Now.Add(pause), Keep: true})
}

// count counts marked cases as they are now.
func (s *Service) count(ctx context.Context, tx *db.Tx, j job.Job) error {
	ids, err := unmark(ctx, tx, j.Tenant, stepSize)
	if err != nil {
		return err
	}
	zone, err := s.zone(ctx, tx, j.Tenant)
	if err != nil {
		return err
	}
	var all []cases.Case
	for _, id := range ids {
		c, err := cases.ByID(ctx, tx, actor.Of(j.Tenant), id)
		if errors.Is(err, cases.ErrUnknown) {
			continue // a payout without a case: money of a chargeback
		}
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	if err := s.countCases(ctx, tx, j.Tenant, all, zone); err != nil || len(ids) < stepSize {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: countKind, Key: j.Tenant})
}

// zone is the zone in which a shop's days are counted, remembered so that a
// change is noticed.
func (s *Service) zone(ctx context.Context, tx *db.Tx, tenantID string) (*time.Location, error) {
	name, err := zoneOf(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	if name == "" {
		shop, err := tenant.ByID(ctx, tx, tenantID)
		if err != nil {
			return nil, err
		}
		name = shop.Zone
		if err := saveZone(ctx, tx, tenantID, name); err != nil {
			return nil, err
		}
	}
	return calendar.Zone(name)
}

// moved has everything counted anew when the shop's days begin at another time.
func (s *Service) moved(ctx context.Context, tx *db.Tx, tenantID string) error {
	shop, err := tenant.ByID(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	known, err := zoneOf(ctx, tx, tenantID)
	if err != nil || known == shop.Zone {
		return err
	}
	return s.Rebuild(ctx, tx, tenantID)
}

// countCases counts cases of a shop as they are now.
func (s *Service) countCases(ctx context.Context, tx *db.Tx, tenantID string, all []cases.Case, zone *time.Location) error {
	ids := make([]string, 0, len(all))
	for _, c := range all {
		ids = append(ids, c.Order)
	}
	orders, err := order.ByIDs(ctx, tx, tenantID, ids)
	if err != nil {
		return err
	}
	entries := make([]Entry, 0, len(all))
	for _, c := range all {
		var payouts []settlement.Payout
		if c.Refunded > 0 {
			if payouts, err = settlement.ByCase(ctx, tx, tenantID, c.ID); err != nil {
				return err
			}
		}
		answer, err := s.firstAnswer(ctx, tx, c)
		if err != nil {
			return err
		}
		entries = append(entries, entryOf(c, orders[c.Order], payouts, answer, zone))
	}
	return Put(ctx, tx, tenantID, entries)
}

// firstAnswer finds the first approval or refusal of a case in its history: a
// case keeps only its last.
func (s *Service) firstAnswer(ctx context.Context, tx *db.Tx, c cases.Case) (first, error) {
	if c.Decision.Outcome == "" {
		return first{}, nil
	}
	events, err := event.History(ctx, tx, c.Tenant, "case", c.ID)
	if err != nil {
		return first{}, err
	}
	for _, e := range events {
		if e.Type != "case.approved" && e.Type != "case.rejected" {
			continue
		}
		var d cases.Decided
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return first{}, fmt.Errorf("event %s: %w", e.ID, err)
		}
		return first{e.At, d.By}, nil
	}
	return first{}, nil
}

// sale counts what an order sold.
func (s *Service) sale(ctx context.Context, tx *db.Tx, tenantID, orderID string, zone *time.Location) error {
	o, err := order.ByID(ctx, tx, actor.Of(tenantID), orderID)
	if err != nil {
		return err
	}
	return s.countSales(ctx, tx, tenantID, []order.Order{o}, zone)
}

func (s *Service) countSales(ctx context.Context, tx *db.Tx, tenantID string, orders []order.Order, zone *time.Location) error {
	var entries []Entry
	titles := map[string]string{}
	for _, o := range orders {
		entries = append(entries, sales(o, zone)...)
		for _, l := range o.Lines {
			titles[l.SKU] = strings.TrimSpace(l.Title + " " + l.Variant)
		}
	}
	if err := saveTitles(ctx, tx, tenantID, titles); err != nil {
		return err
	}
	return Put(ctx, tx, tenantID, entries)
}

// past counts a return that was over when its order came in.
func (s *Service) past(ctx context.Context, tx *db.Tx, tenantID string, r order.PastReturn, zone *time.Location) error {
	orders, err := order.ByIDs(ctx, tx, tenantID, []string{r.Order})
	if err != nil {
		return err
	}
	if e, found := before(orders[r.Order], r.Returned, zone); found {
		return Put(ctx, tx, tenantID, []Entry{e})
	}
	return nil
}

// Put counts entries: the part that each contributed before is taken out, the
// new one is put in.
func Put(ctx context.Context, tx *db.Tx, tenantID string, entries []Entry) error {
	known, err := entriesOf(ctx, tx, tenantID, entries)
	if err != nil {
		return err
	}
	changes, choices := map[key]amount{}, map[[2]string]bool{}
	for _, e := range entries {
		if old, ok := known[e.Key]; ok {
			spread(changes, old, -1)
		}
		spread(changes, e, 1)
		for dimension, value := range map[string]string{"kind": e.Kind, "channel": e.Channel, "market": e.Market, "seller": e.Seller} {
			if value != "" {
				choices[[2]string{dimension, value}] = true
			}
		}
	}
	if err := saveEntries(ctx, tx, tenantID, entries); err != nil {
		return fmt.Errorf("counting %d things: %w", len(entries), err)
	}
	if err := saveChoices(ctx, tx, tenantID, choices); err != nil {
		return err
	}
	if err := addUp(ctx, tx, tenantID, changes); err != nil {
		return fmt.Errorf("adding up %d tallies: %w", len(changes), err)
	}
	return nil
}
