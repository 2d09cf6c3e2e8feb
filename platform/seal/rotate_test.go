package seal_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

func look(t testing.TB, d *db.DB, l *seal.Log) seal.Picture {
	return read(t, d, func(tx *db.Tx) (seal.Picture, error) { return l.Look(t.Context(), tx, 50) })
}

// Keys are changed wherever they come from, in the name of who asks; what was
// signed before verifies with the key of then, and an auditor who knew only the
// first key follows.
func TestWhatWasSignedBeforeAKeyChangedStillVerifies(t *testing.T) {
	for _, source := range []string{seal.FromFile, seal.FromMaster} {
		t.Run(source, func(t *testing.T) {
			dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
				o := options(d, t.TempDir())
				if source == seal.FromMaster {
					o.Seeds = seeds(9)
				}
				l, stop := run(t, o)
				fill(t, d, 20)
				sealedUp(t, l, 21)
				first := firstKey(t, d)
				before, seen := checkpointOf(t, d), audit(t, d, nil).Seen
				second, err := l.Rotate(t.Context(), by)
				if err != nil || l.Source() != source {
					t.Fatal(err)
				}
				if err := retire(t, d, first); err != nil && !errors.Is(err, seal.ErrKeyNotUsed) {
					t.Fatal(err)
				}
				eventually(t, "the second key signs", func() bool { return look(t, d, l).Keys[1].Signs })
				eventually(t, "the first one is retired", func() bool { err := retire(t, d, first); return err == nil || errors.Is(err, seal.ErrNoKey) })
				third, err := l.Rotate(t.Context(), by)
				if err != nil || third == second {
					t.Fatal(third, err)
				}
				eventually(t, "the third key signs", func() bool { k := look(t, d, l).Keys; return !k[0].Signs && k[1].Signs && k[2].Signs })
				stop()
				l, stop = run(t, o) // a process that starts anew has all keys
				defer stop()
				fill(t, d, 20)
				s := sealedUp(t, l, 44)
				if p := look(t, d, l); p.Keys[0].Signs || !p.Keys[1].Signs || !p.Keys[2].Signs || len(p.Checkpoints) == 0 || len(p.Checkpoints[0].Signers) != 2 {
					t.Errorf("keys %+v, checkpoints %+v", p.Keys, p.Checkpoints)
				}
				opened := func(text string, keys ...string) error {
					known, err := seal.Verifiers(keys...)
					if err != nil {
						t.Fatal(err)
					}
					_, err = note.Open([]byte(text), known)
					return err
				}
				if err := opened(before, first); err != nil {
					t.Errorf("the old checkpoint with the old key: %v", err)
				}
				if opened(before, second, third) == nil || opened(checkpointOf(t, d), first) == nil {
					t.Error("a key signed where it does not belong")
				}
				if r := audit(t, d, &seen); r.Count != 0 || len(r.Seen.Keys) != 3 || r.Size != s.Size {
					t.Errorf("%+v, keys %v", r.Findings, r.Seen.Keys)
				}
				all := read(t, d, func(tx *db.Tx) ([]event.Sealed, error) {
					return event.SealedHistory(t.Context(), tx, "main", "seal", "events")
				})
				var said []string
				for _, e := range all {
					said = append(said, e.Type+" by "+e.ActorID)
				}
				if got, want := strings.Join(said, ", "), "seal.key_added by , seal.key_added by usr_1, seal.key_retired by usr_1, seal.key_added by usr_1"; got != want {
					t.Errorf("announced %q, want %q", got, want)
				}
			})
		})
	}
}

func TestAKeyIsNotChangedWhereItWouldEndTheLog(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o := options(d, t.TempDir())
		l, stop := run(t, o)
		fill(t, d, 3)
		sealedUp(t, l, 4)
		stop()
		first := firstKey(t, d)
		for name, change := range map[string]func(o *seal.Options){
			"another folder":     func(o *seal.Options) { o.KeyFile = t.TempDir() + "/log.key" },
			"another master key": func(o *seal.Options) { o.Seeds = seeds(0) },
		} {
			other := o
			change(&other)
			if _, err := seal.New(other).Rotate(t.Context(), by); !errors.Is(err, seal.ErrKeyElse) {
				t.Errorf("%s: %v", name, err)
			}
		}
		configured := o
		text, err := os.ReadFile(o.KeyFile)
		if err != nil {
			t.Fatal(err)
		}
		configured.KeyText = strings.TrimSpace(string(text))
		if _, err := seal.New(configured).Rotate(t.Context(), by); !errors.Is(err, seal.ErrKeyText) {
			t.Errorf("keys in the configuration: %v", err)
		}
		second, err := l.Rotate(t.Context(), by) // nobody seals now
		if err != nil {
			t.Fatal(err)
		}
		if err := retire(t, d, first); !errors.Is(err, seal.ErrKeyNotUsed) {
			t.Errorf("before the other one signed: %v", err)
		}
		l, stop = run(t, o)
		defer stop()
		sealedUp(t, l, 5)
		if err := retire(t, d, second); err != nil { // the fresh one may go as well
			t.Error(err)
		}
		if err := retire(t, d, first); !errors.Is(err, seal.ErrLastKey) {
			t.Errorf("the last one: %v", err)
		}
	})
}

// Processes that add keys at once lose none: whatever is in the list can sign.
func TestKeysAddedAtOnceAllSign(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o := options(d, t.TempDir())
		l, stop := run(t, o)
		defer stop()
		fill(t, d, 3)
		sealedUp(t, l, 4)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for end := time.Now().Add(20 * time.Second); time.Now().Before(end); { // one that took another's key tries again
					if _, err := seal.New(o).Rotate(t.Context(), by); errors.Is(err, seal.ErrManyKeys) {
						return
					} else if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		eventually(t, "all sign", func() bool {
			for _, k := range look(t, d, l).Keys {
				if !k.Signs {
					return false
				}
			}
			return true
		})
		if r := audit(t, d, nil); r.Count != 0 {
			t.Errorf("%+v", r.Findings)
		}
	})
}

func TestWitnessesThatNeverAnsweredAreShown(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o := options(d, t.TempDir())
		l, stop := run(t, o)
		fill(t, d, 3)
		sealedUp(t, l, 4)
		stop()
		var err error
		if o.Witnesses, err = seal.ParseWitnesses(firstKey(t, d) + " http://127.0.0.1:1"); err != nil {
			t.Fatal(err)
		}
		o.Every = 10 * time.Millisecond
		idle := seal.New(o)
		if w := look(t, d, idle).Witnesses; len(w) != 1 || !w[0].Configured || !w[0].TriedAt.IsZero() {
			t.Errorf("before it was asked: %+v", w)
		}
		_, stop = run(t, o)
		defer stop()
		eventually(t, "its silence is shown", func() bool {
			w := look(t, d, idle).Witnesses
			return len(w) == 1 && w[0].Problem != "" && !w[0].TriedAt.IsZero() && w[0].SignedAt.IsZero()
		})
		o.Witnesses = nil
		if w := look(t, d, seal.New(o)).Witnesses; len(w) != 1 || w[0].Configured {
			t.Errorf("one that is not asked any more: %+v", w)
		}
	})
}
