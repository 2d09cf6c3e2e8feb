package insight

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/order"
)

// Service counts, and answers what was counted.
type Service struct {
	Store *db.DB
	Queue *job.Queue

	asked  asked
	looked func() // a test hears that a page was read
}

// Events keeps the tallies up to date.
func (s *Service) Events() (types []string, follow event.Reaction) {
	return append(slices.Clone(counted), "tenant.updated"), s.follow
}

// counted are the events that change what is counted; of the families in it
// still ones change nothing.
var (
	counted = []string{"case.*", "order.imported", "order.returned", "payout.succeeded", "payout.reversed"}
	still   = map[string]bool{"case.noted": true, "case.assigned": true}
)

func (s *Service) follow(ctx context.Context, tx *db.Tx, e event.Event) error {
	switch {
	case e.Type == "tenant.updated":
		return s.moved(ctx, tx, e.Tenant)
	case still[e.Type] || !s.asked.first(tx, e.Tenant):
		return nil
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: e.Tenant, Kind: countKind, Key: e.Tenant, RunAt: tx.Now.Add(pause), Keep: true})
}

// pause is how long events are gathered: a case that changes many times in it
// is counted once.
const pause = 2 * time.Second

// asked remembers for which shops the transaction under way has asked for
// counting. It knows nothing of other transactions: there the database does.
type asked struct {
	mu    sync.Mutex
	tx    *db.Tx
	shops map[string]bool
}

func (a *asked) first(tx *db.Tx, tenantID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tx != tx {
		a.tx, a.shops = tx, map[string]bool{}
	}
	if a.shops[tenantID] {
		return false
	}
	a.shops[tenantID] = true
	return true
}

// hold tells the zone in which a shop's days are counted and how far the log
// was counted. Nobody else counts the shop until the transaction ends: what was
// counted before is taken out once.
func (s *Service) hold(ctx context.Context, tx *db.Tx, tenantID string) (*time.Location, int64, error) {
	name, position, found, err := holdShop(ctx, tx, tenantID)
	if err != nil {
		return nil, 0, err
	}
	if !found {
		shop, err := tenant.ByID(ctx, tx, tenantID)
		if err != nil {
			return nil, 0, err
		}
		name = shop.Zone
		if err := saveZone(ctx, tx, tenantID, name); err != nil {
			return nil, 0, err
		}
	}
	zone, err := calendar.Zone(name)
	return zone, position, err
}

// moved has everything counted anew when the shop's days begin at another time.
func (s *Service) moved(ctx context.Context, tx *db.Tx, tenantID string) error {
	shop, err := tenant.ByID(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	known, err := zoneOf(ctx, tx, tenantID)
	if err != nil || known == "" || known == shop.Zone { // nothing was counted yet, or in this zone
		return err
	}
	return s.Rebuild(ctx, tx, tenantID)
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

// countPast counts returns that were over when their order came in.
func (s *Service) countPast(ctx context.Context, tx *db.Tx, tenantID string, f *facts, zone *time.Location) error {
	byKey := map[string]Entry{}
	for _, r := range f.past {
		if e, found := before(f.orders[r.Order], r.Returned, zone); found {
			byKey[e.Key] = e
		}
	}
	return Put(ctx, tx, tenantID, slices.Collect(maps.Values(byKey)))
}

// Put counts entries, whose keys differ: the part that each contributed before
// is taken out, the new one is put in. Its caller holds the shop.
func Put(ctx context.Context, tx *db.Tx, tenantID string, entries []Entry) error {
	keys := make([]string, 0, len(entries))
	for _, e := range entries {
		keys = append(keys, e.Key)
	}
	known, err := entriesOf(ctx, tx, tenantID, keys)
	if err != nil {
		return err
	}
	return replace(ctx, tx, tenantID, known, entries)
}

// replace is Put where what was known is read already. Of all entries together
// each sum that changes is written once.
func replace(ctx context.Context, tx *db.Tx, tenantID string, known map[string]Entry, entries []Entry) error {
	news, choices := newChanges(), map[[2]string]bool{}
	moments := map[string][]cases.Moment{}
	var changed []Entry
	for _, e := range entries {
		old, found := known[e.Key]
		moved := !slices.EqualFunc(old.Moments, e.Moments, sameMoment)
		if found && !moved && old.Dims == e.Dims && slices.Equal(old.Cells, e.Cells) {
			continue
		}
		if moved {
			moments[e.Key] = e.Moments
		}
		changed = append(changed, e)
		news.spread(old, -1)
		news.spread(e, 1)
		for dimension, value := range map[string]string{"kind": e.Kind, "channel": e.Channel, "market": e.Market, "seller": e.Seller} {
			if value != "" {
				choices[[2]string{dimension, value}] = true
			}
		}
	}
	if err := saveEntries(ctx, tx, tenantID, changed); err != nil {
		return fmt.Errorf("counting %d things: %w", len(changed), err)
	}
	if err := cases.TellMoments(ctx, tx, tenantID, moments); err != nil {
		return fmt.Errorf("telling lists of %d cases what happened: %w", len(moments), err)
	}
	if err := saveOpen(ctx, tx, tenantID, known, entries); err != nil {
		return fmt.Errorf("noting what is open of %d things: %w", len(entries), err)
	}
	if err := saveChoices(ctx, tx, tenantID, choices); err != nil {
		return err
	}
	news.settle()
	if err := addUp(ctx, tx, tenantID, news.sums); err != nil {
		return fmt.Errorf("adding up %d sums: %w", len(news.sums), err)
	}
	if err := addUnits(ctx, tx, tenantID, news.units); err != nil {
		return fmt.Errorf("adding up units of %d articles: %w", len(news.units), err)
	}
	return nil
}

func sameMoment(a, b cases.Moment) bool {
	return a.What == b.What && a.Label == b.Label && a.At.UnixMilli() == b.At.UnixMilli()
}
