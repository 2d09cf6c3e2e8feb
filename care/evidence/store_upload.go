package evidence

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

const uploadColumns = `tenant, id, owner_kind, owner_id, size, sha256, photo, created_at`

func scanUpload(row db.Scanner) (u Resumable, err error) {
	var created int64
	err = row.Scan(&u.Tenant, &u.ID, &u.OwnerKind, &u.OwnerID, &u.Size, &u.SHA256, &u.Photo, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return Resumable{}, ErrUpload
	}
	u.CreatedAt = db.Time(created)
	return u, err
}

func insertUpload(ctx context.Context, tx *db.Tx, u Resumable) error {
	_, err := tx.Exec(ctx, `
		insert into evidence_upload (tenant, id, owner_kind, owner_id, size, sha256, photo, created_at)
		values ($1, $2, $3, $4, $5, $6, '', $7)`,
		u.Tenant, u.ID, string(u.OwnerKind), u.OwnerID, u.Size, u.SHA256, db.Millis(u.CreatedAt))
	return err
}

func uploadByID(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Resumable, error) {
	return scanUpload(tx.QueryRow(ctx, `
		select `+uploadColumns+` from evidence_upload where tenant = $1 and id = $2 and owner_kind = $3 and owner_id = $4`,
		by.Tenant, id, string(by.Kind), by.ID))
}

// openUploads are what somebody has under way.
func openUploads(ctx context.Context, tx *db.Tx, by actor.Actor) (count int, bytes int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*), cast(coalesce(sum(size), 0) as bigint) from evidence_upload
		where tenant = $1 and owner_kind = $2 and owner_id = $3 and photo = ''`, by.Tenant, string(by.Kind), by.ID).Scan(&count, &bytes)
	return count, bytes, err
}

func finishUpload(ctx context.Context, tx *db.Tx, u Resumable) error {
	_, err := tx.Exec(ctx, `update evidence_upload set photo = $1 where tenant = $2 and id = $3`, u.Photo, u.Tenant, u.ID)
	return err
}

func removeUpload(ctx context.Context, tx *db.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `delete from evidence_upload where tenant = $1 and id = $2`, tenant, id)
	return err
}

// oldUploads are those of all tenants that began before an instant.
func oldUploads(ctx context.Context, tx *db.Tx, before time.Time, most int) ([]Resumable, error) {
	return db.List(ctx, tx, scanUpload, `
		select `+uploadColumns+` from evidence_upload where created_at < $1 order by created_at limit $2`, db.Millis(before), most)
}
