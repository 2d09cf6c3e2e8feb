package main

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/product"
)

//go:embed people.sql
var people string

//go:embed orders.sql
var orders string

// open opens the database of the shop; statements may take as long as they do.
func open(ctx context.Context, o options) (*db.DB, error) {
	target := "sqlite:" + filepath.Join(o.data, "aftercare.db")
	if o.database != "" {
		u, err := url.Parse(o.database)
		if err != nil {
			return nil, err
		}
		q := u.Query()
		q.Set("statement_timeout", "0")
		u.RawQuery = q.Encode()
		target = u.String()
	}
	return db.Open(ctx, target, db.Options{})
}

// fill makes the cases, and what belongs to them where it is not there yet.
func fill(ctx context.Context, o options) error {
	args := []string{"run", "./bench/caselist", "-binary", o.binary, "-data", o.data, "-cases", strconv.Itoa(o.cases), "-times", "1"}
	if o.database != "" {
		args = append(args, "-database", o.database)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("bench/caselist: %w", err)
	}
	d, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := sell(ctx, d, o); err != nil {
		return err
	}
	if err := write(ctx, d, o); err != nil || o.database == "" {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "analyze")
		return err
	})
}

// sell adds who bought what.
func sell(ctx context.Context, d *db.DB, o options) error {
	there, began := 0, time.Now()
	err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "select count(*) "+"from order_"+"order").Scan(&there)
	})
	if err != nil || there >= o.cases {
		return err
	}
	for _, step := range []func() error{
		func() error { return execute(ctx, d, people) },
		func() error { return learn(ctx, d) },
		func() error { return execute(ctx, d, orders) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	fmt.Printf("customers, products, orders and lines added in %.0f s\n", time.Since(began).Seconds())
	return nil
}

// execute runs each statement of a file in a transaction of its own.
func execute(ctx context.Context, d *db.DB, file string) error {
	for statement := range strings.SplitSeq(file, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, statement)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// learn cuts and spells names, articles and titles as the program does.
func learn(ctx context.Context, d *db.DB) error {
	for _, next := range []func(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error){
		customer.Relearn, product.Relearn, cases.Relearn,
	} {
		for after, more := "", true; more; {
			err := d.Write(ctx, func(tx *db.Tx) (err error) {
				after, err = next(ctx, tx, "main", after, 5000)
				more = after != ""
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
