package cases

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/opening"
)

// keeping is the calendar by which a deadline of a case counts, if any: the
// seller's for what the seller has to do, else the shop's. Those of customers
// have none, nor what the law wanted done before now.
func (s *Service) keeping(ctx context.Context, tx *db.Tx, c *Case, timer string) (own opening.Calendar, counts bool, err error) {
	law := db.Time(c.Detail.RefundDue)
	if s.Hours == nil || timer == "" || !law.IsZero() && !law.After(tx.Now) {
		return own, false, nil
	}
	return s.Hours(ctx, tx, c.Tenant, c.Seller, timer)
}

// pause keeps what is left of the running deadline until its state comes again:
// nobody's time runs while the others talk.
func (s *Service) pause(ctx context.Context, tx *db.Tx, c *Case) error {
	if c.Timer == "" {
		return nil
	}
	p, err := s.rest(ctx, tx, c, c.Timer, c.Deadline, time.Minute)
	if err != nil {
		return err
	}
	c.Detail.Paused = append(c.Detail.Paused, p)
	c.Timer, c.Deadline = "", time.Time{}
	return nil
}

// rest is what is left of a deadline: open hours of the desk where it counts
// those.
func (s *Service) rest(ctx context.Context, tx *db.Tx, c *Case, timer string, until time.Time, least time.Duration) (Paused, error) {
	p := Paused{Name: timer, Left: max(until.Sub(tx.Now), least)}
	own, counts, err := s.keeping(ctx, tx, c, timer)
	if err != nil || !counts || own.Mode != opening.Worked {
		return p, err
	}
	left, err := own.Left(tx.Now, until)
	p.Left, p.Worked = max(left, least), true
	return p, err
}

// resumed is when a deadline ends that runs on with what was left of it, by the
// calendar as it is now. What was left of the clock is not stretched to open
// hours, and no day of the law is moved.
func (s *Service) resumed(ctx context.Context, tx *db.Tx, c *Case, p Paused) (time.Time, error) {
	at := tx.Now.Add(p.Left)
	own, counts, err := s.keeping(ctx, tx, c, p.Name)
	if err != nil || !counts {
		return at, err
	}
	if !p.Worked {
		own.Mode = opening.Wait
	}
	at, err = own.After(tx.Now, p.Left)
	_, at, err = c.lawful(tx.Now)(p.Name, at, err)
	return at, err
}

// Running are the deadlines of one kind that run now, of a seller or of all, the
// nearest first and up to a limit, and how many there are of each seller.
func Running(ctx context.Context, tx *db.Tx, tenant, seller, timer string, limit int) ([]opening.Deadline, map[string]int64, error) {
	by, err := runningCount(ctx, tx, tenant, seller, timer)
	if err != nil || len(by) == 0 {
		return nil, nil, err
	}
	all, err := running(ctx, tx, tenant, seller, timer, limit)
	return all, by, err
}
