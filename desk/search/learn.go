package search

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/product"
)

const (
	learnKind  = "search.learn"
	stepKind   = "search.step"
	learnEvery = time.Hour
	stepSize   = 500
	pause      = 200 * time.Millisecond // between steps, so that nobody waits for them
)

// things are what is searched, and how a package learns its own anew. The version
// is that of cutting and spelling: a higher one has all of them learned anew, a
// piece at a time, while the program runs.
var things = []struct {
	what    string
	version int
	next    func(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error)
}{
	{"customers", 2, customer.Relearn},
	{"products", 1, product.Relearn},
	{"titles", 1, cases.Relearn},
	{"sales", 1, cases.NoteSales},
	{"articles", 1, cases.NoteArticles},
}

// Jobs registers learning what an earlier version has stored: in steps, one
// after the other.
func Jobs(q *job.Queue) {
	learn := func(ctx context.Context, tx *db.Tx, j job.Job) error {
		shops, err := tenant.IDs(ctx, tx)
		if err != nil {
			return err
		}
		for _, shop := range shops {
			more, err := step(ctx, tx, shop)
			if err != nil {
				return fmt.Errorf("learning for the search of %s: %w", shop, err)
			}
			if more {
				return q.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: stepKind, Key: "step", RunAt: tx.Now.Add(pause)})
			}
		}
		return nil
	}
	q.Handle(stepKind, learn)
	q.Handle(learnKind, learn)
	q.Every(learnKind, learnEvery)
	hearJobs(q)
}

// step learns the next things of a shop, and tells whether there may be more.
func step(ctx context.Context, tx *db.Tx, shop string) (bool, error) {
	for _, one := range things {
		at, err := placeOf(ctx, tx, shop, one.what, one.version)
		if err != nil {
			return false, err
		}
		if at.done {
			continue
		}
		next, err := one.next(ctx, tx, shop, at.after, stepSize)
		if err != nil {
			return false, err
		}
		return true, savePlace(ctx, tx, shop, one.what, one.version, place{next, next == ""})
	}
	return false, nil
}
