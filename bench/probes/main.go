// Command probes asks a server what other return systems get wrong: the same
// units returned thrice, a refund sent twice, fractions of a yen, and so on.
//
// It starts a server of its own on an empty folder, or uses one that runs, and
// prints each probe with what was asked, expected and got. It ends with status
// 1 when an answer is not the expected one. See README.md.
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

const scopes = "order.read,order.write,case.read,case.open,case.decide,case.receive,case.note,parcel.scan,payout.read,shop.manage"

func main() {
	binary := flag.String("binary", "bin/aftercare", "program to start when no server is given")
	server := flag.String("server", "", "address of a server that runs; its shop gets orders and a return address")
	key := flag.String("key", "", "API key of that server, with "+scopes)
	database := flag.String("database", "", "postgres://… of an empty database for the own server; SQLite when empty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	wrong, err := run(ctx, *binary, *server, *key, *database)
	if err != nil {
		fmt.Fprintln(os.Stderr, "probes:", err)
		os.Exit(2)
	}
	if wrong > 0 {
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, server, key, database string) (wrong int, err error) {
	if server == "" {
		dir, err := os.MkdirTemp("", "probes-")
		if err != nil {
			return 0, err
		}
		defer os.RemoveAll(dir)
		if binary, err = filepath.Abs(binary); err != nil {
			return 0, err
		}
		own, err := child.Install{Binary: binary, Data: filepath.Join(dir, "data"), Database: database}.Serve(ctx)
		if err != nil {
			return 0, err
		}
		defer own.Stop() //nolint:errcheck // its data is thrown away
		if err := own.Authorize(ctx, scopes); err != nil {
			return 0, err
		}
		server, key = own.URL, own.Key
	}
	p := newProber(ctx, server, key)
	if err := p.prepare(); err != nil {
		return 0, err
	}
	began := time.Now()
	for i, probe := range probes {
		fmt.Printf("%d. %s\n   elsewhere: %s\n", i+1, probe.name, probe.elsewhere)
		if err := probe.run(p); err != nil {
			return p.wrong, fmt.Errorf("%s: %w", probe.name, err)
		}
	}
	fmt.Printf("%d probes, %d answers wrong\n", len(probes), p.wrong)
	fmt.Fprintf(os.Stderr, "took %.1f s\n", time.Since(began).Seconds())
	return p.wrong, nil
}
