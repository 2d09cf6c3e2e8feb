package crash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// story is one return as its client lived it.
type story struct {
	id, order string
	scans     []string // the carrier's ids
	units     int64
	slow      bool // nobody answers: the deadline approves
	refuse    bool // the warehouse sends the goods back
	done      bool // the client had all its answers
}

// view is what a client needs to know of a case.
type view struct {
	ID       string
	State    string
	Version  int64
	Tracking string
}

func (v view) tag() string { return fmt.Sprintf("%q", fmt.Sprint(v.Version)) }

// client does one return after the other until the shop closes, and finishes
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

// live does one return.
func (w *world) live(ctx context.Context, c *caller, dice *rand.Rand) error {
	s := &story{order: w.orders[dice.IntN(len(w.orders))], units: 1 + dice.Int64N(2), slow: dice.IntN(6) == 0, refuse: dice.IntN(8) == 0}
	var v view
	_, err := c.write(ctx, "POST", "/v1/cases", "", map[string]any{
		"order": s.order, "items": []any{map[string]any{"line": 1, "quantity": s.units, "reason": "not_as_described"}}, "language": "en",
	}, &v)
	if err != nil {
		return err
	}
	s.id = v.ID
	w.mu.Lock()
	w.stories = append(w.stories, s)
	w.mu.Unlock()
	if err := w.approved(ctx, c, s, &v); err != nil {
		return err
	}
	act := "/v1/cases/" + s.id + "/actions"
	for _, status := range []string{"handed_over", "in_transit", "delivered"} {
		scan := map[string]any{"tracking": v.Tracking, "status": status, "at": time.Now().UTC(), "id": fmt.Sprint(s.id, status)}
		for range 1 + dice.IntN(2) { // carriers report twice, each time as a new request
			if _, err := c.write(ctx, "POST", "/v1/scans", "", scan, nil); err != nil {
				return err
			}
		}
		s.scans = append(s.scans, s.id+status)
	}
	if err := c.read(ctx, "/v1/cases/"+s.id, &v); err != nil {
		return err
	}
	items := []any{map[string]any{"line": 1, "quantity": s.units}}
	if _, err := c.write(ctx, "POST", act, v.tag(), map[string]any{"action": "receive", "items": items}, &v); err != nil {
		return err
	}
	found := map[string]any{"line": 1, "count": s.units, "grade": "A", "disposition": "restock"}
	if s.refuse {
		found["grade"], found["disposition"] = "D", "return_to_customer"
	}
	select {
	case w.grading <- struct{}{}: // tells chaos that now is a good moment
	default:
	}
	_, err = c.write(ctx, "POST", act, v.tag(), map[string]any{"action": "grade", "items": []any{found}}, &v)
	s.done = err == nil
	return err
}

// approved waits for the deadline or approves at once.
func (w *world) approved(ctx context.Context, c *caller, s *story, v *view) error {
	if !s.slow {
		_, err := c.write(ctx, "POST", "/v1/cases/"+s.id+"/actions", v.tag(), map[string]any{"action": "approve", "note": "fine"}, v)
		return err
	}
	w.mu.Lock()
	w.overdue = append(w.overdue, s.id)
	w.mu.Unlock()
	for v.State == "submitted" {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("the deadline of %s never passed: %w", s.id, ctx.Err())
		}
		if err := c.read(ctx, "/v1/cases/"+s.id, v); err != nil {
			return err
		}
	}
	return nil
}
