package charge_test

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/charge"
)

// desk is a payment company. It does not know idempotency keys: only asking
// first protects from taking money twice.
type desk struct {
	mu      sync.Mutex
	takings map[string][]money.Amount // by key
	no      map[string]bool
	pending map[string]bool
	// at is called before and after taking and before looking up; an error is what
	// the caller sees, runtime.Goexit the death of the process.
	at func(step string) error
}

var errWire = errors.New("connection lost")

func newDesk() *desk {
	return &desk{takings: map[string][]money.Amount{}, no: map[string]bool{}, pending: map[string]bool{}, at: func(string) error { return nil }}
}

func (d *desk) Name() string { return "desk" }

func (d *desk) Collect(_ context.Context, r charge.Request) (charge.Session, error) {
	if err := d.at("before"); err != nil {
		return charge.Session{}, err
	}
	d.mu.Lock()
	switch r.Means {
	case "closed":
		d.no[r.Key] = true
	case "page":
		d.pending[r.Key] = true
	default:
		d.takings[r.Key] = append(d.takings[r.Key], r.Amount)
	}
	d.mu.Unlock()
	if err := d.at("after"); err != nil {
		return charge.Session{}, err
	}
	return d.say(r), nil
}

func (d *desk) Collected(_ context.Context, r charge.Request) (charge.Session, error) {
	if err := d.at("lookup"); err != nil {
		return charge.Session{}, err
	}
	return d.say(r), nil
}

func (d *desk) say(r charge.Request) charge.Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case len(d.takings[r.Key]) > 0:
		return charge.Session{Outcome: charge.Collected, Reference: "ref-" + r.Key, Amount: d.takings[r.Key][0]}
	case d.no[r.Key]:
		return charge.Session{Outcome: charge.Declined, Reason: "the card is closed"}
	case d.pending[r.Key]:
		return charge.Session{Outcome: charge.Pending, Reference: "page-" + r.Key, URL: "https://desk.example/" + r.Key}
	}
	return charge.Session{Outcome: charge.Absent}
}

// arrive is the customer paying on the page.
func (d *desk) arrive(key string, amount money.Amount) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.takings[key] = append(d.takings[key], amount)
}

// taken counts how often a charge was collected, over all its keys.
func (d *desk) taken(id string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, all := range d.takings {
		if strings.HasPrefix(key, id) {
			n += len(all)
		}
	}
	return n
}
