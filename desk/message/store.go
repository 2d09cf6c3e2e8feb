package message

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

// Schema is this package's table.
var Schema = db.Schema{Name: "message", FS: files}

const columns = `tenant, case_id, version, last, customer_read, customer_read_at, shop_read, shop_read_at, answered, mailed`

func scan(row db.Scanner) (t Thread, err error) {
	var customerRead, customerAt, shopRead, shopAt int64
	err = row.Scan(&t.Tenant, &t.Case, &t.Version, &t.Last, &customerRead, &customerAt, &shopRead, &shopAt, &t.Answered, &t.Mailed)
	t.Read = map[Side]int64{Customer: customerRead, Shop: shopRead}
	t.ReadAt = map[Side]time.Time{Customer: db.Time(customerAt), Shop: db.Time(shopAt)}
	return t, err
}

// byCase reads how far a conversation is; one that has not begun is at zero.
func byCase(ctx context.Context, tx *db.Tx, tenant, caseID string) (Thread, error) {
	t, err := scan(tx.QueryRow(ctx, `select `+columns+` from message_thread where tenant = $1 and case_id = $2`, tenant, caseID))
	if errors.Is(err, sql.ErrNoRows) {
		return Thread{Tenant: tenant, Case: caseID, Read: map[Side]int64{}, ReadAt: map[Side]time.Time{}}, nil
	}
	return t, err
}

// lock counts a change of a conversation, begins it where it is new, and holds
// it until the transaction ends: of two who write at once, one comes second.
func lock(ctx context.Context, tx *db.Tx, tenant, caseID string) (Thread, error) {
	return scan(tx.QueryRow(ctx, `
		insert into message_thread (`+columns+`) values ($1, $2, 1, 0, 0, 0, 0, 0, 0, 0)
		on conflict (tenant, case_id) do update set version = message_thread.version + 1
		returning `+columns, tenant, caseID))
}

func save(ctx context.Context, tx *db.Tx, t Thread) error {
	_, err := tx.Exec(ctx, `
		update message_thread set last = $1, customer_read = $2, customer_read_at = $3, shop_read = $4, shop_read_at = $5, answered = $6
		where tenant = $7 and case_id = $8`,
		t.Last, t.Read[Customer], db.Millis(t.ReadAt[Customer]), t.Read[Shop], db.Millis(t.ReadAt[Shop]), t.Answered, t.Tenant, t.Case)
	return err
}

// mailed notes that an e-mail told of the conversation up to a place.
func mailed(ctx context.Context, tx *db.Tx, tenant, caseID string, to int64) error {
	_, err := tx.Exec(ctx, `update message_thread set mailed = $1 where tenant = $2 and case_id = $3 and mailed < $1`, to, tenant, caseID)
	return err
}
