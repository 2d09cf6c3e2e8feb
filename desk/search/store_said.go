package search

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

// whose names the words of a scope.
type whose struct{ tenant, scope string }

// row is one row of a word's places.
type row struct {
	term   string
	first  int64
	places []int64
}

const beyond = "\U0010FFFF" // sorts behind whatever follows a prefix

func scanRow(from db.Scanner) (r row, err error) {
	var packed []byte
	err = from.Scan(&r.term, &r.first, &packed)
	r.places = unpack(packed)
	return r, err
}

// lockSaid lets one transaction at a time change the words of a shop: what is
// read of the log after it, is what was erased before it.
func lockSaid(ctx context.Context, tx *db.Tx, tenant string) error {
	_, err := tx.Exec(ctx, `
		insert into search_learned (tenant, what, version, after, done) values ($1, 'said', 1, '', true)
		on conflict (tenant, what) do update set version = 1`, tenant)
	return err
}

func hear(ctx context.Context, tx *db.Tx, tenant string, position int64) error {
	_, err := tx.Exec(ctx, `insert into search_heard (tenant, position) values ($1, $2) on conflict do nothing`, tenant, position)
	return err
}

func heard(ctx context.Context, tx *db.Tx, tenant string, limit int) ([]int64, error) {
	return db.List(ctx, tx, func(row db.Scanner) (p int64, err error) { return p, row.Scan(&p) }, `
		select position from search_heard where tenant = $1 order by position limit $2`, tenant, limit)
}

func unhear(ctx context.Context, tx *db.Tx, tenant string, to int64) error {
	_, err := tx.Exec(ctx, `delete from search_heard where tenant = $1 and position <= $2`, tenant, to)
	return err
}

// chunks cuts a list into pieces of few sizes, so that few texts are prepared.
func chunks[T any](all []T) (pieces [][]T) {
	for _, size := range []int{64, 8, 1} {
		for len(all) >= size {
			pieces, all = append(pieces, all[:size]), all[size:]
		}
	}
	return pieces
}

// tails reads the last row of each of some words.
func tails(ctx context.Context, tx *db.Tx, of whose, terms []string) (map[string]row, error) {
	found := make(map[string]row, len(terms))
	for _, some := range chunks(terms) {
		args, values := []any{of.tenant, of.scope}, make([]string, len(some))
		for i, term := range some {
			args = append(args, term)
			values[i] = "($" + strconv.Itoa(i+3) + ")"
		}
		all, err := db.List(ctx, tx, scanRow, `
			select s.term, s.first, s.places from (
				select v.column1 as term, (select max(m.first) from search_said m where m.tenant = $1 and m.scope = $2 and m.term = v.column1) as first
				from (values `+strings.Join(values, ", ")+`) v
			) w cross join search_said s where s.tenant = $1 and s.scope = $2 and s.term = w.term and s.first = w.first`, args...)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			found[one.term] = one
		}
	}
	return found, nil
}

func saveRows(ctx context.Context, tx *db.Tx, of whose, rows []row) error {
	for _, some := range chunks(rows) {
		args, values := []any{of.tenant, of.scope}, make([]string, len(some))
		for i, one := range some {
			args = append(args, one.term, one.first, pack(one.places))
			at := 3*i + 3
			values[i] = "($1, $2, $" + strconv.Itoa(at) + ", $" + strconv.Itoa(at+1) + ", $" + strconv.Itoa(at+2) + ")"
		}
		_, err := tx.Exec(ctx, `
			insert into search_said (tenant, scope, term, first, places) values `+strings.Join(values, ", ")+`
			on conflict (tenant, scope, term, first) do update set places = excluded.places`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

func dropRow(ctx context.Context, tx *db.Tx, of whose, r row) error {
	_, err := tx.Exec(ctx, `delete from search_said where tenant = $1 and scope = $2 and term = $3 and first = $4`, of.tenant, of.scope, r.term, r.first)
	return err
}

// newest reads places of a word behind or at one, the highest first, up to so
// many rows; full tells that there are more.
func newest(ctx context.Context, tx *db.Tx, of whose, term string, limit int) (k known, err error) {
	rows, err := db.List(ctx, tx, scanRow, `
		select term, first, places from search_said where tenant = $1 and scope = $2 and term = $3 order by first desc limit $4`,
		of.tenant, of.scope, term, limit+1)
	for i, one := range rows {
		if i == limit {
			k.bound = rows[limit-1].first
			break
		}
		slices.Reverse(one.places)
		k.places = append(k.places, one.places...)
	}
	return k, err
}

// at reads the row of a word in which a place stands, or would stand.
func at(ctx context.Context, tx *db.Tx, of whose, term string, place int64) ([]row, error) {
	return db.List(ctx, tx, scanRow, `
		select term, first, places from search_said where tenant = $1 and scope = $2 and term = $3 and first <= $4 order by first desc limit 1`,
		of.tenant, of.scope, term, place)
}

// beginning lists words that begin so, each found by a look of its own: a common
// one has very many rows.
func beginning(ctx context.Context, tx *db.Tx, of whose, prefix string, limit int) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (term string, err error) { return term, row.Scan(&term) }, `
		with recursive w(term, n) as (
			select (select min(s.term) from search_said s where s.tenant = $1 and s.scope = $2 and s.term >= $3 and s.term < $4), 1
			union all
			select (select min(s.term) from search_said s where s.tenant = $1 and s.scope = $2 and s.term > w.term and s.term < $4), w.n + 1
			from w where w.term is not null and w.n < $5
		)
		select w.term from w where w.term is not null`, of.tenant, of.scope, prefix, prefix+beyond, limit)
}
