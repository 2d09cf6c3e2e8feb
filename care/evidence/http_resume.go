package evidence

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,expiration,termination"
	pieceMedia    = "application/offset+octet-stream"
	silence       = 30 * time.Second // after which a piece that does not come on is given up
)

// resumable registers the addresses of uploads that go on after a lost
// connection, as the tus protocol 1.0 has them (https://tus.io).
func (s *Service) resumable(a *httpapi.API, base string, need actor.Permission) {
	op := func(route, summary string, status int, faults ...*fault.Fault) httpapi.Op {
		return httpapi.Op{Route: route, Need: need, Tag: "Photos", Status: status, Summary: summary, Produces: "application/json", Faults: append(faults, ErrTus)}
	}
	one := base + "/{id}"
	begin := op("POST "+base, "Begin a resumable upload (tus 1.0): Upload-Length, and in Upload-Metadata the sha256 of the file", http.StatusCreated, ErrSize, ErrDigest, ErrMany)
	begin.Headers = []string{"Upload-Length", "Upload-Metadata"}
	httpapi.Receive(a, begin, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) (*begun, error) {
		return s.postUpload(ctx, by, base, w, r)
	})
	httpapi.Stream(a, op("HEAD "+one, "Ask how far a resumable upload has come (tus 1.0)", http.StatusOK, ErrUpload), s.headUpload)
	more := op("PATCH "+one, "Send the next piece of a resumable upload (tus 1.0)", http.StatusNoContent,
		ErrUpload, ErrOffset, ErrType, ErrSize, ErrPixels, ErrBroken, ErrLong, ErrActive, ErrDigest, ErrMany, httpapi.ErrTooLarge)
	more.MaxBody, more.Headers = maxVideo, []string{"Upload-Offset"}
	httpapi.Receive(a, more, s.patchUpload)
	httpapi.Receive(a, op("DELETE "+one, "Give up a resumable upload (tus 1.0)", http.StatusNoContent, ErrUpload), s.deleteUpload)
	httpapi.Stream(a, op("GET "+one, "Read what a resumable upload became", http.StatusOK, ErrUpload), func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
		return s.getUpload(ctx, by, strings.TrimSuffix(base, "uploads")+"photos", w, r)
	})
}

// tus answers in the words of the protocol, and refuses who speaks another.
func tus(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Tus-Resumable", tusVersion)
	if said := r.Header.Get("Tus-Resumable"); said != tusVersion {
		w.Header().Set("Tus-Version", tusVersion)
		return ErrTus.With("spoken", said)
	}
	return nil
}

// known refuses uploads of others first: for who asks they do not exist.
func (s *Service) known(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Resume(ctx, by, r.PathValue("id")); err != nil {
		w.Header().Set("Tus-Resumable", tusVersion)
		return err
	}
	return tus(w, r)
}

// spoken is in answers that are kept: they say it when they are given again.
type spoken struct {
	Protocol string `header:"Tus-Resumable"`
}

// begun is the answer to who begins an upload.
type begun struct {
	spoken
	Location string `header:"Location"`
	Expires  string `header:"Upload-Expires"`
}

func (s *Service) postUpload(ctx context.Context, by actor.Actor, base string, w http.ResponseWriter, r *http.Request) (out *begun, err error) {
	if err := tus(w, r); err != nil {
		return nil, err
	}
	h := w.Header()
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Max-Size", strconv.Itoa(maxVideo))
	size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	if err != nil {
		return nil, ErrSize.At("Upload-Length", "is not a number of bytes", "1 to "+strconv.Itoa(maxVideo))
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		u, err := s.Begin(ctx, tx, by, size, announced(r.Header.Get("Upload-Metadata")))
		if err != nil {
			return err
		}
		out = &begun{spoken{tusVersion}, base + "/" + u.ID, expires(u)}
		return httpapi.Keep(ctx, tx, out)
	})
	return out, err
}

func expires(u Resumable) string { return u.Expires().Format(http.TimeFormat) }

// announced is the SHA-256 among the metadata: "sha256" and the hexadecimal
// digits in base64. Names of files are not kept.
func announced(metadata string) string {
	for pair := range strings.SplitSeq(metadata, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if name != "sha256" {
			continue
		}
		text, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return "?"
		}
		if len(text) == 32 { // the digest itself, as other clients may send it
			return hex.EncodeToString(text)
		}
		return string(text)
	}
	return ""
}

func (s *Service) headUpload(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	if err := s.known(ctx, by, w, r); err != nil {
		return err
	}
	u, err := s.Resume(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	h.Set("Upload-Length", strconv.FormatInt(u.Size, 10))
	h.Set("Upload-Expires", expires(u))
	w.WriteHeader(http.StatusOK)
	return nil
}

// arrived is the answer to who sends a piece.
type arrived struct {
	spoken
	Offset  string `header:"Upload-Offset"`
	Length  string `header:"Upload-Length"`
	Expires string `header:"Upload-Expires"`
}

func (s *Service) patchUpload(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) (*arrived, error) {
	if err := s.known(ctx, by, w, r); err != nil {
		return nil, err
	}
	at, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || at < 0 {
		return nil, ErrOffset.At("Upload-Offset", "is not a number of bytes", "the offset that the server told last")
	}
	if r.Header.Get("Content-Type") != pieceMedia {
		return nil, ErrTus.At("Content-Type", "is of another kind", pieceMedia)
	}
	body := &alive{r: r.Body, deadline: http.NewResponseController(w)}
	u, err := s.Continue(ctx, by, r.PathValue("id"), at, body)
	body.rest()
	if err != nil {
		return nil, err
	}
	return &arrived{spoken{tusVersion}, strconv.FormatInt(u.Offset, 10), strconv.FormatInt(u.Size, 10), expires(u)}, nil
}

func (s *Service) deleteUpload(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) (*spoken, error) {
	if err := s.known(ctx, by, w, r); err != nil {
		return nil, err
	}
	return &spoken{tusVersion}, s.Cancel(ctx, by, r.PathValue("id"))
}

// Progress is the answer to who asks what an upload became.
type Progress struct {
	Offset int64     `json:"offset"`
	Size   int64     `json:"size"`
	File   *Uploaded `json:"file,omitempty"`
}

func (s *Service) getUpload(ctx context.Context, by actor.Actor, photos string, w http.ResponseWriter, r *http.Request) error {
	u, err := s.Resume(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	if u, err = s.Finish(ctx, by, u); err != nil { // complete, but nobody was there to see it
		return err
	}
	answer := Progress{Offset: u.Offset, Size: u.Size}
	if u.Photo != "" {
		var p Photo
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			p, err = s.ByID(ctx, tx, by, u.Photo)
			return err
		})
		if err != nil {
			return err
		}
		file := uploaded(p, photos)
		answer.File = &file
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}

// alive is a body that may take as long as it likes while it comes on.
type alive struct {
	r        io.Reader
	deadline *http.ResponseController
}

func (a *alive) Read(p []byte) (int, error) {
	_ = a.deadline.SetReadDeadline(time.Now().Add(silence)) // not every writer of a test has one
	return a.r.Read(p)
}

func (a *alive) rest() { _ = a.deadline.SetReadDeadline(time.Time{}) }
