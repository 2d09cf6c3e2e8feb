// Command lifecycle measures complete returns per second through HTTP: request,
// approve, two carrier scans, receive, grade, refund paid.
//
// It starts the given binary on an empty data folder (or a PostgreSQL URL),
// imports generated orders, drives it with 1, 8 and 32 clients, and measures
// the raw engine beside it in the same run. See bench/README.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

type options struct {
	binary   string
	database string
	dir      string
	clients  []int
	duration time.Duration
	warm     time.Duration
	email    bool
	out      string
}

func main() {
	var o options
	var clients string
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database; SQLite when empty")
	flag.StringVar(&o.dir, "dir", "", "scratch folder; a temporary one when empty")
	flag.StringVar(&clients, "clients", "1,8,32", "numbers of clients")
	flag.DurationVar(&o.duration, "duration", 20*time.Second, "time measured for each number of clients")
	flag.DurationVar(&o.warm, "warm", 3*time.Second, "time before measuring")
	flag.BoolVar(&o.email, "email", false, "customers have an e-mail address and get messages (written to files)")
	flag.StringVar(&o.out, "out", "", "write the figures as JSON lines to this file too")
	flag.Parse()
	for part := range splitInts(clients) {
		o.clients = append(o.clients, part)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "lifecycle:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "lifecycle-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.dir = dir
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return err
	}
	o.binary = binary
	raw, err := measureRaw(ctx, o)
	if err != nil {
		return fmt.Errorf("raw engine: %w", err)
	}
	for _, r := range raw {
		fmt.Printf("raw engine, %2d writers: %7.0f durable transactions/s (4 statements each)\n", r.writers, r.perSecond)
	}
	s, err := startServer(ctx, o)
	if err != nil {
		return err
	}
	defer s.stop()
	fmt.Printf("%-8s %-12s %-22s %-22s %-10s %-9s %s\n", "clients", "returns/s", "request p50 / p99 ms", "return p50 / p99 ms", "writes", "memory", "CPU s (server)")
	for i, n := range o.clients {
		r, err := s.drive(ctx, n, o, i)
		if err != nil {
			return err
		}
		r.print(os.Stdout)
		if err := r.save(o.out, raw); err != nil {
			return err
		}
	}
	return s.reconcile(ctx)
}
