package insight

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.scope, q.scope), cmp.Compare(p.kind, q.kind), cmp.Compare(p.channel, q.channel), cmp.Compare(p.market, q.market), cmp.Compare(p.day, q.day))
}

// addUp changes sums, in one order so that two writers do not wait for each
// other. A sum is one text: it is read, changed and written, which nobody else
// does while its shop is held.
func addUp(ctx context.Context, tx *db.Tx, tenant string, news map[place]sums) error {
	places := slices.SortedFunc(maps.Keys(news), place.compare)
	for some := range slices.Chunk(places, many) {
		known, err := packedOf(ctx, tx, tenant, some)
		if err != nil {
			return err
		}
		var args []any
		for _, p := range some {
			now := sums{}
			if err := unpack(known[p], func(l label, a amount) { now[l] = a }); err != nil {
				return err
			}
			for l, a := range news[p] {
				now.add(l, a)
			}
			args = append(args, tenant, p.scope, p.kind, p.channel, p.market, p.day, now.pack())
		}
		err = insert(ctx, tx, `insert into insight_sum (tenant, scope, kind, channel, market, day, sums)`, 7,
			`on conflict (tenant, scope, kind, channel, market, day) do update set sums = excluded.sums`, args)
		if err != nil {
			return err
		}
	}
	return nil
}

// packedOf reads sums, in few sizes of statements.
func packedOf(ctx context.Context, tx *db.Tx, tenant string, places []place) (map[place]string, error) {
	known := make(map[place]string, len(places))
	for _, size := range []int{many, 40, 8, 1} {
		rows := make([]string, size)
		for i := range rows {
			if rows[i] = "(" + db.Placeholders(i*5+1, 5) + ")"; tx.Engine() == db.SQLite {
				rows[i] = "(?, ?, ?, ?, ?)"
			}
		}
		last := db.Placeholders(size*5+1, 1)
		if tx.Engine() == db.SQLite {
			last = "?"
		}
		query := `select s.scope, s.kind, s.channel, s.market, s.day, s.sums from (values ` + strings.Join(rows, ", ") + `) w cross join insight_sum s
			where s.tenant = ` + last + ` and s.scope = w.column1 and s.kind = w.column2 and s.channel = w.column3 and s.market = w.column4 and s.day = w.column5`
		for ; len(places) >= size; places = places[size:] {
			var args []any
			for _, p := range places[:size] {
				args = append(args, p.scope, p.kind, p.channel, p.market, p.day)
			}
			_, err := db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
				var p place
				var text string
				err = row.Scan(&p.scope, &p.kind, &p.channel, &p.market, &p.day, &text)
				known[p] = text
				return none, err
			}, query, append(args, tenant)...)
			if err != nil {
				return nil, err
			}
		}
	}
	return known, nil
}

func addUnits(ctx context.Context, tx *db.Tx, tenant string, news map[unit]units) error {
	keys := slices.SortedFunc(maps.Keys(news), func(a, b unit) int { return cmp.Or(a.compare(b.place), cmp.Compare(a.sku, b.sku)) })
	var args []any
	for _, k := range keys {
		args = append(args, tenant, k.scope, k.kind, k.channel, k.market, k.day, k.sku, news[k].sold, news[k].returned)
	}
	return insert(ctx, tx, `insert into insight_units (tenant, scope, kind, channel, market, month, sku, sold, returned)`, 9, `
		on conflict (tenant, scope, kind, channel, market, month, sku)
			do update set sold = insight_units.sold + excluded.sold, returned = insight_units.returned + excluded.returned`, args)
}

// standOf tells whether a shop is being counted anew, and how far its log is
// counted.
func standOf(ctx context.Context, tx *db.Tx, tenant string) (c Counting, position int64, err error) {
	err = tx.QueryRow(ctx, `select recount, position from insight_shop where tenant = $1`, tenant).Scan(&c.Recounting, &position)
	if errors.Is(err, sql.ErrNoRows) {
		return Counting{}, 0, nil
	}
	return c, position, err
}

func saveAside(ctx context.Context, tx *db.Tx, tenant string, position int64, about string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into insight_aside (tenant, position, about, at) values ($1, $2, $3, $4) on conflict do nothing`, tenant, position, about, db.Millis(at))
	return err
}

func forgetAside(ctx context.Context, tx *db.Tx, tenant string, position int64) error {
	_, err := tx.Exec(ctx, `delete from insight_aside where tenant = $1 and position = $2`, tenant, position)
	return err
}

// asideOf lists the places in the log of what could not be counted, up to a
// thousand.
func asideOf(ctx context.Context, tx *db.Tx, tenant string) ([]int64, error) {
	return db.List(ctx, tx, func(row db.Scanner) (position int64, err error) { return position, row.Scan(&position) }, `
		select position from insight_aside where tenant = $1 order by position limit 1000`, tenant)
}
