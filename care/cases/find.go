package cases

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Find lists the newest of the cases that the actor may see and a text finds:
// see Filter.Query. Where there are none, slips of the keyboard are forgiven: one
// in a whole number, and some in names and titles; the cases of some customers
// are listed then as well. It gives what lists show of a case.
func Find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, customers []string, limit int) ([]Case, error) {
	wish := Filter{Query: text, Limit: limit}
	found, _, err := page(ctx, tx, by, wish)
	if err != nil || len(found) > 0 {
		return found, err
	}
	near, err := nearly(ctx, tx, by.Tenant, text, customers)
	if err != nil || len(near.parts) == 0 {
		return found, err
	}
	wish.found = &near
	found, _, err = page(ctx, tx, by, wish)
	return found, err
}
