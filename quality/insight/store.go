package insight

import (
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

const many = 200 // keys of one question

// insert writes rows of a width, many in a statement. There are few sizes of
// statements, so that each is prepared once. SQLite gets plain question marks:
// its driver looks numbered places up among all arguments.
func insert(ctx context.Context, tx *db.Tx, head string, width int, tail string, args []any) error {
	for _, size := range []int{40, 8, 1} {
		n := size * width
		if len(args) < n {
			continue
		}
		all := make([]string, size)
		for i := range all {
			if all[i] = "(" + db.Placeholders(i*width+1, width) + ")"; tx.Engine() == db.SQLite {
				all[i] = "(?" + strings.Repeat(", ?", width-1) + ")"
			}
		}
		query := head + " values " + strings.Join(all, ", ") + " " + tail
		for ; len(args) >= n; args = args[n:] {
			if _, err := tx.Exec(ctx, query, args[:n]...); err != nil {
				return err
			}
		}
	}
	return nil
}

// entriesOf reads what things contribute until now.
func entriesOf(ctx context.Context, tx *db.Tx, tenant string, keys []string) (map[string]Entry, error) {
	known := make(map[string]Entry, len(keys))
	for some := range slices.Chunk(keys, many) {
		args := []any{tenant}
		for _, key := range some {
			args = append(args, key)
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
	var args []any
	for _, e := range all {
		text, err := json.Marshal(e)
		if err != nil {
			return err
		}
		args = append(args, tenant, e.Key, e.Version, string(text))
	}
	return insert(ctx, tx, `insert into insight_entry (tenant, key, version, cells)`, 4,
		`on conflict (tenant, key) do update set version = excluded.version, cells = excluded.cells`, args)
}

// saveOpen keeps a row for each case that is not over, and none for the others.
// A row that stays as it is is not written: its indexes cost as much as it does.
func saveOpen(ctx context.Context, tx *db.Tx, tenant string, known map[string]Entry, all []Entry) error {
	var open []Entry
	var over []string
	for _, e := range all {
		if e.Open != nil {
			open = append(open, e)
		} else if known[e.Key].open() {
			over = append(over, e.Key)
		}
	}
	var args []any
	for _, e := range open {
		args = append(args, tenant, e.Key, e.Open.State, e.Kind, e.Channel, e.Seller, e.Market, db.Millis(e.Open.OpenedAt), db.Millis(e.Open.Deadline))
	}
	if err := insert(ctx, tx, `insert into insight_open (tenant, id, state, kind, channel, seller, market, opened_at, deadline)`, 9,
		`on conflict (tenant, id) do update set state = excluded.state, kind = excluded.kind, channel = excluded.channel, seller = excluded.seller,
			market = excluded.market, deadline = excluded.deadline
		where (insight_open.state, insight_open.kind, insight_open.channel, insight_open.seller, insight_open.market, insight_open.deadline) <>
			(excluded.state, excluded.kind, excluded.channel, excluded.seller, excluded.market, excluded.deadline)`, args); err != nil {
		return err
	}
	for some := range slices.Chunk(over, many) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		if _, err := tx.Exec(ctx, `delete from insight_open where tenant = $1 and id in (`+db.Placeholders(2, len(some))+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}

func saveChoices(ctx context.Context, tx *db.Tx, tenant string, all map[[2]string]bool) error {
	var args []any
	for _, one := range slices.SortedFunc(maps.Keys(all), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		args = append(args, tenant, one[0], one[1])
	}
	return insert(ctx, tx, `insert into insight_choice (tenant, dimension, value)`, 3, `on conflict do nothing`, args)
}

// choices are the values that a dimension has had, up to a thousand.
func choices(ctx context.Context, tx *db.Tx, tenant, dimension string) ([]string, error) {
	return db.List(ctx, tx, text, `
		select value from insight_choice where tenant = $1 and dimension = $2 order by value limit 1000`, tenant, dimension)
}

func text(row db.Scanner) (s string, err error) { return s, row.Scan(&s) }

func saveTitles(ctx context.Context, tx *db.Tx, tenant string, titles map[string]string) error {
	var args []any
	for _, sku := range slices.Sorted(maps.Keys(titles)) {
		args = append(args, tenant, sku, titles[sku])
	}
	return insert(ctx, tx, `insert into insight_product (tenant, sku, title)`, 3,
		`on conflict (tenant, sku) do update set title = excluded.title where insight_product.title <> excluded.title`, args)
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

// holdShop takes a shop's row until the end of the transaction.
func holdShop(ctx context.Context, tx *db.Tx, tenant string) (zone string, position int64, found bool, err error) {
	err = tx.QueryRow(ctx, `update insight_shop set position = position where tenant = $1 returning zone, position`, tenant).Scan(&zone, &position)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, false, nil
	}
	return zone, position, err == nil, err
}

func savePosition(ctx context.Context, tx *db.Tx, tenant string, position int64) error {
	_, err := tx.Exec(ctx, `update insight_shop set position = $1 where tenant = $2`, position, tenant)
	return err
}

func saveZone(ctx context.Context, tx *db.Tx, tenant, zone string) error {
	_, err := tx.Exec(ctx, `
		insert into insight_shop (tenant, zone, rebuilt_at) values ($1, $2, 0)
		on conflict (tenant) do update set zone = excluded.zone`, tenant, zone)
	return err
}

func sayRecounting(ctx context.Context, tx *db.Tx, tenant string) error {
	_, err := tx.Exec(ctx, `update insight_shop set recount = true where tenant = $1`, tenant)
	return err
}

func sayRebuilt(ctx context.Context, tx *db.Tx, tenant string, at time.Time) error {
	_, err := tx.Exec(ctx, `update insight_shop set rebuilt_at = $1, recount = false where tenant = $2`, db.Millis(at), tenant)
	return err
}

// wipe forgets everything counted of a shop.
func wipe(ctx context.Context, tx *db.Tx, tenant string) error {
	for _, statement := range []string{
		`delete from insight_entry where tenant = $1`, `delete from insight_sum where tenant = $1`, `delete from insight_units where tenant = $1`, `delete from insight_aside where tenant = $1`,
		`delete from insight_open where tenant = $1`,
		`delete from insight_choice where tenant = $1`, `delete from insight_product where tenant = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, tenant); err != nil {
			return err
		}
	}
	return nil
}
