package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Confirm notes that the person of the actor's session has just given the
// password once more, and tells until when that counts. It fails with
// ErrUnknown when the session has ended. The caller has checked the password.
func Confirm(ctx context.Context, tx *db.Tx, by actor.Actor) (until time.Time, err error) {
	s, err := ByID(ctx, tx, by)
	if err != nil {
		return time.Time{}, err
	}
	if err := confirm(ctx, tx, by.Tenant, s.ID, tx.Now); err != nil {
		return time.Time{}, fmt.Errorf("confirm session %s: %w", s.ID, err)
	}
	return tx.Now.Add(Confirmed), event.Append(ctx, tx, by, about(s), ConfirmedFact{Kind: string(s.Kind)})
}

// Strengthen notes that the person of the actor's session has shown a second
// factor. The caller has checked it.
func Strengthen(ctx context.Context, tx *db.Tx, by actor.Actor, with string) error {
	s, err := ByID(ctx, tx, by)
	if err != nil {
		return err
	}
	shown := strings.Fields(s.Factors)
	if len(shown) == 0 {
		shown = []string{Password} // begun by an earlier version
	}
	if slices.Contains(shown, with) {
		return nil
	}
	return strengthen(ctx, tx, by.Tenant, s.ID, strings.Join(append(shown, with), " "))
}

// Fresh refuses with ErrStepUp a member of staff who has not confirmed with the
// password within the time Confirmed. It is asked before what an open console
// must not be enough for. Programs with a key, and the product itself, have no
// password and are let through: their permissions were given for this.
func Fresh(ctx context.Context, tx *db.Tx, by actor.Actor) error {
	if by.Kind == actor.Key || by.Kind == actor.System || by.Kind == actor.Timer {
		return nil
	}
	s, err := ByID(ctx, tx, by)
	if err != nil {
		return err
	}
	if !s.Fresh(tx.Now) {
		return ErrStepUp
	}
	return nil
}
