package seal

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "seal", FS: files}

// tree is the log as its row says.
type tree struct {
	origin   string
	size     int64
	note     string
	sealedAt time.Time
	keys     int64 // counts the changes of the list of keys
}

const theLog = "events"

func readTree(ctx context.Context, tx *db.Tx) (t tree, err error) {
	var at int64
	err = tx.QueryRow(ctx, `select origin, size, note, sealed_at, keys from seal_tree where name = $1`, theLog).Scan(&t.origin, &t.size, &t.note, &at, &t.keys)
	if errors.Is(err, sql.ErrNoRows) {
		return tree{}, ErrBegun
	}
	t.sealedAt = db.Time(at)
	return t, err
}

func insertTree(ctx context.Context, tx *db.Tx, origin string) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into seal_tree (name, origin, size, note, sealed_at, keys) values ($1, $2, 0, '', 0, 0)
		on conflict do nothing`, theLog, origin)
	return n == 1, err
}

// moveTree grows the log, if it still is as this process knows it.
func moveTree(ctx context.Context, tx *db.Tx, from, keys int64, c Checkpoint) (bool, error) {
	n, err := tx.Exec(ctx, `
		update seal_tree set size = $1, note = $2, sealed_at = $3 where name = $4 and size = $5 and keys = $6`,
		c.Size, c.Note, db.Millis(c.SealedAt), theLog, from, keys)
	return n == 1, err
}

// saveCheckpoint keeps the last checkpoint of each minute; in a minute in which a
// key was retired, the last one that it signed: it leads to the other keys.
func saveCheckpoint(ctx context.Context, tx *db.Tx, c Checkpoint) error {
	_, err := tx.Exec(ctx, `
		insert into seal_checkpoint (minute, size, note, sealed_at) values ($1, $2, $3, $4)
		on conflict (minute) do update set size = excluded.size, note = excluded.note, sealed_at = excluded.sealed_at
		where not exists (select 1 from seal_key where retired_at >= seal_checkpoint.sealed_at)`,
		db.Millis(c.SealedAt)/60_000, c.Size, c.Note, db.Millis(c.SealedAt))
	return err
}

func checkpointOver(ctx context.Context, tx *db.Tx, size int64) (c Checkpoint, err error) {
	var at int64
	err = tx.QueryRow(ctx, `
		select size, note, sealed_at from seal_checkpoint where size >= $1 order by size, minute limit 1`, size).Scan(&c.Size, &c.Note, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkpoint{}, nil
	}
	c.SealedAt = db.Time(at)
	return c, err
}

func checkpointsAfter(ctx context.Context, tx *db.Tx, minute int64, limit int) ([]Checkpoint, error) {
	return db.List(ctx, tx, func(row db.Scanner) (c Checkpoint, err error) {
		var at int64
		err = row.Scan(&c.Size, &c.Note, &at)
		c.SealedAt = db.Time(at)
		return c, err
	}, `select size, note, sealed_at from seal_checkpoint where minute > $1 order by minute limit $2`, minute, limit)
}

func saveTile(ctx context.Context, tx *db.Tx, at place, data []byte) error {
	_, err := tx.Exec(ctx, `
		insert into seal_tile (level, number, data) values ($1, $2, $3)
		on conflict (level, number) do update set data = excluded.data`, at.level, at.number, data)
	return err
}

func readTile(ctx context.Context, tx *db.Tx, at place) ([]byte, error) {
	var data []byte
	err := tx.QueryRow(ctx, `select data from seal_tile where level = $1 and number = $2`, at.level, at.number).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return data, err
}

// tilesOf counts the tiles of each level, with the highest number.
func tilesOf(ctx context.Context, tx *db.Tx) ([][3]int64, error) {
	return db.List(ctx, tx, func(row db.Scanner) (l [3]int64, err error) {
		return l, row.Scan(&l[0], &l[1], &l[2])
	}, `select level, count(*), max(number) from seal_tile group by level order by level`)
}

func countTrees(ctx context.Context, tx *db.Tx) (n int64, err error) {
	return n, tx.QueryRow(ctx, `select count(*) from seal_tree`).Scan(&n)
}

// readEdge loads what is needed to let a log of a size grow.
func readEdge(ctx context.Context, tx *db.Tx, size int64) (edge, error) {
	e := edge{size: size}
	for level := 0; size>>(height*level) > 0; level++ {
		count := size >> (height * level)
		width := int(count % wide)
		var hashes []tlog.Hash
		if width > 0 {
			data, err := readTile(ctx, tx, place{level, count / wide})
			if err != nil {
				return edge{}, err
			}
			if hashes, err = hashesOf(data); err != nil {
				return edge{}, err
			}
			if len(hashes) < width {
				return edge{}, fmt.Errorf("tile %d/%d has %d hashes, want %d", level, count/wide, len(hashes), width)
			}
		}
		e.levels = append(e.levels, append(make([]tlog.Hash, 0, wide), hashes[:width]...))
	}
	return e, nil
}

// Key is a public key of the log.
type Key struct {
	Verifier  string    `json:"verifier"` // as C2SP signed-note has it: name+id+key
	Since     int64     `json:"since"`    // size of the log when it was added
	AddedAt   time.Time `json:"added_at"`
	RetiredAt time.Time `json:"retired_at,omitzero"`
}

func insertKey(ctx context.Context, tx *db.Tx, k Key) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into seal_key (verifier, since, added_at, retired_at) values ($1, $2, $3, 0) on conflict do nothing`,
		k.Verifier, k.Since, db.Millis(k.AddedAt))
	if err == nil && n == 1 {
		_, err = tx.Exec(ctx, `update seal_tree set keys = keys + 1 where name = $1`, theLog)
	}
	return n == 1, err
}

func retireKey(ctx context.Context, tx *db.Tx, verifier string) (bool, error) {
	n, err := tx.Exec(ctx, `update seal_key set retired_at = $1 where verifier = $2 and retired_at = 0`, db.Millis(tx.Now), verifier)
	if err == nil && n == 1 {
		_, err = tx.Exec(ctx, `update seal_tree set keys = keys + 1 where name = $1`, theLog)
	}
	return n == 1, err
}

func keysOf(ctx context.Context, tx *db.Tx) ([]Key, error) {
	return db.List(ctx, tx, func(row db.Scanner) (k Key, err error) {
		var added, retired int64
		err = row.Scan(&k.Verifier, &k.Since, &added, &retired)
		k.AddedAt, k.RetiredAt = db.Time(added), db.Time(retired)
		return k, err
	}, `select verifier, since, added_at, retired_at from seal_key order by added_at, verifier`)
}
