package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// What goes wrong in counting mends itself: a page of the log that fails is read
// in smaller pieces, an event that fails alone is set aside and tried again
// later, and a watch starts what has given up.
const (
	retryKind  = "insight.retry"
	watchKind  = "insight.watch"
	watchEvery = 10 * time.Minute
	patience   = 5 // failures after which one event is set aside
	late       = time.Minute
)

// stride is how many events a count job reads; 0: a page.
type stride struct {
	Size int `json:"size,omitempty"`
}

// after is the stride of a job that failed so often: a tenth each time.
func (s stride) after(failures int) int {
	size := s.Size
	if size < 1 || size > pageSize {
		size = pageSize
	}
	for range failures {
		size = max(1, size/10)
	}
	return size
}

// longer is the stride behind a page that went well: longer, up to a page.
func longer(size int) stride {
	if size = size * 4; size >= pageSize {
		size = 0
	}
	return stride{size}
}

// retry is the event that a job tries again.
type retry struct {
	Position int64 `json:"position"`
}

// setAside leaves an event out of the counting that has failed because of it,
// and has it tried again by itself.
func (s *Service) setAside(ctx context.Context, tx *db.Tx, e event.Event) error {
	if err := saveAside(ctx, tx, e.Tenant, e.Position, e.Type+" "+e.Subject, tx.Now); err != nil {
		return err
	}
	return s.retryLater(ctx, tx, e.Tenant, e.Position)
}

func (s *Service) retryLater(ctx context.Context, tx *db.Tx, tenantID string, position int64) error {
	return s.ensure(ctx, tx, job.New{Tenant: tenantID, Kind: retryKind, Key: strconv.FormatInt(position, 10), Args: retry{position}, RunAt: tx.Now.Add(watchEvery)})
}

// ensure sees to it that a job is on its way: one that gave up begins again, any
// other is left alone.
func (s *Service) ensure(ctx context.Context, tx *db.Tx, n job.New) error {
	known, err := s.Queue.ByKeys(ctx, tx, n.Tenant, n.Kind, n.Key)
	if err != nil || slices.ContainsFunc(known, func(j job.Job) bool { return j.State != job.Died }) {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, n)
}

// again counts what an event names that was set aside.
func (s *Service) again(ctx context.Context, tx *db.Tx, j job.Job) error {
	var at retry
	if err := json.Unmarshal(j.Args, &at); err != nil {
		return job.Dead(err)
	}
	zone, _, err := s.hold(ctx, tx, j.Tenant)
	if err != nil {
		return err
	}
	events, err := event.Page(ctx, tx, j.Tenant, at.Position-1, counted, 1)
	if err != nil {
		return err
	}
	if len(events) == 1 && events[0].Position == at.Position {
		n, err := read(events)
		if err != nil {
			return err
		}
		f, err := gather(ctx, tx, j.Tenant, n)
		if err != nil {
			return err
		}
		if err := s.countFacts(ctx, tx, j.Tenant, f, n.answer, zone); err != nil {
			return err
		}
	}
	return forgetAside(ctx, tx, j.Tenant, at.Position)
}

// watch starts counting, counting anew and retries of all shops where they are
// due and no job is on its way.
func (s *Service) watch(ctx context.Context, tx *db.Tx, _ job.Job) error {
	shops, err := tenant.IDs(ctx, tx)
	if err != nil {
		return err
	}
	for _, shop := range shops {
		if err := s.watchShop(ctx, tx, shop); err != nil {
			return fmt.Errorf("watching the counting of %s: %w", shop, err)
		}
	}
	return nil
}

func (s *Service) watchShop(ctx context.Context, tx *db.Tx, shop string) error {
	c, position, err := standOf(ctx, tx, shop)
	if err != nil {
		return err
	}
	if c.Recounting {
		known, err := s.Queue.ByKeys(ctx, tx, shop, rebuildKind, shop)
		if err != nil || slices.ContainsFunc(known, func(j job.Job) bool { return j.State != job.Died }) {
			return err
		}
		return s.Rebuild(ctx, tx, shop)
	}
	events, err := event.Page(ctx, tx, shop, position, counted, 1)
	if err != nil {
		return err
	}
	if len(events) > 0 {
		if err := s.ensure(ctx, tx, job.New{Tenant: shop, Kind: countKind, Key: shop}); err != nil {
			return err
		}
	}
	aside, err := asideOf(ctx, tx, shop)
	for _, position := range aside {
		if err := s.retryLater(ctx, tx, shop, position); err != nil {
			return err
		}
	}
	return err
}

// Counting says how far the figures can be relied on.
type Counting struct {
	Recounting bool       `json:"recounting" doc:"Everything is being counted anew: figures are too low until it is done"`
	Aside      int64      `json:"set_aside" doc:"Changes that could not be counted; they are tried again by themselves"`
	Since      *time.Time `json:"behind_since,omitempty" doc:"Time of the first change that is not counted yet; missing where all of more than a minute ago are"`
}

func countingOf(ctx context.Context, tx *db.Tx, tenantID string) (Counting, error) {
	c, position, err := standOf(ctx, tx, tenantID)
	if err != nil {
		return c, err
	}
	aside, err := asideOf(ctx, tx, tenantID)
	if err != nil {
		return c, err
	}
	c.Aside = int64(len(aside))
	events, err := event.Page(ctx, tx, tenantID, position, counted, 1)
	if len(events) > 0 && tx.Now.Sub(events[0].At) > late {
		c.Since = &events[0].At
	}
	return c, err
}
