package customer

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Erase takes away what is known of a customer: name, contacts and the
// references of sources. What is left is an id without a person, so that orders
// and books still say that they belong together. A source that tells of the
// person again makes a new customer. Erasing twice is harmless.
func Erase(ctx context.Context, tx *db.Tx, by actor.Actor, id string) error {
	c, err := ByID(ctx, tx, by.Tenant, id)
	if err != nil {
		return err
	}
	if err := unlearn(ctx, tx, c); err != nil {
		return fmt.Errorf("erase customer %s: %w", id, err)
	}
	if err := erase(ctx, tx, by.Tenant, id); err != nil {
		return fmt.Errorf("erase customer %s: %w", id, err)
	}
	return nil
}

// ErasedAt tells when a customer was erased; the zero time: not.
func ErasedAt(ctx context.Context, tx *db.Tx, tenant, id string) (time.Time, error) {
	return erasedAt(ctx, tx, tenant, id)
}
