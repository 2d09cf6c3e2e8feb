package backup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aftercare/aftercare/platform/db"
)

// loader fills a database with the rows of an archive.
type loader struct {
	file     string
	head     Head
	rows     map[string]int64
	then     []db.Schema // as of the backup
	all      []db.Schema // of this program
	current  bool        // both are the same
	force    bool
	progress Progress
}

// sqlite fills a new file in a folder that is not in place yet, so many
// transactions are as good as one.
func (l loader) sqlite(ctx context.Context, path string) error {
	d, err := db.Open(ctx, "sqlite:"+path, db.Options{Readers: 1})
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Migrate(ctx, l.then); err != nil {
		return err
	}
	err = l.each(ctx, func(t Table, rows [][]byte) error {
		return d.Write(ctx, func(tx *db.Tx) error { return insertRows(ctx, tx, t, rows) })
	})
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx, l.all)
	return errors.Join(err, d.Close())
}

// postgres fills an existing database in one transaction.
func (l loader) postgres(ctx context.Context, url string) error {
	d, err := db.Open(ctx, url, db.Options{Conns: 2})
	if err != nil {
		return err
	}
	defer d.Close()
	columns, err := d.Columns(ctx)
	if err != nil {
		return err
	}
	if len(columns) > 0 {
		if !l.force {
			return fmt.Errorf("%w: the database holds tables", ErrNotEmpty)
		}
		if !l.current {
			return fmt.Errorf("%w and newer than the backup: restore into an empty database", ErrNotEmpty)
		}
	}
	if _, err := d.Migrate(ctx, l.then); err != nil {
		return err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		for _, t := range l.head.Tables {
			if err := emptyTable(ctx, tx, t.Name); err != nil {
				return err
			}
		}
		if err := l.each(ctx, func(t Table, rows [][]byte) error { return insertRows(ctx, tx, t, rows) }); err != nil {
			return err
		}
		return advance(ctx, tx)
	})
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx, l.all)
	return err
}

// each reads the rows of the archive, some thousand at a time.
func (l loader) each(ctx context.Context, fn func(t Table, rows [][]byte) error) error {
	tables := map[string]Table{}
	var total, done int64
	for _, t := range l.head.Tables {
		tables[t.Name] = t
		total += l.rows[t.Name]
	}
	return walk(ctx, l.file, func(name string, _ int64, r io.Reader) error {
		table, ok := tableOf(name)
		if !ok {
			return nil
		}
		t, ok := tables[table]
		if !ok {
			return fmt.Errorf("%w: rows of an unknown table %q", ErrDamaged, table)
		}
		var some [][]byte
		release := func() error {
			done += int64(len(some))
			l.progress("rows", done, total)
			err := fn(t, some)
			some = some[:0]
			return err
		}
		err := lines(r, func(row []byte) error {
			some = append(some, append([]byte(nil), row...))
			if len(some) < 2*page {
				return nil
			}
			return release()
		})
		if err == nil && len(some) > 0 {
			err = release()
		}
		return err
	})
}
