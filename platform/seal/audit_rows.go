package seal

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// rows counts the rows of the log's tables: one log, and as many tiles at each
// level as its size needs.
func (a *audit) rows(ctx context.Context, tx *db.Tx) error {
	n, err := countTrees(ctx, tx)
	if err != nil {
		return err
	}
	if n != 1 {
		a.found(BrokenTree, 0, event.Event{}, "the database has %d logs, want one: a row was put into it", n)
	}
	levels, err := tilesOf(ctx, tx)
	if err != nil {
		return err
	}
	for level := int64(0); a.tree.size>>(height*level) > 0 || len(levels) > 0; level++ {
		want := (a.tree.size>>(height*level) + wide - 1) / wide
		count, highest := int64(0), int64(-1)
		if at := slices.IndexFunc(levels, func(l [3]int64) bool { return l[0] == level }); at >= 0 {
			count, highest = levels[at][1], levels[at][2]
			levels = slices.Delete(levels, at, at+1)
		}
		if count != want || highest != want-1 {
			a.found(BrokenTree, 0, event.Event{}, "the log has %d tiles of level %d up to number %d, want %d", count, level, highest, want)
		}
		if level > 8 && len(levels) > 0 {
			a.found(BrokenTree, 0, event.Event{}, "the log has tiles of level %d", levels[0][0])
			break
		}
	}
	return nil
}

// settling is how long a kept checkpoint may still be replaced: a minute, and what
// the clocks of two processes may differ.
const settling = 5 * time.Minute

// keptBefore compares the kept checkpoints with what was seen of them: none of
// them is ever removed or replaced, but for the newest ones.
func (a *audit) keptBefore() {
	signed := slices.Clone(a.signed)
	slices.SortStableFunc(signed, func(x, y Checkpoint) int { return x.SealedAt.Compare(y.SealedAt) })
	sum := func(all []Checkpoint) KeptSeen {
		h, k := sha256.New(), KeptSeen{Count: int64(len(all))}
		for _, c := range all {
			fmt.Fprintf(h, "%d %d %d\n%s", db.Millis(c.SealedAt), c.Size, len(c.Note), c.Note)
			k.Until = c.SealedAt
		}
		copy(k.Hash[:], h.Sum(nil))
		return k
	}
	if b := a.Audits.Before; b != nil && !b.Kept.Until.IsZero() {
		old := slices.DeleteFunc(slices.Clone(signed), func(c Checkpoint) bool { return c.SealedAt.After(b.Kept.Until) })
		if now := sum(old); now.Hash != b.Kept.Hash {
			a.found(BrokenTree, 0, event.Event{}, "the kept checkpoints until %s are not those that were seen: %d then, %d now; one was changed, removed or put in",
				b.Kept.Until.Format(time.DateTime), b.Kept.Count, now.Count)
		}
	}
	if len(signed) > 0 {
		still := signed[len(signed)-1].SealedAt.Add(-settling)
		a.kept = sum(slices.DeleteFunc(signed, func(c Checkpoint) bool { return c.SealedAt.After(still) }))
	}
}

// witnesses checks what witnesses have signed, once the tree is read as far.
func (a *audit) witnesses(size int64) {
	for _, w := range a.stood {
		if w.size != size || w.signedAt == 0 {
			continue
		}
		if a.heard == nil {
			a.heard = map[string]int64{}
		}
		a.heard[w.verifier] = w.size
		root := a.edge.root()
		text := fmt.Sprintf("%s\n%d\n%s\n\n%s", a.tree.origin, size, base64.StdEncoding.EncodeToString(root[:]), w.note)
		known, err := Verifiers(w.verifier)
		if err == nil {
			_, err = note.Open([]byte(text), known)
		}
		if err != nil {
			a.found(WrongKey, size, event.Event{}, "what the witness %.60s is said to have signed over %d entries is not its signature of this log: the row was changed, or put in", w.verifier, size)
		}
	}
}

// witnessesBefore looks for witnesses that saw more than there is, or whose
// signatures are gone.
func (a *audit) witnessesBefore() {
	for _, w := range a.stood {
		if w.size > a.tree.size {
			a.found(RolledBack, a.tree.size+1, event.Event{}, "the witness %.60s has signed %d entries, and the log has %d", w.verifier, w.size, a.tree.size)
		}
	}
	if a.Audits.Before == nil {
		return
	}
	for verifier, size := range a.Audits.Before.Witnesses {
		if a.heard[verifier] < size {
			a.found(RolledBack, size, event.Event{}, "the witness %.60s had signed %d entries, and the database knows of %d", verifier, size, a.heard[verifier])
		}
	}
}
