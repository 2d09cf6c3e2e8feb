package alert

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "alert", FS: files}

// insert tells whether the call is new.
func insert(ctx context.Context, tx *db.Tx, c call) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into alert_call (tenant, person, event, case_id, why, called_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (tenant, person, event) do nothing`, c.Tenant, c.Person, c.Event, c.Case, c.Why, db.Millis(tx.Now))
	return n == 1, err
}

// sweep forgets old calls. Of those from before calls had a day the day of their
// letter counts.
func sweep(ctx context.Context, tx *db.Tx) error {
	old := db.Millis(tx.Now.Add(-memory))
	_, err := tx.Exec(ctx, `delete from alert_call where called_at < $1 and gathered_at < $1 and called_at + gathered_at > 0`, old)
	return err
}

// lastLetter is when the calls of a person were last gathered; zero: never.
func lastLetter(ctx context.Context, tx *db.Tx, tenant, person string) (time.Time, error) {
	var at int64
	err := tx.QueryRow(ctx, `select coalesce(max(gathered_at), 0) from alert_call where tenant = $1 and person = $2`, tenant, person).Scan(&at)
	return db.Time(at), err
}

// gather puts what waits for a person into one letter, the first calls first, and
// tells how much that is.
func gather(ctx context.Context, tx *db.Tx, tenant, person, letter string) (int64, error) {
	return tx.Exec(ctx, `
		update alert_call set letter = $1, gathered_at = $2
		where tenant = $3 and person = $4 and event in (
			select event from alert_call where tenant = $3 and person = $4 and gathered_at = 0 order by event limit $5
		)`, letter, db.Millis(tx.Now), tenant, person, most)
}

// of lists what one letter is about.
func of(ctx context.Context, tx *db.Tx, tenant, letter string) ([]call, error) {
	return db.List(ctx, tx, func(row db.Scanner) (c call, err error) {
		err = row.Scan(&c.Tenant, &c.Person, &c.Event, &c.Case, &c.Why)
		return c, err
	}, `select tenant, person, event, case_id, why from alert_call where tenant = $1 and letter = $2 order by event`, tenant, letter)
}

func wants(ctx context.Context, tx *db.Tx, tenant, person string) (email bool, err error) {
	err = tx.QueryRow(ctx, `select email from alert_choice where tenant = $1 and person = $2`, tenant, person).Scan(&email)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return email, err
}

func choose(ctx context.Context, tx *db.Tx, by actor.Actor, email bool) error {
	_, err := tx.Exec(ctx, `
		insert into alert_choice (tenant, person, email) values ($1, $2, $3)
		on conflict (tenant, person) do update set email = excluded.email`, by.Tenant, by.ID, email)
	return err
}
