package opening

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
)

// Service is the verbs of a shop's calendars.
type Service struct {
	// Running are the deadlines of one kind that run now, of a seller or, where
	// none is named, of all, the nearest first and up to a limit; and how many
	// there are of each seller.
	Running func(ctx context.Context, tx *db.Tx, tenant, seller, timer string, limit int) (nearest []Deadline, by map[string]int64, err error)
}

// Deadline is one that runs.
type Deadline struct {
	Case   string    `json:"case"`
	Number string    `json:"number" doc:"Of the case"`
	Timer  string    `json:"timer"`
	At     time.Time `json:"at"`
	Seller string    `json:"-"` // whose goods the case is about; empty: the shop's
}

// Of is the calendar of a desk; one that nobody ever saved has version 0. That
// of a seller who has none of the own is the shop's, with the seller's version.
func Of(ctx context.Context, tx *db.Tx, shop, seller, desk string) (Calendar, error) {
	if !slices.Contains(desksOf(seller), desk) {
		return Calendar{}, ErrDesk
	}
	c, err := stored(ctx, tx, shop, seller, desk)
	switch {
	case err != nil || c.Own || seller == "" && c.Version > 0:
		return c, err
	case seller != "":
		shops, err := Of(ctx, tx, shop, "", desk)
		shops.Seller, shops.Version, shops.Sellers = seller, c.Version, nil
		return shops, err
	}
	t, err := tenant.ByID(ctx, tx, shop)
	return blank(desk, t.Zone), err
}

// Keeping is the calendar by which a deadline of a case counts, and whether
// there is one: deadlines of customers, and of desks whose calendar is not in
// use, count hours of the clock. What a seller has to do counts by the seller's
// own calendar, where there is one.
func Keeping(ctx context.Context, tx *db.Tx, shop, seller, timer string) (c Calendar, counts bool, err error) {
	desk, own := governed[timer]
	if !own {
		return c, false, nil
	}
	if seller != "" && ofSellers[timer] == desk {
		if c, err = stored(ctx, tx, shop, seller, desk); err != nil || c.Own {
			return c, c.Own && c.Mode != Clock, err
		}
	}
	c, err = stored(ctx, tx, shop, "", desk)
	return c, c.Version > 0 && c.Mode != Clock, err
}

// Save changes the calendar of a desk; c.Version is the one that was read, or 0
// whichever it is. Deadlines that run keep their time. What is as it was makes
// no version. Whoever works for a seller stays within what the shop allows.
func Save(ctx context.Context, tx *db.Tx, by actor.Actor, c Calendar) (Calendar, error) {
	now, c, err := prepare(ctx, tx, by, c)
	if err != nil {
		return now, err
	}
	if c.Version != 0 && c.Version != now.Version {
		return now, ErrStale
	}
	c.Version = now.Version
	parts := differ(now, c)
	if c.Own && !now.Own {
		parts = append([]string{"own"}, parts...)
	}
	if len(parts) == 0 && now.Version > 0 {
		return now, nil
	}
	if err := put(ctx, tx, by, &c); err != nil {
		return c, err
	}
	parts = append([]string{}, parts...)
	if c.Seller != "" {
		return c, event.Append(ctx, tx, by, c.about(), SellerChanged{Desk: c.Desk, Seller: c.Seller, Parts: parts})
	}
	return c, event.Append(ctx, tx, by, c.about(), Changed{Desk: c.Desk, Parts: parts})
}

// prepare returns the calendar that is kept now, and the draft as it would be
// stored, or why the actor may not write it.
func prepare(ctx context.Context, tx *db.Tx, by actor.Actor, draft Calendar) (now, c Calendar, err error) {
	if now, err = Of(ctx, tx, by.Tenant, draft.Seller, draft.Desk); err != nil {
		return now, c, err
	}
	limits, err := mayWrite(ctx, tx, by, draft.Seller, draft.Desk)
	if err != nil {
		return now, c, err
	}
	if c, err = draft.normal(); err != nil {
		return now, c, err
	}
	if c.Own, c.Shops = c.Seller != "", false; c.Sellers == nil {
		c.Sellers = now.Sellers
	}
	if by.Seller != "" {
		err = c.within(ctx, tx, by.Tenant, limits, now, draft)
	}
	return now, c, err
}

// Effect is what a calendar would change.
type Effect struct {
	Running []Kept     // by deadline of the desk
	Shut    []Deadline // running ones that end while the desk would be closed, the nearest first
	Next    []Next     // what a deadline that begins now would become
}

// Kept is how many deadlines of one kind run, and keep their time.
type Kept struct {
	Timer string `json:"timer"`
	Count int64  `json:"count" doc:"Running now. They keep the time that customers were told"`
	Shut  int64  `json:"shut" doc:"Of them, those that end while the desk would be closed"`
}

// Next is a deadline that would begin now, by the shop's standard policy.
type Next struct {
	Timer  string    `json:"timer"`
	Hours  int       `json:"hours" doc:"By the standard policy"`
	Before time.Time `json:"before" doc:"By the calendar as it is"`
	After  time.Time `json:"after" doc:"By the calendar as it would be"`
}

// At most so many running deadlines are compared, and so many shown.
const (
	maxCompared = 5000
	maxShown    = 20
)

// Preview tells what saving a calendar would change, and changes nothing.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, by actor.Actor, draft Calendar) (e Effect, err error) {
	now, c, err := prepare(ctx, tx, by, draft)
	if err != nil {
		return e, err
	}
	hours, err := c.Hours()
	if err != nil {
		return e, err
	}
	standard, err := policy.At(ctx, tx, by.Tenant, policy.Standard, 0)
	if err != nil {
		return e, err
	}
	clock := standard.Rules.Clock()
	long := map[string]int{"answer": clock.AnswerHours, "payout": clock.PayoutHours, "inspect": clock.InspectHours}
	e.Shut = []Deadline{}
	for _, timer := range timersOf(c.Seller, c.Desk) {
		kept, err := s.kept(ctx, tx, by.Tenant, c, timer, hours, &e.Shut)
		if err != nil {
			return e, err
		}
		e.Running = append(e.Running, kept)
		n := Next{Timer: timer, Hours: long[timer]}
		if n.Before, err = now.due(tx.Now, n.Hours); err != nil {
			return e, err
		}
		if n.After, err = c.due(tx.Now, n.Hours); err != nil {
			return e, err
		}
		e.Next = append(e.Next, n)
	}
	slices.SortStableFunc(e.Shut, func(a, b Deadline) int { return a.At.Compare(b.At) })
	e.Shut = e.Shut[:min(len(e.Shut), maxShown)]
	return e, nil
}

// kept counts the running deadlines of one kind, and gathers those that end
// while a calendar is closed.
func (s *Service) kept(ctx context.Context, tx *db.Tx, shop string, c Calendar, timer string, hours *calendar.Hours, ends *[]Deadline) (k Kept, err error) {
	running, by, err := s.Running(ctx, tx, shop, c.Seller, timer, maxCompared)
	if err != nil {
		return k, fmt.Errorf("running deadlines: %w", err)
	}
	own, err := c.elsewhere(ctx, tx, shop, timer, by)
	if err != nil {
		return k, err
	}
	k = Kept{Timer: timer}
	for seller, n := range by {
		if !own[seller] {
			k.Count += n
		}
	}
	for _, d := range running {
		if own[d.Seller] || hours.Open(d.At) {
			continue
		}
		if k.Shut++; k.Shut <= maxShown {
			*ends = append(*ends, d)
		}
	}
	return k, nil
}
