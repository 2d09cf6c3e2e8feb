package seal

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// listen takes in what proven events say of keys and erasures.
func (a *audit) listen(e event.Sealed) error {
	switch e.Type {
	case KeyAdded{}.Type():
		var k KeyAdded
		if err := json.Unmarshal([]byte(e.Stored), &k); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		a.announced[k.Verifier] = e.Event.Position
		a.began = true
	case KeyRetired{}.Type():
		var k KeyRetired
		if err := json.Unmarshal([]byte(e.Stored), &k); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		a.retired[k.Verifier] = true
	case event.Erased{}.Type():
		var x event.Erased
		if err := json.Unmarshal([]byte(e.Stored), &x); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		for _, id := range x.Events {
			a.allowed[id] = true
		}
	}
	return nil
}

// checkpoints compares the tree, as far as it was read, with the kept
// checkpoints of this size and with what was seen before.
func (a *audit) checkpoints() {
	size := a.edge.size
	if b := a.Audits.Before; b != nil && b.Size == size && a.edge.root() != b.Root {
		a.fork(b)
	}
	a.witnesses(size)
	for len(a.signed) > 0 && a.signed[0].Size <= size {
		c := a.signed[0]
		a.signed = a.signed[1:]
		if c.Size == size {
			a.checkpoint(c)
		}
	}
}

// checkpoint checks one signed statement about the tree read so far. A key is
// believed once a checkpoint signed by a believed key covers its announcement.
func (a *audit) checkpoint(c Checkpoint) {
	n, err := opened(c.Note, a.trusted)
	if err != nil {
		a.found(WrongKey, c.Size, event.Event{}, "the checkpoint over %d entries is not signed by a key of this log (%s): the key was replaced, or the checkpoint changed", c.Size, short(err))
		return
	}
	origin, size, root, err := ParseCheckpoint(n.Text)
	if err != nil || origin != a.tree.origin || size != c.Size || root != a.edge.root() {
		a.found(BrokenTree, c.Size, event.Event{}, "the checkpoint over %d entries speaks of another tree than the one in the database", c.Size)
		return
	}
	for verifier, position := range a.announced {
		if position <= c.Size && !slices.Contains(a.trusted, verifier) {
			a.trusted = append(a.trusted, verifier)
		}
	}
}

// ParseCheckpoint reads the text of a checkpoint (C2SP tlog-checkpoint).
func ParseCheckpoint(text string) (origin string, size int64, root tlog.Hash, err error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) != 4 || lines[0] == "" {
		return "", 0, root, errors.New("not a checkpoint")
	}
	size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || lines[1] != strconv.FormatInt(size, 10) {
		return "", 0, root, errors.New("a checkpoint without a size")
	}
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(raw) != len(root) {
		return "", 0, root, errors.New("a checkpoint without a root")
	}
	copy(root[:], raw)
	return lines[0], size, root, nil
}

// fork says where the log and what was seen of it part.
func (a *audit) fork(b *Seen) {
	first, last := int64(0), b.Size
	seen, _ := hashesAll(b.Marks)
	for i, mark := range a.marks {
		if i >= len(seen) {
			break
		}
		if mark != seen[i] {
			last = min(last, int64(i+1)*wide)
			break
		}
		first = int64(i+1) * wide
	}
	a.found(Forked, first+1, event.Event{}, "the log is not a continuation of what was seen on %s: the first difference is at positions %d to %d",
		b.At.Format("2006-01-02 15:04:05"), first+1, last)
}

func hashesAll(data []byte) (all []tlog.Hash, err error) {
	for ; len(data) >= tlog.HashSize; data = data[tlog.HashSize:] {
		all = append(all, tlog.Hash(data[:tlog.HashSize]))
	}
	return all, nil
}

// rest looks at events behind the end of the log.
func (a *audit) rest(ctx context.Context, tx *db.Tx) error {
	if a.tree.size == 0 {
		a.checkpoints()
	}
	for from := a.tree.size; ; {
		events, err := event.SealedAfter(ctx, tx, from, auditReads)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			a.Events++
			a.Unsealed++
			if e.Missing || !e.True() {
				a.found(Inserted, e.Event.Position, e.Event, "event %s (%s of %s) was put into the database by something else than the program, or changed", e.ID, e.Type, e.Subject)
				continue
			}
			if err := a.listen(e); err != nil {
				return err
			}
			if age := tx.Now.Sub(e.At); a.Unsealed == 1 && age > lateAfter {
				a.found(Late, e.Event.Position, e.Event, "event %s waits for its entry since %s: no process seals", e.ID, e.At.Format("2006-01-02 15:04:05"))
			}
		}
		from = events[len(events)-1].Event.Position
	}
}

// conclude compares what the events say with the tables of the log.
func (a *audit) conclude() {
	for _, k := range a.keys {
		if _, ok := a.announced[k.Verifier]; !ok && a.tree.size > 0 {
			a.found(WrongKey, 0, event.Event{}, "the key %s was never announced: it was put into the database", k.Verifier)
		}
		if a.retired[k.Verifier] == k.RetiredAt.IsZero() {
			a.found(WrongKey, 0, event.Event{}, "the key %s is retired in the log or in the database, not in both", k.Verifier)
		}
	}
	for verifier, position := range a.announced {
		if !slices.ContainsFunc(a.keys, func(k Key) bool { return k.Verifier == verifier }) {
			a.found(WrongKey, position, event.Event{}, "the key %s was announced and is gone from the database", verifier)
		}
	}
	for id, e := range a.erased {
		if !a.allowed[id] {
			a.found(Removed, e.Position, e, "the body of event %s (%s of %s) is gone, and nobody announced its erasure", id, e.Type, e.Subject)
			continue
		}
		a.Report.Erased++
	}
	a.witnessesBefore()
	a.Seen = Seen{Kept: a.kept, Witnesses: a.heard, Origin: a.tree.origin, Keys: a.trusted, Checkpoint: a.tree.note, Size: a.tree.size, Root: a.edge.root(), Marks: bytesOf(a.marks), At: a.DB.Now()}
}

func short(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Sprintf("%.80s", text)
}
