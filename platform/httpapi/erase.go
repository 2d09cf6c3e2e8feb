package httpapi

import (
	"context"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets kept answers that name one of some ids, or were given where the
// address does, whoever got them: they may tell of a person. A request that is
// repeated later is a new one.
func Erase(ctx context.Context, tx *db.Tx, tenant string, ids []string) error {
	const some = 50 // of a statement
	for len(ids) > 0 {
		n := min(len(ids), some)
		if err := forgetAbout(ctx, tx, tenant, ids[:n]); err != nil {
			return fmt.Errorf("kept answers: %w", err)
		}
		ids = ids[n:]
	}
	return nil
}

func forgetAbout(ctx context.Context, tx *db.Tx, tenant string, ids []string) error {
	args, tests := []any{tenant}, make([]string, len(ids))
	for i, one := range ids {
		args = append(args, "%"+one+"%")
		tests[i] = fmt.Sprintf("answer like $%d or path like $%d", i+2, i+2)
	}
	return forgetWhere(ctx, tx, strings.Join(tests, " or "), args)
}
