package cases

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Minimal is what callers that prefer it are answered.
var Minimal = minimal

// What lists are made of.
var (
	Insert = func(ctx context.Context, tx *db.Tx, c *Case) error {
		if err := insert(ctx, tx, c, &learned{}); err != nil || c.Customer == "" {
			return err
		}
		if err := saveFresh(ctx, tx, c.Tenant, c.ID); err != nil {
			return err
		}
		return LearnNames(ctx, tx, c.Tenant)
	}
	LearnNames = func(ctx context.Context, tx *db.Tx, tenant string) error {
		_, err := learnFresh(ctx, tx, tenant, namesSize)
		return err
	}
	Page   = page
	Counts = counts
)

// Reading lets a list look at so many rows for one page.
func Reading(f Filter, rows int) Filter {
	f.reads = rows
	return f
}

// Shown are the actions that lists know.
func Shown() (all []Action) {
	for _, o := range offered {
		all = append(all, o.do)
	}
	return all
}

// InList is a case as a list shows it.
func InList(c Case, by actor.Actor) Summary { return summary(c, by, "en") }
