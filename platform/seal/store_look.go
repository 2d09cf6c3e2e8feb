package seal

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

func lastCheckpoints(ctx context.Context, tx *db.Tx, limit int) ([]Checkpoint, error) {
	return db.List(ctx, tx, func(row db.Scanner) (c Checkpoint, err error) {
		var at int64
		err = row.Scan(&c.Size, &c.Note, &at)
		c.SealedAt = db.Time(at)
		return c, err
	}, `select size, note, sealed_at from seal_checkpoint order by minute desc limit $1`, limit)
}
