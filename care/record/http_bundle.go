package record

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// BundleView is how far an evidence file is.
type BundleView struct {
	ID      string     `json:"id"`
	State   string     `json:"state" enum:"waiting,making,ready,failed"`
	Problem string     `json:"problem,omitempty" doc:"Code of what made it fail"`
	Done    int64      `json:"done" doc:"Entries of the file that are written"`
	Of      int64      `json:"of" doc:"Of how many; 0 while that is not known"`
	Size    int64      `json:"size,omitempty" doc:"Bytes, once it is ready"`
	AskedAt time.Time  `json:"asked_at"`
	ReadyAt *time.Time `json:"ready_at,omitempty"`
	Until   time.Time  `json:"until" doc:"How long it can be fetched"`
}

func bundleView(f File) *bundleOut {
	v := BundleView{ID: f.ID, State: f.State, Problem: f.Problem, Done: f.Done, Of: f.Of, Size: f.Size, AskedAt: f.AskedAt, Until: f.AskedAt.Add(keptFor)}
	if !f.ReadyAt.IsZero() {
		v.ReadyAt = &f.ReadyAt
	}
	return &bundleOut{v}
}

type bundleOut struct{ Body BundleView }

func (s *Service) ask(ctx context.Context, tx *db.Tx, by actor.Actor, in *caseIn) (*bundleOut, error) {
	if err := mayTake(by); err != nil {
		return nil, err
	}
	f, err := s.Ask(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return bundleView(f), nil
}

type bundleIn struct {
	ID   string `path:"id" doc:"Case id"`
	File string `path:"file" doc:"Id of the evidence file"`
}

func (s *Service) made(ctx context.Context, tx *db.Tx, by actor.Actor, in *bundleIn) (*bundleOut, error) {
	if err := mayTake(by); err != nil {
		return nil, err
	}
	f, err := s.Made(ctx, tx, by, in.ID, in.File)
	if err != nil {
		return nil, err
	}
	return bundleView(f), nil
}

func (s *Service) fetch(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	if err := mayTake(by); err != nil {
		return err
	}
	var f File
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = s.Made(ctx, tx, by, r.PathValue("id"), r.PathValue("file"))
		return err
	})
	if err != nil {
		return err
	}
	if f.State != Ready {
		return ErrNotReady.With("state", f.State)
	}
	content, err := s.Blobs.Open(ctx, f.Blob)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // it was only read
	zipHeader(w, f.Case)
	w.Header().Set("Content-Length", strconv.FormatInt(f.Size, 10))
	_, err = io.Copy(w, content)
	return err
}

func zipHeader(w http.ResponseWriter, caseID string) {
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="evidence-`+caseID+`.zip"`)
	h.Set("Cache-Control", "no-store")
}
