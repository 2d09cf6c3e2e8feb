// Command lifecycle measures complete cases per second through HTTP: of a return
// request, approve, two carrier scans, receive, grade, refund paid; of the other
// kinds what belongs to them.
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
	"strings"
	"time"

	"github.com/aftercare/aftercare/rules/policy"
)

type options struct {
	binary   string
	database string
	dir      string
	kinds    []string
	clients  []int
	duration time.Duration
	warm     time.Duration
	email    bool
	unsealed bool
	out      string
}

func main() {
	var o options
	var clients, kind string
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database; SQLite when empty")
	flag.StringVar(&o.dir, "dir", "", "scratch folder; a temporary one when empty")
	flag.StringVar(&clients, "clients", "1,8,32", "numbers of clients")
	flag.StringVar(&kind, "kind", policy.ReturnRefund, "kind of case: "+strings.Join(policy.Kinds, ", ")+"; all; or several with commas")
	flag.DurationVar(&o.duration, "duration", 20*time.Second, "time measured for each number of clients")
	flag.DurationVar(&o.warm, "warm", 3*time.Second, "time before measuring")
	flag.BoolVar(&o.email, "email", false, "customers have an e-mail address and get messages (written to files)")
	flag.BoolVar(&o.unsealed, "unsealed", false, "events are not sealed: this command holds the duty to, and does nothing (what is left is the commitment in the insert)")
	flag.StringVar(&o.out, "out", "", "write the figures as JSON lines to this file too")
	flag.Parse()
	for part := range splitInts(clients) {
		o.clients = append(o.clients, part)
	}
	if o.kinds = strings.Split(kind, ","); kind == "all" {
		o.kinds = policy.Kinds
	}
	for _, k := range o.kinds {
		if lives[k] == nil {
			fmt.Fprintf(os.Stderr, "lifecycle: -kind: %q is not a kind of case\n", k)
			os.Exit(2)
		}
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
	if o.unsealed {
		release, err := holdSeal(ctx, o)
		if err != nil {
			return fmt.Errorf("holding the duty to seal: %w", err)
		}
		defer release()
	}
	s, err := startServer(ctx, o)
	if err != nil {
		return err
	}
	defer s.end()
	fmt.Printf("%-17s %-8s %-12s %-22s %-22s %-10s %-9s %s\n", "kind", "clients", "cases/s", "request p50 / p99 ms", "case p50 / p99 ms", "writes", "memory", "CPU s (server)")
	round := 0
	for _, kind := range o.kinds {
		for _, n := range o.clients {
			r, err := s.drive(ctx, kind, n, o, round)
			if err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
			r.print(os.Stdout)
			if err := r.save(o.out, raw); err != nil {
				return err
			}
			round++
		}
	}
	return s.reconcile(ctx)
}

// end stops the server and says what it complained of.
func (s *server) end() {
	if err := s.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "lifecycle:", err)
	}
}
