package doctor

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// backlog counts what waits for a person because it failed too often: jobs, and
// events that a follower could not react to.
func backlog(ctx context.Context, p *patient) []Finding {
	jobs := failed(ctx, p, "jobs", "job_job", "none gave up", job.StuckOf, func(s job.Stuck) []Finding {
		return stuck("jobs", "gave up", "job", "ID", s.Tenant, s.Count, s.Last)
	})
	return append(jobs, failed(ctx, p, "events", "event_parked", "none is parked", event.StuckOf, func(s event.Stuck) []Finding {
		return stuck("events", "parked", "event", "FOLLOWER POSITION", s.Tenant, s.Count, s.Last)
	})...)
}

// failed tells of each shop that has some, or that there are none.
func failed[T any](ctx context.Context, p *patient, check, table, none string, read func(context.Context, *db.Tx) ([]T, error), tell func(T) []Finding) (found []Finding) {
	if p.db == nil {
		return unseen(check, p)
	}
	there, err := holds(ctx, p.db, table)
	if err == nil && !there {
		return ok(check, "no table yet")
	}
	var all []T
	if err == nil {
		err = p.db.Read(ctx, func(tx *db.Tx) (err error) { all, err = read(ctx, tx); return err })
	}
	if err != nil {
		return fail(check, "not counted: "+oneLine(err), "let the user of the URL read its own tables; \"tables\" above says whether they are those of this program")
	}
	if len(all) == 0 {
		return ok(check, none)
	}
	for _, one := range all {
		found = append(found, tell(one)...)
	}
	return found
}

// stuck says how many of a shop's wait, why the last one does, and by which
// commands that ends.
func stuck(check, how, command, args, shop string, n int64, last string) []Finding {
	whose, list := "", "aftercare "+command+" list"
	if shop != tenant.Default {
		flag := " --tenant " + shop
		whose, list, args = " of "+shop, list+flag, args+flag
	}
	return warn(check, fmt.Sprintf("%d%s %s, the last with: %.120s", n, whose, how, last),
		fmt.Sprintf("%q shows them; mend the cause, then \"aftercare %s run %s\", or do without: \"aftercare %s discard %s\"", list, command, args, command, args))
}
