package job

import (
	"context"
	"sync"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Run works until the context ends, then waits for the jobs under way.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.schedule(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	rescued := time.Time{}
	for ctx.Err() == nil {
		if time.Since(rescued) > rescueEvery {
			rescued = time.Now()
			q.rescue(ctx)
		}
		looked := time.Now()
		q.until(looked.Add(poll)) // from here on whoever has something for sooner says so
		wait, err := q.start(ctx, &wg)
		if err != nil && ctx.Err() == nil {
			q.log.ErrorContext(ctx, "jobs cannot be read", "err", err)
		}
		q.idle(ctx, wait-time.Since(looked))
	}
	return nil
}

// RunDue runs everything that is due at the store's clock, in order, and tells
// how many jobs ran. Tests and the demo use it instead of Run.
func (q *Queue) RunDue(ctx context.Context) (int, error) {
	total := 0
	for {
		q.rescue(ctx)
		jobs, _, err := q.due(ctx, 1)
		if err != nil || len(jobs) == 0 {
			return total, err
		}
		q.one(ctx, jobs[0])
		total++
	}
}

const systemTenant = "system"

func (q *Queue) schedule(ctx context.Context) error {
	return q.store.Write(ctx, func(tx *db.Tx) error {
		for _, r := range q.every {
			if err := q.Enqueue(ctx, tx, New{Tenant: systemTenant, Kind: r.kind, Key: "every", Keep: true}); err != nil {
				return err
			}
		}
		return nil
	})
}

// due reads jobs whose time has come, and how long it is to the time of the
// next; poll at most.
func (q *Queue) due(ctx context.Context, limit int) (jobs []Job, wait time.Duration, err error) {
	wait = poll
	if len(q.kinds) == 0 {
		return nil, wait, nil
	}
	err = q.store.Read(ctx, func(tx *db.Tx) (err error) {
		if jobs, err = due(ctx, tx, q.kinds, limit); err != nil || len(jobs) == limit {
			return err
		}
		at, err := next(ctx, tx)
		if err == nil && !at.IsZero() {
			wait = min(wait, at.Sub(tx.Now))
		}
		return err
	})
	return jobs, wait, err
}

// start runs a batch of due jobs side by side, each in a slot, and tells how
// long there is nothing more to start.
func (q *Queue) start(ctx context.Context, wg *sync.WaitGroup) (wait time.Duration, err error) {
	jobs, wait, err := q.due(ctx, batch)
	if err != nil {
		return poll, err
	}
	if len(jobs) == batch { // there may be more
		wait = 0
	}
	started := 0
	for _, j := range jobs {
		if !q.claim(j.ID) { // still under way here, from the batch before
			wait = min(wait, again)
			continue
		}
		select {
		case q.slots <- struct{}{}:
		case <-ctx.Done():
			q.unclaim(j.ID)
			return wait, nil
		}
		started++
		wg.Go(func() {
			defer func() { q.unclaim(j.ID); <-q.slots }()
			q.one(ctx, j)
		})
	}
	if started == 0 { // the whole batch is under way
		wait = max(wait, again)
	}
	return wait, nil
}

func (q *Queue) claim(id string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy[id] {
		return false
	}
	q.busy[id] = true
	return true
}

func (q *Queue) unclaim(id string) {
	q.mu.Lock()
	delete(q.busy, id)
	q.mu.Unlock()
}

func (q *Queue) rescue(ctx context.Context) {
	err := q.store.Write(ctx, func(tx *db.Tx) error {
		_, err := rescue(ctx, tx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		q.log.ErrorContext(ctx, "jobs of ended processes cannot be taken back", "err", err)
	}
}
