package product

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "product", FS: files}

const columns = `sku, title, variant, family, category, image_url, seller, price, currency, tax, stock, active, law, version, created_at, updated_at`

func scan(row db.Scanner) (p Product, err error) {
	var created, updated int64
	var law string
	err = row.Scan(&p.SKU, &p.Title, &p.Variant, &p.Group, &p.Category, &p.ImageURL, &p.Seller, &p.Price.Minor, &p.Price.Currency, &p.Tax, &p.Stock, &p.Active,
		&law, &p.Version, &created, &updated)
	if err == nil && law != "" {
		err = json.Unmarshal([]byte(law), &p.Law)
	}
	p.CreatedAt, p.UpdatedAt = db.Time(created), db.Time(updated)
	return p, err
}

// upsert stores a product and fills in its version and times. It tells false
// where nothing is new, or where another version than seen is stored.
func upsert(ctx context.Context, tx *db.Tx, tenant string, p *Product, seen int64) (bool, error) {
	var created int64
	law := ""
	if p.Law.Known() {
		raw, err := json.Marshal(p.Law)
		if err != nil {
			return false, err
		}
		law = string(raw)
	}
	err := tx.QueryRow(ctx, `
		insert into product_variant (tenant, sku, title, variant, family, category, image_url, seller, price, currency, tax, stock, active, folded, law, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $16)
		on conflict (tenant, sku) do update set
			title = excluded.title, variant = excluded.variant, family = excluded.family, category = excluded.category, image_url = excluded.image_url,
			seller = excluded.seller, price = excluded.price, currency = excluded.currency, tax = excluded.tax, stock = excluded.stock, active = excluded.active,
			folded = excluded.folded, law = excluded.law, version = product_variant.version + 1, updated_at = excluded.updated_at
		where ($17 = 0 or product_variant.version = $17) and
			(product_variant.title, product_variant.variant, product_variant.family, product_variant.category, product_variant.image_url, product_variant.seller,
				product_variant.price, product_variant.currency, product_variant.tax, product_variant.stock, product_variant.active, product_variant.law) <>
			(excluded.title, excluded.variant, excluded.family, excluded.category, excluded.image_url, excluded.seller,
				excluded.price, excluded.currency, excluded.tax, excluded.stock, excluded.active, excluded.law)
		returning version, created_at`,
		tenant, p.SKU, p.Title, p.Variant, p.Group, p.Category, p.ImageURL, p.Seller, p.Price.Minor, p.Price.Currency, p.Tax, p.Stock, p.Active,
		fold(p.SKU+" "+p.Title+" "+p.Variant), law, db.Millis(tx.Now), seen).Scan(&p.Version, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p.CreatedAt, p.UpdatedAt = db.Time(created), tx.Now
	return true, learn(ctx, tx, tenant, p.SKU, fold(p.SKU+" "+p.Title+" "+p.Variant))
}

func bySKU(ctx context.Context, tx *db.Tx, tenant, sku string) (Product, error) {
	p, err := scan(tx.QueryRow(ctx, `select `+columns+` from product_variant where tenant = $1 and sku = $2`, tenant, sku))
	if errors.Is(err, sql.ErrNoRows) {
		return Product{}, ErrUnknown
	}
	return p, err
}

func variants(ctx context.Context, tx *db.Tx, tenant string, p Product, limit int) ([]Product, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from product_variant
		where tenant = $1 and family = $2 and family <> '' and active and seller = $3 and currency = $4
		order by sku limit $5`, tenant, p.Group, p.Seller, p.Price.Currency, limit)
}

func page(ctx context.Context, tx *db.Tx, tenant string, q Query) ([]Product, error) {
	var where strings.Builder
	where.WriteString("tenant = $1")
	args := []any{tenant}
	add := func(condition string, value any) {
		args = append(args, value)
		fmt.Fprintf(&where, " and "+condition, len(args))
	}
	if q.Text != "" {
		add(`folded like $%d escape '\'`, "%"+escape.Replace(fold(q.Text))+"%")
	}
	if q.Group != "" {
		add("family <> '' and family = $%d", q.Group)
	}
	if q.Seller != "" {
		add("seller <> '' and seller = $%d", q.Seller)
	}
	if q.Active {
		where.WriteString(" and active")
	}
	if q.After != "" {
		add("sku > $%d", q.After)
	}
	args = append(args, q.Limit)
	return db.List(ctx, tx, scan, `
		select `+columns+` from product_variant
		where `+where.String()+`
		order by sku limit $`+fmt.Sprint(len(args)), args...)
}

// escape takes the meaning from the letters that have one in a pattern.
var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// fold makes searching blind to capitals and to double spaces.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// lawsOf finds what the law asks about articles; those of which nothing is said
// are left out.
func lawsOf(ctx context.Context, tx *db.Tx, tenant string, skus []string) (map[string]Law, error) {
	args := make([]any, 0, len(skus)+1)
	args = append(args, tenant)
	marks := make([]string, len(skus))
	for i, sku := range skus {
		args = append(args, sku)
		marks[i] = fmt.Sprintf("$%d", i+2)
	}
	type row struct{ sku, law string }
	found, err := db.List(ctx, tx, func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.sku, &r.law) },
		`select sku, law from product_variant where tenant = $1 and law <> '' and sku in (`+strings.Join(marks, ", ")+`)`, args...)
	if err != nil {
		return nil, err
	}
	laws := map[string]Law{}
	for _, r := range found {
		var l Law
		if err := json.Unmarshal([]byte(r.law), &l); err != nil {
			return nil, fmt.Errorf("law of product %s: %w", r.sku, err)
		}
		laws[r.sku] = l
	}
	return laws, nil
}

// anyLaw reports whether the shop has said of any article what the law asks.
func anyLaw(ctx context.Context, tx *db.Tx, tenant string) (known bool, err error) {
	err = tx.QueryRow(ctx, `select exists (select 1 from product_variant where tenant = $1 and law <> '')`, tenant).Scan(&known)
	return known, err
}
