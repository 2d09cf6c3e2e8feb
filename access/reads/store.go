package reads

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "reads", FS: files}

const columns = `tenant, id, at, actor_kind, actor_id, actor_name, what, subject, customer, batch, about, told`

func scan(row db.Scanner) (r Read, err error) {
	var at int64
	err = row.Scan(&r.Tenant, &r.ID, &at, &r.Kind, &r.Actor, &r.Name, &r.What, &r.Subject, &r.Customer, &r.Batch, &r.About, &r.Told)
	r.At = db.Time(at)
	return r, err
}

func insert(ctx context.Context, tx *db.Tx, all []Read) error {
	const width = 12
	rows, args := make([]string, len(all)), make([]any, 0, width*len(all))
	for i, r := range all {
		rows[i] = "(" + db.Placeholders(i*width+1, width) + ")"
		args = append(args, r.Tenant, r.ID, db.Millis(r.At), string(r.Kind), r.Actor, r.Name, r.What, r.Subject, r.Customer, r.Batch, r.About, r.Told)
	}
	_, err := tx.Exec(ctx, `insert into reads_read (`+columns+`) values `+strings.Join(rows, ", "), args...)
	return err
}

func page(ctx context.Context, tx *db.Tx, tenant string, f Filter) ([]Read, error) {
	args := []any{tenant}
	var where strings.Builder
	add := func(condition string, value any) {
		args = append(args, value)
		fmt.Fprintf(&where, " and "+condition, len(args))
	}
	if f.Customer != "" {
		where.WriteString(" and customer <> ''") // lets the index serve
		add("customer = $%d", f.Customer)
	}
	if f.Subject != "" {
		where.WriteString(" and subject <> ''")
		add("subject = $%d", f.Subject)
	}
	if f.Actor != "" {
		add("actor_id = $%d", f.Actor)
	}
	if f.What != "" {
		add("what = $%d", f.What)
	}
	if !f.From.IsZero() {
		add("at >= $%d", db.Millis(f.From))
	}
	if !f.To.IsZero() {
		add("at < $%d", db.Millis(f.To))
	}
	if f.Before != "" {
		add("id < $%d", f.Before)
	}
	args = append(args, f.Limit)
	return db.List(ctx, tx, scan, fmt.Sprintf(`
		select `+columns+` from reads_read where tenant = $1%s order by id desc limit $%d`, where.String(), len(args)), args...)
}

func ofBatch(ctx context.Context, tx *db.Tx, tenant, batch string) ([]Read, error) {
	return db.List(ctx, tx, scan, `select `+columns+` from reads_read where tenant = $1 and batch = $2 order by id`, tenant, batch)
}

// known are those of some reads, in the order of their ids, that are stored.
func known(ctx context.Context, tx *db.Tx, tenant string, all []Read) (map[string]bool, error) {
	ids, err := db.List(ctx, tx, func(row db.Scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, `select id from reads_read where tenant = $1 and id >= $2 and id <= $3`, tenant, all[0].ID, all[len(all)-1].ID)
	there := map[string]bool{}
	for _, one := range ids {
		there[one] = true
	}
	return there, err
}

type batchOf struct{ tenant, batch string }

// batches lists the batches of reads behind one, by tenant and name.
func batches(ctx context.Context, tx *db.Tx, after batchOf, limit int) ([]batchOf, error) {
	return db.List(ctx, tx, func(row db.Scanner) (b batchOf, err error) {
		err = row.Scan(&b.tenant, &b.batch)
		return b, err
	}, `select distinct tenant, batch from reads_read where (tenant, batch) > ($1, $2) order by tenant, batch limit $3`, after.tenant, after.batch, limit)
}
