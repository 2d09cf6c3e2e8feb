package rating

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "rating", FS: files}

const columns = `tenant, id, case_id, number, kind, seller, customer, score, comment, looked_by, looked_at, version, created_at, changed_at`

func scan(row db.Scanner) (r Rating, err error) {
	var looked, created, changed int64
	err = row.Scan(&r.Tenant, &r.ID, &r.Case, &r.Number, &r.Kind, &r.Seller, &r.Customer, &r.Score, &r.Comment, &r.LookedBy, &looked, &r.Version, &created, &changed)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNone
	}
	r.LookedAt, r.CreatedAt, r.ChangedAt = db.Time(looked), db.Time(created), db.Time(changed)
	return r, err
}

func insert(ctx context.Context, tx *db.Tx, r Rating) error {
	_, err := tx.Exec(ctx, `
		insert into rating_rating (tenant, id, case_id, number, kind, seller, customer, score, comment, version, created_at, changed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.Tenant, r.ID, r.Case, r.Number, r.Kind, r.Seller, r.Customer, r.Score, r.Comment, r.Version, db.Millis(r.CreatedAt), db.Millis(r.ChangedAt))
	return err
}

// change keeps what was said anew; a low score waits again for somebody to look.
func change(ctx context.Context, tx *db.Tx, r Rating, said Said) (Rating, error) {
	return scan(tx.QueryRow(ctx, `
		update rating_rating set score = $1, comment = $2, changed_at = $3, looked_at = 0, looked_by = '', version = version + 1
		where tenant = $4 and id = $5
		returning `+columns, said.Score, said.Comment, db.Millis(tx.Now), r.Tenant, r.ID))
}

func look(ctx context.Context, tx *db.Tx, r Rating, staff string) (Rating, error) {
	return scan(tx.QueryRow(ctx, `
		update rating_rating set looked_at = $1, looked_by = $2, version = version + 1
		where tenant = $3 and id = $4
		returning `+columns, db.Millis(tx.Now), staff, r.Tenant, r.ID))
}

func silence(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	_, err := tx.Exec(ctx, `update rating_rating set comment = '', version = version + 1 where tenant = $1 and case_id = $2 and comment <> ''`, tenant, caseID)
	return err
}

func byCase(ctx context.Context, tx *db.Tx, tenant, caseID string) (Rating, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from rating_rating where tenant = $1 and case_id = $2`, tenant, caseID))
}

func page(ctx context.Context, tx *db.Tx, tenant string, f Filter, after string, limit int) ([]Rating, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from rating_rating
		where tenant = $1 and (cast($2 as text) = '' or id < $2) and (cast($3 as text) = '' or seller = $3)
			and (cast($4 as bigint) = 0 or created_at >= $4) and (cast($5 as bigint) = 0 or created_at < $5)
			and (not cast($6 as boolean) or (score <= 2 and looked_at = 0))
		order by id desc limit $7`, tenant, after, f.Seller, db.Millis(f.Since), db.Millis(f.Before), f.Low, limit)
}

func count(ctx context.Context, tx *db.Tx, tenant string, f Filter) (out Figures, err error) {
	type row struct{ score, n, waiting int64 }
	rows, err := db.List(ctx, tx, func(r db.Scanner) (x row, err error) { return x, r.Scan(&x.score, &x.n, &x.waiting) }, `
		select score, count(*), cast(coalesce(sum(case when score <= 2 and looked_at = 0 then 1 else 0 end), 0) as bigint) from rating_rating
		where tenant = $1 and (cast($2 as text) = '' or seller = $2)
			and (cast($3 as bigint) = 0 or created_at >= $3) and (cast($4 as bigint) = 0 or created_at < $4)
			and (not cast($5 as boolean) or (score <= 2 and looked_at = 0))
		group by score`, tenant, f.Seller, db.Millis(f.Since), db.Millis(f.Before), f.Low)
	for _, one := range rows {
		out.Scores[one.score-1] = one.n
		out.Low += one.waiting
	}
	return out, err
}
