// Command caselist measures the list of cases at a million cases: 50 rows with
// every kind of filter, order and search, through HTTP, one client.
//
// It makes an empty installation with the given program, fills the table of
// cases by SQL, serves it and asks. See README.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/aftercare/aftercare/bench/child"
)

type options struct {
	binary, database, data string
	only                   string
	cases, times           int
	verbose                bool
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database; SQLite when empty")
	flag.StringVar(&o.data, "data", "", "folder that is kept and used again when it has cases; a temporary one when empty")
	flag.StringVar(&o.only, "only", "", "measure only shapes whose name has this in it")
	flag.IntVar(&o.cases, "cases", 1_000_000, "cases in the shop")
	flag.IntVar(&o.times, "times", 300, "requests of each shape")
	flag.BoolVar(&o.verbose, "v", false, "print the slowest request of each shape")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "caselist:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.data == "" {
		dir, err := os.MkdirTemp("", "caselist-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.data = dir
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return err
	}
	shop := child.Install{Binary: binary, Data: o.data, Database: o.database}
	if _, _, err := shop.Run(ctx, "migrate"); err != nil {
		return err
	}
	if err := seed(ctx, o); err != nil {
		return fmt.Errorf("filling the table: %w", err)
	}
	server, err := shop.Serve(ctx)
	if err != nil {
		return err
	}
	if err := server.Authorize(ctx, "case.read,customer.read"); err != nil {
		_ = server.Stop()
		return err
	}
	err = measure(ctx, o, server)
	if stopped := server.Stop(); err == nil {
		err = stopped
	}
	return err
}
