package presence

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "presence", FS: files}

// sweep empties the seats that were not renewed.
func sweep(ctx context.Context, tx *db.Tx, tenant string) error {
	_, err := tx.Exec(ctx, `delete from presence_seat where tenant = $1 and until < $2`, tenant, db.Millis(tx.Now))
	return err
}

func doingOf(ctx context.Context, tx *db.Tx, tenant, caseID, person, page string) (Doing, error) {
	var doing string
	err := tx.QueryRow(ctx, `
		select doing from presence_seat where tenant = $1 and case_id = $2 and person = $3 and page = $4`, tenant, caseID, person, page).Scan(&doing)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return Doing(doing), err
}

func sit(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, page string, doing Doing) error {
	_, err := tx.Exec(ctx, `
		insert into presence_seat (tenant, case_id, person, page, name, doing, since, until)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (tenant, case_id, person, page) do update set doing = excluded.doing, until = excluded.until`,
		by.Tenant, caseID, by.ID, page, by.Name, string(doing), db.Millis(tx.Now), db.Millis(tx.Now.Add(Life)))
	return err
}

func leave(ctx context.Context, tx *db.Tx, tenant, caseID, person, page string) error {
	_, err := tx.Exec(ctx, `delete from presence_seat where tenant = $1 and case_id = $2 and person = $3 and page = $4`, tenant, caseID, person, page)
	return err
}

// seats lists who is at a case, the first who came first.
func seats(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Seat, error) {
	return db.List(ctx, tx, func(row db.Scanner) (s Seat, err error) {
		var doing string
		var since int64
		err = row.Scan(&s.Person, &s.Name, &doing, &since)
		s.Doing, s.Since = Doing(doing), db.Time(since)
		return s, err
	}, `select person, name, doing, since from presence_seat
		where tenant = $1 and case_id = $2 and until >= $3
		order by since, person limit 100`, tenant, caseID, db.Millis(tx.Now))
}
