package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app/demo"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/quality/rating"
)

// demo is what a demonstration tells everybody; nil everywhere else.
func (h *House) demo() *tenant.Demo {
	if !h.Config.Demo {
		return nil
	}
	return &tenant.Demo{Orders: demo.Orders(), Staff: demo.Staff()}
}

// TellDemo fills the shop with the demo's story, at the times of the story. It
// does nothing where the story was told before. No e-mail is sent.
func (h *House) TellDemo(ctx context.Context, progress func(done, total int)) (err error) {
	if told, err := demo.Told(ctx, h.DB); err != nil || told {
		return err
	}
	today := h.DB.Now()
	clock := demo.NewClock(today)
	quiet := *h.Config
	quiet.Mail = "off"
	past := &House{Config: &quiet, Log: slog.New(slog.DiscardHandler), Keys: h.Keys, Blobs: h.Blobs}
	if past.DB, err = db.Open(ctx, h.Config.DatabaseURL(), db.Options{Clock: clock.Now, Keys: h.salts}); err != nil {
		return &Unavailable{"the database", err}
	}
	defer past.Close() //nolint:errcheck // everything is committed
	if err := past.FoundShop(ctx); err != nil {
		return err
	}
	s, err := past.wire(nil)
	if err != nil {
		return err
	}
	p := newParts()
	running := []*part{p.start("relay", s.relay.Run), p.start("tail", s.tail.Run)} // on PostgreSQL the relay gives positions
	defer func() {
		for _, one := range running {
			_ = one.stop()
		}
	}()
	return demo.Tell(ctx, demo.Shop{
		DB: past.DB, Clock: clock, Accounts: s.accounts, Orders: s.orders, Cases: s.cases, Evidence: s.photos, Products: past.Products(),
		Messages: &message.Service{Files: s.photos}, Ratings: &rating.Service{Store: past.DB},
		Settle: s.settle, Progress: progress,
	}, today)
}

// settle does what is due, until neither a job nor a follower has more to do.
func (s *services) settle(ctx context.Context) error {
	for {
		if _, err := s.queue.RunDue(ctx); err != nil {
			return err
		}
		if err := s.numbered(ctx); err != nil {
			return err
		}
		if err := s.followers.CatchUp(ctx); err != nil {
			return err
		}
		if n, err := s.queue.RunDue(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// numbered waits until every event has its position.
func (s *services) numbered(ctx context.Context) error {
	for {
		relay, err := s.relay.Status(ctx)
		if err != nil || !relay.Waiting {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(3 * time.Millisecond):
		}
	}
}
