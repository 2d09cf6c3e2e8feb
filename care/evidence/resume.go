package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
)

// Resumable is an upload that arrives in pieces. Where it goes on is the end of
// what is on the disk; the row says what it is going to be and whose it is.
type Resumable struct {
	ID        string
	Tenant    string
	OwnerKind actor.Kind
	OwnerID   string
	Size      int64
	SHA256    string // announced by the sender; empty where it could not be computed
	Photo     string // what it became, once it is complete
	CreatedAt time.Time
	Offset    int64
}

// Expires is when an upload that is not complete is removed.
func (u Resumable) Expires() time.Time { return u.CreatedAt.Add(looseFor) }

var digest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Begin makes room for a file of a size. It fails with ErrSize, ErrDigest and,
// for who has too much under way, ErrMany.
func (s *Service) Begin(ctx context.Context, tx *db.Tx, by actor.Actor, size int64, sum string) (Resumable, error) {
	if size < 1 || size > maxVideo {
		return Resumable{}, ErrSize.With("limit", maxVideo)
	}
	if sum = strings.ToLower(sum); sum != "" && !digest.MatchString(sum) {
		return Resumable{}, ErrDigest
	}
	count, bytes, err := openUploads(ctx, tx, by)
	if err != nil {
		return Resumable{}, fmt.Errorf("begin upload: %w", err)
	}
	if count >= maxOpen || bytes+size > maxOpenBytes {
		return Resumable{}, ErrMany.With("limit", maxOpen)
	}
	u := Resumable{ID: id.New("upl"), Tenant: by.Tenant, OwnerKind: by.Kind, OwnerID: by.ID, Size: size, SHA256: sum, CreatedAt: tx.Now}
	if err := insertUpload(ctx, tx, u); err != nil {
		return Resumable{}, fmt.Errorf("begin upload: %w", err)
	}
	return u, nil
}

// Resume tells how far an upload of the actor has come; any other is ErrUpload.
func (s *Service) Resume(ctx context.Context, by actor.Actor, upload string) (u Resumable, err error) {
	if !wellFormed(upload) || by.ID == "" {
		return u, ErrUpload
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		u, err = uploadByID(ctx, tx, by, upload)
		return err
	})
	if err != nil {
		return u, err
	}
	if u.Photo != "" {
		u.Offset = u.Size
		return u, nil
	}
	u.Offset, err = s.blobs.PartSize(u.ID)
	return u, err
}

// Continue adds a piece that begins where the last one ended (ErrOffset). It
// opens its own transactions. With the last piece the file is checked as a
// whole: a file that is not what was announced (ErrDigest), or is of no accepted
// kind or size, is removed and its refusal returned.
func (s *Service) Continue(ctx context.Context, by actor.Actor, upload string, at int64, piece io.Reader) (Resumable, error) {
	u, err := s.Resume(ctx, by, upload)
	if err != nil {
		return u, err
	}
	if at != u.Offset {
		return u, ErrOffset.With("offset", u.Offset)
	}
	if u.Photo != "" {
		return u, nil
	}
	u.Offset, err = s.blobs.Append(ctx, u.ID, at, u.Size, piece)
	switch {
	case errors.Is(err, blob.ErrOffset):
		return u, ErrOffset.With("offset", u.Offset)
	case errors.Is(err, blob.ErrTooLarge):
		return u, ErrSize.With("limit", u.Size)
	case err != nil:
		return u, err
	case u.Offset < u.Size:
		return u, nil
	}
	return s.Finish(ctx, by, u)
}

// Finish makes a file of an upload that has arrived; doing it twice is harmless.
func (s *Service) Finish(ctx context.Context, by actor.Actor, u Resumable) (Resumable, error) {
	if u.Photo != "" || u.Offset < u.Size {
		return u, nil
	}
	p, err := s.whole(ctx, u)
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Invalid {
		return u, errors.Join(err, s.Cancel(ctx, by, u.ID))
	}
	if err != nil {
		return u, fmt.Errorf("upload %s: %w", u.ID, err)
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		kept, err := s.keep(ctx, tx, by, p)
		if err != nil {
			return err
		}
		u.Photo = kept.ID
		return finishUpload(ctx, tx, u)
	})
	if err != nil {
		return u, fmt.Errorf("upload %s: %w", u.ID, err)
	}
	return u, s.blobs.DropPart(u.ID)
}

// whole checks what arrived and stores it.
func (s *Service) whole(ctx context.Context, u Resumable) (Photo, error) {
	f, err := s.blobs.OpenPart(u.ID)
	if err != nil {
		return Photo{}, err
	}
	defer f.Close()
	if u.SHA256 != "" {
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return Photo{}, err
		}
		if got := hex.EncodeToString(sum.Sum(nil)); got != u.SHA256 {
			return Photo{}, ErrDigest.With("sha256", got)
		}
	}
	return s.store(ctx, f.Name())
}

// Cancel removes an upload and what arrived of it. What it became stays.
func (s *Service) Cancel(ctx context.Context, by actor.Actor, upload string) error {
	u, err := s.Resume(ctx, by, upload)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error { return removeUpload(ctx, tx, u.Tenant, u.ID) })
	if err != nil {
		return fmt.Errorf("cancel upload %s: %w", u.ID, err)
	}
	return s.blobs.DropPart(u.ID)
}
