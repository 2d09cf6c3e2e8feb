package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/sync/semaphore"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// Service has the verbs on photos.
type Service struct {
	db    *db.DB
	blobs *blob.Store
	// decoding bounds the memory that pictures take: two at once, or one large.
	decoding *semaphore.Weighted

	queue *job.Queue

	// Scan looks for malware; without it files are shown unscanned.
	Scan Scanner
	// CanSee refuses a case that the actor may not see. It is the case
	// capability's; without it nobody sees another's photo.
	CanSee func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) error
}

// New makes a service that keeps its files in a store of its own.
func New(d *db.DB, blobs *blob.Store) *Service {
	return &Service{db: d, blobs: blobs, decoding: semaphore.NewWeighted(2)}
}

// Attach makes files part of a case and announces their digests. They must be
// the actor's own (ErrUnknown), in no other case (ErrAttached) and without
// malware (ErrHarmful), and the case must have room (ErrFull); attaching twice
// is harmless. No files is no error.
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
	if err := room(ctx, tx, by, caseID, photos); err != nil {
		return err
	}
	slices.SortFunc(photos, func(a, b Photo) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	fact := Attached{}
	for _, p := range photos {
		fact.Photos = append(fact.Photos, AttachedPhoto{ID: p.ID, SHA256: p.SHA256})
	}
	return event.Append(ctx, tx, by, event.About{Stream: "photo", Subject: caseID}, fact)
}

// room refuses malware, and more files than a case can take.
func room(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, added []Photo) error {
	for _, p := range added {
		if p.Scan == ScanFound {
			return ErrHarmful.With("photo", p.ID)
		}
	}
	all, own, err := extents(ctx, tx, by.Tenant, caseID)
	if err != nil {
		return fmt.Errorf("attach photos to case %s: %w", caseID, err)
	}
	if err := all.over(most); err != nil || by.Kind != actor.Customer {
		return err
	}
	return own.over(mostOfCustomer)
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

// Kinds tells what files are, by their ids; an id that is unknown is left out.
func Kinds(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	all := map[string]string{}
	for _, one := range ids {
		p, err := byID(ctx, tx, tenant, one)
		if isUnknown(err) || !wellFormed(one) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("kind of photo %s: %w", one, err)
		}
		all[one] = p.Kind
	}
	return all, nil
}

func isUnknown(err error) bool { return errors.Is(err, ErrUnknown) }

// ByCase lists the photos of a case in the order they were uploaded.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Photo, error) {
	return byCase(ctx, tx, tenant, caseID)
}
