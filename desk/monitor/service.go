package monitor

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

// Service has audits run by one elected process.
type Service struct {
	Store *db.DB
	Log   *slog.Logger
	Owner string // the tenant that may see and ask

	Sealed *seal.Log // what is looked at, and whose keys are changed here
	// Audit compares everything; before is nil at the first run.
	Audit func(ctx context.Context, before *seal.Seen, files bool, progress func(done, of int64)) (seal.Report, error)
	Pause time.Duration // between looks for work, 2 s when 0
}

// Ask has the log audited soon. A run that waits or runs already is returned
// instead of a second one.
func (s *Service) Ask(ctx context.Context, tx *db.Tx, by actor.Actor, files bool) (Run, error) {
	if by.Tenant != s.Owner {
		return Run{}, ErrElsewhere
	}
	r, any, err := open(ctx, tx)
	if err != nil || any {
		return r, err
	}
	r = Run{Tenant: s.Owner, ID: id.New("aud"), State: Waiting, Files: files, By: by.Name, AskedAt: tx.Now}
	if err := insert(ctx, tx, r); err != nil {
		return Run{}, fmt.Errorf("ask for an audit: %w", err)
	}
	return r, nil
}

// Page lists the last runs, the newest first.
func (s *Service) Page(ctx context.Context, tx *db.Tx, by actor.Actor) ([]Run, error) {
	if by.Tenant != s.Owner {
		return nil, nil
	}
	return page(ctx, tx, s.Owner, kept)
}

// Run audits when asked, and once a day, whenever this process is the elected one.
func (s *Service) Run(ctx context.Context) error {
	event.Lead(ctx, s.Store, s.Log, "monitor", 10*time.Second, s.lead)
	return nil
}

func (s *Service) lead(ctx context.Context) error {
	pause := s.Pause
	if pause == 0 {
		pause = 2 * time.Second
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		if err := s.Next(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// Next works on the run whose turn it is, if there is one. A run whose process
// died begins anew.
func (s *Service) Next(ctx context.Context) error {
	var r Run
	var any bool
	err := s.Store.Write(ctx, func(tx *db.Tx) (err error) {
		if r, any, err = open(ctx, tx); err != nil || any {
			return err
		}
		last, err := page(ctx, tx, s.Owner, 1)
		if err != nil || len(last) == 1 && tx.Now.Sub(last[0].AskedAt) < Daily {
			return err
		}
		r, any = Run{Tenant: s.Owner, ID: id.New("aud"), State: Waiting, AskedAt: tx.Now}, true
		return insert(ctx, tx, r)
	})
	if err != nil || !any {
		return err
	}
	return s.work(ctx, r)
}

func (s *Service) work(ctx context.Context, r Run) error {
	before, err := s.before(ctx)
	if err != nil {
		return err
	}
	r.State = Running
	if err := s.keep(ctx, r); err != nil {
		return err
	}
	told := time.Now()
	report, problem := s.Audit(ctx, before, r.Files, func(done, of int64) {
		r.Done, r.Of = done, of
		if time.Since(told) > 500*time.Millisecond {
			told = time.Now()
			_ = s.keep(ctx, r) // how far it is can be told with the next step
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.State, r.EndedAt = Ended, s.Store.Now()
	switch {
	case problem != nil:
		r.State, r.Problem = Failed, problem.Error()
		s.Log.WarnContext(ctx, "the audit of the sealed log could not be finished", "err", problem)
	default:
		if r.Report, err = json.Marshal(report); err != nil {
			return err
		}
		if report.Count > 0 {
			s.Log.ErrorContext(ctx, "the audit of the sealed log found differences", "count", report.Count, "first", report.Findings[0].Text)
			break
		}
		seen, err := json.Marshal(report.Seen)
		if err != nil {
			return err
		}
		r.Seen = string(seen)
	}
	return s.keep(ctx, r)
}

// before is what the last run without findings saw.
func (s *Service) before(ctx context.Context) (*seal.Seen, error) {
	var text string
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) { text, err = lastSeen(ctx, tx, s.Owner); return err })
	if err != nil || text == "" {
		return nil, err
	}
	var seen seal.Seen
	if err := json.Unmarshal([]byte(text), &seen); err != nil {
		return nil, fmt.Errorf("what the last audit has kept cannot be read: %w", err)
	}
	return &seen, nil
}

func (s *Service) keep(ctx context.Context, r Run) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		if err := save(ctx, tx, r); err != nil || r.EndedAt.IsZero() {
			return err
		}
		return tidy(ctx, tx, r)
	})
}
