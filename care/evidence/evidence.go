// Package evidence keeps the photos that customers and staff take of goods:
// the file as it was sent, and a picture that is safe to show.
//
// It owns photos, who uploaded them and which case they were attached to. It
// does not own cases: whether somebody may see one is asked of them (CanSee).
// The original is never altered and never served; its SHA-256 is taken when it
// arrives and announced when it is attached. What is served is drawn anew from
// the pixels, so that no place, device or hidden content travels with it.
package evidence

import (
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown  = fault.New(fault.Missing, "evidence.unknown", "There is no such photo.")
	ErrType     = fault.New(fault.Invalid, "evidence.type", "The file is not a JPEG, PNG or WebP picture.")
	ErrPixels   = fault.New(fault.Invalid, "evidence.too_many_pixels", "The picture has too many pixels.")
	ErrBroken   = fault.New(fault.Invalid, "evidence.unreadable", "The picture cannot be read; it may be incomplete.")
	ErrMany     = fault.New(fault.Limited, "evidence.too_many", "There are too many photos that belong to no case yet.")
	ErrAttached = fault.New(fault.Conflict, "evidence.attached", "The photo belongs to another case.")
)

const (
	maxBytes  = 10 << 20
	maxPixels = 40_000_000
	maxSide   = 1600 // of the picture that is shown
	maxLoose  = 60   // photos of one person that belong to no case
	maxAttach = 200  // photos attached at once
	looseFor  = 24 * time.Hour
)

// Photo is one picture and where it came from.
type Photo struct {
	ID        string
	Tenant    string
	OwnerKind actor.Kind
	OwnerID   string
	Case      string // empty until attached
	SHA256    string // of the file as it was sent; also the key of its blob
	Size      int64
	Media     string // by content, not by what the sender said
	Width     int    // as people see it: orientation applied
	Height    int
	View      string // key of the blob that is shown, a JPEG
	CreatedAt time.Time
}
