package record

import (
	"cmp"
	"context"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/seal/bundle"
	"github.com/aftercare/aftercare/sales/customer"
)

// Service has the questions about sealed cases.
type Service struct {
	Store *db.DB
	Blobs *blob.Store
	Queue *job.Queue // makes the files that are asked for

	// Also names what else belongs to a case, such as the messages about it, of
	// packages that this one does not know.
	Also []Things
}

// private are events whose data only staff see.
var private = []string{"case.noted", "case.overdue", "case.assigned", "case.reopen_proposed", "case.keep_closed", "case.review_needed"}

// open tells what of an event a reader gets.
func open(by actor.Actor, e event.Sealed) (who, data bool) {
	if e.Gone() {
		return false, false
	}
	if by.Kind != actor.Customer {
		return true, true
	}
	own := e.Actor == actor.Customer && e.ActorID == by.ID
	said := e.Stream == "notice" || e.Stream == "message" && e.Type != "message.settled" || e.Stream == "case" && strings.HasPrefix(e.Type, "case.") && !slices.Contains(private, e.Type)
	return own || e.Actor == actor.System || e.Actor == actor.Timer, own || said
}

// Collect reads a case that the actor may see, with proofs against the newest
// checkpoint. It fails with cases.ErrUnknown, and ErrUnsealed while nothing is
// sealed.
func (s *Service) Collect(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (b bundle.Bundle, err error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return b, err
	}
	all, err := s.events(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return b, err
	}
	var positions []int64
	for _, e := range all {
		positions = append(positions, e.Event.Position)
	}
	checkpoint, proofs, err := seal.Prove(ctx, tx, positions)
	if err != nil {
		return b, err
	}
	if len(proofs) == 0 {
		return b, ErrUnsealed
	}
	keys, err := seal.Keys(ctx, tx)
	if err != nil {
		return b, err
	}
	b.Checkpoint = checkpoint.Note
	for _, k := range keys {
		if k.RetiredAt.IsZero() {
			b.Keys = append(b.Keys, k.Verifier)
		}
	}
	origin, _, _ := strings.Cut(checkpoint.Note, "\n")
	b.Case = bundle.Case{Format: bundle.Format, Origin: origin, Tenant: c.Tenant, Case: c.ID, Events: []bundle.Event{}}
	texts := customer.ReaderFor(by)
	for _, e := range all {
		seen, err := texts.Text(ctx, tx, c.Tenant, c.Customer, e.Stored)
		if err != nil {
			return b, err
		}
		b.Events = append(b.Events, entry(by, e, seen == e.Stored, proofs))
	}
	return b, nil
}

// entry is one event as a reader gets it: without what it says where the reader
// may see it in part only, for the seal is of the whole.
func entry(by actor.Actor, e event.Sealed, whole bool, proofs map[int64]seal.Proof) bundle.Event {
	who, data := e.Body()
	v := bundle.Event{
		Position: e.Event.Position, Kind: e.Kind, Tenant: e.Tenant, ID: e.ID, Stream: e.Stream, Subject: e.Subject, Version: e.Version, Type: e.Type,
		ActorKind: string(e.Actor), At: db.Millis(e.At), Who: hex.EncodeToString(who[:]), DataHash: hex.EncodeToString(data[:]),
		Previous: hex.EncodeToString(e.Previous[:]),
	}
	if p, ok := proofs[e.Event.Position]; ok {
		v.Proof = p.Hashes
	}
	showWho, showData := open(by, e)
	showWho = showWho && (e.Actor != actor.Customer || customer.SightOf(by).Contacts())
	if showWho {
		v.WhoSalt, v.ActorID, v.ActorName = hex.EncodeToString(e.WhoSalt), e.ActorID, e.Name
	}
	if showData && whole {
		v.DataSalt, v.Data = hex.EncodeToString(e.DataSalt), e.Stored
	}
	return v
}

// Bundle is Collect with the files of the case: for staff all, for a customer
// those that the customer sent. Their content is read when the bundle is
// written. Files in which malware was found stay out.
func (s *Service) Bundle(ctx context.Context, by actor.Actor, caseID string) (b bundle.Bundle, err error) {
	var files []evidence.Photo
	err = s.Store.Read(ctx, func(tx *db.Tx) error {
		if b, err = s.Collect(ctx, tx, by, caseID); err != nil {
			return err
		}
		files, err = evidence.ByCase(ctx, tx, b.Tenant, b.Case.Case)
		return err
	})
	if err != nil {
		return b, err
	}
	b.Print = Print
	for _, p := range files {
		mine := p.OwnerKind == by.Kind && p.OwnerID == by.ID
		if by.Kind == actor.Customer && !mine || slices.ContainsFunc(b.Files, func(f bundle.File) bool { return f.SHA256 == p.SHA256 }) {
			continue
		}
		if !spoken(b.Events, p.SHA256) || p.Shown() != nil {
			continue // attached after the events were read, or harmful
		}
		b.Files = append(b.Files, bundle.File{SHA256: p.SHA256, Ext: ext(p.Media), Open: func() (io.ReadCloser, error) { return s.Blobs.Open(ctx, p.SHA256) }})
	}
	return b, nil
}

func spoken(events []bundle.Event, sum string) bool {
	return slices.ContainsFunc(events, func(e bundle.Event) bool {
		return e.Type == (evidence.Attached{}).Type() && e.Proof != nil && strings.Contains(e.Data, sum)
	})
}

func ext(media string) string {
	known := map[string]string{
		"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic",
		"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm", "application/pdf": "pdf",
	}
	return cmp.Or(known[media], "bin")
}
