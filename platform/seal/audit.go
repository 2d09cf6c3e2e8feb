package seal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal/leaf"
)

// Kinds of findings.
const (
	Changed    = "changed"     // an event is not what was sealed
	Deleted    = "deleted"     // an event that was sealed is gone
	Moved      = "moved"       // an event stands where another was sealed
	Inserted   = "inserted"    // an event was not written by the program, or is not in the log
	Removed    = "removed"     // a body is gone and nobody announced it
	BrokenTree = "tree"        // tiles or checkpoints do not fit each other
	WrongKey   = "key"         // a key or a signature is not the log's
	RolledBack = "rolled_back" // the log is shorter than it was
	Forked     = "forked"      // the log is another one than it was
	Late       = "late"        // events are not sealed in time
	File       = "file"        // a stored file is not what was sealed
)

// Finding is one difference.
type Finding struct {
	Kind     string `json:"kind"`
	Position int64  `json:"position,omitempty"`
	Event    string `json:"event,omitempty"`
	Text     string `json:"text"`
}

// Seen is what an auditor keeps between two audits, away from the database.
type Seen struct {
	Origin     string    `json:"origin"`
	Keys       []string  `json:"keys"`       // that the log may be signed with
	Checkpoint string    `json:"checkpoint"` // signed note
	Size       int64     `json:"size"`
	Root       tlog.Hash `json:"root"`
	Marks      []byte    `json:"marks"` // a hash for every 256 entries: to say where a fork begins
	At         time.Time `json:"at"`

	Kept      KeptSeen         `json:"kept"`
	Witnesses map[string]int64 `json:"witnesses,omitempty"` // entries that each had signed
}

// KeptSeen is what was seen of the kept checkpoints, but for the newest ones,
// which may still be replaced.
type KeptSeen struct {
	Until time.Time `json:"until"` // zero: none
	Count int64     `json:"count"`
	Hash  tlog.Hash `json:"hash"`
}

// Report is what an audit found.
type Report struct {
	Origin   string    `json:"origin"`
	Size     int64     `json:"entries"`
	Events   int64     `json:"events"`
	Unsealed int64     `json:"unsealed"`
	Adopted  int64     `json:"adopted"` // events older than the log
	Erased   int64     `json:"erased"`  // events whose body was erased, as announced
	Before   int64     `json:"before"`  // entries at the audit before; 0: there was none
	Count    int       `json:"findings_count"`
	Findings []Finding `json:"findings"` // the first ones
	Seen     Seen      `json:"-"`        // to keep, if nothing was found
}

const (
	maxFindings = 20
	auditReads  = 2000
	lateAfter   = time.Minute
)

func (r *Report) found(kind string, position int64, e event.Event, format string, args ...any) {
	r.Count++
	if len(r.Findings) < maxFindings {
		r.Findings = append(r.Findings, Finding{kind, position, e.ID, fmt.Sprintf(format, args...)})
	}
}

// Audits is what an audit looks at.
type Audits struct {
	DB       *db.DB
	Before   *Seen                                                                            // nil: the first audit
	Turned   string                                                                           // type of the event that says that another key of the installation writes; may be empty
	Each     func(ctx context.Context, tx *db.Tx, e event.Sealed) (problem string, err error) // looks at what an event speaks of; may be nil
	Last     func(ctx context.Context, tx *db.Tx) (problem string, err error)                 // looks for what no event speaks of; may be nil
	Progress func(done, of int64)
}

// audit is one audit under way.
type audit struct {
	Audits
	Report
	tree   tree
	keys   []Key
	signed []Checkpoint // kept checkpoints, by size
	stood  []testimony  // of witnesses, by size
	kept   KeptSeen
	heard  map[string]int64 // entries that witnesses have signed
	edge   edge
	marks  []tlog.Hash
	began  bool // the log's first key was announced
	turns  turns

	trusted   []string         // keys that the log may be signed with
	announced map[string]int64 // keys and the size at which they were added
	retired   map[string]bool
	erased    map[string]event.Event // bodies that are gone
	allowed   map[string]bool        // bodies whose erasure was announced
}

