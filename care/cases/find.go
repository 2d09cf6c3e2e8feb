package cases

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Find lists the newest of the cases that the actor may see and a text finds:
// see Filter.Query. It gives what lists show of a case.
func Find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, limit int) ([]Case, error) {
	found, _, err := page(ctx, tx, by, Filter{Query: text, Limit: limit})
	return found, err
}
