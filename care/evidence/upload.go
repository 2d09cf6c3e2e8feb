package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// Upload keeps a file for an actor. It opens its own transaction, because
// reading and drawing a picture must not happen inside one. Sending the same
// file again before it is attached gives the same photo. It fails with ErrType,
// ErrSize, ErrPixels, ErrBroken, ErrLong, ErrActive and ErrMany.
func (s *Service) Upload(ctx context.Context, by actor.Actor, body io.Reader) (Photo, error) {
	file, err := spooled(body)
	if err != nil {
		return Photo{}, err
	}
	return s.upload(ctx, by, file, func(*db.Tx, Photo) error { return nil })
}

// upload keeps a file that is on the disk, which it removes from there; then is
// the last thing in the same transaction.
func (s *Service) upload(ctx context.Context, by actor.Actor, file string, then func(tx *db.Tx, p Photo) error) (Photo, error) {
	defer os.Remove(file)
	stored, err := s.store(ctx, file)
	if err != nil {
		return Photo{}, err
	}
	var p Photo
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = s.keep(ctx, tx, by, stored); err != nil {
			return err
		}
		return then(tx, p)
	})
	if err != nil {
		return Photo{}, fmt.Errorf("upload photo: %w", err)
	}
	return p, nil
}

// keep writes who has uploaded a stored file, once for the same file, and has it
// looked at for malware.
func (s *Service) keep(ctx context.Context, tx *db.Tx, by actor.Actor, p Photo) (Photo, error) {
	p.ID, p.Tenant, p.OwnerKind, p.OwnerID, p.CreatedAt, p.Scan = id.New("pho"), by.Tenant, by.Kind, by.ID, tx.Now, ScanNone
	same, count, err := loose(ctx, tx, p)
	switch {
	case err != nil:
		return p, err
	case same != "":
		return byID(ctx, tx, by.Tenant, same)
	case count >= maxLoose:
		return p, ErrMany.With("limit", maxLoose)
	}
	if s.Scan != nil && s.queue != nil {
		p.Scan = ScanWaiting
		if err := s.queue.Enqueue(ctx, tx, job.New{Tenant: p.Tenant, Kind: "evidence.scan", Key: p.ID, Args: scanArgs{p.ID}}); err != nil {
			return p, err
		}
	}
	return p, insert(ctx, tx, p)
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

// store checks a file by its content and keeps it with what is shown of it.
func (s *Service) store(ctx context.Context, file string) (Photo, error) {
	f, err := os.Open(file)
	if err != nil {
		return Photo{}, fmt.Errorf("upload photo: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Photo{}, fmt.Errorf("upload photo: %w", err)
	}
	head := make([]byte, 64)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Photo{}, fmt.Errorf("upload photo: %w", err)
	}
	if o, ok := sniffOther(head[:n]); ok {
		return s.storeOther(ctx, f, info.Size(), o)
	}
	if _, ok := sniff(head[:n]); !ok {
		return Photo{}, ErrType
	}
	if info.Size() > maxBytes {
		return Photo{}, ErrSize.With("limit", maxBytes)
	}
	return s.storePicture(ctx, file)
}

// storeOther keeps a file that is not drawn anew, and a copy without what
// others must not see.
func (s *Service) storeOther(ctx context.Context, f *os.File, size int64, o other) (Photo, error) {
	if size > o.most {
		return Photo{}, ErrSize.With("limit", o.most)
	}
	found, err := o.look(f, size)
	if err != nil {
		return Photo{}, err
	}
	if found.seconds > maxSeconds {
		return Photo{}, ErrLong.With("seconds", found.seconds).With("limit", maxSeconds)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Photo{}, err
	}
	original, err := s.blobs.Put(ctx, f, size)
	if err != nil {
		return Photo{}, err
	}
	shown := original
	if len(found.hide) > 0 {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return Photo{}, err
		}
		if shown, err = s.blobs.Put(ctx, newMasked(f, found.hide), size); err != nil {
			return Photo{}, err
		}
	}
	return Photo{Kind: o.kind, SHA256: original.Key, Size: original.Size, Media: o.media, Width: found.width, Height: found.height,
		Seconds: found.seconds, View: shown.Key, ViewMedia: o.media, Look: noLook}, nil
}

// storePicture checks and draws a picture while it is the turn of this request,
// and keeps original and view. Who waits for a turn holds no picture in memory.
func (s *Service) storePicture(ctx context.Context, file string) (Photo, error) {
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
	view, look, err := pic.view()
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
	return Photo{Kind: KindPhoto, SHA256: original.Key, Size: original.Size, Media: pic.media, Width: width, Height: height, View: shown.Key,
		ViewMedia: jpegFormat.media, Look: look}, nil
}

func read(file string) (checked, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return checked{}, fmt.Errorf("upload photo: %w", err)
	}
	return check(data)
}
