// Package doctor looks at an installation from outside and says what is wrong
// and what to do.
//
// It owns the list of checks. It changes nothing: it does not migrate, create
// or repair, and can run beside the server. Each check answers within seconds
// whatever is broken, and none hides another.
package doctor

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/platform/db"
)

// Status of one check.
type Status string

const (
	OK   Status = "ok"
	Warn Status = "warn" // works, but an administrator should know
	Fail Status = "fail" // something will not work
)

// Finding is the outcome of one check.
type Finding struct {
	Check  string `json:"check"`
	Status Status `json:"status"`
	Found  string `json:"found"`        // what was seen
	Do     string `json:"do,omitempty"` // what to do about it
}

// limit is the time one check may take.
const limit = 6 * time.Second

// patient is what the checks look at. DB is nil when it did not open.
type patient struct {
	cfg     *config.Config
	schemas []db.Schema
	db      *db.DB
	fresh   bool // nothing has begun: there is no database file
}

// Examine runs every check and calls tell with each finding as it comes. It
// returns the worst status.
func Examine(ctx context.Context, cfg *config.Config, schemas []db.Schema, tell func(Finding)) Status {
	p := &patient{cfg: cfg, schemas: schemas}
	worst := OK
	report := func(f Finding) {
		if f.Status == Fail || f.Status == Warn && worst == OK {
			worst = f.Status
		}
		tell(f)
	}
	for _, check := range []func(ctx context.Context, p *patient) []Finding{
		settings, folder, disk, keys, database, migrations, clock, stream, mailServer, payments, assets, laws, shop, secrets, backlog,
	} {
		one, cancel := context.WithTimeout(ctx, limit)
		for _, f := range check(one, p) {
			report(f)
		}
		cancel()
	}
	if p.db != nil {
		_ = p.db.Close()
	}
	return worst
}

func ok(check, found string) []Finding       { return []Finding{{check, OK, found, ""}} }
func warn(check, found, do string) []Finding { return []Finding{{check, Warn, found, do}} }
func fail(check, found, do string) []Finding { return []Finding{{check, Fail, found, do}} }
