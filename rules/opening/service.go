package opening

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
)

// Service is the verbs of a shop's calendars.
type Service struct {
	// Running are the deadlines that run now, of those named, the nearest first
	// and up to a limit, and how many there are of each.
	Running func(ctx context.Context, tx *db.Tx, tenant string, timers []string, limit int) ([]Deadline, map[string]int64, error)
}

// Deadline is one that runs.
type Deadline struct {
	Case   string    `json:"case"`
	Number string    `json:"number" doc:"Of the case"`
	Timer  string    `json:"timer"`
	At     time.Time `json:"at"`
}

// Of is the calendar of a desk; one that nobody ever saved has version 0.
func Of(ctx context.Context, tx *db.Tx, shop, desk string) (Calendar, error) {
	if !slices.Contains(Desks, desk) {
		return Calendar{}, ErrDesk
	}
	c, err := stored(ctx, tx, shop, desk)
	if err != nil || c.Version > 0 {
		return c, err
	}
	t, err := tenant.ByID(ctx, tx, shop)
	return blank(desk, t.Zone), err
}

// Keeping is the calendar by which a deadline counts, and whether there is one:
// deadlines of customers, and of desks whose calendar is not in use, count hours
// of the clock.
func Keeping(ctx context.Context, tx *db.Tx, shop, timer string) (c Calendar, counts bool, err error) {
	desk, own := governed[timer]
	if !own {
		return c, false, nil
	}
	c, err = stored(ctx, tx, shop, desk)
	return c, c.Version > 0 && c.Mode != Clock, err
}

// Save changes the calendar of a desk; c.Version is the one that was read, or 0
// whichever it is. Deadlines that run keep their time. What is as it was makes
// no version.
func Save(ctx context.Context, tx *db.Tx, by actor.Actor, c Calendar) (Calendar, error) {
	now, err := Of(ctx, tx, by.Tenant, c.Desk)
	if err != nil {
		return now, err
	}
	if c.Version != 0 && c.Version != now.Version {
		return now, ErrStale
	}
	if c, err = c.normal(); err != nil {
		return c, err
	}
	c.Version = now.Version
	parts := differ(now, c)
	if len(parts) == 0 && now.Version > 0 {
		return now, nil
	}
	if err := put(ctx, tx, by, &c); err != nil {
		return c, err
	}
	about := event.About{Stream: "opening", Subject: c.Desk, Version: c.Version}
	return c, event.Append(ctx, tx, by, about, Changed{Desk: c.Desk, Parts: append([]string{}, parts...)})
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
func (s *Service) Preview(ctx context.Context, tx *db.Tx, by actor.Actor, c Calendar) (e Effect, err error) {
	now, err := Of(ctx, tx, by.Tenant, c.Desk)
	if err != nil {
		return e, err
	}
	if c, err = c.normal(); err != nil {
		return e, err
	}
	hours, err := c.Hours()
	if err != nil {
		return e, err
	}
	timers := Timers(c.Desk)
	running, counts, err := s.Running(ctx, tx, by.Tenant, timers, maxCompared)
	if err != nil {
		return e, fmt.Errorf("running deadlines: %w", err)
	}
	shut := map[string]int64{}
	e.Shut = []Deadline{}
	for _, d := range running {
		if hours.Open(d.At) {
			continue
		}
		if shut[d.Timer]++; len(e.Shut) < maxShown {
			e.Shut = append(e.Shut, d)
		}
	}
	standard, err := policy.At(ctx, tx, by.Tenant, policy.Standard, 0)
	if err != nil {
		return e, err
	}
	clock := standard.Rules.Clock()
	long := map[string]int{"answer": clock.AnswerHours, "payout": clock.PayoutHours, "inspect": clock.InspectHours}
	for _, timer := range timers {
		e.Running = append(e.Running, Kept{timer, counts[timer], shut[timer]})
		n := Next{Timer: timer, Hours: long[timer]}
		if n.Before, err = now.due(tx.Now, n.Hours); err != nil {
			return e, err
		}
		if n.After, err = c.due(tx.Now, n.Hours); err != nil {
			return e, err
		}
		e.Next = append(e.Next, n)
	}
	return e, nil
}
