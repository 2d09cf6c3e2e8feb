package cases

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/platform/db"
)

// because adds to the refusal of a step what the list of actions says of it: the
// reason, on what the case waits, and what would help.
func because(ctx context.Context, tx *db.Tx, by actor.Actor, id string, do Action, lang string, err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) || !errors.Is(f, ErrMove) && !errors.Is(f, ErrGuard) && !errors.Is(f, ErrParty) {
		return err
	}
	c, gone := ByID(ctx, tx, by, id)
	if gone != nil {
		return err
	}
	_, missing := inspection.ByCase(ctx, tx, c.Tenant, c.ID)
	code := c.blocked(do, by, missing == nil)
	if code == "" {
		return err
	}
	return f.Because(locale.Text("en", "blocked."+code, nil)+".").With("reason", c.blockedView(lang, by, code))
}
