// Command replay sends the cancellations of the UCI Online Retail data set as
// returns through the HTTP API, waits until all are settled, and compares the
// refunds with what is owed, computed by itself from the file.
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

	"github.com/aftercare/aftercare/bench/child"
)

type options struct {
	binary, file, database, dir string
	clients, limit              int
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.file, "file", "", "CSV of UCI Online Retail, plain or gzip")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database; SQLite when empty")
	flag.StringVar(&o.dir, "dir", "", "scratch folder; a temporary one when empty")
	flag.IntVar(&o.clients, "clients", 8, "clients that send returns side by side")
	flag.IntVar(&o.limit, "limit", 0, "send only so many returns; 0: all")
	flag.Parse()
	if o.file == "" || o.clients < 1 || o.limit < 0 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "replay: -file is missing, or a number is wrong")
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "replay-*"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir) //nolint:errcheck // scratch
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return err
	}
	s, err := child.Install{Binary: binary, Data: filepath.Join(o.dir, "data"), Database: o.database}.Serve(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if stopped := s.Stop(); err == nil {
			err = stopped
		}
	}()
	if err := prepare(ctx, s); err != nil {
		return err
	}
	out, used, err := s.Run(ctx, "import", "orders", o.file, "--format", "onlineretail", "--skip-returns", "--provider", "test")
	if err != nil {
		return err
	}
	fmt.Printf("%s", out)
	fmt.Printf("import: %.1f s, %.0f MB at most\n", used.Wall.Seconds(), used.PeakMB)

	ids, err := orders(ctx, s)
	if err != nil {
		return err
	}
	sheet, err := readFile(o.file)
	if err != nil {
		return err
	}
	w := match(sheet, ids, o.limit)
	w.print()
	began := time.Now()
	if err := drive(ctx, s, w.returns, ids, o.clients); err != nil {
		return err
	}
	sent := time.Since(began)
	if err := settled(ctx, s, len(w.returns)); err != nil {
		return err
	}
	took := time.Since(began)
	peak, err := s.PeakMB()
	if err != nil {
		return err
	}
	fmt.Printf("%d returns by %d clients in %.1f s, all settled after %.1f s: %.1f returns/s; server %.0f MB at most\n",
		len(w.returns), o.clients, sent.Seconds(), took.Seconds(), float64(len(w.returns))/took.Seconds(), peak)
	return compare(ctx, s, w, ids)
}

// prepare sets up the shop before the orders come: they keep the policy that is
// in force then.
func prepare(ctx context.Context, s *child.Server) error {
	err := s.Authorize(ctx, strings.Join([]string{"order.read", "case.read", "case.open", "case.decide", "case.receive", "parcel.scan", "payout.read", "policy.read", "policy.write", "policy.publish", "shop.manage"}, ","))
	if err != nil {
		return err
	}
	err = s.Call(ctx, "PUT", "/v1/shop/settings", map[string]any{
		"name": "Online Retail", "zone": "Europe/London", "language": "en", "currency": "GBP",
		"return_address": map[string]any{"name": "Returns", "lines": []string{"1 Quay Street"}, "city": "London", "country": "GB"},
	}, nil)
	if err != nil {
		return err
	}
	return s.Call(ctx, "PUT", "/v1/policies/standard", map[string]any{"name": "Everything comes back", "rules": map[string]any{
		"window_days": 36500, "shipping": "none", "full_shipping": false,
		"reasons":      []any{map[string]any{"code": reason, "photos": "none", "freight": "customer"}},
		"auto_approve": map[string]any{"GBP": int64(9e15)}, "label_fee": map[string]any{},
		"answer_hours": 48, "ship_back_days": 30, "inspect_hours": 72, "payout_hours": 24,
	}}, nil)
}

const reason = "no_longer_needed"

// orders maps the numbers of the stored orders to their ids.
func orders(ctx context.Context, s *child.Server) (map[string]string, error) {
	ids := map[string]string{}
	for cursor := ""; ; {
		var page struct {
			Items []struct{ ID, Number string }
			Next  string
		}
		if err := s.Call(ctx, "GET", "/v1/orders?limit=200&cursor="+cursor, nil, &page); err != nil {
			return nil, err
		}
		for _, o := range page.Items {
			ids[o.Number] = o.ID
		}
		if cursor = page.Next; cursor == "" {
			return ids, nil
		}
	}
}
