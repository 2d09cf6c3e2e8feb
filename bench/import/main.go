// Command import measures "aftercare import orders": lines per second, memory,
// rejected rows; that importing again changes nothing; and that an import that
// was killed and resumed ends in the same state as one that was not.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/platform/db"
)

type options struct {
	binary, database, dir string
	kills                 int
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/aftercare", "program to measure")
	flag.StringVar(&o.database, "database", "", "postgres://… of a server where schemas may be created; SQLite when empty")
	flag.StringVar(&o.dir, "dir", "", "scratch folder; a temporary one when empty")
	flag.IntVar(&o.kills, "kills", 3, "how often the interrupted import is killed")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "import [flags] PATH…   (the folder of the Olist tables, the CSV of UCI Online Retail, order files)")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 || o.kills < 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for _, path := range flag.Args() {
		if err := o.measure(ctx, path); err != nil {
			fmt.Fprintln(os.Stderr, "import:", err)
			os.Exit(1)
		}
	}
}

// summary is what the command prints with --json.
type summary struct {
	Orders, Lines, Skipped, Returned, Known, Rejected int64
	Reasons                                           map[string]int64
}

func (o options) measure(ctx context.Context, path string) error {
	dir := o.dir
	if dir == "" {
		made, err := os.MkdirTemp("", "import-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made) //nolint:errcheck // scratch
		dir = made
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return err
	}
	fmt.Printf("%s on %s\n", filepath.Base(path), map[bool]string{true: "SQLite", false: "PostgreSQL"}[o.database == ""])
	straight, forget, err := o.install(ctx, binary, filepath.Join(dir, "straight"))
	if err != nil {
		return err
	}
	defer forget()
	first, used, err := load(ctx, straight, path)
	if err != nil {
		return err
	}
	fmt.Printf("  first   %d orders, %d lines, %d past returns in %.1f s: %.0f lines/s; CPU %.1f s, %.0f MB at most\n",
		first.Orders, first.Lines, first.Returned, used.Wall.Seconds(), float64(first.Lines)/used.Wall.Seconds(), used.CPU.Seconds(), used.PeakMB)
	fmt.Printf("          %d rows rejected\n", first.Rejected)
	for _, why := range slices.SortedFunc(maps.Keys(first.Reasons), func(a, b string) int { return int(first.Reasons[b] - first.Reasons[a]) }) {
		fmt.Printf("  %8d  %s\n", first.Reasons[why], why)
	}
	before, err := stateOf(ctx, straight)
	if err != nil {
		return err
	}
	second, used, err := load(ctx, straight, path)
	if err != nil {
		return err
	}
	after, err := stateOf(ctx, straight)
	if err != nil {
		return err
	}
	// The report is that of the last import: of a return that fitted nothing it
	// may name another reason now that later returns have taken their units.
	report := after["order_rejected"]
	after["order_rejected"] = before["order_rejected"]
	fmt.Printf("  again   %d orders stored, %d known, %s rows rejected in %.1f s; %s\n", second.Orders, second.Skipped, state{"": report}.rows(""), used.Wall.Seconds(), difference(before, after))
	if second.Orders+second.Returned != 0 || second.Rejected != first.Rejected || !maps.Equal(before, after) {
		return fmt.Errorf("importing %s again changed something", path)
	}
	return o.interrupt(ctx, binary, dir, path, before)
}

// interrupt kills imports and resumes them on a fresh installation.
func (o options) interrupt(ctx context.Context, binary, dir, path string, want state) error {
	broken, forget, err := o.install(ctx, binary, filepath.Join(dir, "broken"))
	if err != nil {
		return err
	}
	defer forget()
	for k := range o.kills {
		if err := killAt(ctx, broken, path, want.count("order_order")*(k+1)/(o.kills+1)); err != nil {
			return err
		}
	}
	at, err := stateOf(ctx, broken)
	if err != nil {
		return err
	}
	last, used, err := load(ctx, broken, path, "--resume")
	if err != nil {
		return err
	}
	got, err := stateOf(ctx, broken)
	if err != nil {
		return err
	}
	fmt.Printf("  killed  %d times with %s of %s orders stored, resumed in %.1f s to %d orders; %s\n",
		o.kills, at.rows("order_order"), want.rows("order_order"), used.Wall.Seconds(), last.Orders, difference(want, got))
	if !maps.Equal(want, got) {
		return fmt.Errorf("%s: the resumed import ended in another state", path)
	}
	return nil
}

// killAt imports until so many orders are stored, and kills.
func killAt(ctx context.Context, i child.Install, path string, orders int) error {
	cmd := i.Command(ctx, "import", "orders", path, "--resume")
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("the import ended before it could be killed (%v)", err)
		case <-time.After(20 * time.Millisecond):
		}
		if n, err := stored(ctx, i); err == nil && n >= orders { // an error: there is no table yet
			break
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	return nil
}

func load(ctx context.Context, i child.Install, path string, more ...string) (s summary, used child.Used, err error) {
	out, used, err := i.Run(ctx, append([]string{"import", "orders", path, "--json"}, more...)...)
	if err != nil {
		return s, used, err
	}
	if err := json.Unmarshal(out, &s); err != nil {
		return s, used, fmt.Errorf("import printed %s: %w", out, err)
	}
	return s, used, nil
}

// install makes an empty installation: a folder, and a schema on PostgreSQL.
func (o options) install(ctx context.Context, binary, data string) (i child.Install, forget func(), err error) {
	i = child.Install{Binary: binary, Data: data}
	if o.database == "" {
		return i, func() { _ = os.RemoveAll(data) }, nil
	}
	name := "bench" + strconv.FormatInt(time.Now().UnixNano(), 36)
	admin := func(statement string) error {
		d, err := db.Open(ctx, o.database, db.Options{Conns: 1})
		if err != nil {
			return err
		}
		defer d.Close()
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, statement)
			return err
		})
	}
	mark := "?"
	if strings.Contains(o.database, "?") {
		mark = "&"
	}
	i.Database = o.database + mark + "search_path=" + name
	return i, func() { _, _ = admin("drop schema "+name+" cascade"), os.RemoveAll(data) }, admin("create schema " + name)
}
