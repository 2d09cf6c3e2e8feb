package customer

import (
	"context"
	"embed"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "customer", FS: files}

const columns = `c.tenant, c.id, c.source, c.ref, c.name, c.email, c.phone, c.language`

func scan(row db.Scanner) (c Customer, err error) {
	err = row.Scan(&c.Tenant, &c.ID, &c.Source, &c.Ref, &c.Name, &c.Email, &c.Phone, &c.Language)
	return c, err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Customer, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from customer_customer c where c.tenant = $1 and c.id = $2`, tenant, id))
}

func byRef(ctx context.Context, tx *db.Tx, tenant, source, ref string) (Customer, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+`
		from customer_ref r join customer_customer c on c.tenant = r.tenant and c.id = r.customer
		where r.tenant = $1 and r.source = $2 and r.ref = $3`, tenant, source, ref))
}

// Of several customers with one contact the oldest is meant.

func byEmail(ctx context.Context, tx *db.Tx, tenant, email string) (Customer, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from customer_customer c
		where c.tenant = $1 and c.email = $2 and c.email <> ''
		order by c.id limit 1`, tenant, email))
}

func byPhone(ctx context.Context, tx *db.Tx, tenant, phone string) (Customer, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from customer_customer c
		where c.tenant = $1 and c.phone = $2 and c.phone <> ''
		order by c.id limit 1`, tenant, phone))
}

func search(ctx context.Context, tx *db.Tx, tenant, folded, email, phone string, limit int) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, `
		select id from customer_customer where tenant = $1 and folded = $2 and folded <> ''
		union
		select id from customer_customer where tenant = $1 and email = $3 and email <> ''
		union
		select id from customer_customer where tenant = $1 and phone = $4 and phone <> ''
		order by id limit $5`, tenant, folded, email, phone, limit)
}

func insert(ctx context.Context, tx *db.Tx, c Customer) error {
	_, err := tx.Exec(ctx, `
		insert into customer_customer (tenant, id, source, ref, name, folded, email, phone, language, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.Tenant, c.ID, c.Source, c.Ref, c.Name, folded(c.Name), c.Email, c.Phone, c.Language, db.Millis(tx.Now))
	return err
}

func update(ctx context.Context, tx *db.Tx, c Customer) error {
	_, err := tx.Exec(ctx, `
		update customer_customer set name = $1, folded = $2, email = $3, phone = $4, language = $5
		where tenant = $6 and id = $7`,
		c.Name, folded(c.Name), c.Email, c.Phone, c.Language, c.Tenant, c.ID)
	return err
}

// claimRef ties a reference to a customer unless it is tied already, and tells
// to whom it belongs.
func claimRef(ctx context.Context, tx *db.Tx, tenant, source, ref, customer string) (owner string, err error) {
	err = tx.QueryRow(ctx, `
		insert into customer_ref (tenant, source, ref, customer) values ($1, $2, $3, $4)
		on conflict (tenant, source, ref) do update set customer = customer_ref.customer
		returning customer`, tenant, source, ref, customer).Scan(&owner)
	return owner, err
}