// Audit compares the events with the log, the log with its checkpoints and both
// with what was seen before. It changes nothing and may run beside the server.
func Audit(ctx context.Context, o Audits) (Report, error) {
	a := &audit{Audits: o, announced: map[string]int64{}, retired: map[string]bool{}, erased: map[string]event.Event{}, allowed: map[string]bool{}}
	a.Findings = []Finding{}
	if err := a.open(ctx); err != nil || a.tree.origin == "" {
		return a.Report, err
	}
	for a.edge.size < a.tree.size {
		err := a.DB.Read(ctx, func(tx *db.Tx) error { return a.tile(ctx, tx) })
		if err != nil {
			return a.Report, err
		}
		if a.Progress != nil {
			a.Progress(a.edge.size, a.tree.size)
		}
	}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		if err := a.rest(ctx, tx); err != nil || a.Last == nil {
			return err
		}
		problem, err := a.Audits.Last(ctx, tx)
		if problem != "" {
			a.found(Inserted, 0, event.Event{}, "%s", problem)
		}
		return err
	})
	if err != nil {
		return a.Report, err
	}
	a.conclude()
	return a.Report, nil
}

// open reads what the log says of itself.
func (a *audit) open(ctx context.Context) error {
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if a.tree, err = readTree(ctx, tx); errors.Is(err, ErrBegun) && a.Audits.Before != nil {
			a.found(RolledBack, 1, event.Event{}, "the log %s had %d entries and is gone", a.Audits.Before.Origin, a.Audits.Before.Size)
			return nil
		}
		if err != nil {
			return err
		}
		if a.keys, err = keysOf(ctx, tx); err != nil {
			return err
		}
		if err := a.rows(ctx, tx); err != nil {
			return err
		}
		if a.stood, err = witnessed(ctx, tx); err != nil {
			return err
		}
		a.signed, err = checkpointsAfter(ctx, tx, -1, 10_000_000)
		return err
	})
	if err != nil || a.tree.origin == "" {
		return err
	}
	a.keptBefore()
	a.Origin, a.Size = a.tree.origin, a.tree.size
	slices.SortStableFunc(a.signed, func(x, y Checkpoint) int { return int(x.Size - y.Size) })
	a.signed = append(a.signed, Checkpoint{a.tree.note, a.tree.size, a.tree.sealedAt})
	if b := a.Audits.Before; b != nil {
		a.Report.Before, a.trusted = b.Size, slices.Clone(b.Keys)
		if b.Origin != a.tree.origin {
			a.found(Forked, 0, event.Event{}, "this is the log %q, not %q as before", a.tree.origin, b.Origin)
		}
		if b.Size > a.tree.size {
			a.found(RolledBack, a.tree.size+1, event.Event{}, "the log had %d entries on %s and has %d now: an older copy was put back, or the newest entries were cut off",
				b.Size, b.At.Format(time.DateTime), a.tree.size)
		}
	} else if len(a.keys) > 0 { // there is nobody to ask; conclude holds it against its announcement
		a.trusted = []string{a.keys[0].Verifier}
	}
	return nil
}

// tile looks at the entries of one tile and their events.
func (a *audit) tile(ctx context.Context, tx *db.Tx) error {
	first := a.edge.size
	count := int(min(wide, a.tree.size-first))
	data, err := readTile(ctx, tx, place{0, first / wide})
	if err != nil {
		return err
	}
	leaves, err := hashesOf(data)
	if err != nil || len(leaves) < count {
		a.found(BrokenTree, first+1, event.Event{}, "tile 0/%d of the log is missing or cut: entries %d to %d cannot be proven", first/wide, first, first+int64(count)-1)
		leaves = append(leaves, make([]tlog.Hash, count)...)
	}
	events, err := event.SealedAfter(ctx, tx, first, count)
	if err != nil {
		return err
	}
	changed := map[place][]byte{}
	for i := range count {
		position := first + int64(i) + 1
		for len(events) > 0 && events[0].Event.Position < position {
			events = events[1:]
		}
		var e *event.Sealed
		if len(events) > 0 && events[0].Event.Position == position {
			e = &events[0]
		}
		if err := a.entry(ctx, tx, position, e, leaves[i]); err != nil {
			return err
		}
		a.edge.add(leaves[i], changed)
		if a.edge.size%wide == 0 {
			a.marks = append(a.marks, root(leaves[:wide]))
		}
		a.checkpoints()
	}
	return a.upper(ctx, tx, changed)
}

