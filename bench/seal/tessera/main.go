// Command tessera appends to a Tessera log on a file system for a while, as
// bench/seal does to the product's, and prints what it achieved as JSON.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

type figures struct {
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

func main() {
	writers := flag.Int("writers", 32, "that append at once, each awaiting a signed checkpoint over its entry")
	duration := flag.Duration("duration", 3*time.Second, "of the run")
	batch := flag.Duration("batch", 150*time.Millisecond, "how long entries are gathered")
	flag.Parse()
	out, err := run(*writers, *duration, *batch)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(writers int, duration, batch time.Duration) (f figures, err error) {
	dir, err := os.MkdirTemp("", "tessera-*")
	if err != nil {
		return f, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	ctx := context.Background()
	secret, _, err := note.GenerateKey(rand.Reader, "bench.example/peer")
	if err != nil {
		return f, err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return f, err
	}
	driver, err := posix.New(ctx, posix.Config{Path: dir})
	if err != nil {
		return f, err
	}
	options := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithBatching(1000, batch).WithCheckpointInterval(batch)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return f, err
	}
	awaiter := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 2*time.Millisecond)
	var all sync.WaitGroup
	var mu sync.Mutex
	var waits []float64
	began := time.Now()
	for w := range writers {
		all.Go(func() {
			for n := 0; time.Since(began) < duration; n++ {
				entry := make([]byte, 33)
				copy(entry, fmt.Sprintf("%d %d", w, n))
				at := time.Now()
				_, _, failed := awaiter.Await(ctx, appender.Add(ctx, tessera.NewEntry(entry)))
				mu.Lock()
				waits = append(waits, time.Since(at).Seconds()*1000)
				err = errors.Join(err, failed)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	took := time.Since(began).Seconds()
	if err := errors.Join(err, shutdown(ctx)); err != nil {
		return f, err
	}
	slices.Sort(waits)
	at := func(share float64) float64 { return waits[int(share*float64(len(waits)-1))] }
	return figures{float64(len(waits)) / took, at(0.5), at(0.99)}, nil
}
