package audit

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Export notes that somebody takes data out as a file, before the first byte of
// it is sent: what was taken, how, and by which filter.
func Export(ctx context.Context, store *db.DB, by actor.Actor, e Exported) error {
	err := store.Write(ctx, func(tx *db.Tx) error {
		return event.Append(ctx, tx, by, event.About{Stream: "export", Subject: id.New("exp"), Version: 1}, e)
	})
	if err != nil {
		return fmt.Errorf("note the export of %s: %w", e.What, err)
	}
	return nil
}
