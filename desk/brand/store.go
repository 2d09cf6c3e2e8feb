package brand

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "brand", FS: files}

// Of is the look of a shop.
func Of(ctx context.Context, tx *db.Tx, tenant string) (b Brand, err error) {
	var texts, links string
	err = tx.QueryRow(ctx, `
		select b.version, b.accent, b.texts, b.links, b.logo, coalesce(l.width, 0), coalesce(l.height, 0), b.icon, coalesce(i.width, 0), coalesce(i.height, 0)
		from brand_brand b
		left join brand_picture l on l.tenant = b.tenant and l.digest = b.logo
		left join brand_picture i on i.tenant = b.tenant and i.digest = b.icon
		where b.tenant = $1`, tenant).
		Scan(&b.Version, &b.Accent, &texts, &links, &b.Logo.Digest, &b.Logo.Width, &b.Logo.Height, &b.Icon.Digest, &b.Icon.Width, &b.Icon.Height)
	if errors.Is(err, sql.ErrNoRows) {
		return Brand{}, nil
	}
	if err != nil {
		return b, err
	}
	if err := errors.Join(json.Unmarshal([]byte(texts), &b.Texts), json.Unmarshal([]byte(links), &b.Links)); err != nil {
		return b, fmt.Errorf("the look of %s: %w", tenant, err)
	}
	return b, nil
}

// put stores a look whose version was read; ErrStale where somebody was faster.
func put(ctx context.Context, tx *db.Tx, tenant string, b *Brand) error {
	texts, err := json.Marshal(b.Texts)
	if err != nil {
		return err
	}
	links, err := json.Marshal(b.Links)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		insert into brand_brand (tenant, version, accent, texts, links, logo, icon, at) values ($1, $2 + 1, $3, $4, $5, $6, $7, $8)
		on conflict (tenant) do update set version = excluded.version, accent = excluded.accent, texts = excluded.texts,
			links = excluded.links, logo = excluded.logo, icon = excluded.icon, at = excluded.at
		where brand_brand.version = excluded.version - 1`,
		tenant, b.Version, b.Accent, string(texts), string(links), b.Logo.Digest, b.Icon.Digest, db.Millis(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrStale
	}
	b.Version++
	_, err = tx.Exec(ctx, `delete from brand_picture where tenant = $1 and digest not in ($2, $3)`, tenant, b.Logo.Digest, b.Icon.Digest)
	return err
}

func keep(ctx context.Context, tx *db.Tx, tenant string, p Picture, content []byte) error {
	_, err := tx.Exec(ctx, `
		insert into brand_picture (tenant, digest, width, height, content) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		tenant, p.Digest, p.Width, p.Height, content)
	return err
}

func content(ctx context.Context, tx *db.Tx, tenant, digest string) (raw []byte, err error) {
	err = tx.QueryRow(ctx, `select content from brand_picture where tenant = $1 and digest = $2`, tenant, digest).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrUnknown
	}
	return raw, err
}
