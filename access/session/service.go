package session

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/secret"
)

const tokenPrefix = "ses"

// Begin starts a session of an actor who has just proved who he is, and
// returns the token for his cookie. The token is not stored and cannot be had
// again.
func Begin(ctx context.Context, tx *db.Tx, by actor.Actor, n New) (token string, s Session, err error) {
	s = Session{
		ID: id.New("sid"), Tenant: by.Tenant, Kind: by.Kind, Subject: by.ID, Order: n.Order, Factors: n.Factors,
		IP: n.IP, Agent: short(strings.ToValidUTF8(n.Agent, ""), agentLength), CreatedAt: tx.Now, LastSeenAt: tx.Now,
	}
	switch by.Kind {
	case actor.Staff:
		s.Idle, s.ExpiresAt = StaffIdle, tx.Now.Add(StaffLife)
	case actor.Customer:
		s.Idle, s.ExpiresAt, s.Framed = CustomerIdle, tx.Now.Add(CustomerLife), n.Framed
		if n.Framed {
			s.ExpiresAt = tx.Now.Add(FrameLife)
		}
	default:
		return "", s, fmt.Errorf("begin session: %s actors have none", by.Kind)
	}
	token = id.Token(tokenPrefix)
	if err := insert(ctx, tx, s, secret.Digest(token)); err != nil {
		return "", s, fmt.Errorf("begin session of %s: %w", by.ID, err)
	}
	return token, s, event.Append(ctx, tx, by, about(s), Started{Kind: string(s.Kind), Factors: s.Factors})
}

// ByToken finds the living session of a cookie in a tenant, or ErrUnknown.
func ByToken(ctx context.Context, tx *db.Tx, tenant string, kind actor.Kind, token string) (Session, error) {
	if !strings.HasPrefix(token, tokenPrefix+"_") {
		return Session{}, ErrUnknown
	}
	s, err := byDigest(ctx, tx, tenant, kind, secret.Digest(token))
	if err == nil && s.Over(tx.Now) {
		return Session{}, ErrUnknown
	}
	return s, err
}

// ByID finds the living session of the actor himself, or ErrUnknown.
func ByID(ctx context.Context, tx *db.Tx, by actor.Actor) (Session, error) {
	s, err := byID(ctx, tx, by.Tenant, by.Session)
	if err == nil && (s.Over(tx.Now) || s.Kind != by.Kind || s.Subject != by.ID) {
		return Session{}, ErrUnknown
	}
	return s, err
}

// Seen notes that a session made a request at an instant. It changes nothing
// when a later request is known, or the session has ended meanwhile.
func Seen(ctx context.Context, tx *db.Tx, tenant, session string, at time.Time) error {
	return seen(ctx, tx, tenant, session, at)
}

// Of lists the living sessions of staff, the newest first: one person's, or
// everybody's when subject is empty. after is the id of the last one already
// seen.
func Of(ctx context.Context, tx *db.Tx, tenant, subject, after string, limit int) ([]Session, error) {
	return page(ctx, tx, tenant, subject, after, limit)
}

// End ends the actor's own session, as signing out does. It is no error when it
// has ended already.
func End(ctx context.Context, tx *db.Tx, by actor.Actor) error {
	return end(ctx, tx, by, SignedOut, by.Session)
}

// EndStaff ends one session of staff by its id. With own, only sessions of the
// actor exist. It fails with ErrUnknown.
func EndStaff(ctx context.Context, tx *db.Tx, by actor.Actor, session string, own bool) error {
	if _, err := Whose(ctx, tx, by, session, own); err != nil {
		return err
	}
	return end(ctx, tx, by, ByHand, session)
}

// Whose is the member of staff that a living session is of. With own, only
// sessions of the actor exist. It fails with ErrUnknown.
func Whose(ctx context.Context, tx *db.Tx, by actor.Actor, session string, own bool) (string, error) {
	s, err := byID(ctx, tx, by.Tenant, session)
	if err != nil {
		return "", err
	}
	if s.Kind != actor.Staff || s.Over(tx.Now) || own && s.Subject != by.ID {
		return "", ErrUnknown
	}
	return s.Subject, nil
}

// EndAll ends all sessions of a member of staff but one, which may be empty,
// and tells how many those were.
func EndAll(ctx context.Context, tx *db.Tx, by actor.Actor, subject, but, ground string) (int, error) {
	return endAll(ctx, tx, by, actor.Staff, subject, but, ground)
}

// EndCustomer ends all sessions of a customer.
func EndCustomer(ctx context.Context, tx *db.Tx, by actor.Actor, customer string) (int, error) {
	return endAll(ctx, tx, by, actor.Customer, customer, "", Withdrawn)
}

func endAll(ctx context.Context, tx *db.Tx, by actor.Actor, kind actor.Kind, subject, but, ground string) (int, error) {
	all, err := ids(ctx, tx, by.Tenant, kind, subject)
	if err != nil {
		return 0, fmt.Errorf("sessions of %s: %w", subject, err)
	}
	n := 0
	for _, session := range all {
		if session == but {
			continue
		}
		if err := end(ctx, tx, by, ground, session); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func end(ctx context.Context, tx *db.Tx, by actor.Actor, ground, session string) error {
	s, err := remove(ctx, tx, by.Tenant, session)
	if err != nil {
		return fmt.Errorf("end session %s: %w", session, err)
	}
	if s.ID == "" {
		return nil
	}
	return event.Append(ctx, tx, by, about(s), Ended{Kind: string(s.Kind), Ground: ground})
}

func about(s Session) event.About {
	return event.About{Stream: "session", Subject: s.ID, Version: 1}
}
