package seal_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

// client reads a log over HTTP with nothing of ours: tiles by x/mod, proofs
// checked by transparency-dev.
type client struct {
	t    testing.TB
	base string
	tree tlog.Tree
}

func get(t testing.TB, url string) []byte {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v %s", url, answer.StatusCode, err, body)
	}
	return body
}

func connect(t testing.TB, base, verifier string) *client {
	t.Helper()
	v, err := note.NewVerifier(verifier)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(get(t, base+"checkpoint"), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != v.Name() {
		t.Fatalf("checkpoint %q", n.Text)
	}
	c := &client{t: t, base: base}
	if c.tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		t.Fatal(err)
	}
	if c.tree.Hash, err = tlog.ParseHash(lines[2]); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *client) Height() int { return 8 }
func (c *client) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, tile := range tiles {
		all = append(all, get(c.t, c.base+strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	}
	return all, nil
}
func (c *client) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads all entries.
func (c *client) entries() (all [][]byte) {
	for n := int64(0); n < c.tree.N; n += 256 {
		tile := tlog.Tile{H: 8, L: -1, N: n / 256, W: int(min(256, c.tree.N-n))}
		data := get(c.t, c.base+strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1))
		for len(data) > 0 {
			size := int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:2+size])
			data = data[2+size:]
		}
	}
	return all
}

func firstKey(t testing.TB, d *db.DB) string {
	keys := read(t, d, func(tx *db.Tx) ([]seal.Key, error) { return seal.Keys(t.Context(), tx) })
	return keys[0].Verifier
}

func TestAForeignClientReadsAndVerifiesTheLog(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		l, stop := run(t, options(d, t.TempDir()))
		defer stop()
		base := serve(t, l)
		fill(t, d, 300)
		sealedUp(t, l, 301) // the key is announced as well
		early := connect(t, base, firstKey(t, d))
		fill(t, d, 600)
		sealedUp(t, l, 901)
		late := connect(t, base, firstKey(t, d))

		reader := tlog.TileHashReader(late.tree, late)
		entries := late.entries()
		if int64(len(entries)) != late.tree.N || late.tree.N != 901 {
			t.Fatalf("%d entries, tree of %d", len(entries), late.tree.N)
		}
		for _, i := range []int64{0, 1, 255, 256, 300, 511, 900} {
			p, err := tlog.ProveRecord(late.tree.N, i, reader)
			if err != nil {
				t.Fatal(err)
			}
			hashes := make([][]byte, len(p))
			for j := range p {
				hashes[j] = p[j][:]
			}
			leaf := rfc6962.DefaultHasher.HashLeaf(entries[i])
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(late.tree.N), leaf, hashes, late.tree.Hash[:]); err != nil {
				t.Errorf("entry %d: %v", i, err)
			}
			leaf[3] ^= 1
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(late.tree.N), leaf, hashes, late.tree.Hash[:]); err == nil {
				t.Errorf("entry %d: another one was accepted", i)
			}
		}
		p, err := tlog.ProveTree(late.tree.N, early.tree.N, reader)
		if err != nil {
			t.Fatal(err)
		}
		hashes := make([][]byte, len(p))
		for j := range p {
			hashes[j] = p[j][:]
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(early.tree.N), uint64(late.tree.N), hashes, early.tree.Hash[:], late.tree.Hash[:]); err != nil {
			t.Error(err)
		}
		// What is served is what is in the database, and nothing of the events.
		all := read(t, d, func(tx *db.Tx) ([]event.Sealed, error) { return event.SealedAfter(t.Context(), tx, 0, 2000) })
		for i, e := range all {
			if !e.True() {
				t.Fatalf("event %d is not what was committed to", i)
			}
			if !bytes.Equal(e.Entry(), entries[i]) {
				t.Fatalf("entry %d: %x, want %x", i, entries[i], e.Entry())
			}
		}
		for _, path := range []string{"tile/0/004", "tile/0/003.p/250", "tile/entries/009", "tile/8/0/000", "tile/0/x", "../keys", "tile/9/000", "tile/0/000.p/300"} {
			answer, err := http.Get(base + path)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, answer.StatusCode)
			}
		}
	})
}

