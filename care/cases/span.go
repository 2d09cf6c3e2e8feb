package cases

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/platform/db"
)

// Span is a run of days in the shop's zone, both ends included; an empty end is
// open.
type Span struct{ From, To string }

// days puts the days of the request into the plan: in the order of requests an
// index begins and ends there, otherwise each row is checked. Days are the
// shop's, so that a figure of a day and the list behind it agree.
func (p *listPlan) days(ctx context.Context, tx *db.Tx, tenantID string, f Filter, found finding) error {
	if f.Opened == (Span{}) {
		return nil
	}
	shop, err := tenant.ByID(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	zone, err := calendar.Zone(shop.Zone)
	if err != nil {
		return err
	}
	var span []cond
	bound := func(day string, more int, sign string) error {
		if day == "" {
			return nil
		}
		at, err := time.ParseInLocation(time.DateOnly, day, zone)
		if err == nil {
			span = append(span, cond{"opened_at", "opened_at " + sign + " ?", []any{db.Millis(at.AddDate(0, 0, more))}})
		}
		return err
	}
	if err := bound(f.Opened.From, 0, ">="); err != nil {
		return err
	}
	if err := bound(f.Opened.To, 1, "<"); err != nil {
		return err
	}
	if found.few || f.Sort == Deadline {
		p.rest = append(p.rest, span...)
	} else {
		p.span = span
	}
	return nil
}
