package event

import (
	"context"
	"embed"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "event", FS: files}

const columns = `coalesce(position, 0), tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data`

func insert(ctx context.Context, tx *db.Tx, e Event) error {
	_, err := tx.Exec(ctx, `
		insert into event_log (tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.Tenant, e.ID, e.Stream, e.Subject, e.Version, e.Type, string(e.Actor), e.ActorID, e.Name, db.Millis(e.At), string(e.Data))
	return err
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

func history(ctx context.Context, tx *db.Tx, tenant, stream, subject string) ([]Event, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+`
		from event_log where tenant = $1 and stream = $2 and subject = $3
		order by seq`, tenant, stream, subject)
}
