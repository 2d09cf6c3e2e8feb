package customer

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// ErrTier refuses a tier that cannot be meant.
var ErrTier = fault.New(fault.Invalid, "customer.tier", "The tier cannot be given like this.")

// Standing is the tier that a customer has from a moment on, as somebody told
// it. Of several, the one that begins last holds; after Until there is none.
type Standing struct {
	ID     string
	Tier   string // as the shop's member system calls it: 88vip, plus, gold; empty: none from here on
	From   time.Time
	Until  time.Time // first moment without it; zero: until something else is told
	Reason string    // of a person who gave it
	Source string    // of the order or the member system that told it
	By     By
	ToldAt time.Time
}

// By is who told a tier, with the name as it was then.
type By struct {
	Kind actor.Kind
	ID   string
	Name string
}

// Told is what somebody says of a tier.
type Told struct {
	Tier   string
	From   time.Time // zero: now
	Until  time.Time
	Reason string
	Source string
}

var tierName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

const mostReason = 500

// tierProblem is what is wrong with a tier that begins at a time.
func tierProblem(tier string, from, until time.Time) *Problem {
	switch {
	case tier != "" && !tierName.MatchString(tier):
		return &Problem{"tier", "not a name of a tier", tier}
	case !until.IsZero() && tier == "":
		return &Problem{"tier_until", "without a tier", until.Format(time.RFC3339)}
	case !until.IsZero() && !until.After(from):
		return &Problem{"tier_until", "before the tier begins", until.Format(time.RFC3339)}
	}
	return nil
}

// TierProblem is the first thing wrong with the tier of a draft that is told of
// a moment.
func (d Draft) TierProblem(from time.Time) *Problem {
	if d.TierUntil != "" && d.until().IsZero() {
		return &Problem{"tier_until", "not a time such as 2027-01-01T00:00:00Z", d.TierUntil}
	}
	return tierProblem(d.Tier, from, d.until())
}

func (d Draft) until() time.Time {
	t, err := time.Parse(time.RFC3339, d.TierUntil)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// Untiered is the draft without what it says of the tier.
func (d *Draft) Untiered() *Draft {
	if d == nil || d.Tier == "" && d.TierUntil == "" {
		return d
	}
	plain := *d
	plain.Tier, plain.TierUntil = "", ""
	return &plain
}

// Tell notes the tier that a source names together with a customer: that of a
// moment, so that news in the wrong order do no harm. A draft that names no
// tier says nothing about it.
func (d Draft) Tell(ctx context.Context, tx *db.Tx, by actor.Actor, customer string, from time.Time) error {
	if d.Tier == "" {
		return nil
	}
	_, err := tell(ctx, tx, by, customer, Told{Tier: d.Tier, From: from, Until: d.until(), Source: d.Source})
	return err
}

// SetTier gives a customer a tier from now on, or takes it away. Staff say why.
// It tells whether that changed anything.
func SetTier(ctx context.Context, tx *db.Tx, by actor.Actor, customer string, t Told) (bool, error) {
	if t.Reason = strings.TrimSpace(t.Reason); by.Kind == actor.Staff && t.Reason == "" {
		return false, ErrTier.At("reason", "is empty", "a sentence for whoever looks at it later")
	}
	if len([]rune(t.Reason)) > mostReason {
		return false, ErrTier.At("reason", "is too long", fmt.Sprintf("at most %d characters", mostReason))
	}
	if _, err := ByID(ctx, tx, by.Tenant, customer); err != nil {
		return false, err
	}
	return tell(ctx, tx, by, customer, t)
}

func tell(ctx context.Context, tx *db.Tx, by actor.Actor, customer string, t Told) (bool, error) {
	if t.From.IsZero() {
		t.From = tx.Now
	}
	t.From, t.Until = t.From.UTC().Truncate(time.Millisecond), t.Until.UTC().Truncate(time.Millisecond)
	if p := tierProblem(t.Tier, t.From, t.Until); p != nil {
		return false, ErrTier.At(p.Field, p.Reason, "a name such as gold, and an end that is still to come")
	}
	past, err := Standings(ctx, tx, by.Tenant, []string{customer})
	if err != nil {
		return false, err
	}
	before := standingAt(past[customer], t.From)
	if before.Tier == t.Tier && before.Until.Equal(t.Until) {
		return false, nil
	}
	s := Standing{ID: id.New("tier"), Tier: t.Tier, From: t.From, Until: t.Until, Reason: t.Reason, Source: t.Source, By: By{by.Kind, by.ID, by.Name}, ToldAt: tx.Now}
	if err := insertTier(ctx, tx, by.Tenant, customer, s); err != nil {
		return false, fmt.Errorf("tier of customer %s: %w", customer, err)
	}
	return true, event.Append(ctx, tx, by, event.About{Stream: "customer", Subject: customer}, TierSet{
		Tier: s.Tier, Before: before.Tier, From: s.From, Until: s.Until, Reason: s.Reason, Source: s.Source,
	})
}

// Standings lists what was told about the tiers of customers, the latest
// beginning first.
func Standings(ctx context.Context, tx *db.Tx, tenant string, customers []string) (map[string][]Standing, error) {
	all, err := standings(ctx, tx, tenant, customers)
	if err != nil {
		return nil, fmt.Errorf("reading the tiers of %d customers: %w", len(customers), err)
	}
	return all, nil
}

// TierAt is the tier of a moment by what was told, empty for none.
func TierAt(told []Standing, at time.Time) string { return standingAt(told, at).Tier }

// standingAt is what holds at a moment; nothing where it has run out.
func standingAt(told []Standing, at time.Time) Standing {
	i := slices.IndexFunc(told, func(s Standing) bool { return !s.From.After(at) })
	if i < 0 || !told[i].Until.IsZero() && !at.Before(told[i].Until) {
		return Standing{}
	}
	return told[i]
}
