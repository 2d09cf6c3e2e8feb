// Package evidence keeps the photos, videos and documents that customers and
// staff show of goods: the file as it was sent, and a copy that is safe to show.
//
// It owns these files, who uploaded them and which case they were attached to. It
// does not own cases: whether somebody may see one is asked of them (CanSee).
// The original is never altered and never served as a page; its SHA-256 is taken
// when it arrives and announced when it is attached. What is shown of a photo is
// drawn anew from the pixels, of a video a copy without what the camera noted
// beside picture and sound, so that no place, device or hidden content travels.
package evidence

import (
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown  = fault.New(fault.Missing, "evidence.unknown", "There is no such photo.")
	ErrType     = fault.New(fault.Invalid, "evidence.type", "The file is not a picture, video or document of a kind that is accepted.")
	ErrPixels   = fault.New(fault.Invalid, "evidence.too_many_pixels", "The picture has too many pixels.")
	ErrBroken   = fault.New(fault.Invalid, "evidence.unreadable", "The file cannot be read; it may be incomplete.")
	ErrSize     = fault.New(fault.Invalid, "evidence.too_large", "The file is larger than its kind may be.")
	ErrLong     = fault.New(fault.Invalid, "evidence.too_long", "The video is too long.")
	ErrActive   = fault.New(fault.Invalid, "evidence.active", "The document contains programs or other files.")
	ErrDigest   = fault.New(fault.Invalid, "evidence.digest", "The file that arrived is not the one that was announced.")
	ErrMany     = fault.New(fault.Limited, "evidence.too_many", "There are too many files that belong to no case yet.")
	ErrFull     = fault.New(fault.Limited, "evidence.case_full", "The case has as many files as it can take.")
	ErrAttached = fault.New(fault.Conflict, "evidence.attached", "The photo belongs to another case.")
	ErrScanning = fault.New(fault.Conflict, "evidence.scanning", "The file is being checked for malware and cannot be shown yet.")
	ErrHarmful  = fault.New(fault.Denied, "evidence.harmful", "Malware was found in the file; it is not shown.")
	ErrUpload   = fault.New(fault.Missing, "evidence.no_upload", "There is no such upload.")
	ErrOffset   = fault.New(fault.Conflict, "evidence.offset", "The upload does not go on there.")
	ErrTus      = fault.New(fault.Stale, "evidence.protocol", "The upload needs the tus protocol, version 1.0.0.")
)

const (
	maxBytes   = 10 << 20 // of a photo or a document
	maxVideo   = 100 << 20
	maxSeconds = 60 // of a video, where the file says how long it is
	maxPixels  = 40_000_000
	maxSide    = 1600 // of the picture that is shown
	maxLoose   = 60   // files of one person that belong to no case
	maxAttach  = 200  // files attached at once
	looseFor   = 24 * time.Hour

	maxOpen      = 20        // uploads of one person under way
	maxOpenBytes = 400 << 20 // and what they may come to

	maxCaseFiles  = 300
	maxCaseVideos = 10
	maxCaseBytes  = 600 << 20
)

// extent is how much a case has, or has room for.
type extent struct {
	files, videos int
	bytes         int64
}

// Of what a case has room for, its customer fills two thirds: what the shop
// finds when it inspects has a place whatever was sent before.
var (
	most           = extent{maxCaseFiles, maxCaseVideos, maxCaseBytes}
	mostOfCustomer = extent{maxCaseFiles * 2 / 3, maxCaseVideos * 2 / 3, maxCaseBytes * 2 / 3}
)

// over refuses more than there is room for.
func (e extent) over(most extent) error {
	switch {
	case e.files > most.files:
		return ErrFull.With("files", most.files)
	case e.videos > most.videos:
		return ErrFull.With("videos", most.videos)
	case e.bytes > most.bytes:
		return ErrFull.With("bytes", most.bytes)
	}
	return nil
}

// The kinds of evidence; policies ask for them by these words.
const (
	KindPhoto    = "photo"
	KindVideo    = "video"
	KindDocument = "document"
)

// Scan says what is known of malware in a file.
type Scan string

const (
	ScanNone    Scan = "none"    // nobody was asked
	ScanWaiting Scan = "waiting" // not shown until it is known
	ScanClean   Scan = "clean"
	ScanFound   Scan = "found" // never shown
)

// Photo is one file and where it came from. It was named when there were only
// photos, and its id still begins with pho.
type Photo struct {
	ID        string
	Tenant    string
	OwnerKind actor.Kind
	OwnerID   string
	Case      string // empty until attached
	Kind      string // KindPhoto, KindVideo, KindDocument
	SHA256    string // of the file as it was sent; also the key of its blob
	Size      int64
	Media     string // by content, not by what the sender said
	Width     int    // as people see it: orientation applied; 0 where unknown
	Height    int
	Seconds   int    // of a video; 0 where the file does not say
	View      string // key of the blob that is shown
	ViewMedia string
	Look      string // perceptual hash, 16 hexadecimal digits; "-": has none; "": not made yet
	Scan      Scan
	Found     string // name of the malware
	CreatedAt time.Time
}

// Shown tells whether the file may be handed out: ErrScanning or ErrHarmful if
// not.
func (p Photo) Shown() error {
	switch p.Scan {
	case ScanWaiting:
		return ErrScanning
	case ScanFound:
		return ErrHarmful
	}
	return nil
}
