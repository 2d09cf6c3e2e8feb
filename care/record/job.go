package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

const (
	makeKind  = "record.bundle"
	clearKind = "record.clear"
	mostBytes = 1 << 30                // of a file
	tellEvery = 250 * time.Millisecond // how far it is
	makeTries = 6                      // within about half a minute
)

type makeArgs struct {
	File string `json:"file"`
}

// Ask has the evidence of a case made into a file, by a job. Who asks again
// while it is being made gets the same one. It is announced, because personal
// data leaves the shop with it.
func (s *Service) Ask(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (File, error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return File{}, err
	}
	f, err := unfinished(ctx, tx, by, c.ID)
	if !errors.Is(err, ErrUnknown) {
		return f, err
	}
	f = File{Tenant: c.Tenant, ID: id.New("bdl"), Case: c.ID, By: by, State: Waiting, AskedAt: tx.Now}
	if err := insert(ctx, tx, f); err != nil {
		return File{}, fmt.Errorf("evidence file of case %s: %w", c.ID, err)
	}
	fact := audit.Exported{What: "evidence", Format: "zip", Filter: c.ID}
	if err := event.Append(ctx, tx, by, event.About{Stream: "export", Subject: f.ID, Version: 1}, fact); err != nil {
		return File{}, err
	}
	return f, s.Queue.Enqueue(ctx, tx, job.New{Tenant: f.Tenant, Kind: makeKind, Key: f.ID, Args: makeArgs{f.ID}, MaxAttempts: makeTries})
}

// Made tells how far a file is. Only who asked for it, and still sees the case,
// hears of it; anybody else gets ErrUnknown.
func (s *Service) Made(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, fileID string) (File, error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return File{}, err
	}
	f, err := byID(ctx, tx, by.Tenant, fileID)
	if err == nil && (f.Case != c.ID || f.By.Kind != by.Kind || f.By.ID != by.ID || tx.Now.Sub(f.AskedAt) > keptFor) {
		return File{}, ErrUnknown
	}
	return f, err
}

// Jobs registers making the files, and removing those of yesterday.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(makeKind, s.make)
	q.HandleOutside(clearKind, s.clear)
	q.Every(clearKind, time.Hour)
}

func (s *Service) make(ctx context.Context, j job.Job) error {
	var args makeArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	var f File
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) { f, err = byID(ctx, tx, j.Tenant, args.File); return err })
	if errors.Is(err, ErrUnknown) || err == nil && f.State == Ready {
		return nil
	}
	if err != nil {
		return err
	}
	f.State = Making
	last := j.Attempt >= j.MaxAttempts
	problem := s.write(ctx, &f, last)
	if problem == nil {
		return s.keep(ctx, f)
	}
	known, expected := errors.AsType[*fault.Fault](problem)
	if (!expected || errors.Is(problem, ErrUnsealed) || errors.Is(problem, seal.ErrBegun)) && !last {
		return problem // what happened this second is sealed in the next
	}
	f.State, f.Problem = Failed, "internal"
	if expected {
		f.Problem = known.Code
	}
	return errors.Join(job.Dead(problem), s.keep(ctx, f))
}

// write makes the file and puts it into the store of blobs as it grows. It fails
// with ErrUnsealed while something that happened before it was asked for is not
// sealed; the last time it does so only where nothing is.
func (s *Service) write(ctx context.Context, f *File, last bool) error {
	b, err := s.Bundle(ctx, f.By, f.Case)
	if err != nil {
		return err
	}
	waits := func(e bundle.Event) bool { return e.Proof == nil && e.At <= db.Millis(f.AskedAt) }
	if !last && slices.ContainsFunc(b.Events, waits) {
		return ErrUnsealed
	}
	r, w := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var told time.Time
		w.CloseWithError(bundle.WriteStep(w, b, func(done, all int) error {
			f.Done, f.Of = int64(done), int64(all)
			if time.Since(told) < tellEvery {
				return nil
			}
			told = time.Now()
			return s.keep(ctx, *f)
		}))
	}()
	ref, err := s.Blobs.Put(ctx, r, mostBytes)
	r.CloseWithError(err) // ends the writer where the store gave up
	<-ended
	if err != nil {
		return fmt.Errorf("evidence file of case %s: %w", f.Case, err)
	}
	f.State, f.Blob, f.Size, f.ReadyAt = Ready, ref.Key, ref.Size, s.Store.Now()
	return nil
}

func (s *Service) keep(ctx context.Context, f File) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error { return save(ctx, tx, f) })
}

// clear removes files that nobody can fetch any more: the content first, so that
// a crash in between leaves nothing behind.
func (s *Service) clear(ctx context.Context, _ job.Job) error {
	var gone []File
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) { gone, err = old(ctx, tx, tx.Now.Add(-keptFor)); return err })
	if err != nil {
		return err
	}
	for _, f := range gone {
		if f.Blob != "" {
			if err := s.drop(ctx, f); err != nil {
				return fmt.Errorf("remove evidence file %s: %w", f.ID, err)
			}
		}
		if err := s.Store.Write(ctx, func(tx *db.Tx) error { return remove(ctx, tx, f) }); err != nil {
			return err
		}
	}
	return nil
}

// drop removes the content of a file unless a younger one has the same.
func (s *Service) drop(ctx context.Context, f File) error {
	var keep bool
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		keep, err = needed(ctx, tx, f.Blob, tx.Now.Add(-keptFor))
		return err
	})
	if err != nil || keep {
		return err
	}
	return s.Blobs.Remove(f.Blob, time.Now().Add(-time.Hour))
}
