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
	req, err := http.NewRequestWithContext(ctx, "GET", s.url+"/v1/live", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
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

// drive runs n clients, each doing one return after the other.
func (s *server) drive(ctx context.Context, n int, o options, round int) (*result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f := &finished{waiting: map[string]chan struct{}{}, early: map[string]bool{}}
	var listener sync.WaitGroup
	listener.Go(func() {
		if err := s.listen(ctx, f); err != nil && ctx.Err() == nil {
			cancel(err)
		}
	})
	r := &result{Clients: n}
	measuring, stopping := atomic.Bool{}, atomic.Bool{}
	var wg sync.WaitGroup
	share := len(s.orders) / len(o.clients) / n
	for c := range n {
		mine := s.orders[round*len(s.orders)/len(o.clients)+c*share:][:share]
		wg.Go(func() {
			for i := 0; !stopping.Load() && ctx.Err() == nil; i++ {
				if i >= len(mine)*unitsPerOrder {
					cancel(fmt.Errorf("client %d has no units left after %d returns", c, i))
					return
				}
				began := time.Now()
				steps, err := s.lifecycle(ctx, mine[i%len(mine)], f)
				if err != nil {
					cancel(err)
					return
				}
				if measuring.Load() {
					r.add(steps, time.Since(began))
				}
			}
		})
	}
	time.Sleep(o.warm)
	before := s.usage()
	measuring.Store(true)
	start := time.Now()
	select {
	case <-time.After(o.duration):
	case <-ctx.Done():
	}
	measuring.Store(false)
	r.Seconds = time.Since(start).Seconds()
	r.after(before, s.usage())
	stopping.Store(true)
	wg.Wait()
	err := context.Cause(ctx)
	cancel(nil)
	listener.Wait()
	return r, err
}

// lifecycle does one return and gives the time of each request.
func (s *server) lifecycle(ctx context.Context, orderID string, f *finished) (steps []time.Duration, err error) {
	var c struct {
		ID       string `json:"id"`
		Tracking string `json:"tracking"`
	}
	do := func(path string, body map[string]any) bool {
		var took time.Duration
		took, err = s.call(ctx, "POST", path, body, &c)
		steps = append(steps, took)
		return err == nil
	}
	item := map[string]any{"line": 1, "quantity": 1}
	scan := func(status string) bool {
		took, e := s.call(ctx, "POST", "/v1/scans", map[string]any{"tracking": c.Tracking, "status": status, "at": time.Now().UTC().Format(time.RFC3339)}, nil)
		steps, err = append(steps, took), e
		return err == nil
	}
	if !do("/v1/cases", map[string]any{"order": orderID, "items": []any{map[string]any{"line": 1, "quantity": 1, "reason": "not_as_described"}}, "language": "zh-CN"}) {
		return steps, err
	}
	completed := f.wait(c.ID)
	act := "/v1/cases/" + c.ID + "/actions"
	ok := do(act, map[string]any{"action": "approve"}) && scan("handed_over") && scan("delivered") &&
		do(act, map[string]any{"action": "receive", "items": []any{item}}) &&
		do(act, map[string]any{"action": "grade", "items": []any{map[string]any{"line": 1, "count": 1, "grade": "A", "disposition": "restock"}}})
	if !ok {
		return steps, err
	}
	select {
	case <-completed:
	case <-ctx.Done():
		return steps, ctx.Err()
	case <-time.After(60 * time.Second):
		return steps, fmt.Errorf("case %s was not refunded within a minute", c.ID)
	}
	return steps, nil
}

func percentile(all []time.Duration, p float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return float64(all[min(len(all)-1, int(p*float64(len(all))))].Microseconds()) / 1000
}
