package backtest

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Forget is what the hourly job does.
func Forget(ctx context.Context, tx *db.Tx) error {
	_, err := forget(ctx, tx, tx.Now.AddDate(0, 0, -KeepDays), 100)
	return err
}

// Compare and Part are tested by tables.
var (
	Compare = compare
	Part    = part
)

// Median is that of some waits, as a run works it out.
func Median(waits []time.Duration) (time.Duration, int64) {
	t := Tally{Waits: map[int]int64{}}
	for _, w := range waits {
		t.Waits[bucket(w)]++
	}
	return t.median()
}
