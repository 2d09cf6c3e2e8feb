package widget

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Save changes the sites; w.Version is the one that was read, or 0 whichever it
// is. It fails with ErrInvalid, naming each site, and with ErrStale. Sites that
// are the same already are no change.
func Save(ctx context.Context, tx *db.Tx, by actor.Actor, w Widget) (Widget, error) {
	w, err := w.normal()
	if err != nil {
		return w, err
	}
	now, err := Of(ctx, tx, by.Tenant)
	if err != nil {
		return now, err
	}
	if w.Version != 0 && w.Version != now.Version {
		return now, ErrStale
	}
	if slices.Equal(w.Origins, now.Origins) {
		return now, nil
	}
	now.Origins = w.Origins
	if err := put(ctx, tx, by.Tenant, &now); err != nil {
		return now, err
	}
	return now, event.Append(ctx, tx, by, event.About{Stream: "widget", Subject: by.Tenant, Version: now.Version}, Changed{now.Origins})
}
