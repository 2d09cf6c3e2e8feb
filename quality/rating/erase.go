package rating

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets what a customer wrote with the ratings of cases. Scores stay:
// they are the shop's figures, and name nobody.
func Erase(ctx context.Context, tx *db.Tx, tenant string, cases []string) error {
	for _, one := range cases {
		if err := silence(ctx, tx, tenant, one); err != nil {
			return fmt.Errorf("rating of case %s: %w", one, err)
		}
	}
	return nil
}
