package seal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal/leaf"
)

const duty = "seal"

// Run seals whenever this process is the one, until ctx ends.
func (l *Log) Run(ctx context.Context) error {
	event.Lead(ctx, l.o.DB, l.o.Log, duty, l.o.Lease, l.lead)
	return nil
}

// head is what the leading process knows of the log.
type head struct {
	origin string
	edge   edge
	keys   []signKey
	turn   int64 // the count of changes of the keys
	empty  bool  // no checkpoint has been signed
	young  bool  // the events from before the log are being taken in
}

// lead begins the log if nobody has, and makes it grow until ctx ends.
func (l *Log) lead(ctx context.Context) error {
	h, err := l.begin(ctx)
	if err != nil {
		l.note(err.Error())
		l.o.Log.ErrorContext(ctx, "the log is not sealed", "err", err)
		pause(ctx, 5*time.Second)
		return err
	}
	l.note("")
	inner, stop := context.WithCancel(ctx)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		l.askWitnesses(inner)
	}()
	defer func() { stop(); <-asked }()
	for ctx.Err() == nil {
		if !h.empty {
			_, err = l.o.Tail.After(ctx, h.edge.size, 1)
		}
		if err == nil {
			pause(ctx, l.o.Interval) // what comes close together is sealed together
			err = l.drain(context.WithoutCancel(ctx), &h)
		}
		switch {
		case ctx.Err() != nil:
		case errors.Is(err, errLost): // another key, or a process that believes to be elected
			pause(ctx, l.o.Interval)
			if h, err = l.begin(ctx); err != nil {
				return err
			}
		case err != nil:
			l.note(err.Error())
			l.o.Log.ErrorContext(ctx, "events were not sealed", "err", err)
			pause(ctx, time.Second)
			err = nil
		default:
			l.note("")
		}
	}
	last, end := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer end()
	return l.drain(last, &h) // what the process did before it was asked to stop
}

// drain seals until nothing waits.
func (l *Log) drain(ctx context.Context, h *head) error {
	for {
		n, err := l.batch(ctx, h)
		if err != nil || n < l.o.Batch {
			return err
		}
	}
}

// begin loads the log, or creates it with its first key.
func (l *Log) begin(ctx context.Context) (h head, err error) {
	var t tree
	read := func(tx *db.Tx) (err error) { t, err = readTree(ctx, tx); return err }
	err = l.o.DB.Read(ctx, read)
	if errors.Is(err, ErrBegun) {
		if err = l.create(ctx); err == nil {
			err = l.o.DB.Read(ctx, read)
		}
	}
	if err != nil {
		return h, err
	}
	at, err := l.keysNow(ctx, t.origin)
	if err != nil {
		return h, err
	}
	err = l.o.DB.Read(ctx, func(tx *db.Tx) error {
		if t, err = readTree(ctx, tx); err != nil {
			return err
		}
		known, err := keysOf(ctx, tx)
		if err != nil {
			return err
		}
		last, err := event.Last(ctx, tx)
		if err != nil {
			return err
		}
		if last < t.size {
			return fmt.Errorf("%w (%d events, %d entries)", errShort, last, t.size)
		}
		h = head{origin: t.origin, turn: t.keys, empty: t.note == "", young: t.note == ""}
		for _, k := range known {
			for _, mine := range at {
				if mine.verifier() == k.Verifier && k.RetiredAt.IsZero() {
					h.keys = append(h.keys, mine)
				}
			}
		}
		h.edge, err = readEdge(ctx, tx, t.size)
		return err
	})
	if err == nil && len(h.keys) == 0 {
		err = errForeign
	}
	return h, wrap("log "+t.origin, err)
}

// keysNow are the keys at hand, which are the log's from now on.
func (l *Log) keysNow(ctx context.Context, origin string) ([]signKey, error) {
	unlock, err := l.lockKeys()
	if err != nil {
		return nil, err
	}
	defer unlock()
	at, err := l.keyring(ctx, origin)
	if err != nil {
		return nil, err
	}
	return at, l.register(ctx, at)
}

