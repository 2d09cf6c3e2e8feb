// Command search measures the search over everything at a million cases, as
// many orders and 300,000 customers: what people type, right and with slips,
// and what they wrote about each case, through HTTP, one client.
//
// It has bench/caselist make an installation with cases, adds who bought what,
// serves it and asks. See README.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/aftercare/aftercare/bench/child"
)

// goal is how long the slowest of a hundred searches may take.
const goal = 50 * time.Millisecond

type options struct {
	binary, database, data string
	only                   string
	cases, times           int
	filled                 bool
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database; SQLite when empty")
	flag.StringVar(&o.data, "data", "", "folder that is kept and used again when it has cases; a temporary one when empty")
	flag.StringVar(&o.only, "only", "", "measure only shapes whose name has this in it")
	flag.IntVar(&o.cases, "cases", 1_000_000, "cases in the shop")
	flag.IntVar(&o.times, "times", 200, "searches of each shape")
	flag.BoolVar(&o.filled, "filled", false, "the data is there: do not look, which reads much of it and makes the database forget what searches read")
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
	if !o.filled {
		if err := fill(ctx, o); err != nil {
			return false, fmt.Errorf("filling the shop: %w", err)
		}
	}
	shop := child.Install{Binary: o.binary, Data: o.data, Database: o.database}
	server, err := shop.Serve(ctx)
	if err != nil {
		return false, err
	}
	met, err = quietly(ctx, o, server)
	if stopped := server.Stop(); err == nil {
		err = stopped
	}
	return met, err
}

// quietly measures once the program has done what it does by itself.
func quietly(ctx context.Context, o options, server *child.Server) (bool, error) {
	d, err := open(ctx, o)
	if err != nil {
		return false, err
	}
	err = sealed(ctx, d)
	d.Close()
	if err != nil {
		return false, err
	}
	return measure(ctx, o, server)
}
