// Command search measures the search over everything at a million cases, as
// many orders and 300,000 customers: what people type, right and with slips,
// through HTTP, one client.
//
// It has bench/caselist make an installation with cases, adds who bought what,
// serves it and asks. See README.md.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed seed.sql
var seedSQL string

// goal is how long the slowest of a hundred searches may take.
const goal = 50 * time.Millisecond

type options struct {
	binary, database, data string
	cases, times           int
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database; SQLite when empty")
	flag.StringVar(&o.data, "data", "", "folder that is kept and used again when it has cases; a temporary one when empty")
	flag.IntVar(&o.cases, "cases", 1_000_000, "cases in the shop")
	flag.IntVar(&o.times, "times", 200, "searches of each shape")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	met, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "search:", err)
		os.Exit(1)
	}
	if !met {
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (met bool, err error) {
	if o.data == "" {
		dir, err := os.MkdirTemp("", "search-")
		if err != nil {
			return false, err
		}
		defer os.RemoveAll(dir)
		o.data = dir
	}
	if o.binary, err = filepath.Abs(o.binary); err != nil {
		return false, err
	}
	if err := fill(ctx, o); err != nil {
		return false, fmt.Errorf("filling the shop: %w", err)
	}
	shop := child.Install{Binary: o.binary, Data: o.data, Database: o.database}
	server, err := shop.Serve(ctx)
	if err != nil {
		return false, err
	}
	met, err = measure(ctx, o, server)
	if stopped := server.Stop(); err == nil {
		err = stopped
	}
	return met, err
}

// fill makes the cases, and what belongs to them where it is not there yet.
func fill(ctx context.Context, o options) error {
	args := []string{"run", "./bench/caselist", "-binary", o.binary, "-data", o.data, "-cases", strconv.Itoa(o.cases), "-times", "1"}
	target := "sqlite:" + filepath.Join(o.data, "aftercare.db")
	if o.database != "" {
		args = append(args, "-database", o.database)
		u, err := url.Parse(o.database)
		if err != nil {
			return err
		}
		q := u.Query()
		q.Set("statement_timeout", "0")
		u.RawQuery = q.Encode()
		target = u.String()
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("bench/caselist: %w", err)
	}
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	there, began := 0, time.Now()
	err = d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "select count(*) "+"from order_"+"order").Scan(&there)
	})
	if err != nil || there >= o.cases {
		return err
	}
	for statement := range strings.SplitSeq(seedSQL, ";\n") {
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
	if o.database != "" {
		err = d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "analyze")
			return err
		})
	}
	fmt.Printf("customers, orders and lines added in %.0f s\n", time.Since(began).Seconds())
	return err
}
