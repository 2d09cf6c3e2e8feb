// Command seal measures the sealed log: events written and awaited until they
// are in a signed tree, the price of a seal, proofs in a log of ten million
// entries, and a bundle with twenty photos; the bare library beside it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

var by = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "usr_bench", Name: "Bench"}

type moved struct {
	Text string `json:"text"`
}

func (moved) Type() string { return "case.moved" }

func main() {
	database := flag.String("database", "", "postgres://… of an empty database; SQLite in a temporary folder when empty")
	duration := flag.Duration("duration", 3*time.Second, "of each run with writers")
	entries := flag.Int64("entries", 10_000_000, "of the simulated log")
	binary := flag.String("binary", "", "program whose lifecycle benchmark is run with and without sealing; not run when empty")
	rounds := flag.Int("rounds", 2, "of that benchmark with and without, in turn")
	peer := flag.String("peer", "bench/seal/tessera", "folder of the peer's module")
	flag.Parse()
	if err := run(*database, *duration, *entries, *peer); err != nil {
		log.Fatal(err)
	}
	if *binary == "" {
		return
	}
	if err := beside(*binary, *database, *rounds); err != nil {
		log.Fatal(err)
	}
}

func run(database string, duration time.Duration, entries int64, peer string) error {
	dir, err := os.MkdirTemp("", "seal-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	if database == "" {
		database = "sqlite:" + filepath.Join(dir, "seal.db")
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d, err := db.Open(ctx, database, db.Options{Keys: func() [][]byte { return [][]byte{make([]byte, 32)} }})
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // a temporary database
	if _, err := d.Migrate(ctx, []db.Schema{event.Schema, seal.Schema}); err != nil {
		return err
	}
	tail := event.NewTail(d, nil, nil)
	l := seal.New(seal.Options{DB: d, Tail: tail, By: actor.Of("main"), Name: "bench.example/log", KeyFile: filepath.Join(dir, "log.key")})
	var parts sync.WaitGroup
	background := func(work func(context.Context) error) {
		parts.Go(func() { _ = work(ctx) }) // ends with ctx
	}
	background(tail.Run)
	background(event.NewRelay(tail, event.RelayOptions{}).Run)
	row("engine", "%s, load of the machine %s", d.Engine(), load())
	plain, err := writers(ctx, d, nil, 32, duration)
	if err != nil {
		return err
	}
	row("32 writers, nobody seals", "%6.0f events/s, %.0f µs CPU each", plain.rate, plain.cpu)
	background(l.Run)
	if err := drained(ctx, l); err != nil {
		return err
	}
	for _, n := range []int{1, 32, 128} {
		r, err := writers(ctx, d, l, n, duration)
		if err != nil {
			return err
		}
		row(fmt.Sprintf("%d writers, each awaits its seal", n), "%6.0f events/s, %.0f µs CPU each, signed after p50 %s p99 %s max %s", r.rate, r.cpu, r.at(50), r.at(99), r.at(100))
	}
	if err := peers(ctx, dir, peer, 32, duration); err != nil {
		return err
	}
	r, err := writers(ctx, d, nil, 32, duration)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := drained(ctx, l); err != nil {
		return err
	}
	row("32 writers, sealed beside them", "%6.0f events/s, %.0f µs CPU each, all sealed %s after the last", r.rate, r.cpu, time.Since(began).Round(time.Millisecond))
	began = time.Now()
	report, err := seal.Audit(ctx, seal.Audits{DB: d})
	if err != nil || report.Count > 0 {
		return errors.Join(err, fmt.Errorf("the audit found %v", report.Findings))
	}
	row("audit", "%6.0f events/s", float64(report.Events)/time.Since(began).Seconds())
	if err := evidence(ctx, d); err != nil {
		return err
	}
	cancel()
	parts.Wait()
	return simulate(entries)
}

// row is one line of the table.
func row(name, format string, args ...any) {
	fmt.Printf("%-46s %s\n", name, fmt.Sprintf(format, args...))
}

// load is how busy the machine is.
func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(raw), " ")
	return first
}

// outcome of one run with writers.
type outcome struct {
	rate, cpu float64
	waits     []time.Duration
}

func (o outcome) at(percent int) time.Duration {
	if len(o.waits) == 0 {
		return 0
	}
	return o.waits[max(0, len(o.waits)*percent/100-1)].Round(time.Millisecond)
}

// writers announces events for a while; with a log each waits until its own is
// sealed before it goes on.
func writers(ctx context.Context, d *db.DB, l *seal.Log, n int, duration time.Duration) (o outcome, err error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var done atomic.Int64
	var sealed atomic.Int64
	stop := make(chan struct{})
	if l != nil {
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(2 * time.Millisecond):
					if s, err := l.Status(ctx); err == nil {
						sealed.Store(s.Size)
					}
				}
			}
		}()
	}
	began, before := time.Now(), cpu()
	for w := range n {
		all.Go(func() {
			for version := int64(1); time.Since(began) < duration; version++ {
				subject := fmt.Sprintf("case_%d_%d_%d", n, w, version/20)
				wrote := d.Write(ctx, func(tx *db.Tx) error {
					return event.Append(ctx, tx, by, event.About{Stream: "case", Subject: subject, Version: version}, moved{text})
				})
				mu.Lock()
				err = errors.Join(err, wrote)
				mu.Unlock()
				done.Add(1)
				if wrote == nil && l != nil {
					at := time.Now()
					position, found := place(ctx, d, subject)
					for errors.Is(found, errWaiting) {
						time.Sleep(time.Millisecond)
						position, found = place(ctx, d, subject)
					}
					for found == nil && sealed.Load() < position {
						time.Sleep(time.Millisecond)
					}
					mu.Lock()
					o.waits = append(o.waits, time.Since(at))
					err = errors.Join(err, found)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	close(stop)
	slices.Sort(o.waits)
	o.rate = float64(done.Load()) / time.Since(began).Seconds()
	o.cpu = float64((cpu() - before).Microseconds()) / float64(done.Load())
	return o, err
}

var errWaiting = errors.New("the event has no position yet")

// place is the position of the newest event of a thing.
func place(ctx context.Context, d *db.DB, subject string) (position int64, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		all, err := event.History(ctx, tx, "main", "case", subject)
		if err == nil {
			position = all[len(all)-1].Position
		}
		return err
	})
	if err == nil && position == 0 {
		err = errWaiting
	}
	return position, err
}

func drained(ctx context.Context, l *seal.Log) error {
	for {
		s, err := l.Status(ctx)
		if err == nil && s.Size > 0 && s.Unsealed == 0 {
			return nil
		}
		if err != nil && !errors.Is(err, seal.ErrBegun) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

const text = "A fact of ordinary size: who decided, from which state to which, on what ground, with which amounts and deadlines. " +
	"Two hundred and fifty bytes are typical, and that is why this sentence goes on a little longer than it would have to, up to here, and ends."

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