// upper compares the tiles above the entries with what they must be.
func (a *audit) upper(ctx context.Context, tx *db.Tx, changed map[place][]byte) error {
	last := a.edge.size == a.tree.size
	for level := 1; last && level < len(a.edge.levels); level++ { // the unfinished ones
		if len(a.edge.levels[level]) > 0 {
			changed[place{level, a.edge.size >> (height * (level + 1))}] = nil
		}
	}
	for at, want := range a.edge.tiles(changed) {
		full := len(want) == wide*tlog.HashSize
		if at.level == 0 || !full && !last {
			continue
		}
		got, err := readTile(ctx, tx, at)
		if err != nil {
			return err
		}
		if len(got) < len(want) || string(got[:len(want)]) != string(want) {
			a.found(BrokenTree, 0, event.Event{}, "tile %d/%d of the log is not the hash of what is below it", at.level, at.number)
		}
	}
	return nil
}

// entry compares an event with its leaf.
func (a *audit) entry(ctx context.Context, tx *db.Tx, position int64, e *event.Sealed, h tlog.Hash) error {
	if e == nil {
		if h == tlog.Hash(leaf.MerkleHash(lost)) {
			a.found(Deleted, position, event.Event{}, "the event at position %d was removed before it could be sealed", position)
		} else {
			a.found(Deleted, position, event.Event{}, "the event at position %d was sealed and is gone", position)
		}
		return nil
	}
	a.Events++
	sealed := tlog.Hash(leaf.MerkleHash(e.Entry()))
	switch {
	case !e.True():
		a.found(Changed, position, e.Event, "event %s (%s of %s) is not what was sealed: it was changed, or not written by the program", e.ID, e.Type, e.Subject)
	case sealed == h:
		return a.good(ctx, tx, *e)
	default:
		at, err := where(ctx, tx, sealed, a.tree.size)
		if err != nil {
			return err
		}
		if at >= 0 {
			a.found(Moved, position, e.Event, "event %s (%s of %s) stands at position %d and was sealed at %d", e.ID, e.Type, e.Subject, position, at+1)
		} else {
			a.found(Inserted, position, e.Event, "event %s (%s of %s) at position %d is not in the log: what was sealed there is another one", e.ID, e.Type, e.Subject, position)
		}
	}
	return nil
}

// good looks at what an event says that is proven.
func (a *audit) good(ctx context.Context, tx *db.Tx, e event.Sealed) error {
	switch {
	case e.Kind == leaf.Adopted && !a.began:
		a.Adopted++
	case e.Kind == leaf.Adopted:
		a.found(Inserted, e.Event.Position, e.Event, "event %s (%s of %s) was put into the database by something else than the program", e.ID, e.Type, e.Subject)
	}
	if e.Gone() {
		a.erased[e.ID] = e.Event
	}
	if late := a.turns.late(e, a.Turned, tx.Keys()); late {
		a.found(Changed, e.Event.Position, e.Event, "event %s (%s of %s) was written with a master key that wrote no more: by somebody who has the old key", e.ID, e.Type, e.Subject)
	}
	if err := a.listen(e); err != nil {
		return err
	}
	if a.Each == nil {
		return nil
	}
	problem, err := a.Each(ctx, tx, e)
	if problem != "" {
		a.found(File, e.Event.Position, e.Event, "%s", problem)
	}
	return err
}

// where finds a leaf in the log, -1 if it is not there.
func where(ctx context.Context, tx *db.Tx, h tlog.Hash, size int64) (int64, error) {
	for n := int64(0); n*wide < size; n++ {
		data, err := readTile(ctx, tx, place{0, n})
		if err != nil {
			return -1, err
		}
		hashes, err := hashesOf(data)
		if err != nil {
			continue
		}
		if i := slices.Index(hashes, h); i >= 0 {
			return n*wide + int64(i), nil
		}
	}
	return -1, nil
}

// opened reads a checkpoint if one of the keys signed it.
func opened(text string, keys []string) (*note.Note, error) {
	known, err := Verifiers(keys...)
	if err != nil {
		return nil, err
	}
	return note.Open([]byte(text), known)
}
