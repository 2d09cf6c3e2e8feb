package seal

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Picture is the log as a screen shows it.
type Picture struct {
	Status
	Keys        []Signing
	Witnesses   []Witnessed
	Checkpoints []Kept // the newest first
}

// Signing is a key of the log, and whether the newest checkpoint carries its
// signature.
type Signing struct {
	Key
	Signs bool
}

// Kept is a checkpoint that was kept.
type Kept struct {
	Checkpoint
	Signers []string // keys of the log whose signature is right, now as then
}

// Witnessed is what a witness has signed last.
type Witnessed struct {
	Name       string
	Size       int64 // of the log as it saw it; 0: never
	SignedAt   time.Time
	TriedAt    time.Time // when it was asked last; zero: never
	Problem    string
	Configured bool // it is asked for new checkpoints
}

// Look reads how the log is, with its last checkpoints. It fails with ErrBegun.
func (l *Log) Look(ctx context.Context, tx *db.Tx, checkpoints int) (p Picture, err error) {
	if p.Status, err = statusOf(ctx, tx); err != nil {
		return p, err
	}
	keys, err := keysOf(ctx, tx)
	if err != nil {
		return p, err
	}
	last, err := Last(ctx, tx)
	if err != nil {
		return p, err
	}
	now := signers(keys, last.Note)
	for _, k := range keys {
		p.Keys = append(p.Keys, Signing{k, slices.Contains(now, k.Verifier)})
	}
	if p.Witnesses, err = l.witnesses(ctx, tx); err != nil {
		return p, err
	}
	all, err := lastCheckpoints(ctx, tx, checkpoints)
	for _, c := range all {
		p.Checkpoints = append(p.Checkpoints, Kept{c, signers(keys, c.Note)})
	}
	return p, err
}

// witnesses are those that are asked, and those that once were.
func (l *Log) witnesses(ctx context.Context, tx *db.Tx) (all []Witnessed, err error) {
	name := func(verifier string) string {
		name, _, _ := strings.Cut(verifier, "+")
		return name
	}
	asked := map[string]bool{}
	for _, w := range l.o.Witnesses {
		asked[w.Verifier] = true
	}
	seen, err := witnessed(ctx, tx)
	for _, w := range seen {
		all = append(all, Witnessed{name(w.verifier), w.size, db.Time(w.signedAt), db.Time(w.triedAt), w.problem, asked[w.verifier]})
		delete(asked, w.verifier)
	}
	for _, w := range l.o.Witnesses {
		if asked[w.Verifier] {
			all = append(all, Witnessed{Name: name(w.Verifier), Configured: true})
		}
	}
	return all, err
}
