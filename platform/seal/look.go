package seal

import (
	"context"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Picture is the log as a screen shows it.
type Picture struct {
	Status
	Keys        []Key
	Witnesses   []Witnessed
	Checkpoints []Checkpoint // kept ones, the newest first
}

// Witnessed is what a witness has signed last.
type Witnessed struct {
	Name     string
	Size     int64 // of the log as it saw it; 0: never
	SignedAt time.Time
	Problem  string
}

// Look reads how the log is, with its last checkpoints. It fails with ErrBegun.
func Look(ctx context.Context, tx *db.Tx, checkpoints int) (p Picture, err error) {
	if p.Status, err = statusOf(ctx, tx); err != nil {
		return p, err
	}
	if p.Keys, err = keysOf(ctx, tx); err != nil {
		return p, err
	}
	seen, err := witnessed(ctx, tx)
	if err != nil {
		return p, err
	}
	for _, w := range seen {
		name, _, _ := strings.Cut(w.verifier, "+")
		p.Witnesses = append(p.Witnesses, Witnessed{name, w.size, db.Time(w.signedAt), w.problem})
	}
	p.Checkpoints, err = lastCheckpoints(ctx, tx, checkpoints)
	return p, err
}
