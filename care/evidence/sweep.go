package evidence

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Sweep removes photos that were uploaded a day ago and never attached: first
// from sight, then their files, then their rows, so that a crash in between
// loses nothing and leaves nothing. A file that another photo has too stays.
func (s *Service) Sweep(ctx context.Context) (removed int, err error) {
	var gone []Photo
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		gone, err = retire(ctx, tx, tx.Now.Add(-looseFor), 500)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sweep photos: %w", err)
	}
	for _, p := range gone {
		for _, key := range []string{p.SHA256, p.View} {
			if err := s.drop(ctx, key); err != nil {
				return removed, fmt.Errorf("sweep photo %s: %w", p.ID, err)
			}
		}
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return remove(ctx, tx, p) }); err != nil {
			return removed, fmt.Errorf("sweep photo %s: %w", p.ID, err)
		}
		removed++
	}
	if err := s.sweepUploads(ctx); err != nil {
		return removed, fmt.Errorf("sweep uploads: %w", err)
	}
	return removed, nil
}

// sweepUploads forgets uploads of yesterday, and what arrived of them.
func (s *Service) sweepUploads(ctx context.Context) error {
	var old []Resumable
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		old, err = oldUploads(ctx, tx, tx.Now.Add(-looseFor), 500)
		return err
	})
	if err != nil {
		return err
	}
	for _, u := range old {
		if err := s.blobs.DropPart(u.ID); err != nil {
			return err
		}
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return removeUpload(ctx, tx, u.Tenant, u.ID) }); err != nil {
			return err
		}
	}
	return nil
}

// drop removes a file that no photo needs. One that was put during the last
// hour stays: its photo may be about to be written.
func (s *Service) drop(ctx context.Context, key string) error {
	var keep bool
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		keep, err = needed(ctx, tx, key)
		return err
	})
	if err != nil || keep {
		return err
	}
	return s.blobs.Remove(key, time.Now().Add(-time.Hour))
}
