package seal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/mod/sumdb/note"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	ErrKeyText    = fault.New(fault.Conflict, "seal.key_configured", "The keys of the log are in the configuration: add a new one to log_key and start again.")
	ErrKeyElse    = fault.New(fault.Conflict, "seal.key_elsewhere", "This process does not have the keys of the log: add the key where the log is sealed.")
	ErrManyKeys   = fault.New(fault.Conflict, "seal.many_keys", "The log is signed with enough keys: retire one first.")
	ErrLastKey    = fault.New(fault.Conflict, "seal.last_key", "The log needs a key: add another one first.")
	ErrKeyNotUsed = fault.New(fault.Conflict, "seal.key_not_used", "No other key has signed the log since it was announced: wait for the next checkpoint.")
	ErrNoKey      = fault.New(fault.Missing, "seal.no_key", "The log has no such key, or it is retired.")
)

// Where private keys are.
const (
	FromFile   = "file"   // a file of this installation, where fresh ones are written
	FromConfig = "config" // the configuration: a person adds and removes them there
	FromMaster = "master" // derived from the master key, the first one and those added later
)

const mostKeys = 4 // that sign at a time

// Source tells where the private keys of the log are.
func (l *Log) Source() string {
	switch {
	case l.o.KeyText != "":
		return FromConfig
	case l.o.Seeds != nil:
		return FromMaster
	}
	return FromFile
}

// Keys lists the public keys of the log, the oldest first.
func Keys(ctx context.Context, tx *db.Tx) ([]Key, error) { return keysOf(ctx, tx) }

// Rotate adds a fresh key in the name of by. Checkpoints carry the signatures of
// all keys until the old ones are retired, so that readers have time to learn
// the new one. It fails with ErrKeyText, ErrKeyElse, ErrManyKeys and ErrBegun.
func (l *Log) Rotate(ctx context.Context, by actor.Actor) (verifier string, err error) {
	if l.Source() == FromConfig {
		return "", ErrKeyText
	}
	unlock, err := l.lockKeys()
	if err != nil {
		return "", err
	}
	defer unlock()
	var t tree
	var known []Key
	err = l.o.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if t, err = readTree(ctx, tx); err == nil {
			known, err = keysOf(ctx, tx)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if len(active(known)) >= mostKeys {
		return "", ErrManyKeys
	}
	var fresh signKey
	if l.Source() == FromMaster {
		all := l.derived(t.origin, known)
		if fresh = all[0]; !slices.ContainsFunc(all, func(k signKey) bool { return slices.ContainsFunc(active(known), k.is) }) {
			return "", ErrKeyElse
		}
	} else if fresh, err = l.written(t.origin, known); err != nil { // first the file: a key in the list that nobody has would be worse
		return "", err
	}
	err = l.o.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := readTree(ctx, tx)
		if err != nil {
			return err
		}
		return addKey(ctx, tx, by, fresh.verifier(), t.size)
	})
	return fresh.verifier(), err
}

// written puts a fresh key into the file of keys. One that is there and was
// never announced is taken instead: somebody was cut off in the middle.
func (l *Log) written(origin string, known []Key) (signKey, error) {
	keys, err := readKeys(l.o.KeyFile)
	if err != nil {
		return signKey{}, err
	}
	mine := func(k signKey) bool { return slices.ContainsFunc(active(known), k.is) }
	if !slices.ContainsFunc(keys, mine) {
		return signKey{}, ErrKeyElse
	}
	for _, k := range keys {
		if k.name == origin && !slices.ContainsFunc(known, k.is) {
			return k, nil
		}
	}
	fresh := newKey(origin)
	return fresh, wrap("writing the keys of the log", writeKeys(l.o.KeyFile, append(keys, fresh)))
}