// create makes the first key and the log. Of two processes that do it at once,
// one log stays; the other's key signs nothing.
func (l *Log) create(ctx context.Context) error {
	origin := l.o.Name
	if origin == "" {
		origin = randomName()
	}
	keys, err := l.keyring(ctx, origin)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		keys = []signKey{newKey(origin)}
		if err := writeKeys(l.o.KeyFile, keys); err != nil {
			return wrap("writing the key of the log", err)
		}
	}
	origin = keys[0].name
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		fresh, err := insertTree(ctx, tx, origin)
		if err != nil || !fresh {
			return err
		}
		return addKey(ctx, tx, l.o.By, keys[len(keys)-1].verifier(), 0)
	})
}

// batch seals the next events in one transaction: entries, tree, checkpoint.
func (l *Log) batch(ctx context.Context, h *head) (n int, err error) {
	var grown edge
	var found []string
	err = l.o.DB.Write(ctx, func(tx *db.Tx) error {
		grown, found = h.edge.clone(), nil
		all, foreign, err := waiting(ctx, tx, h.edge.size, l.o.Batch)
		if err != nil {
			return err
		}
		for _, position := range foreign {
			found = append(found, fmt.Sprintf("the event at position %d was written by something else", position))
		}
		if n = len(all); n == 0 && !h.empty {
			return l.idle(ctx, tx, h)
		}
		changed := map[place][]byte{}
		for _, s := range all {
			for grown.size+1 < s.Position { // a row was removed before it was sealed
				found = append(found, fmt.Sprintf("no event has position %d", grown.size+1))
				grown.add(leaf.MerkleHash(lost), changed)
			}
			grown.add(leaf.MerkleHash(s.Entry()), changed)
		}
		for at, data := range grown.tiles(changed) {
			if err := saveTile(ctx, tx, at, data); err != nil {
				return err
			}
		}
		return l.publish(ctx, tx, h, &grown)
	})
	if err != nil || n == 0 && !h.empty {
		return 0, err
	}
	l.at("sealed")
	h.edge, h.empty = grown, false
	h.young = h.young && len(found) > 0
	for _, what := range found {
		if h.young {
			continue
		}
		l.o.Log.ErrorContext(ctx, "the event log was changed from outside", "found", what)
	}
	return n, nil
}

// waiting reads what is to be sealed next, after committing to events that were
// not written by the program.
func waiting(ctx context.Context, tx *db.Tx, size int64, limit int) (all []event.Seal, foreign []int64, err error) {
	if all, err = event.Seals(ctx, tx, size, limit); err != nil {
		return nil, nil, err
	}
	for _, s := range all {
		if s.Missing {
			foreign = append(foreign, s.Position)
		}
	}
	for _, position := range foreign {
		if err := event.Adopt(ctx, tx, position); err != nil {
			return nil, nil, err
		}
	}
	if len(foreign) > 0 { // those behind them follow other events now
		all, err = event.Seals(ctx, tx, size, limit)
	}
	return all, foreign, err
}

// lost is the entry for a position whose event was removed before it was sealed.
var lost = leaf.Entry(0, leaf.Hash{}, leaf.Hash{})

// idle checks that the log still is this process's when nothing waits.
func (l *Log) idle(ctx context.Context, tx *db.Tx, h *head) error {
	t, err := readTree(ctx, tx)
	if err != nil {
		return err
	}
	if t.size != h.edge.size || t.keys != h.turn {
		return errLost
	}
	last, err := event.Last(ctx, tx)
	if err == nil && last < t.size {
		err = errShort
	}
	return err
}

// publish signs the tree as it is now and moves the log.
func (l *Log) publish(ctx context.Context, tx *db.Tx, h *head, grown *edge) error {
	signed, err := sign(h.origin, grown.size, grown.root(), h.keys, tx.Now)
	if err != nil {
		return err
	}
	c := Checkpoint{signed, grown.size, tx.Now}
	moved, err := moveTree(ctx, tx, h.edge.size, h.turn, c)
	if err != nil {
		return err
	}
	if !moved {
		return errLost
	}
	l.at("moved, not committed")
	return saveCheckpoint(ctx, tx, c)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
