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
	if p.db == nil {
		return append(unseen("jobs", p), unseen("events", p)...)
	}
	var dead []job.Stuck
	var parked []event.Stuck
	err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		if dead, err = job.StuckOf(ctx, tx); err == nil {
			parked, err = event.StuckOf(ctx, tx)
		}
		return err
	})
	if err != nil {
		return append(ok("jobs", "no table yet"), ok("events", "no table yet")...)
	}
	var all []Finding
	for _, s := range dead {
		all = append(all, stuck("jobs", "gave up", "job", "ID", s.Tenant, s.Count, s.Last)...)
	}
	if len(dead) == 0 {
		all = ok("jobs", "none gave up")
	}
	for _, s := range parked {
		all = append(all, stuck("events", "parked", "event", "FOLLOWER POSITION", s.Tenant, s.Count, s.Last)...)
	}
	if len(parked) == 0 {
		all = append(all, ok("events", "none is parked")...)
	}
	return all
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
