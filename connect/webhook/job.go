package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	sendKind  = "webhook.send"
	sweepKind = "webhook.sweep"
)

// Jobs registers the sending. There is at most one job for what waits at an
// endpoint about one subject: so the order of its events is kept.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(sendKind, s.send)
	q.Handle(sweepKind, s.sweep)
	q.Every(sweepKind, time.Minute)
}

type sendArgs struct {
	Endpoint string `json:"endpoint"`
	Subject  string `json:"subject"`
}

// enqueue has a line sent. A line that waits after a failure keeps its time,
// unless a person wants it now.
func (s *Service) enqueue(ctx context.Context, tx *db.Tx, l line, wait bool) error {
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: l.tenant, Kind: sendKind, Key: l.endpoint + "/" + l.subject, Args: sendArgs{l.endpoint, l.subject}, Keep: wait, MaxAttempts: 100_000})
}

// sweep finds what waits without a job: an event that came in the moment in
// which the job of its line ended. It also forgets old deliveries.
func (s *Service) sweep(ctx context.Context, tx *db.Tx, _ job.Job) error {
	if err := s.sweepTenant(ctx, tx, ""); err != nil {
		return err
	}
	return forget(ctx, tx, tx.Now.Add(-keep))
}

func (s *Service) sweepTenant(ctx context.Context, tx *db.Tx, tenantID string) error {
	found, err := lines(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	for _, l := range found {
		if err := s.enqueue(ctx, tx, l, true); err != nil {
			return err
		}
	}
	return nil
}

// errAgain ends a job that has to come back.
var errAgain = errors.New("the receiver did not take it")

// send delivers a line, oldest first, until it is empty, an attempt fails or
// the time of the job is over.
func (s *Service) send(ctx context.Context, j job.Job) error {
	var args sendArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	until := time.Now().Add(20 * time.Second)
	for {
		var e Endpoint
		var d Delivery
		var found bool
		err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
			if e, err = byID(ctx, tx, j.Tenant, args.Endpoint); err != nil {
				return err
			}
			d, found, err = oldest(ctx, tx, j.Tenant, args.Endpoint, args.Subject)
			return err
		})
		if errors.Is(err, ErrUnknown) {
			return nil
		}
		if err != nil {
			return err
		}
		if !found || e.State != Active {
			return nil
		}
		gone, err := s.attempt(ctx, e, &d)
		if err != nil {
			return err
		}
		if err := s.keep(ctx, e, d, gone); err != nil {
			return err
		}
		switch {
		case d.State == Waiting && !gone:
			return fmt.Errorf("%w: %s", errAgain, d.Error)
		case time.Now().After(until):
			return s.Store.Write(ctx, func(tx *db.Tx) error {
				if err := s.Queue.Finish(ctx, tx, j); err != nil {
					return err
				}
				return s.enqueue(ctx, tx, line{j.Tenant, args.Endpoint, args.Subject}, true)
			})
		}
	}
}

// attempt sends a delivery once and notes in it what came of that. gone is the
// receiver's wish to be told nothing more.
func (s *Service) attempt(ctx context.Context, e Endpoint, d *Delivery) (gone bool, err error) {
	now := s.Store.Now()
	secrets, err := s.secrets(e, now)
	if err != nil {
		return false, err
	}
	signed, err := signature(d.Event, now, d.Body, secrets...)
	if err != nil {
		return false, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, strings.NewReader(d.Body))
	if err != nil {
		return false, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Aftercare-Webhooks/1")
	r.Header.Set("webhook-id", d.Event)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	r.Header.Set("webhook-signature", signed)
	began := time.Now()
	d.Attempts++
	d.TriedAt, d.Status, d.Answer, d.Error = now, 0, "", ""
	answer, err := s.http.Do(r)
	if err != nil {
		d.Error = problem(err)
	} else {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
		_ = answer.Body.Close()
		d.Status, d.Answer = int64(answer.StatusCode), shortened(text)
		if answer.StatusCode < 200 || answer.StatusCode > 299 {
			d.Error = "answered " + strconv.Itoa(answer.StatusCode)
		}
		gone = answer.StatusCode == http.StatusGone
	}
	d.Took = time.Since(began).Milliseconds()
	switch {
	case d.Error == "":
		d.State = Delivered
	case d.Attempts >= mostAttempts, d.Kind == ping:
		d.State = Failed
	}
	return gone, nil
}

// secrets are what a message is signed with now, the newest first.
func (s *Service) secrets(e Endpoint, now time.Time) (all []string, err error) {
	sealed := [][]byte{e.Secret}
	if len(e.OldSecret) > 0 && now.Before(e.OldUntil) {
		sealed = append(sealed, e.OldSecret)
	}
	for _, one := range sealed {
		plain, err := s.Keys.Open(purpose, e.Tenant+"/"+e.ID, one)
		if err != nil {
			return nil, err
		}
		all = append(all, string(plain))
	}
	return all, nil
}

// keep records an attempt, and stops using an endpoint that has not answered
// for days or wants nothing more.
func (s *Service) keep(ctx context.Context, e Endpoint, d Delivery, gone bool) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		if err := record(ctx, tx, d); err != nil {
			return err
		}
		now, err := byID(ctx, tx, e.Tenant, e.ID)
		if errors.Is(err, ErrUnknown) {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case d.State == Delivered && now.FailingSince.IsZero(), now.State != Active:
			return nil
		case d.State == Delivered:
			return failing(ctx, tx, now, time.Time{})
		case !gone && now.FailingSince.IsZero():
			return failing(ctx, tx, now, tx.Now)
		case !gone && tx.Now.Sub(now.FailingSince) < giveUp:
			return nil
		}
		now.State, now.Why = Disabled, "failing"
		if gone {
			now.Why = "gone"
		}
		if err := updateEndpoint(ctx, tx, &now); err != nil {
			return err
		}
		return announce(ctx, tx, actor.Of(e.Tenant), now, GaveUp{now.Name, now.Why})
	})
}

// problem is why no answer came, without the address of the receiver.
func problem(err error) string {
	if errors.Is(err, errInside) {
		return errInside.Error()
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "no answer in time"
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return shortened([]byte(err.Error()))
}

// shortened is the beginning of an answer as text that every store takes.
func shortened(raw []byte) string {
	text := strings.ReplaceAll(strings.ToValidUTF8(string(raw[:min(len(raw), excerpt)]), "�"), "\x00", "�")
	if !utf8.ValidString(text) {
		return ""
	}
	return text
}
