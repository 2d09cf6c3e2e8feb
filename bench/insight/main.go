// Command insight measures the dashboards at a million cases, through HTTP, one
// client: by every step and filter.
//
// It makes an empty installation with the given program, counts made-up cases
// and sales as the program's follower would, serves it and asks. See README.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/quality/insight"
)

type options struct {
	binary, database, data string
	cases, times, sellers  int
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database; SQLite when empty")
	flag.StringVar(&o.data, "data", "", "folder that is kept and used again when it has cases; a temporary one when empty")
	flag.IntVar(&o.cases, "cases", 1_000_000, "cases of the last twelve months")
	flag.IntVar(&o.sellers, "sellers", 200, "sellers of the marketplace")
	flag.IntVar(&o.times, "times", 50, "requests of each shape")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "insight:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.data == "" {
		dir, err := os.MkdirTemp("", "insight-")
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
		return err
	}
	server, err := shop.Serve(ctx)
	if err != nil {
		return err
	}
	if err = server.Authorize(ctx, "insight.read"); err == nil {
		err = measure(ctx, o, server)
	}
	if stopped := server.Stop(); err == nil {
		err = stopped
	}
	return err
}

// pick takes an early value often and a late one rarely.
func pick(r *rand.Rand, values []string) string {
	for _, v := range values[:len(values)-1] {
		if r.IntN(2) == 0 {
			return v
		}
	}
	return values[len(values)-1]
}

var (
	kinds    = []string{"return_refund", "refund_only", "exchange", "reship", "price_protection", "compensation"}
	channels = []string{"web", "app", "live", "store", "-"}
	markets  = []string{"CN", "SG", "DE", "US", "JP", "FR", "GB", "AU", "-"}
	reasons  = []string{"no_longer_needed", "wrong_size", "defective", "not_as_described", "damaged", "wrong_item", "late", "other"}
	states   = []string{"completed", "closed", "rejected", "submitted", "await_return", "returning", "inspecting", "resolving"}
)

const day = "2006-01-02"

// made is a case of the last twelve months.
func made(r *rand.Rand, n int, now time.Time, sellers int) insight.Entry {
	opened := now.Add(-time.Duration(r.Int64N(int64(365 * 24 * time.Hour))))
	answered := opened.Add(time.Duration(r.ExpFloat64() * float64(6*time.Hour)))
	paid := answered.Add(time.Duration(r.ExpFloat64() * float64(5*24*time.Hour)))
	state, by := pick(r, states), "rule"
	if r.IntN(3) == 0 {
		by = "staff"
	}
	e := insight.Entry{Key: fmt.Sprintf("case_%08d", n), Version: 1, Dims: insight.Dims{
		Kind: pick(r, kinds), Channel: pick(r, channels), Market: pick(r, markets), Seller: fmt.Sprint("seller-", r.IntN(sellers))}}
	e.Cells = []insight.Cell{
		{Measure: insight.States, Day: opened.Format(day), Label: state, N: 1},
		{Measure: insight.Reasons, Day: opened.Format(day), Label: pick(r, reasons), N: 1},
		{Measure: insight.Decisions, Day: answered.Format(day), Label: by, N: 1},
		{Measure: insight.AnswerTime, Day: answered.Format(day), Label: insight.Place(answered.Sub(opened)), N: 1},
		{Measure: insight.Returned, Day: opened.AddDate(0, 0, -9).Format(day), Label: fmt.Sprint("SKU-", r.IntN(5000)), N: 1},
	}
	if state == "completed" {
		e.Cells = append(e.Cells, insight.Cell{Measure: insight.Refunds, Day: paid.Format(day), Label: pick(r, []string{"CNY", "EUR", "USD"}), N: 1, Total: 100 + r.Int64N(100_000)},
			insight.Cell{Measure: insight.RefundTime, Day: paid.Format(day), Label: insight.Place(paid.Sub(opened)), N: 1})
	} else if state != "closed" {
		e.Open = &insight.Open{State: state, OpenedAt: opened, Deadline: now.Add(time.Duration(r.IntN(200)-50) * time.Hour)}
	}
	return e
}

func seed(ctx context.Context, o options) error {
	target := o.database
	if target == "" {
		target = "sqlite:" + filepath.Join(o.data, "aftercare.db")
	}
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	there := 0
	err = d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "select count(*) "+"from insight_"+"entry where key >= 'case_' and key < 'case_a'").Scan(&there)
	})
	if err != nil || there >= o.cases {
		return err
	}
	r, began, now := rand.New(rand.NewPCG(1, 2)), time.Now(), d.Now()
	const piece = 10_000
	for from := 0; from < o.cases; from += piece {
		var all []insight.Entry
		for n := from; n < min(from+piece, o.cases); n++ {
			all = append(all, made(r, n, now, o.sellers))
			sale := insight.Entry{Key: fmt.Sprintf("ord_%08d", n), Version: 1, Dims: insight.Dims{Channel: pick(r, channels), Market: pick(r, markets)}}
			sale.Cells = []insight.Cell{{Measure: insight.Sold, Day: all[len(all)-1].Cells[4].Day, Label: all[len(all)-1].Cells[4].Label, N: 8}}
			all = append(all, sale)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return insight.Put(ctx, tx, "main", all) }); err != nil {
			return err
		}
	}
	took := time.Since(began)
	fmt.Printf("%d cases and as many sales counted in %.0f s, %.2f ms a case in batches of %d\n", o.cases, took.Seconds(), took.Seconds()*1000/float64(o.cases), piece)
	return nil
}

func measure(ctx context.Context, o options, server *child.Server) error {
	now := time.Now().UTC()
	back := func(days int) string { return now.AddDate(0, 0, -days).Format(day) }
	shapes := []struct{ name, path string }{
		{"12 weeks", "/v1/insight?grain=week"},
		{"90 days, by day", "/v1/insight?grain=day&from=" + back(90)},
		{"12 months, by month", "/v1/insight?grain=month&from=" + back(360)},
		{"12 months, by week", "/v1/insight?grain=week&from=" + back(360)},
		{"12 months, one kind", "/v1/insight?grain=month&kind=return_refund&from=" + back(360)},
		{"12 months, kind, channel and market", "/v1/insight?grain=month&kind=exchange&channel=web&market=CN&from=" + back(360)},
		{"12 months, one seller", "/v1/insight?grain=month&seller=seller-7&from=" + back(360)},
		{"open now", "/v1/insight/open"},
		{"open now, one kind", "/v1/insight/open?kind=return_refund"},
		{"open now, kind, channel and market", "/v1/insight/open?kind=exchange&channel=web&market=CN"},
		{"open now, one seller", "/v1/insight/open?seller=seller-7"},
	}
	fmt.Printf("%-40s %8s %8s %8s\n", "ms", "p50", "p90", "most")
	for _, s := range shapes {
		var took []time.Duration
		for range o.times + 3 {
			began := time.Now()
			if err := server.Call(ctx, "GET", s.path, nil, nil); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			took = append(took, time.Since(began))
		}
		took = took[3:]
		slices.Sort(took)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		fmt.Printf("%-40s %8.1f %8.1f %8.1f\n", s.name, ms(took[len(took)/2]), ms(took[len(took)*9/10]), ms(took[len(took)-1]))
	}
	return nil
}
