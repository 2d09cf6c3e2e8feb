package crash_test

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// ends waits for the end of the story, and does what it still needs: pays what
// is owed, sends what was asked for, confirms it.
func (w *world) ends(ctx context.Context, c *caller, s *story, v *view) error {
	switch {
	case s.kind == exchange:
		return w.swaps(ctx, c, v)
	case s.refuse && s.advanced():
		if err := c.read(ctx, "/v1/cases/"+v.ID, v); err != nil {
			return err
		}
		if v.Advance == nil {
			return fmt.Errorf("%s was not paid in advance", v.ID)
		}
		if err := w.pays(ctx, c, v.Advance.Charge); err != nil {
			return err
		}
		return c.wait(ctx, v, "its money back", func() bool { return v.Advance != nil && v.Advance.State == "recovered" })
	}
	return nil
}

// swaps pays the difference of an exchange, sends the new article and confirms.
func (w *world) swaps(ctx context.Context, c *caller, v *view) error {
	if err := w.pays(ctx, c, v.Exchange.Charge); err != nil {
		return err
	}
	if err := c.wait(ctx, v, "its difference", func() bool { return v.Exchange != nil && v.Exchange.State == "allocated" }); err != nil {
		return err
	}
	c.keys++
	if err := c.act(ctx, v, map[string]any{"action": "ship", "carrier": "SF", "tracking": fmt.Sprintf("SF%s%d", digits(v.ID), c.keys)}); err != nil {
		return err
	}
	if v.State != "await_confirm" {
		return fmt.Errorf("%s is %s after it was sent", v.ID, v.State)
	}
	return c.act(ctx, v, map[string]any{"action": "confirm"})
}

// digits makes a tracking number of an id.
func digits(id string) string {
	all := []byte(id[len(id)-12:])
	return string(slices.DeleteFunc(all, func(b byte) bool { return b == '_' }))
}

// pays is the customer's payment of a charge, as a clerk writes it down.
func (w *world) pays(ctx context.Context, c *caller, id string) error {
	var d struct {
		Amount  map[string]any
		Version int64
	}
	if err := c.read(ctx, "/v1/charges/"+id, &d); err != nil {
		return err
	}
	_, err := c.write(ctx, "POST", "/v1/charges/"+id+"/actions", fmt.Sprintf("%q", fmt.Sprint(d.Version)),
		map[string]any{"action": "pay", "amount": d.Amount, "reference": "cash " + id}, nil)
	return err
}

// clerk sends what the provider has declined once more, again and again: a
// person would look at it first. Its answers prove nothing; what it does is in
// the payouts.
func (w *world) clerk(ctx, opening context.Context) {
	c := w.caller(77)
	for quiet := 0; ctx.Err() == nil && (opening.Err() == nil || quiet < 3); {
		var page struct{ Items []struct{ ID string } }
		if err := c.read(ctx, "/v1/payouts?state=failed&limit=50", &page); err != nil {
			continue
		}
		quiet++
		if len(page.Items) > 0 || w.waiting(ctx, c) {
			quiet = 0
		}
		for _, p := range page.Items {
			c.keys++
			a := answer{method: "POST", path: "/v1/payouts/" + p.ID + "/actions", key: fmt.Sprint(c.name, c.keys), seen: "*", body: []byte(`{"action":"retry"}`)}
			_, _ = c.send(ctx, &a)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// waiting tells whether payouts are still on their way.
func (w *world) waiting(ctx context.Context, c *caller) bool {
	for _, state := range []string{"reserved", "submitted"} {
		var page struct{ Items []struct{ ID string } }
		if err := c.read(ctx, "/v1/payouts?limit=1&state="+state, &page); err != nil || len(page.Items) > 0 {
			return true
		}
	}
	return false
}
