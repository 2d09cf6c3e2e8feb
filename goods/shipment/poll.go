package shipment

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// How carriers are asked about parcels. A run takes at most pollMost of them,
// pollAtOnce side by side, and stops when its time is up: the rest waits for the
// next run.
const (
	pollMost   = 200
	pollAtOnce = 4
	pollTime   = 25 * time.Second
	pollCall   = 8 * time.Second
	pollOften  = 30 * time.Minute
	pollSeldom = 6 * time.Hour
	pollTrust  = 5 * time.Minute // the wait after a first failure; it doubles
	pollAge    = 90 * 24 * time.Hour
	mostScans  = 300
)

// watch has a parcel followed by the adapter that carries it, if there is one.
func (s *Service) watch(ctx context.Context, tx *db.Tx, p Parcel) error {
	if len(s.Carriers) == 0 && s.Own == nil {
		return nil
	}
	adapter, err := s.carrying(ctx, tx, p)
	if err != nil {
		return err
	}
	if adapter.Carrier == nil {
		return unfollow(ctx, tx, p.Tenant, p.ID)
	}
	if err := follow(ctx, tx, p.Tenant, p.ID, adapter.Name(), adapter.Account); err != nil {
		return fmt.Errorf("following parcel %s: %w", p.ID, err)
	}
	return nil
}

func (s *Service) poll(ctx context.Context, _ job.Job) error {
	end := time.Now().Add(pollTime)
	for asked := 0; asked < pollMost && time.Now().Before(end) && ctx.Err() == nil; {
		var due []followed
		err := s.Store.Write(ctx, func(tx *db.Tx) (err error) {
			due, err = pick(ctx, tx, 4*pollAtOnce, tx.Now.Add(pollTrust))
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		asked += len(due)
		var wg sync.WaitGroup
		slots := make(chan struct{}, pollAtOnce)
		for _, f := range due {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				if err := s.ask(ctx, f); err != nil && s.Log != nil && ctx.Err() == nil {
					s.Log.WarnContext(ctx, "parcel could not be followed", "parcel", f.parcel, "carrier", f.carrier, "failures", f.failures, "err", err)
				}
			})
		}
		wg.Wait()
	}
	return nil
}

// ask asks about one parcel and settles when to ask again.
func (s *Service) ask(ctx context.Context, f followed) error {
	var p Parcel
	var adapter Carrier
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		if adapter, err = s.kept(ctx, tx, f.tenant, f.carrier, f.account); err != nil {
			return err
		}
		if p, err = byID(ctx, tx, f.tenant, f.parcel); err == nil {
			p.Scans, err = scans(ctx, tx, f.tenant, f.parcel)
		}
		return err
	})
	if err != nil {
		return err
	}
	if adapter == nil && !p.State.Final() && p.State != Cancelled { // the account is gone: another may carry it
		return s.Store.Write(ctx, func(tx *db.Tx) error { return s.watch(ctx, tx, p) })
	}
	if adapter == nil || p.State.Final() || p.State == Cancelled || s.Store.Now().Sub(f.since) > pollAge {
		return s.Store.Write(ctx, func(tx *db.Tx) error { return unfollow(ctx, tx, f.tenant, f.parcel) })
	}
	limited, cancel := context.WithTimeout(ctx, pollCall)
	defer cancel()
	r, failed := adapter.Track(limited, Watch{Tenant: f.tenant, Carrier: p.Carrier, Tracking: p.Tracking, Phone: p.To.Phone, Mark: f.mark})
	if r.Mark != "" {
		f.mark = r.Mark
	}
	wait := max(idle(p, r.Scans, s.Store.Now(), f.since), r.Again)
	if f.failures++; failed == nil {
		f.failures = 0
	} else {
		wait = min(pollTrust<<min(f.failures-1, 10), 2*pollSeldom)
		if slow, ok := errors.AsType[*Slow](failed); ok {
			wait = max(wait, min(slow.Until, 24*time.Hour))
		}
	}
	ctx = context.WithoutCancel(ctx)
	err = s.Store.Write(ctx, func(tx *db.Tx) error {
		if err := s.told(ctx, tx, s.hand(f.tenant, p.Carrier), p.Tracking, r.Scans); err != nil {
			return err
		}
		return again(ctx, tx, f, tx.Now.Add(wait))
	})
	return errors.Join(failed, err)
}

// idle is the usual wait: the longer nothing happened, the longer.
func idle(p Parcel, fresh []Scan, now, since time.Time) time.Duration {
	last := since
	for _, sc := range append(p.Scans, fresh...) {
		if sc.At.After(last) {
			last = sc.At
		}
	}
	return min(max(now.Sub(last)/8, pollOften), pollSeldom)
}

// told reports several scans of one parcel.
func (s *Service) told(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, all []Scan) error {
	if len(all) > mostScans {
		all = all[len(all)-mostScans:]
	}
	for _, sc := range all {
		if err := s.report(ctx, tx, by, tracking, sc); err != nil {
			return err
		}
	}
	return nil
}

// report brings a carrier's scan to the case. What is not our parcel, or no
// possible scan, is not the carrier's to repeat: it is left out.
func (s *Service) report(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc Scan) (err error) {
	sc.Note, sc.Place = tidy(sc.Note, 500), tidy(sc.Place, 200)
	if s.Scanned != nil {
		err = s.Scanned(ctx, tx, by, tracking, sc)
	} else {
		_, _, err = s.Scan(ctx, tx, by, tracking, sc)
	}
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	if errors.Is(err, ErrScan) {
		if s.Log != nil {
			s.Log.WarnContext(ctx, "carrier's scan is not possible", "status", sc.Status, "at", sc.At, "err", err)
		}
		return nil
	}
	return err
}

// tidy makes a carrier's words fit for one line.
func tidy(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsControl(r) || r == ' ' }), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
