package widget

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

// Schema is this package's table.
var Schema = db.Schema{Name: "widget", FS: files}

// Of is the widget of a shop.
func Of(ctx context.Context, tx *db.Tx, tenant string) (w Widget, err error) {
	var origins string
	err = tx.QueryRow(ctx, `select version, origins from widget_widget where tenant = $1`, tenant).Scan(&w.Version, &origins)
	if errors.Is(err, sql.ErrNoRows) {
		return Widget{}, nil
	}
	if err != nil {
		return w, err
	}
	if err := json.Unmarshal([]byte(origins), &w.Origins); err != nil {
		return w, fmt.Errorf("the widget of %s: %w", tenant, err)
	}
	return w, nil
}

// put stores a widget whose version was read; ErrStale where somebody was faster.
func put(ctx context.Context, tx *db.Tx, tenant string, w *Widget) error {
	origins, err := json.Marshal(w.Origins)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		insert into widget_widget (tenant, version, origins, at) values ($1, $2 + 1, $3, $4)
		on conflict (tenant) do update set version = excluded.version, origins = excluded.origins, at = excluded.at
		where widget_widget.version = excluded.version - 1`,
		tenant, w.Version, string(origins), db.Millis(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrStale
	}
	w.Version++
	return nil
}
