package evidence

import (
	"context"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

// indexLook writes a photo's hash where look-alikes are found.
func indexLook(ctx context.Context, tx *db.Tx, p Photo) error {
	for _, part := range parts(p.Look) {
		_, err := tx.Exec(ctx, `
			insert into evidence_look (tenant, part, photo) values ($1, $2, $3)
			on conflict (tenant, part, photo) do nothing`, p.Tenant, part, p.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

func setLook(ctx context.Context, tx *db.Tx, p Photo) error {
	if _, err := tx.Exec(ctx, `update evidence_photo set look = $1 where tenant = $2 and id = $3`, p.Look, p.Tenant, p.ID); err != nil {
		return err
	}
	return indexLook(ctx, tx, p)
}

// unlooked are photos of cases that have no hash yet, of all tenants.
func unlooked(ctx context.Context, tx *db.Tx, most int) ([]Photo, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from evidence_photo where look = '' and case_id <> '' and gone_at = 0
		order by created_at limit $1`, most)
}

// sameFile are the files of other cases with the same content.
func sameFile(ctx context.Context, tx *db.Tx, p Photo) ([]Photo, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from evidence_photo
		where tenant = $1 and sha256 = $2 and case_id not in ('', $3) and gone_at = 0
		order by created_at limit $4`, p.Tenant, p.SHA256, p.Case, mostOf)
}

// sameLook are the photos of other cases that share a part of the hash.
func sameLook(ctx context.Context, tx *db.Tx, p Photo, near []int64) ([]Photo, error) {
	marks, args := make([]string, len(near)), []any{p.Tenant}
	for i, part := range near {
		marks[i] = fmt.Sprintf("$%d", i+2)
		args = append(args, part)
	}
	args = append(args, p.Case)
	return db.List(ctx, tx, scan, `
		select `+columns+` from evidence_photo
		where tenant = $1 and gone_at = 0 and id in (
			select photo from evidence_look where tenant = $1 and part in (`+strings.Join(marks, ", ")+`))
		and case_id not in ('', `+fmt.Sprintf("$%d", len(near)+2)+`) order by id`, args...)
}