// lockKeys keeps others from the file of keys, in this process and in others,
// between writing a key and announcing it; it ends with the process. Where there
// is no file it does nothing.
func (l *Log) lockKeys() (unlock func(), err error) {
	if l.Source() != FromFile || l.o.KeyFile == "" {
		return func() {}, nil
	}
	if err := os.MkdirAll(filepath.Dir(l.o.KeyFile), 0o700); err != nil {
		return nil, wrap("locking the keys of the log", err)
	}
	f, err := os.OpenFile(l.o.KeyFile+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, wrap("locking the keys of the log", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, wrap("locking the keys of the log", errors.Join(err, f.Close()))
	}
	return func() { _ = f.Close() }, nil // which unlocks it
}

// derived are the keys that come from the seeds: the one that would be added
// next, which is the newest seed's, then those that the log has, the oldest
// last.
func (l *Log) derived(origin string, known []Key) (all []signKey) {
	seeds := l.o.Seeds()
	for from, first := range slices.Backward(seeds) {
		for n := 0; ; n++ {
			seed := first
			if n > 0 {
				h := hmac.New(sha256.New, first)
				fmt.Fprintf(h, "aftercare/log-key/1\n%d", n)
				seed = h.Sum(nil)
			}
			k := fromSeed(origin, seed)
			fresh := !slices.ContainsFunc(known, k.is)
			if !fresh || from == 0 {
				all = slices.Insert(all, 0, k)
			}
			if fresh {
				break
			}
		}
	}
	return all
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
			trusted = trusted || slices.ContainsFunc(active(known), k.is)
			if k.name == t.origin && !slices.ContainsFunc(known, k.is) {
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
				err = addKey(ctx, tx, l.o.By, one, t.size)
			}
		}
		return err
	})
}

func addKey(ctx context.Context, tx *db.Tx, by actor.Actor, verifier string, size int64) error {
	fresh, err := insertKey(ctx, tx, Key{Verifier: verifier, Since: size, AddedAt: tx.Now})
	if err != nil || !fresh {
		return err
	}
	return event.Append(ctx, tx, by, event.About{Stream: "seal", Subject: theLog}, KeyAdded{verifier, size})
}

// Retire lets a key sign nothing any more, in the name of by. What it signed
// stays signed. It fails with ErrNoKey, with ErrLastKey, and with ErrKeyNotUsed
// while no other key has signed a checkpoint that covers its announcement: the
// log would end, or its readers could not follow.
func Retire(ctx context.Context, tx *db.Tx, by actor.Actor, verifier string) error {
	known, err := keysOf(ctx, tx)
	if err != nil {
		return err
	}
	others := active(known)
	at := slices.IndexFunc(others, func(k Key) bool { return k.Verifier == verifier })
	if at < 0 {
		return ErrNoKey
	}
	if others = slices.Delete(others, at, at+1); len(others) == 0 {
		return ErrLastKey
	}
	t, err := readTree(ctx, tx)
	if err != nil {
		return err
	}
	ready, err := announced(ctx, tx, by.Tenant, signers(others, t.note), t.size)
	if err != nil {
		return err
	}
	if !ready {
		return ErrKeyNotUsed
	}
	if _, err := retireKey(ctx, tx, verifier); err != nil {
		return err
	}
	return event.Append(ctx, tx, by, event.About{Stream: "seal", Subject: theLog}, KeyRetired{verifier, t.size})
}

// announced tells whether the log of a size says of one of some keys that it was
// added.
func announced(ctx context.Context, tx *db.Tx, tenant string, keys []string, size int64) (bool, error) {
	all, err := event.History(ctx, tx, tenant, "seal", theLog)
	if err != nil {
		return false, err
	}
	for _, e := range all {
		var k KeyAdded
		if e.Type != k.Type() || e.Position == 0 || e.Position > size {
			continue
		}
		if err := json.Unmarshal(e.Data, &k); err != nil {
			return false, fmt.Errorf("event %s: %w", e.ID, err)
		}
		if slices.Contains(keys, k.Verifier) {
			return true, nil
		}
	}
	return false, nil
}

// active are those of some keys that are not retired.
func active(keys []Key) []Key {
	return slices.DeleteFunc(slices.Clone(keys), func(k Key) bool { return !k.RetiredAt.IsZero() })
}

// signers are those of some keys that have signed a checkpoint.
func signers(keys []Key, text string) (all []string) {
	for _, k := range keys {
		known, err := Verifiers(k.Verifier)
		if err != nil {
			continue
		}
		if _, err := note.Open([]byte(text), known); err == nil {
			all = append(all, k.Verifier)
		}
	}
	return all
}
