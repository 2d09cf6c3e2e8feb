package insight

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "insight", FS: files}

const many = 200 // rows of one statement

// rows writes the placeholders of n rows of a width.
func rows(n, width int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "(" + db.Placeholders(i*width+1, width) + ")"
	}
	return strings.Join(all, ", ")
}

// mark notes that a case has changed, and tells whether that was not noted yet.
func mark(ctx context.Context, tx *db.Tx, tenant, id string) (bool, error) {
	n, err := tx.Exec(ctx, `insert into insight_dirty (tenant, id) values ($1, $2) on conflict do nothing`, tenant, id)
	return n == 1, err
}

// unmark takes some of the marked cases.
func unmark(ctx context.Context, tx *db.Tx, tenant string, limit int) ([]string, error) {
	return db.List(ctx, tx, text, `
		delete from insight_dirty where tenant = $1 and id in (
			select id from insight_dirty where tenant = $2 order by id limit $3)
		returning id`, tenant, tenant, limit)
}

// entriesOf reads what things contribute until now.
func entriesOf(ctx context.Context, tx *db.Tx, tenant string, all []Entry) (map[string]Entry, error) {
	known := map[string]Entry{}
	for some := range slices.Chunk(all, many) {
		args := []any{tenant}
		for _, e := range some {
			args = append(args, e.Key)
		}
		found, err := db.List(ctx, tx, func(row db.Scanner) (e Entry, err error) {
			var cells, key string
			if err := row.Scan(&key, &cells); err != nil {
				return e, err
			}
			err = json.Unmarshal([]byte(cells), &e)
			e.Key = key
			return e, err
		}, `select key, cells from insight_entry where tenant = $1 and key in (`+db.Placeholders(2, len(some))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			known[e.Key] = e
		}
	}
	return known, nil
}

func saveEntries(ctx context.Context, tx *db.Tx, tenant string, all []Entry) error {
	for some := range slices.Chunk(all, many) {
		var args []any
		for _, e := range some {
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			args = append(args, tenant, e.Key, e.Version, string(text))
		}
		if _, err := tx.Exec(ctx, `
			insert into insight_entry (tenant, key, version, cells) values `+rows(len(some), 4)+`
			on conflict (tenant, key) do update set version = excluded.version, cells = excluded.cells`, args...); err != nil {
			return err
		}
		if err := saveOpen(ctx, tx, tenant, some); err != nil {
			return err
		}
	}
	return nil
}

// saveOpen keeps a row for each case that is not over, and none for the others.
func saveOpen(ctx context.Context, tx *db.Tx, tenant string, all []Entry) error {
	for _, e := range all {
		var err error
		switch {
		case e.Open != nil:
			_, err = tx.Exec(ctx, `
				insert into insight_open (tenant, id, state, kind, channel, seller, market, opened_at, deadline)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
				on conflict (tenant, id) do update set state = excluded.state, kind = excluded.kind, deadline = excluded.deadline`,
				tenant, e.Key, e.Open.State, e.Kind, e.Channel, e.Seller, e.Market, db.Millis(e.Open.OpenedAt), db.Millis(e.Open.Deadline))
		case e.Kind != "":
			_, err = tx.Exec(ctx, `delete from insight_open where tenant = $1 and id = $2`, tenant, e.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addUp changes tallies, in one order so that two writers do not wait for each
// other.
func addUp(ctx context.Context, tx *db.Tx, tenant string, changes map[key]amount) error {
	keys := slices.SortedFunc(maps.Keys(changes), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.scope, b.scope), cmp.Compare(a.measure, b.measure), cmp.Compare(a.grain, b.grain), cmp.Compare(a.start, b.start),
			cmp.Compare(a.label, b.label), cmp.Compare(a.kind, b.kind), cmp.Compare(a.channel, b.channel), cmp.Compare(a.market, b.market))
	})
	for some := range slices.Chunk(keys, many) {
		var args []any
		for _, k := range some {
			a := changes[k]
			args = append(args, tenant, k.scope, string(k.measure), string(k.grain), k.start, k.label, k.kind, k.channel, k.market, a.n, a.total)
		}
		if _, err := tx.Exec(ctx, `
			insert into insight_tally (tenant, scope, measure, grain, start, label, kind, channel, market, n, total)
			values `+rows(len(some), 11)+`
			on conflict (tenant, scope, measure, grain, start, label, kind, channel, market)
			do update set n = insight_tally.n + excluded.n, total = insight_tally.total + excluded.total`, args...); err != nil {
			return err
		}
	}
	return nil
}

func saveChoices(ctx context.Context, tx *db.Tx, tenant string, all map[[2]string]bool) error {
	for one := range all {
		if _, err := tx.Exec(ctx, `
			insert into insight_choice (tenant, dimension, value) values ($1, $2, $3) on conflict do nothing`, tenant, one[0], one[1]); err != nil {
			return err
		}
	}
	return nil
}

// choices are the values that a dimension has had, up to a thousand.
func choices(ctx context.Context, tx *db.Tx, tenant, dimension string) ([]string, error) {
	return db.List(ctx, tx, text, `
		select value from insight_choice where tenant = $1 and dimension = $2 order by value limit 1000`, tenant, dimension)
}

func text(row db.Scanner) (s string, err error) { return s, row.Scan(&s) }

func saveTitles(ctx context.Context, tx *db.Tx, tenant string, titles map[string]string) error {
	for _, sku := range slices.Sorted(maps.Keys(titles)) {
		if _, err := tx.Exec(ctx, `
			insert into insight_product (tenant, sku, title) values ($1, $2, $3)
			on conflict (tenant, sku) do update set title = excluded.title`, tenant, sku, titles[sku]); err != nil {
			return err
		}
	}
	return nil
}

func titlesOf(ctx context.Context, tx *db.Tx, tenant string, skus []string) (map[string]string, error) {
	all := map[string]string{}
	for some := range slices.Chunk(skus, many) {
		args := []any{tenant}
		for _, sku := range some {
			args = append(args, sku)
		}
		found, err := db.List(ctx, tx, func(row db.Scanner) (x [2]string, err error) { return x, row.Scan(&x[0], &x[1]) }, `
			select sku, title from insight_product where tenant = $1 and sku in (`+db.Placeholders(2, len(some))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			all[x[0]] = x[1]
		}
	}
	return all, nil
}

func zoneOf(ctx context.Context, tx *db.Tx, tenant string) (zone string, err error) {
	err = tx.QueryRow(ctx, `select zone from insight_shop where tenant = $1`, tenant).Scan(&zone)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return zone, err
}

func saveZone(ctx context.Context, tx *db.Tx, tenant, zone string) error {
	_, err := tx.Exec(ctx, `
		insert into insight_shop (tenant, zone, rebuilt_at) values ($1, $2, 0)
		on conflict (tenant) do update set zone = excluded.zone`, tenant, zone)
	return err
}

func sayRebuilt(ctx context.Context, tx *db.Tx, tenant string, at time.Time) error {
	_, err := tx.Exec(ctx, `update insight_shop set rebuilt_at = $1 where tenant = $2`, db.Millis(at), tenant)
	return err
}

// wipe forgets everything counted of a shop.
func wipe(ctx context.Context, tx *db.Tx, tenant string) error {
	for _, statement := range []string{
		`delete from insight_entry where tenant = $1`, `delete from insight_tally where tenant = $1`, `delete from insight_open where tenant = $1`,
		`delete from insight_choice where tenant = $1`, `delete from insight_product where tenant = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, tenant); err != nil {
			return err
		}
	}
	return nil
}
