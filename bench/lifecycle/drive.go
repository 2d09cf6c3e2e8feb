package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func newKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
}

// finished hears from the live stream which cases are completed.
type finished struct {
	mu      sync.Mutex
	waiting map[string]chan struct{}
	early   map[string]bool
}

func (f *finished) wait(id string) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	ch := make(chan struct{})
	if f.early[id] {
		delete(f.early, id)
		close(ch)
		return ch
	}
	f.waiting[id] = ch
	return ch
}

func (f *finished) done(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ch, ok := f.waiting[id]; ok {
		close(ch)
		delete(f.waiting, id)
		return
	}
	f.early[id] = true
}

// listen reads the live stream until the context ends.
func (s *server) listen(ctx context.Context, f *finished) error {
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/v1/live?type=case.completed", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.Key)
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 {
		return fmt.Errorf("live stream: %s", resp.Status)
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok || !strings.Contains(data, "case.completed") {
			continue
		}
		var e struct {
			Subject string `json:"subject"`
			Type    string `json:"type"`
		}
		if json.Unmarshal([]byte(data), &e) == nil && e.Type == "case.completed" {
			f.done(e.Subject)
		}
	}
	return errors.Join(lines.Err(), fmt.Errorf("the live stream ended"))
}

// drive runs n clients, each doing one case after the other.
func (s *server) drive(ctx context.Context, kind string, n int, o options, round int) (*result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f := &finished{waiting: map[string]chan struct{}{}, early: map[string]bool{}}
	var listener sync.WaitGroup
	listener.Go(func() {
		if err := s.listen(ctx, f); err != nil && ctx.Err() == nil {
			cancel(err)
		}
	})
	r := &result{Kind: kind, Clients: n}
	measuring, stopping := atomic.Bool{}, atomic.Bool{}
	var wg sync.WaitGroup
	rounds := len(o.clients) * len(o.kinds)
	share := len(s.orders) / rounds / n
	for c := range n {
		mine := s.orders[round*len(s.orders)/rounds+c*share:][:share]
		wg.Go(func() {
			for i := 0; !stopping.Load() && ctx.Err() == nil; i++ {
				if i >= len(mine)*unitsPerOrder {
					cancel(fmt.Errorf("client %d has no units left after %d cases", c, i))
					return
				}
				began := time.Now()
				l := &life{s: s, ctx: ctx, f: f, order: mine[i%len(mine)], nth: i / len(mine)}
				if lives[kind](l); l.err != nil {
					cancel(l.err)
					return
				}
				if measuring.Load() {
					r.add(l.steps, time.Since(began))
				}
			}
		})
	}
	time.Sleep(o.warm)
	before, err := s.usage()
	if err != nil {
		cancel(err)
	}
	measuring.Store(true)
	start := time.Now()
	watched, unwatch := context.WithCancel(ctx)
	listener.Go(func() { s.sealLag(watched, &r.SealLag) })
	select {
	case <-time.After(o.duration):
	case <-ctx.Done():
	}
	unwatch()
	measuring.Store(false)
	r.Seconds = time.Since(start).Seconds()
	now, err := s.usage()
	if err != nil {
		cancel(err)
	}
	r.after(before, now)
	stopping.Store(true)
	wg.Wait()
	err = context.Cause(ctx)
	cancel(nil)
	listener.Wait()
	return r, err
}

func percentile(all []time.Duration, p float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return float64(all[min(len(all)-1, int(p*float64(len(all))))].Microseconds()) / 1000
}
