package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

// forest is a log whose entries are made up when they are looked at; only the
// hashes above its tiles are kept.
type forest struct{ upper [][]tlog.Hash }

func entry(n int64) []byte { return binary.BigEndian.AppendUint64(make([]byte, 25), uint64(n)) }

func newForest(size int64) *forest {
	f := &forest{upper: [][]tlog.Hash{nil}}
	for n := int64(0); n+256 <= size; n += 256 {
		f.upper[0] = append(f.upper[0], fold(leaves(n, 256)))
	}
	for last := f.upper[0]; len(last) >= 256; last = f.upper[len(f.upper)-1] {
		var next []tlog.Hash
		for i := 0; i+256 <= len(last); i += 256 {
			next = append(next, fold(last[i:i+256]))
		}
		f.upper = append(f.upper, next)
	}
	return f
}

func leaves(first int64, count int) []tlog.Hash {
	all := make([]tlog.Hash, count)
	for i := range all {
		all[i] = tlog.RecordHash(entry(first + int64(i)))
	}
	return all
}

func fold(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	return tlog.NodeHash(fold(hashes[:len(hashes)/2]), fold(hashes[len(hashes)/2:]))
}

// ReadHashes is described at tlog.HashReader.
func (f *forest) ReadHashes(indexes []int64) (all []tlog.Hash, err error) {
	for _, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		first, count := n<<(level%8), 1<<(level%8)
		if level < 8 {
			all = append(all, fold(leaves(first, count)))
		} else {
			all = append(all, fold(f.upper[level/8-1][first:first+int64(count)]))
		}
	}
	return all, nil
}

// simulate measures proofs in a large log, and the bare library.
func simulate(size int64) error {
	began := time.Now()
	f := newForest(size)
	row(fmt.Sprintf("bare hashing of %d leaves", size), "%6.0f leaves/s", float64(size)/time.Since(began).Seconds())
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (all []tlog.Hash, err error) {
		for _, i := range indexes {
			all = append(all, stored[i])
		}
		return all, nil
	})
	began = time.Now()
	const bare = 200_000
	for n := range int64(bare) {
		more, err := tlog.StoredHashes(n, entry(n), reader)
		if err != nil {
			return err
		}
		stored = append(stored, more...)
	}
	row("bare x/mod tlog, in memory, nothing durable", "%6.0f leaves/s", bare/time.Since(began).Seconds())
	root, err := tlog.TreeHash(size, f)
	if err != nil {
		return err
	}
	const rounds = 2000
	var length int
	var took time.Duration
	for i := range int64(rounds) {
		n := (i * 7919 * 104729) % size
		p, err := tlog.ProveRecord(size, n, f)
		if err != nil {
			return err
		}
		leaf := tlog.RecordHash(entry(n))
		began := time.Now()
		if err := tlog.CheckRecord(p, size, root, n, leaf); err != nil {
			return err
		}
		took += time.Since(began)
		length += len(p)
	}
	p, err := tlog.ProveTree(size, size/3, f)
	if err != nil {
		return err
	}
	row(fmt.Sprintf("inclusion proof at %d entries", size), "%.1f hashes (%.0f bytes), verified in %.1f µs; consistency proof %d hashes",
		float64(length)/rounds, math.Ceil(float64(length)/rounds)*tlog.HashSize, float64(took.Microseconds())/rounds, len(p))
	return nil
}

type attached struct {
	Photos []photo `json:"photos"`
}

type photo struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

func (attached) Type() string { return "photo.attached" }

// evidence makes and checks the bundle of a case with twenty photos of 3 MB.
func evidence(ctx context.Context, d *db.DB) error {
	var files []bundle.File
	fact := attached{}
	for n := range 20 {
		data := make([]byte, 3<<20)
		_, _ = rand.Read(data) // crypto/rand never fails
		sum := sha256.Sum256(data)
		files = append(files, bundle.Held(hex.EncodeToString(sum[:]), "jpg", data))
		fact.Photos = append(fact.Photos, photo{fmt.Sprint("pho_", n), files[n].SHA256})
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		return event.Append(ctx, tx, by, event.About{Stream: "photo", Subject: "case_evidence", Version: 1}, fact)
	})
	if err != nil {
		return err
	}
	time.Sleep(time.Second)
	began := time.Now()
	b := bundle.Bundle{Files: files}
	err = d.Read(ctx, func(tx *db.Tx) error {
		all, err := event.SealedHistory(ctx, tx, "main", "photo", "case_evidence")
		if err != nil {
			return err
		}
		c, proofs, err := seal.Prove(ctx, tx, []int64{all[0].Event.Position})
		if err != nil {
			return err
		}
		keys, err := seal.Keys(ctx, tx)
		if err != nil {
			return err
		}
		b.Checkpoint, b.Keys = c.Note, []string{keys[0].Verifier}
		b.Case = bundle.Case{Format: bundle.Format, Origin: "bench.example/log", Tenant: "main", Case: "case_evidence"}
		e := all[0]
		who, data := e.Body()
		b.Events = []bundle.Event{{
			Position: e.Event.Position, Kind: e.Kind, Tenant: e.Tenant, ID: e.ID, Stream: e.Stream, Subject: e.Subject, Version: e.Version, Type: e.Type,
			ActorKind: string(e.Actor), At: db.Millis(e.At), Who: hex.EncodeToString(who[:]), DataHash: hex.EncodeToString(data[:]),
			DataSalt: hex.EncodeToString(e.DataSalt), Data: e.Stored, Previous: hex.EncodeToString(e.Previous[:]), Proof: proofs[e.Event.Position].Hashes,
		}}
		return nil
	})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := bundle.Write(&out, b); err != nil {
		return err
	}
	wrote := time.Since(began)
	began = time.Now()
	r, err := bundle.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()), bundle.Trust{Keys: b.Keys})
	if err == nil && !r.Good {
		text, _ := json.Marshal(r.Statements)
		err = errors.New(string(text))
	}
	row("bundle with 20 photos", "%d MB, made in %s, verified in %s", out.Len()>>20, wrote.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	return err
}
