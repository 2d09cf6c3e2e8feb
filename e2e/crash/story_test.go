package crash_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// story is one case as its client lived it.
type story struct {
	id, order string
	kind      string   // of the request
	scans     []string // the carrier's ids
	units     int64
	slow      bool // nobody answers: the deadline approves
	refuse    bool // the warehouse sends the goods back
	done      bool // the client had all its answers
}

const (
	returns  = "return_refund"
	keeps    = "refund_only"
	exchange = "exchange"
	protects = "price_protection"
)

// advanced tells whether the money goes out at the first scan.
func (s *story) advanced() bool { return s.kind == returns && s.units == 1 }

// goods tells whether something comes back.
func (s *story) goods() bool { return s.kind == returns || s.kind == exchange }

// name is what the log calls the story.
func (s *story) name() string {
	if s.advanced() {
		return "advance"
	}
	return s.kind
}

// view is what a client needs to know of a case.
type view struct {
	ID       string
	State    string
	Version  int64
	Tracking string
	Exchange *struct{ State, Charge string }
	Advance  *struct{ State, Charge string }
}

func (v view) tag() string { return fmt.Sprintf("%q", fmt.Sprint(v.Version)) }

// client lives one story after the other until the shop closes, and finishes
// the one it has begun.
func (w *world) client(ctx, opening context.Context, dice *rand.Rand) {
	c := w.caller(dice.Uint64())
	for opening.Err() == nil && ctx.Err() == nil {
		if err := w.live(ctx, c, dice); err != nil {
			w.mu.Lock()
			w.strange = append(w.strange, err.Error())
			w.mu.Unlock()
			return
		}
	}
}

// live does one case.
func (w *world) live(ctx context.Context, c *caller, dice *rand.Rand) error {
	s := &story{order: w.orders[dice.IntN(len(w.orders))], units: 1 + dice.Int64N(2), kind: []string{returns, returns, returns, keeps, exchange, protects}[dice.IntN(6)]}
	s.slow, s.refuse = s.kind != exchange && dice.IntN(6) == 0, s.kind == returns && dice.IntN(6) == 0
	item := map[string]any{"line": 1, "quantity": s.units, "reason": "not_as_described"}
	switch s.kind {
	case exchange:
		item["sku"] = "DEAR"
	case protects:
		item["lower"] = unitPrice - 500
	}
	var v view
	if _, err := c.write(ctx, "POST", "/v1/cases", "", map[string]any{"kind": s.kind, "order": s.order, "items": []any{item}, "language": "en"}, &v); err != nil {
		return err
	}
	s.id = v.ID
	w.mu.Lock()
	w.stories = append(w.stories, s)
	w.mu.Unlock()
	if err := w.approved(ctx, c, s, &v); err != nil {
		return err
	}
	if s.goods() {
		if err := w.sendsBack(ctx, c, s, &v, dice); err != nil {
			return err
		}
	}
	if err := w.ends(ctx, c, s, &v); err != nil {
		return err
	}
	s.done = true
	return nil
}

// act does something to the case of a story. Where money has moved it since it
// was read, it is read again.
func (c *caller) act(ctx context.Context, v *view, body map[string]any) error {
	for {
		_, err := c.write(ctx, "POST", "/v1/cases/"+v.ID+"/actions", v.tag(), body, v)
		if !errors.Is(err, errStale) {
			return err
		}
		if err := c.read(ctx, "/v1/cases/"+v.ID, v); err != nil {
			return err
		}
	}
}

// wait reads the case until it is as it should be.
func (c *caller) wait(ctx context.Context, v *view, what string, done func() bool) error {
	for {
		if err := c.read(ctx, "/v1/cases/"+v.ID, v); err != nil || done() {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("%s in %s never had %s: %w", v.ID, v.State, what, ctx.Err())
		}
	}
}

// sendsBack is the way of the goods to the warehouse and what is found there.
func (w *world) sendsBack(ctx context.Context, c *caller, s *story, v *view, dice *rand.Rand) error {
	tracking := v.Tracking
	for _, status := range []string{"handed_over", "in_transit", "delivered"} {
		scan := map[string]any{"tracking": tracking, "status": status, "at": time.Now().UTC(), "id": fmt.Sprint(s.id, status)}
		for range 1 + dice.IntN(2) { // carriers report twice, each time as a new request
			if _, err := c.write(ctx, "POST", "/v1/scans", "", scan, nil); err != nil {
				return err
			}
		}
		s.scans = append(s.scans, s.id+status)
	}
	found := map[string]any{"line": 1, "count": s.units, "grade": "A", "disposition": "restock"}
	if s.refuse {
		found["grade"], found["disposition"] = "D", "return_to_customer"
	}
	if err := c.act(ctx, v, map[string]any{"action": "receive", "items": []any{map[string]any{"line": 1, "quantity": s.units}}}); err != nil {
		return err
	}
	select {
	case w.grading <- struct{}{}: // tells chaos that now is a good moment
	default:
	}
	return c.act(ctx, v, map[string]any{"action": "grade", "items": []any{found}})
}

// approved waits for the deadline, or approves at once where no rule has.
func (w *world) approved(ctx context.Context, c *caller, s *story, v *view) error {
	if !s.slow {
		if v.State != "submitted" {
			return nil
		}
		return c.act(ctx, v, map[string]any{"action": "approve", "note": "fine"})
	}
	w.mu.Lock()
	w.overdue = append(w.overdue, s.id)
	w.mu.Unlock()
	return c.wait(ctx, v, "its deadline", func() bool { return v.State != "submitted" })
}
