package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/aftercare/aftercare/bench/child"
)

// drive sends the returns with n clients, each return in its five requests.
func drive(ctx context.Context, s *child.Server, all []oneReturn, ids map[string]string, n int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan oneReturn)
	var clients sync.WaitGroup
	for range n {
		clients.Go(func() {
			for r := range queue {
				if err := send(ctx, s, r, ids[r.of.invoice]); err != nil {
					cancel(fmt.Errorf("return %s of %d × %s: %w", r.invoice, r.units, r.stock, err))
				}
			}
		})
	}
	for _, r := range all {
		select {
		case queue <- r:
		case <-ctx.Done():
		}
	}
	close(queue)
	clients.Wait()
	return context.Cause(ctx)
}

// send does one return: request, two scans, receive, grade.
func send(ctx context.Context, s *child.Server, r oneReturn, order string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var c struct {
		ID, State string
		Items     []struct {
			SKU      string
			Quantity int64
		}
		Tracking string
	}
	key := func() child.Header {
		return child.Header{Name: "Idempotency-Key", Value: strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)}
	}
	short := child.Header{Name: "Prefer", Value: "return=minimal"}
	err := s.Call(ctx, "POST", "/v1/cases", map[string]any{
		"order": order, "language": "en", "items": []any{map[string]any{"line": r.of.no, "quantity": r.units, "reason": reason}},
	}, &c, key())
	if err != nil {
		return err
	}
	var units int64
	for _, it := range c.Items {
		if units += it.Quantity; it.SKU != r.stock {
			return fmt.Errorf("line %d is %s", r.of.no, it.SKU)
		}
	}
	if units != r.units || c.State != "await_return" {
		return fmt.Errorf("case %s has %d units and is %s", c.ID, units, c.State)
	}
	for _, status := range []string{"handed_over", "delivered"} {
		scan := map[string]any{"tracking": c.Tracking, "status": status, "at": time.Now().UTC()}
		if err := s.Call(ctx, "POST", "/v1/scans", scan, nil, key()); err != nil {
			return err
		}
	}
	act := "/v1/cases/" + c.ID + "/actions"
	receive := map[string]any{"action": "receive", "items": []any{map[string]any{"line": r.of.no, "quantity": r.units}}}
	if err := s.Call(ctx, "POST", act, receive, nil, key(), short); err != nil {
		return err
	}
	grade := map[string]any{"action": "grade", "items": []any{map[string]any{"line": r.of.no, "count": r.units, "grade": "A", "disposition": "restock"}}}
	return s.Call(ctx, "POST", act, grade, nil, key(), short)
}

// settled waits until all cases are completed.
func settled(ctx context.Context, s *child.Server, want int) error {
	var page struct{ Counts map[string]int }
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); {
		page.Counts = nil
		if err := s.Call(ctx, "GET", "/v1/cases?limit=1&counts=true", nil, &page); err != nil {
			return err
		}
		if page.Counts["completed"] == want && len(page.Counts) == 1 || want == 0 {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fmt.Errorf("%d returns were sent, the cases are %v", want, page.Counts)
}
