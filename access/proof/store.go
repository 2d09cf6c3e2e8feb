package proof

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "proof", FS: files}

const columns = `tenant, id, customer, order_id, channel, contact, language, attempts, used_at, created_at, expires_at`

func scan(row db.Scanner) (challenge, error) {
	var (
		c                      challenge
		channel                string
		used, created, expires int64
	)
	err := row.Scan(&c.Tenant, &c.ID, &c.Customer, &c.Order, &channel, &c.Contact, &c.Language, &c.Attempts, &used, &created, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrOver
	}
	c.Channel, c.UsedAt, c.CreatedAt, c.ExpiresAt = Channel(channel), db.Time(used), db.Time(created), db.Time(expires)
	return c, err
}

func insert(ctx context.Context, tx *db.Tx, c challenge) error {
	_, err := tx.Exec(ctx, `
		insert into proof_challenge (tenant, id, customer, order_id, channel, contact, language, created_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.Tenant, c.ID, c.Customer, c.Order, string(c.Channel), c.Contact, c.Language, db.Millis(c.CreatedAt), db.Millis(c.ExpiresAt))
	return err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (challenge, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from proof_challenge where tenant = $1 and id = $2`, tenant, id))
}

// try counts one try of a challenge that can still be tried, else ErrOver. The
// row is locked by it, so tries at the same time cannot be more than Tries.
func try(ctx context.Context, tx *db.Tx, tenant, id string) (challenge, error) {
	return scan(tx.QueryRow(ctx, `
		update proof_challenge set attempts = attempts + 1
		where tenant = $1 and id = $2 and attempts < $3 and used_at = 0 and expires_at > $4
		returning `+columns, tenant, id, Tries, db.Millis(tx.Now)))
}

func use(ctx context.Context, tx *db.Tx, c challenge) error {
	_, err := tx.Exec(ctx, `
		update proof_challenge set used_at = $1
		where tenant = $2 and id = $3`, db.Millis(tx.Now), c.Tenant, c.ID)
	return err
}

// count adds one question of a subject and tells how many that makes since the
// window began.
func count(ctx context.Context, tx *db.Tx, tenant string, subject []byte) (asked int64, since time.Time, err error) {
	now := db.Millis(tx.Now)
	var began int64
	err = tx.QueryRow(ctx, `
		insert into proof_count (tenant, subject, asked, since)
		values ($1, $2, 1, $3)
		on conflict (tenant, subject) do update set
			asked = case when proof_count.since <= $4 then 1 else proof_count.asked + 1 end,
			since = case when proof_count.since <= $4 then excluded.since else proof_count.since end
		returning asked, since`, tenant, subject, now, now-Window.Milliseconds()).Scan(&asked, &began)
	return asked, db.Time(began), err
}

// sweep deletes challenges and counts that no longer matter, of all tenants.
func sweep(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `delete from proof_challenge where expires_at <= $1`, db.Millis(tx.Now)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `delete from proof_count where since <= $1`, db.Millis(tx.Now.Add(-Window)))
	return err
}
