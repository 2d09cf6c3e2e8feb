package seal

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/db"
)

// hashes reads the tree's hashes from its tiles.
type hashes struct {
	ctx  context.Context
	tx   *db.Tx
	read map[place][]byte
}

func newHashes(ctx context.Context, tx *db.Tx) *hashes {
	return &hashes{ctx, tx, map[place][]byte{}}
}

// ReadHashes is described at tlog.HashReader.
func (r *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	all := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		t := tlog.TileForIndex(height, index)
		data, err := r.tile(place{t.L, t.N})
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %d/%d of the log has %d hashes, want %d", t.L, t.N, len(data)/tlog.HashSize, t.W)
		}
		if all[i], err = tlog.HashFromTile(t, data[:t.W*tlog.HashSize], index); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (r *hashes) tile(at place) ([]byte, error) {
	if data, ok := r.read[at]; ok {
		return data, nil
	}
	data, err := readTile(r.ctx, r.tx, at)
	if err == nil {
		r.read[at] = data
	}
	return data, err
}

// Proof says that an entry is in the log.
type Proof struct {
	Index  int64
	Hashes []tlog.Hash // from the entry up to the root
}

// Prove gives the newest checkpoint and proofs that the entries of events at
// positions are under it. Events that are not sealed yet have no proof.
func Prove(ctx context.Context, tx *db.Tx, positions []int64) (Checkpoint, map[int64]Proof, error) {
	c, err := Last(ctx, tx)
	if err != nil {
		return c, nil, err
	}
	r, all := newHashes(ctx, tx), map[int64]Proof{}
	for _, position := range positions {
		if position < 1 || position > c.Size {
			continue
		}
		p, err := tlog.ProveRecord(c.Size, position-1, r)
		if err != nil {
			return c, nil, fmt.Errorf("prove entry %d: %w", position-1, err)
		}
		all[position] = Proof{position - 1, p}
	}
	return c, all, nil
}

// Consistency proves that the log of a size is the beginning of a larger one.
func Consistency(ctx context.Context, tx *db.Tx, from, to int64) ([]tlog.Hash, error) {
	if from == to || from == 0 {
		return nil, nil
	}
	return tlog.ProveTree(to, from, newHashes(ctx, tx))
}
