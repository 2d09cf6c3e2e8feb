package evidence

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
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
