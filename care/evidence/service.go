package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Upload keeps a picture for an actor. It opens its own transaction, because
// reading and drawing a picture must not happen inside one. Sending the same
// file again before it is attached gives the same photo. It fails with ErrType,
// ErrPixels, ErrBroken and ErrMany.
func (s *Service) Upload(ctx context.Context, by actor.Actor, body io.Reader) (Photo, error) {
	file, err := spooled(body)
	if err != nil {
		return Photo{}, err
	}
	defer os.Remove(file)
	p, err := s.store(ctx, file)
	if err != nil {
		return Photo{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p.ID, p.Tenant, p.OwnerKind, p.OwnerID, p.CreatedAt = id.New("pho"), by.Tenant, by.Kind, by.ID, tx.Now
		same, count, err := loose(ctx, tx, p)
		switch {
		case err != nil:
			return err
		case same != "":
			p, err = byID(ctx, tx, by.Tenant, same)
			return err
		case count >= maxLoose:
			return ErrMany.With("limit", maxLoose)
		}
		return insert(ctx, tx, p)
	})
	if err != nil {
		return Photo{}, fmt.Errorf("upload photo: %w", err)
	}
	return p, nil
}

// spooled takes the body to disk, so that slow senders hold no memory. Their
// limit is the route's.
func spooled(body io.Reader) (string, error) {
	f, err := os.CreateTemp("", "photo-*")
	if err != nil {
		return "", fmt.Errorf("upload photo: %w", err)
	}
	defer f.Close()
	if _, err := io.Copy(f, body); err != nil {
		_ = os.Remove(f.Name())
		return "", fmt.Errorf("upload photo: %w", err)
	}
	return f.Name(), nil
}

// store checks and draws a picture while it is the turn of this request, and
// keeps original and view. Who waits for a turn holds no picture in memory.
func (s *Service) store(ctx context.Context, file string) (Photo, error) {
	var pic checked
	turns := int64(1)
	for {
		if err := s.decoding.Acquire(ctx, turns); err != nil {
			return Photo{}, err
		}
		var err error
		if pic, err = read(file); err != nil {
			s.decoding.Release(turns)
			return Photo{}, err
		}
		if turns == 2 || pic.width*pic.height <= maxPixels/3 {
			break
		}
		s.decoding.Release(turns) // it takes the memory of two: wait for both
		turns = 2
	}
	defer s.decoding.Release(turns)
	view, err := pic.view()
	if err != nil {
		return Photo{}, err
	}
	original, err := s.blobs.Put(ctx, bytes.NewReader(pic.data), int64(len(pic.data)))
	if err != nil {
		return Photo{}, err
	}
	shown, err := s.blobs.Put(ctx, bytes.NewReader(view), int64(len(view)))
	if err != nil {
		return Photo{}, err
	}
	width, height := pic.upright()
	return Photo{SHA256: original.Key, Size: original.Size, Media: pic.media, Width: width, Height: height, View: shown.Key}, nil
}

func read(file string) (checked, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return checked{}, fmt.Errorf("upload photo: %w", err)
	}
	return check(data)
}

// Attach makes photos part of a case and announces their digests. They must be
// the actor's own (ErrUnknown) and in no other case (ErrAttached); attaching
// twice is harmless. No photos is no error.
func (s *Service) Attach(ctx context.Context, tx *db.Tx, by actor.Actor, ids []string, caseID string) error {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil
	}
	if len(ids) > maxAttach {
		return ErrMany.With("limit", maxAttach)
	}
	for _, one := range ids {
		if !wellFormed(one) {
			return ErrUnknown.With("photo", strings.ToValidUTF8(one, "?"))
		}
	}
	photos, err := attach(ctx, tx, by, ids, caseID)
	if err != nil {
		return fmt.Errorf("attach photos to case %s: %w", caseID, err)
	}
	if len(photos) < len(ids) {
		return s.refused(ctx, tx, by, ids, photos)
	}
	slices.SortFunc(photos, func(a, b Photo) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	fact := Attached{}
	for _, p := range photos {
		fact.Photos = append(fact.Photos, AttachedPhoto{ID: p.ID, SHA256: p.SHA256})
	}
	return event.Append(ctx, tx, by, event.About{Stream: "photo", Subject: caseID}, fact)
}

// refused says why the first photo that was not attached was not.
func (s *Service) refused(ctx context.Context, tx *db.Tx, by actor.Actor, ids []string, attached []Photo) error {
	for _, one := range ids {
		if slices.ContainsFunc(attached, func(p Photo) bool { return p.ID == one }) {
			continue
		}
		p, err := byID(ctx, tx, by.Tenant, one)
		if err != nil && !errors.Is(err, ErrUnknown) {
			return err
		}
		if err == nil && p.mine(by) {
			return ErrAttached.With("photo", one)
		}
		return ErrUnknown.With("photo", one)
	}
	return ErrUnknown
}

// wellFormed keeps ids away from the store that it could not even look up.
func wellFormed(id string) bool {
	return len(id) <= 64 && utf8.ValidString(id) && !strings.ContainsRune(id, 0)
}

func (p Photo) mine(by actor.Actor) bool {
	return p.Tenant == by.Tenant && p.OwnerKind == by.Kind && p.OwnerID == by.ID && by.ID != ""
}

// ByID returns a photo that the actor uploaded, or that belongs to a case the
// actor may see; any other is ErrUnknown.
func (s *Service) ByID(ctx context.Context, tx *db.Tx, by actor.Actor, photo string) (Photo, error) {
	if !wellFormed(photo) {
		return Photo{}, ErrUnknown
	}
	p, err := byID(ctx, tx, by.Tenant, photo)
	if err != nil || p.mine(by) {
		return p, err
	}
	if p.Case == "" || s.CanSee == nil {
		return Photo{}, ErrUnknown
	}
	err = s.CanSee(ctx, tx, by, p.Case)
	if f, ok := errors.AsType[*fault.Fault](err); ok && (f.Kind == fault.Missing || f.Kind == fault.Denied) {
		return Photo{}, ErrUnknown
	}
	return p, err
}

// CaseOf tells which case a photo belongs to, empty while it belongs to none.
func CaseOf(ctx context.Context, tx *db.Tx, tenant, photo string) (string, error) {
	p, err := byID(ctx, tx, tenant, photo)
	return p.Case, err
}

// ByCase lists the photos of a case in the order they were uploaded.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Photo, error) {
	return byCase(ctx, tx, tenant, caseID)
}

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
	return removed, nil
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
