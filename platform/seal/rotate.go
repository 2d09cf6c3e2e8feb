package seal

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	ErrKeyText = fault.New(fault.Conflict, "seal.key_configured", "The keys of the log are in the configuration: add a new one to log_key and start again.")
	ErrLastKey = fault.New(fault.Conflict, "seal.last_key", "The log needs a key: add another one first.")
	ErrNoKey   = fault.New(fault.Missing, "seal.no_key", "The log has no such key, or it is retired.")
)

// Keys lists the public keys of the log, the oldest first.
func Keys(ctx context.Context, tx *db.Tx) ([]Key, error) { return keysOf(ctx, tx) }

// Rotate adds a fresh key. Checkpoints carry the signatures of all keys until
// the old ones are retired, so that readers have time to learn the new one.
func (l *Log) Rotate(ctx context.Context) (verifier string, err error) {
	if l.o.KeyText != "" || l.o.Seed != nil {
		return "", ErrKeyText
	}
	var t tree
	err = l.o.DB.Read(ctx, func(tx *db.Tx) (err error) { t, err = readTree(ctx, tx); return err })
	if err != nil {
		return "", err
	}
	keys, err := readKeys(l.o.KeyFile)
	if err != nil {
		return "", err
	}
	fresh := newKey(t.origin)
	if err := writeKeys(l.o.KeyFile, append(keys, fresh)); err != nil { // first the file: a key in the list that nobody has would be worse
		return "", wrap("writing the keys of the log", err)
	}
	return fresh.verifier(), l.register(ctx, append(keys, fresh))
}

// register makes keys at hand keys of the log, if at least one of them is one
// already.
func (l *Log) register(ctx context.Context, mine []signKey) error {
	var unknown []string
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		known, err := keysOf(ctx, tx)
		if err != nil {
			return err
		}
		t, err := readTree(ctx, tx)
		unknown = nil
		trusted := false
		for _, k := range mine {
			i := slices.IndexFunc(known, func(one Key) bool { return one.Verifier == k.verifier() })
			trusted = trusted || i >= 0 && known[i].RetiredAt.IsZero()
			if i < 0 && k.name == t.origin {
				unknown = append(unknown, k.verifier())
			}
		}
		if !trusted {
			unknown = nil
		}
		return err
	})
	if err != nil || len(unknown) == 0 {
		return err
	}
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := readTree(ctx, tx)
		for _, one := range unknown {
			if err == nil {
				err = l.addKey(ctx, tx, one, t.size)
			}
		}
		return err
	})
}

func (l *Log) addKey(ctx context.Context, tx *db.Tx, verifier string, size int64) error {
	fresh, err := insertKey(ctx, tx, Key{Verifier: verifier, Since: size, AddedAt: tx.Now})
	if err != nil || !fresh {
		return err
	}
	return event.Append(ctx, tx, l.o.By, event.About{Stream: "seal", Subject: theLog}, KeyAdded{verifier, size})
}

// Retire lets a key sign nothing any more. What it signed stays signed.
func (l *Log) Retire(ctx context.Context, verifier string) error {
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		known, err := keysOf(ctx, tx)
		if err != nil {
			return err
		}
		active := slices.DeleteFunc(known, func(k Key) bool { return !k.RetiredAt.IsZero() })
		if !slices.ContainsFunc(active, func(k Key) bool { return k.Verifier == verifier }) {
			return ErrNoKey
		}
		if len(active) == 1 {
			return ErrLastKey
		}
		if _, err := retireKey(ctx, tx, verifier); err != nil {
			return err
		}
		t, err := readTree(ctx, tx)
		if err != nil {
			return err
		}
		return event.Append(ctx, tx, l.o.By, event.About{Stream: "seal", Subject: theLog}, KeyRetired{verifier, t.size})
	})
}
