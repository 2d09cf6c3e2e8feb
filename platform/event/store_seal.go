package event

import (
	"context"
	"database/sql"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/seal/leaf"
)

func seals(ctx context.Context, tx *db.Tx, position int64, limit int) ([]Seal, error) {
	return db.List(ctx, tx, scanSeal, `
		select position, kind, content, prev from event_log where position > $1 order by position limit $2`, position, limit)
}

func scanSeal(row db.Scanner) (s Seal, err error) {
	var content, previous []byte
	err = row.Scan(&s.Position, &s.Kind, &content, &previous)
	s.Missing = len(content) != leaf.Size
	copy(s.Content[:], content)
	copy(s.Previous[:], previous)
	return s, err
}

const sealedColumns = columns + `, kind, nonce, content, prev, body`

func scanSealed(tx *db.Tx) func(db.Scanner) (Sealed, error) {
	return func(row db.Scanner) (s Sealed, err error) {
		var nonce, content, previous, body []byte
		s.Event, err = scan(behind{row, []any{&s.Kind, &nonce, &content, &previous, &body}})
		s.Seal.Position, s.Stored = s.Event.Position, string(s.Data)
		s.Missing = len(content) != leaf.Size
		copy(s.Content[:], content)
		copy(s.Previous[:], previous)
		if len(body) == 2*leaf.Size {
			s.erased = [2]leaf.Hash{leaf.Hash(body[:leaf.Size]), leaf.Hash(body[leaf.Size:])}
		}
		if nonce != nil {
			s.open(tx, nonce)
		}
		return s, err
	}
}

// behind scans some columns after those that the next scanner wants.
type behind struct {
	row  db.Scanner
	last []any
}

func (b behind) Scan(dest ...any) error { return b.row.Scan(append(dest, b.last...)...) }

func sealedAfter(ctx context.Context, tx *db.Tx, position int64, limit int) ([]Sealed, error) {
	return db.List(ctx, tx, scanSealed(tx), `
		select `+sealedColumns+` from event_log where position > $1 order by position limit $2`, position, limit)
}

func sealedAt(ctx context.Context, tx *db.Tx, position int64) (Sealed, error) {
	return scanSealed(tx)(tx.QueryRow(ctx, `select `+sealedColumns+` from event_log where position = $1`, position))
}

func sealedHistory(ctx context.Context, tx *db.Tx, tenant, stream, subject string) ([]Sealed, error) {
	return db.List(ctx, tx, scanSealed(tx), `
		select `+sealedColumns+` from event_log where tenant = $1 and stream = $2 and subject = $3 order by seq`, tenant, stream, subject)
}

// adopt gives an event its commitment, and itself to the next of its stream
// where that one was written before this and could not know it.
func adopt(ctx context.Context, tx *db.Tx, e Event, nonce []byte, content leaf.Hash) error {
	var before []byte
	err := tx.QueryRow(ctx, `
		select content from event_log where tenant = $1 and stream = $2 and subject = $3 and content is not null
			and seq < (select seq from event_log where position = $4)
		order by seq desc limit 1`, e.Tenant, e.Stream, e.Subject, e.Position).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	_, err = tx.Exec(ctx, `
		update event_log set kind = $1, nonce = $2, content = $3, prev = $4, body = null where position = $5`,
		int64(leaf.Adopted), nonce, content[:], before, e.Position)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update event_log set prev = $1 where content is not null and prev is null and seq = (
			select min(seq) from event_log where tenant = $2 and stream = $3 and subject = $4
				and seq > (select seq from event_log where position = $5))`,
		content[:], e.Tenant, e.Stream, e.Subject, e.Position)
	return err
}

func erase(ctx context.Context, tx *db.Tx, tenant, id string, body []byte) error {
	_, err := tx.Exec(ctx, `
		update event_log set actor_id = '', actor_name = '', data = '{}', nonce = null, body = $1
		where tenant = $2 and id = $3`, body, tenant, id)
	return err
}
