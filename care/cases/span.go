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

// instants are the first instant of a span and the first one after it; zero: an
// end is open. Days are the shop's, so that a figure of a day and the list
// behind it agree.
func (s Span) instants(ctx context.Context, tx *db.Tx, tenantID string) (from, to int64, err error) {
	if s == (Span{}) {
		return 0, 0, nil
	}
	shop, err := tenant.ByID(ctx, tx, tenantID)
	if err != nil {
		return 0, 0, err
	}
	zone, err := calendar.Zone(shop.Zone)
	if err != nil {
		return 0, 0, err
	}
	midnight := func(day string, more int) (int64, error) {
		if day == "" {
			return 0, nil
		}
		date, err := time.Parse(time.DateOnly, day)
		noon := time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, zone) // there is not a midnight every day
		return db.Millis(calendar.EndOfDay(noon, more-1, zone)) + 1, err
	}
	if from, err = midnight(s.From, 0); err == nil {
		to, err = midnight(s.To, 1)
	}
	return from, to, err
}

// days puts the time of the request into the plan: in the order of requests an
// index begins and ends there, otherwise each row is checked.
func (p *listPlan) days(ctx context.Context, tx *db.Tx, tenantID string, f Filter, found finding) error {
	from, to, err := f.Opened.instants(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	var span []cond
	bound := func(sign string, at int64) {
		if at != 0 {
			span = append(span, cond{"opened_at", "opened_at " + sign + " ?", []any{at}})
		}
	}
	bound(">=", from)
	bound("<", to)
	if f.AgeUnder > 0 {
		bound(">", db.Millis(tx.Now.Add(-f.AgeUnder)))
	}
	if f.AgeOver > 0 {
		bound("<=", db.Millis(tx.Now.Add(-f.AgeOver)))
	}
	if found.few || f.Sort.apart() || p.driven != nil {
		p.rest = append(p.rest, span...)
	} else {
		p.span = span
	}
	return nil
}

// happen puts what happened into the plan: the list is in the order of the
// first wish, where nothing else decides which cases are read; otherwise each
// row is checked.
func (p *listPlan) happen(ctx context.Context, tx *db.Tx, tenantID string, f Filter, found finding) error {
	for _, w := range f.moments() {
		h := happened{timed: w}
		var err error
		if h.from, h.to, err = w.days.instants(ctx, tx, tenantID); err != nil {
			return err
		}
		if p.driven != nil || found.few || f.Customer != "" || f.Sort.apart() {
			p.rest = append(p.rest, h.check(tenantID))
			continue
		}
		if h.money && len(h.labels) == 0 {
			if h.labels, err = currencies(ctx, tx, tenantID); err != nil {
				return err
			}
		}
		p.driven, p.streams = &h, nil
		p.rest = append(p.rest, h.took()...)
		for _, label := range h.labels {
			p.streams = append(p.streams, stream{{text: "m.label = ?", args: []any{label}}})
		}
	}
	return nil
}
