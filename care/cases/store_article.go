package cases

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// saveArticles notes which articles a case is about. What it was about before
// stays noted: rows are checked.
func saveArticles(ctx context.Context, tx *db.Tx, c *Case) error {
	seen := map[string]bool{"": true}
	for _, item := range c.Items {
		if seen[item.SKU] {
			continue
		}
		seen[item.SKU] = true
		_, err := tx.Exec(ctx, `
			insert into cases_article (tenant, sku, opened_at, case_id) values ($1, $2, $3, $4) on conflict do nothing`,
			c.Tenant, item.SKU, db.Millis(c.OpenedAt), c.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// articlesAgain notes it of the next cases by id, and tells the last of them;
// empty: there were no more, and the shop's lists may go by it.
func articlesAgain(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (last string, err error) {
	all, err := db.List(ctx, tx, scan, `
		select `+columns+` from cases_case where tenant = $1 and id > $2 order by id limit $3`, tenant, after, limit)
	for _, c := range all {
		if err := saveArticles(ctx, tx, &c); err != nil {
			return "", err
		}
		last = c.ID
	}
	if err == nil && last == "" {
		_, err = tx.Exec(ctx, `delete from cases_article where tenant = $1 and sku = '' and opened_at = 0 and case_id = ''`, tenant)
	}
	return last, err
}

// byArticle finds the next cases about an article, so many that one page can be
// chosen from them, and the place up to which they are complete; the zero Place:
// they are all. It does not know while cases of earlier are still to be noted,
// nor by deadline where there are many.
func byArticle(ctx context.Context, tx *db.Tx, tenant string, f Filter) (found part, until Place, known bool, err error) {
	var noting, n int
	err = tx.QueryRow(ctx, `select count(*) from cases_article where tenant = $1 and sku = '' and opened_at = 0 and case_id = ''`, tenant).Scan(&noting)
	if err != nil || noting > 0 {
		return found, until, false, err
	}
	most := mostApart
	switch {
	case f.reads > 0:
		most = f.reads
	case f.Sort.apart() || f.Limit >= MostCounted:
		most = MostCounted + 1
	}
	next := func(q *query) string {
		text := "select case_id, opened_at from cases_article where tenant = " + q.arg(tenant) + " and sku = " + q.arg(f.SKU)
		direction := f.Sort.direction()
		if f.Sort.apart() {
			return text + " order by opened_at, case_id"
		}
		if f.After.ID != "" {
			sign := map[string]string{"desc": "<", "asc": ">"}[direction]
			at := q.arg(db.Millis(f.After.At))
			text += fmt.Sprintf(" and opened_at %s= %s and (opened_at %s %s or case_id %s %s)", sign, at, sign, at, sign, q.arg(f.After.ID))
		}
		return text + " order by opened_at " + direction + ", case_id " + direction
	}
	found.from = func(q *query) string {
		return "select case_id as column1 from (" + next(q) + " limit " + q.arg(most) + ") a"
	}
	q := &query{}
	text := next(q) + fmt.Sprintf(" limit 1 offset %s", q.arg(most-1))
	cuts, err := db.List(ctx, tx, func(row db.Scanner) (p Place, err error) {
		var at int64
		err = row.Scan(&p.ID, &at)
		p.At = db.Time(at)
		n++
		return p, err
	}, text, q.args...)
	if err != nil || n == 0 {
		return found, until, true, err
	}
	return found, cuts[0], !f.Sort.apart(), nil
}
