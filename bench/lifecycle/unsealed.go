package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// holdSeal is elected for sealing before the server starts, and seals nothing:
// the program that is measured stays as it is, only its sequencer never has its
// turn. It writes a lease every few seconds.
func holdSeal(ctx context.Context, o options) (release func(), err error) {
	install := child.Install{Binary: o.binary, Data: filepath.Join(o.dir, "data"), Database: o.database}
	if _, _, err := install.Run(ctx, "key", "list"); err != nil { // makes the tables
		return nil, err
	}
	database := o.database
	if database == "" {
		database = "sqlite:" + filepath.Join(install.Data, "aftercare.db")
	}
	d, err := db.Open(ctx, database, db.Options{})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	elected := make(chan struct{})
	var held sync.WaitGroup
	var once sync.Once
	held.Go(func() {
		event.Lead(ctx, d, slog.New(slog.DiscardHandler), "seal", 10*time.Second, func(ctx context.Context) error {
			once.Do(func() { close(elected) })
			<-ctx.Done()
			return nil
		})
	})
	release = func() { stop(); held.Wait(); _ = d.Close() }
	select {
	case <-elected:
		return release, nil
	case <-time.After(30 * time.Second):
		release()
		return nil, fmt.Errorf("somebody else seals")
	}
}

// sealLag reads how long the oldest event waits for its entry, from the metrics.
func (s *server) sealLag(ctx context.Context, worst *float64) {
	for ctx.Err() == nil {
		if raw, err := s.metrics(); err == nil {
			for line := range strings.Lines(raw) {
				if text, ok := strings.CutPrefix(line, "aftercare_seal_lag_seconds "); ok {
					var lag float64
					if _, err := fmt.Sscan(text, &lag); err == nil {
						*worst = max(*worst, lag)
					}
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}
