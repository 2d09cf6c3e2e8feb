package evidence

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "evidence", FS: files}

const columns = `tenant, id, owner_kind, owner_id, case_id, sha256, size, media, width, height, view, created_at, kind, seconds, view_media, look, scan, found`

func scan(row db.Scanner) (p Photo, err error) {
	var created int64
	err = row.Scan(&p.Tenant, &p.ID, &p.OwnerKind, &p.OwnerID, &p.Case, &p.SHA256, &p.Size, &p.Media, &p.Width, &p.Height, &p.View, &created,
		&p.Kind, &p.Seconds, &p.ViewMedia, &p.Look, &p.Scan, &p.Found)
	if errors.Is(err, sql.ErrNoRows) {
		return Photo{}, ErrUnknown
	}
	p.CreatedAt = db.Time(created)
	return p, err
}

func insert(ctx context.Context, tx *db.Tx, p Photo) error {
	_, err := tx.Exec(ctx, `
		insert into evidence_photo (tenant, id, owner_kind, owner_id, case_id, sha256, size, media, width, height, view, created_at,
			kind, seconds, view_media, look, scan, found, attached_at, gone_at)
		values ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0)`,
		p.Tenant, p.ID, string(p.OwnerKind), p.OwnerID, p.SHA256, p.Size, p.Media, p.Width, p.Height, p.View, db.Millis(p.CreatedAt),
		p.Kind, p.Seconds, p.ViewMedia, p.Look, string(p.Scan), p.Found)
	if err != nil {
		return err
	}
	return indexLook(ctx, tx, p)
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Photo, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from evidence_photo where tenant = $1 and id = $2 and gone_at = 0`, tenant, id))
}

func byCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Photo, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from evidence_photo where tenant = $1 and case_id = $2 and gone_at = 0 order by id`, tenant, caseID)
}

// loose finds the owner's photo of the same content that belongs to no case
// (its id is empty if there is none), and counts all of them.
func loose(ctx context.Context, tx *db.Tx, p Photo) (same string, count int, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(max(case when sha256 = $1 then id end), ''), count(*) from evidence_photo
		where tenant = $2 and owner_kind = $3 and owner_id = $4 and case_id = '' and gone_at = 0`,
		p.SHA256, p.Tenant, string(p.OwnerKind), p.OwnerID).Scan(&same, &count)
	return same, count, err
}

// attach gives those of the photos that are the owner's, and in no other case,
// to a case, and returns them.
func attach(ctx context.Context, tx *db.Tx, by actor.Actor, ids []string, caseID string) ([]Photo, error) {
	return db.List(ctx, tx, scan, `
		update evidence_photo set case_id = $1, attached_at = case when attached_at = 0 then $2 else attached_at end
		where tenant = $3 and owner_kind = $4 and owner_id = $5 and case_id in ('', $1) and gone_at = 0 and id in (`+marks(6, len(ids))+`)
		returning `+columns, values([]any{caseID, db.Millis(tx.Now), by.Tenant, string(by.Kind), by.ID}, ids)...)
}

// marks are n placeholders from $first on.
func marks(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(all, ", ")
}

func values(first []any, ids []string) []any {
	for _, id := range ids {
		first = append(first, id)
	}
	return first
}

// retire makes photos that were never attached invisible, and returns all that
// are, of all tenants: their files are the next to go.
func retire(ctx context.Context, tx *db.Tx, before time.Time, most int) ([]Photo, error) {
	_, err := tx.Exec(ctx, `
		update evidence_photo set gone_at = $1
		where case_id = '' and created_at < $2 and gone_at = 0`, db.Millis(tx.Now), db.Millis(before))
	if err != nil {
		return nil, err
	}
	return db.List(ctx, tx, scan, `
		select `+columns+` from evidence_photo where case_id = '' and created_at < $1 and gone_at > 0
		order by created_at limit $2`, db.Millis(before), most)
}

// needed tells whether a visible photo has its file under a key.
func needed(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `
		select count(*) from evidence_photo where (sha256 = $1 or view = $1) and gone_at = 0`, key).Scan(&n)
	return n > 0, err
}

func remove(ctx context.Context, tx *db.Tx, p Photo) error {
	for _, part := range parts(p.Look) {
		if _, err := tx.Exec(ctx, `delete from evidence_look where tenant = $1 and part = $2 and photo = $3`, p.Tenant, part, p.ID); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `delete from evidence_photo where tenant = $1 and id = $2 and gone_at > 0`, p.Tenant, p.ID)
	return err
}

// extents are what a case has already, altogether and of its customer.
func extents(ctx context.Context, tx *db.Tx, tenant, caseID string) (all, own extent, err error) {
	_, err = db.List(ctx, tx, func(row db.Scanner) (one extent, err error) {
		var kind string
		err = row.Scan(&kind, &one.files, &one.videos, &one.bytes)
		all = extent{all.files + one.files, all.videos + one.videos, all.bytes + one.bytes}
		if kind == string(actor.Customer) {
			own = one
		}
		return one, err
	}, `
		select owner_kind, count(*), cast(coalesce(sum(case when kind = 'video' then 1 else 0 end), 0) as bigint), cast(coalesce(sum(size), 0) as bigint)
		from evidence_photo where tenant = $1 and case_id = $2 and gone_at = 0 group by owner_kind`, tenant, caseID)
	return all, own, err
}

func scanned(ctx context.Context, tx *db.Tx, p Photo) error {
	_, err := tx.Exec(ctx, `update evidence_photo set scan = $1, found = $2 where tenant = $3 and id = $4`, string(p.Scan), p.Found, p.Tenant, p.ID)
	return err
}

// CasesAfter lists cases that have files, by shop and case, behind one.
func CasesAfter(ctx context.Context, tx *db.Tx, tenant, caseID string, limit int) ([][2]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (c [2]string, err error) {
		return c, row.Scan(&c[0], &c[1])
	}, `select distinct tenant, case_id from evidence_photo where case_id <> '' and (tenant, case_id) > ($1, $2) order by tenant, case_id limit $3`, tenant, caseID, limit)
}
