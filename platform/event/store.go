package event

import (
	"context"
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "event", FS: files}

const columns = `coalesce(position, 0), tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data`

// columnsOf names the same columns of a table that has another name in a join.
func columnsOf(table string) string {
	names := strings.Split("tenant id stream subject version type actor_kind actor_id actor_name at data", " ")
	return table + ".position, " + table + "." + strings.Join(names, ", "+table+".")
}

// SQLite has one writer, so the order of inserts is the order of commits and
// the position is given at once. On PostgreSQL that order is known only after
// the commit: see give.
//
// The event is sealed in the same statement: the commitment to its content, and
// that of the event before it in the same stream.
func insert(ctx context.Context, tx *db.Tx, e Event) error {
	nonce, content := stamp(tx, e)
	ends, err := endsOf(ctx, tx)
	if err != nil {
		return err
	}
	var position any
	if tx.Engine() == db.SQLite {
		position = ends.position + 1
	}
	thing := [3]string{e.Tenant, e.Stream, e.Subject}
	_, err = tx.Exec(ctx, `
		insert into event_log (position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data, nonce, content, prev)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
			coalesce($15, (select content from event_log where tenant = $2 and stream = $4 and subject = $5 order by seq desc limit 1)))`,
		position, e.Tenant, e.ID, e.Stream, e.Subject, e.Version, e.Type, string(e.Actor), e.ActorID, e.Name, db.Millis(e.At), string(e.Data),
		nonce, content[:], ends.contents[thing])
	if err != nil {
		return err
	}
	ends.position++
	ends.contents[thing] = content[:]
	return nil
}

// ends are the ends of the log as the transaction has left them: one that
// announces several facts looks them up once.
type ends struct {
	position int64                // on SQLite, where nobody else writes meanwhile
	contents map[[3]string][]byte // of the last event of each thing, where this transaction wrote it
}

type endsKey struct{}

func endsOf(ctx context.Context, tx *db.Tx) (e *ends, err error) {
	if e, ok := tx.Noted(endsKey{}).(*ends); ok {
		return e, nil
	}
	e = &ends{contents: map[[3]string][]byte{}}
	if tx.Engine() == db.SQLite {
		if e.position, err = top(ctx, tx); err != nil {
			return nil, err
		}
	}
	tx.Note(endsKey{}, e)
	return e, nil
}

func scan(row db.Scanner) (Event, error) {
	var (
		e    Event
		kind string
		at   int64
		data string
	)
	err := row.Scan(&e.Position, &e.Tenant, &e.ID, &e.Stream, &e.Subject, &e.Version, &e.Type, &kind, &e.ActorID, &e.Name, &at, &data)
	e.Actor, e.At, e.Data = actor.Kind(kind), db.Time(at), []byte(data)
	return e, err
}

func history(ctx context.Context, tx *db.Tx, tenant, stream, subject string, types []string) ([]Event, error) {
	args, only := []any{tenant, stream, subject}, ""
	if len(types) > 0 {
		only = ` and type in (` + db.Placeholders(len(args)+1, len(types)) + `)`
		for _, t := range types {
			args = append(args, t)
		}
	}
	return db.List(ctx, tx, scan, `
		select `+columns+`
		from event_log where tenant = $1 and stream = $2 and subject = $3`+only+`
		order by seq`, args...)
}

func page(ctx context.Context, tx *db.Tx, tenant string, after int64, types []string, limit int) ([]Event, error) {
	args := []any{after, tenant}
	var wanted []string
	for _, t := range types {
		if family, ok := strings.CutSuffix(t, ".*"); ok {
			args = append(args, family+".", family+"/") // "/" follows "."
			wanted = append(wanted, `(type >= $`+strconv.Itoa(len(args)-1)+` and type < $`+strconv.Itoa(len(args))+`)`)
			continue
		}
		args = append(args, t)
		wanted = append(wanted, `type = $`+strconv.Itoa(len(args)))
	}
	query := `select ` + columns + ` from event_log where position > $1 and tenant = $2`
	if len(wanted) > 0 {
		query += ` and (` + strings.Join(wanted, " or ") + `)`
	}
	args = append(args, limit)
	return db.List(ctx, tx, scan, query+` order by position limit $`+strconv.Itoa(len(args)), args...)
}

func after(ctx context.Context, tx *db.Tx, position int64, limit int) ([]Event, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+`
		from event_log where position > $1
		order by position limit $2`, position, limit)
}

func at(ctx context.Context, tx *db.Tx, tenant string, positions []int64) (all []Event, err error) {
	for some := range slices.Chunk(positions, 50) {
		args := []any{tenant}
		for _, position := range some {
			args = append(args, position)
		}
		found, err := db.List(ctx, tx, scan, `
			select `+columns+` from event_log where tenant = $1 and position in (`+db.Placeholders(2, len(some))+`)`, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func top(ctx context.Context, tx *db.Tx) (position int64, err error) {
	err = tx.QueryRow(ctx, `select coalesce(max(position), 0) from event_log where position is not null`).Scan(&position)
	return position, err
}

// oldest finds the position before the first event at or after an instant, by
// halving: instants rise with positions but for the skew of clocks.
func oldest(ctx context.Context, tx *db.Tx, since time.Time) (int64, error) {
	high, err := top(ctx, tx)
	if err != nil {
		return 0, err
	}
	low := int64(0)
	for low < high {
		middle := (low + high) / 2
		var at int64
		err := tx.QueryRow(ctx, `select at from event_log where position > $1 order by position limit 1`, middle).Scan(&at)
		if err != nil {
			return 0, err
		}
		if at < db.Millis(since) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// fresh tells whether committed events wait for a position.
func fresh(ctx context.Context, tx *db.Tx) (waiting bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select 1 from event_log where position is null)`).Scan(&waiting)
	return waiting, err
}

// give hands out the next positions in the order of seq to what is committed.
func give(ctx context.Context, tx *db.Tx, limit int) ([]Event, error) {
	return db.List(ctx, tx, scan, `
		update event_log set position = given.position
		from (
			select seq, row_number() over (order by seq)
				+ (select coalesce(max(position), 0) from event_log where position is not null) as position
			from (select seq from event_log where position is null order by seq limit $1) waiting
		) given
		where event_log.seq = given.seq
		returning event_log.position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data`, limit)
}