func TestTheKeyIsMadeOnceAndOnlyForItsOwner(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o := options(d, t.TempDir())
		fill(t, d, 3)
		for range 2 {
			l, stop := run(t, o)
			sealedUp(t, l, 4)
			stop()
		}
		f, err := os.Stat(o.KeyFile)
		if err != nil || f.Mode().Perm() != 0o600 {
			t.Errorf("key file %v %v", f, err)
		}
		keys := read(t, d, func(tx *db.Tx) ([]seal.Key, error) { return seal.Keys(t.Context(), tx) })
		if len(keys) != 1 || !strings.HasPrefix(keys[0].Verifier, "shop.example/log+") {
			t.Errorf("keys %v", keys)
		}
	})
}

func TestAProcessWithAnotherKeySealsNothing(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		l, stop := run(t, options(d, t.TempDir()))
		fill(t, d, 3)
		sealedUp(t, l, 4)
		stop()
		o := options(d, t.TempDir())
		o.Seeds = seeds(7)
		l, stop = run(t, o)
		defer stop()
		fill(t, d, 2)
		eventually(t, "a problem", func() bool { s, err := l.Status(t.Context()); return err == nil && s.Problem != "" })
		if s, _ := l.Status(t.Context()); s.Size != 4 {
			t.Errorf("status %+v", s)
		}
	})
}

func TestKeysOverlapWhileTheyRotate(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		l, stop := run(t, options(d, t.TempDir()))
		defer stop()
		base := serve(t, l)
		fill(t, d, 3)
		sealedUp(t, l, 4)
		old := firstKey(t, d)
		fresh, err := l.Rotate(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, d, 3)
		signedBy := func(key string) bool {
			v, err := note.NewVerifier(key)
			if err != nil {
				t.Fatal(err)
			}
			_, err = note.Open(get(t, base+"checkpoint"), note.VerifierList(v))
			return err == nil
		}
		eventually(t, "signed by both", func() bool { return signedBy(old) && signedBy(fresh) })
		if err := retire(t, d, old); err != nil {
			t.Fatal(err)
		}
		eventually(t, "signed by the new one only", func() bool { return !signedBy(old) && signedBy(fresh) })
		if err := retire(t, d, fresh); !errors.Is(err, seal.ErrLastKey) {
			t.Errorf("retire the last key: %v", err)
		}
		if err := retire(t, d, old); !errors.Is(err, seal.ErrNoKey) {
			t.Errorf("retire twice: %v", err)
		}
		known, err := seal.Verifiers(fresh)
		if err != nil {
			t.Fatal(err)
		}
		n, err := note.Open(get(t, base+"checkpoint"), known)
		if err != nil || len(n.Sigs) != 2 {
			t.Fatalf("%v %v", n, err)
		}
		if at, ok := seal.SignedAt(n.Sigs[1]); !ok || time.Since(at) > time.Minute {
			t.Errorf("signed at %v", at)
		}
	})
}

func TestErasingABodyLeavesEveryProof(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		l, stop := run(t, options(d, t.TempDir()))
		defer stop()
		for n := range 4 {
			announce(t, d, "case_a", n+1)
			announce(t, d, "case_b", n+1)
		}
		sealedUp(t, l, 9)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			n, err := event.Erase(t.Context(), tx, by, "case", "case_a", "asked for")
			if n != 4 {
				t.Errorf("%d erased", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		sealedUp(t, l, 10)
		all := read(t, d, func(tx *db.Tx) ([]event.Sealed, error) {
			return event.SealedHistory(context.Background(), tx, "main", "case", "case_a")
		})
		c := connect(t, serve(t, l), firstKey(t, d))
		entries := c.entries()
		for _, e := range all {
			if !e.Gone() || e.Stored != "{}" || e.Name != "" {
				t.Errorf("left: %+v", e)
			}
			if !e.True() || !bytes.Equal(e.Entry(), entries[e.Event.Position-1]) {
				t.Errorf("event %s is not proven any more", e.ID)
			}
		}
		if r := audit(t, d, nil); r.Count != 0 || r.Erased != 4 {
			t.Errorf("%d erased, %+v", r.Erased, r.Findings)
		}
		execute(t, d, `update event_log set kind = 1, nonce = null, body = (select body from event_log where subject = 'case_a' and version = 1) where subject = 'case_b' and version = 1`)
		wantFinding(t, audit(t, d, nil), seal.Changed, "case_b")
	})
}
