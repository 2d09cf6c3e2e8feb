// Command backtest measures trying rules on the past: decisions per second on
// one core and on all, what one allocates, how long one takes at the median and
// at the 99th percentile, and a whole back-test over an imported history.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

type options struct {
	binary, file, database string
	duration               time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of an empty database or schema; SQLite when empty")
	flag.DurationVar(&o.duration, "duration", 3*time.Second, "time for each measurement of decisions")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "backtest [flags] CSV   (UCI Online Retail, plain or gzip)")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	o.file = flag.Arg(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.measure(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "backtest:", err)
		os.Exit(1)
	}
}

func (o options) measure(ctx context.Context) error {
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "backtest-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // scratch
	i := child.Install{Binary: binary, Data: dir, Database: o.database}
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("%s, %d cores, load %s\n", runtime.Version(), runtime.NumCPU(), strings.Fields(string(load) + " ?")[0])
	_, used, err := i.Run(ctx, "import", "orders", o.file, "--format", "onlineretail")
	if err != nil {
		return err
	}
	fmt.Printf("import: %.1f s\n", used.Wall.Seconds())
	if err := o.decisions(ctx, i); err != nil {
		return err
	}
	return whole(ctx, i)
}

// decisions measures them apart from reading, on requests in memory.
func (o options) decisions(ctx context.Context, i child.Install) error {
	url := i.Database
	if url == "" {
		url = "sqlite:" + filepath.Join(i.Data, "aftercare.db")
	}
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // only read
	book, err := rights.Standard()
	if err != nil {
		return err
	}
	begun := time.Now()
	past, err := (&backtest.Service{Store: d, Book: book}).Load(ctx, "main", backtest.Scope{})
	if err != nil {
		return err
	}
	took := time.Since(begun)
	fmt.Printf("reading: %d past requests with their orders in %.2f s, %.0f/s\n\n", past.Len(), took.Seconds(), float64(past.Len())/took.Seconds())
	t := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "decisions\tper s, 1 core\tper CPU s\tp50 µs\tp99 µs\tallocations\tbytes\tper s, all cores\tper core\t")
	for _, x := range subjects(book, past) {
		s, err := one(x.do, past.Len(), o.duration)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		all, err := many(x.do, past.Len(), o.duration)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		fmt.Fprintf(t, "%s\t%.0f\t%.0f\t%.1f\t%.1f\t%d\t%d\t%.0f\t%.0f\t\n", x.name, s.rate, s.cpu, s.p50, s.p99, s.allocs, s.bytes, all, all/float64(runtime.GOMAXPROCS(0)))
	}
	return t.Flush()
}

// tried are the rules of the back-test: a longer window, a higher limit, and
// three conditions.
func tried() policy.Rules {
	r := policy.Default()
	r.WindowDays = 30
	r.AutoApprove["GBP"] = 20000
	r.Conditions = []policy.Condition{
		{ID: "loyal", When: "customer.orders >= 10 && request.total < 50000", Then: policy.Then{Outcome: "approve", AutoApprove: map[string]int64{"GBP": 50000}}},
		{ID: "many", When: "item.quantity > 100", Then: policy.Then{Outcome: "review"}},
		{ID: "often", When: "customer.cases > 20 && customer.refused * 2 > customer.cases", Then: policy.Then{Outcome: "review"}},
	}
	return r
}

type subject struct {
	name string
	do   func(i int) error
}

// subjects are what is measured: law and policy alone, and a whole answer with
// its money, each by the rules of then and by the rules tried.
func subjects(book *rights.Book, past *backtest.Past) []subject {
	draft := policy.Make(policy.Standard, 0, tried(), nil)
	decide := func(by func(i int) *policy.Policy) func(i int) error {
		return func(i int) error { _, err := past.Decide(i, by(i)); return err }
	}
	only := func(by func(i int) *policy.Policy) func(i int) error {
		return func(i int) error { return judged(book, by(i), past, i) }
	}
	then, now := past.Then, func(int) *policy.Policy { return draft }
	return []subject{
		{"law and policy, rules of then", only(then)},
		{"law and policy, three conditions", only(now)},
		{"with the money, rules of then", decide(then)},
		{"with the money, three conditions", decide(now)},
	}
}
