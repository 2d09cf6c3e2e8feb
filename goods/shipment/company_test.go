package shipment_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// company is a carrier with books of its own and a bad line: as the network
// does, it loses answers after it has acted on the question.
type company struct {
	mu      sync.Mutex
	booked  map[string]shipment.Booked // by key
	calls   map[string]int
	lose    int   // how many answers are lost
	refuse  error // what it says to every wish
	scans   []shipment.Scan
	marks   []string // as they were given to Track
	silent  bool     // Track fails
	wish    shipment.Wish
	without bool          // offers no interception
	hold    chan struct{} // a booking waits on the way to the company until it is closed
	entered chan struct{}
}

var errLine = errors.New("the line is dead")

func newCompany() *company {
	return &company{booked: map[string]shipment.Booked{}, calls: map[string]int{}}
}

func (c *company) Name() string { return "company" }

func (c *company) Carries(carrier, _ string) bool { return carrier == "Company" }

func (c *company) Slots(_ context.Context, _ shipment.Address, day time.Time) ([]shipment.Slot, error) {
	return []shipment.Slot{{ID: "am", Carrier: "company", From: day.Add(9 * time.Hour), To: day.Add(12 * time.Hour), Left: 3}}, nil
}

// answer loses what was said, as often as it was told to.
func (c *company) answer(what string) error {
	c.calls[what]++
	if c.lose > 0 {
		c.lose--
		return errLine
	}
	return nil
}

func (c *company) Book(_ context.Context, b shipment.Booking) (shipment.Booked, error) {
	if c.hold != nil {
		close(c.entered)
		<-c.hold
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse != nil {
		return shipment.Booked{}, c.refuse
	}
	if _, ok := c.booked[b.ID]; !ok {
		c.booked[b.ID] = shipment.Booked{Reference: "ref " + b.ID, Carrier: "Company", Tracking: "CO" + b.ID[5:], Slip: "https://labels.example/" + b.ID}
	}
	return c.booked[b.ID], c.answer("book")
}

func (c *company) Find(_ context.Context, b shipment.Booking) (shipment.Booked, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	got, ok := c.booked[b.ID]
	if err := c.answer("find"); err != nil {
		return got, err
	}
	if !ok {
		return got, shipment.ErrAbsent
	}
	return got, nil
}

func (c *company) Cancel(_ context.Context, b shipment.Booking) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse != nil {
		return c.refuse
	}
	got := c.booked[b.ID]
	got.Gone = true
	c.booked[b.ID] = got
	return c.answer("cancel")
}

func (c *company) Track(_ context.Context, w shipment.Watch) (shipment.Report, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.marks = append(c.marks, w.Mark)
	if c.silent {
		return shipment.Report{}, errLine
	}
	return shipment.Report{Scans: c.scans, Mark: "seen"}, nil
}

func (c *company) Intercept(context.Context, shipment.Interception) (shipment.Wish, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.without {
		return "", shipment.ErrNotOffered
	}
	if c.refuse != nil {
		return "", c.refuse
	}
	return c.wish, c.answer("intercept")
}

func (c *company) Hear(h shipment.Hook) (shipment.Heard, error) {
	if len(h.Header["Signed"]) == 0 {
		return shipment.Heard{}, shipment.ErrForged
	}
	var heard shipment.Heard
	return heard, json.Unmarshal(h.Body, &heard)
}

// living counts the bookings that hold at the company's.
func (c *company) living() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.booked {
		if !b.Gone {
			n++
		}
	}
	return n
}

// withCompany runs a test with a carrier and a worker.
func (x *box) withCompany() (*company, *job.Queue) {
	c := newCompany()
	q := job.NewQueue(x.d, slog.New(slog.DiscardHandler))
	x.s = shipment.Service{Store: x.d, Queue: q, Carriers: []shipment.Carrier{c}, Log: slog.New(slog.DiscardHandler)}
	x.s.Jobs(q)
	err := x.write(func(ctx context.Context, tx *db.Tx) error { // as a worker does when it starts
		return q.Enqueue(ctx, tx, job.New{Tenant: "system", Kind: "shipment.poll", Key: "every", Keep: true})
	})
	if err != nil {
		x.Fatal(err)
	}
	return c, q
}

// work does all jobs that are due, and those that become due within a time.
func (x *box) work(q *job.Queue, within time.Duration) {
	x.Helper()
	step := max(time.Minute, within/150)
	for end := x.clock.Now().Add(within); ; x.clock.Add(step) {
		if _, err := q.RunDue(x.Context()); err != nil {
			x.Fatal(err)
		}
		if !x.clock.Now().Before(end) {
			return
		}
	}
}
