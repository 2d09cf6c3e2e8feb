package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// result is what one number of clients achieved.
type result struct {
	Kind       string    `json:"kind"`
	Clients    int       `json:"clients"`
	Seconds    float64   `json:"seconds"`
	Returns    int       `json:"returns"`
	PerSecond  float64   `json:"per_second"`
	RequestP50 float64   `json:"request_p50_ms"`
	RequestP99 float64   `json:"request_p99_ms"`
	ReturnP50  float64   `json:"return_p50_ms"`
	ReturnP99  float64   `json:"return_p99_ms"`
	Writes     float64   `json:"transactions_per_return"`
	MemoryMB   float64   `json:"memory_mb"`
	CPUSeconds float64   `json:"server_cpu_s"`
	SealLag    float64   `json:"seal_lag_s"` // the longest that an event waited for its seal
	At         time.Time `json:"at"`

	mu       sync.Mutex
	requests []time.Duration
	returns  []time.Duration
}

func (r *result) add(steps []time.Duration, whole time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, steps...)
	r.returns = append(r.returns, whole)
}

func (r *result) after(before, now usage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Returns = len(r.returns)
	r.PerSecond = float64(r.Returns) / r.Seconds
	r.RequestP50, r.RequestP99 = percentile(r.requests, 0.5), percentile(r.requests, 0.99)
	r.ReturnP50, r.ReturnP99 = percentile(r.returns, 0.5), percentile(r.returns, 0.99)
	r.Writes = (now.writes - before.writes) / float64(max(r.Returns, 1))
	r.MemoryMB, r.CPUSeconds, r.At = now.memory, now.cpu-before.cpu, time.Now().UTC()
}

func (r *result) print(w io.Writer) {
	fmt.Fprintf(w, "%-17s %-8d %-12.1f %8.1f / %-11.1f %8.1f / %-11.1f %-10.1f %5.0f MB  %.1f of %.0f\n",
		r.Kind, r.Clients, r.PerSecond, r.RequestP50, r.RequestP99, r.ReturnP50, r.ReturnP99, r.Writes, r.MemoryMB, r.CPUSeconds, r.Seconds)
}

func (r *result) save(file string, raw []rawResult) error {
	if file == "" {
		return nil
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	return json.NewEncoder(f).Encode(map[string]any{"result": r, "raw": raw})
}

// reconcile proves at the end that every reserved payout is settled.
func (s *server) reconcile(ctx context.Context) error {
	for _, state := range []string{"reserved", "submitted", "failed", "manual"} {
		var page struct {
			Items []json.RawMessage `json:"items"`
		}
		if _, err := s.call(ctx, "GET", "/v1/payouts?limit=1&state="+state, nil, &page); err != nil {
			return err
		}
		if len(page.Items) > 0 {
			return fmt.Errorf("a payout is left %s: %s", state, page.Items[0])
		}
	}
	fmt.Println("every payout is settled")
	return nil
}

func splitInts(list string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for part := range strings.SplitSeq(list, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil || n < 1 || n > 256 {
				fmt.Fprintf(os.Stderr, "lifecycle: -clients: %q is not a number from 1 to 256\n", part)
				os.Exit(2)
			}
			if !yield(n) {
				return
			}
		}
	}
}
