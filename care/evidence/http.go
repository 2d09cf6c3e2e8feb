package evidence

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// How long an upload may take: the largest photo at 90 KB/s.
const patience = 2 * time.Minute

// Routes registers the addresses of photos: for staff, and for customers.
func (s *Service) Routes(a *httpapi.API) {
	for _, who := range []struct {
		path string
		need actor.Permission
	}{{"/v1/photos", role.CaseRead}, {"/v1/my/photos", role.MyCases}} {
		upload := httpapi.Op{
			Route: "POST " + who.path, Need: who.need, Tag: "Photos", Status: http.StatusCreated, MaxBody: maxBytes, Produces: "application/json",
			Summary: "Upload a file at once, up to 10 MiB: a JPEG, PNG, WebP or HEIC picture, an MP4, QuickTime or WebM video, a PDF",
			Faults:  []*fault.Fault{httpapi.ErrTooLarge, ErrType, ErrSize, ErrPixels, ErrBroken, ErrLong, ErrActive, ErrMany},
		}
		httpapi.Receive(a, upload, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) (*uploadedOut, error) {
			return s.postPhoto(ctx, by, who.path, w, r)
		})
		show := httpapi.Op{
			Route: "GET " + who.path + "/{id}", Need: who.need, Tag: "Photos", Produces: "image/jpeg",
			Summary: "Show a file: a photo upright, at most 1600 pixels and without any hidden data, a video without it, a document to download",
			Faults:  []*fault.Fault{ErrUnknown, ErrScanning, ErrHarmful},
		}
		httpapi.Stream(a, show, s.getPhoto)
		s.resumable(a, strings.TrimSuffix(who.path, "photos")+"uploads", who.need)
	}
}

// Uploaded is the answer to an upload.
type Uploaded struct {
	ID       string `json:"id"`
	SHA256   string `json:"sha256"` // of the file as it was sent
	URL      string `json:"url"`
	Kind     string `json:"kind"`
	Media    string `json:"media"` // of what is shown
	Size     int64  `json:"size"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Seconds  int    `json:"seconds,omitempty"`
	Checking bool   `json:"checking,omitempty"` // for malware; not shown until it is known
}

func uploaded(p Photo, path string) Uploaded {
	return Uploaded{ID: p.ID, SHA256: p.SHA256, URL: path + "/" + p.ID, Kind: p.Kind, Media: p.ViewMedia, Size: p.Size, Width: p.Width, Height: p.Height,
		Seconds: p.Seconds, Checking: p.Scan == ScanWaiting}
}

type uploadedOut struct {
	Location string `header:"Location"`
	Body     Uploaded
}

func (s *Service) postPhoto(ctx context.Context, by actor.Actor, path string, w http.ResponseWriter, r *http.Request) (out *uploadedOut, err error) {
	deadline := http.NewResponseController(w)
	_ = deadline.SetReadDeadline(time.Now().Add(patience)) // not every writer of a test has one
	file, err := spooled(r.Body)
	_ = deadline.SetReadDeadline(time.Time{})
	if err != nil {
		return nil, err
	}
	_, err = s.upload(ctx, by, file, func(tx *db.Tx, p Photo) error {
		out = &uploadedOut{Body: uploaded(p, path)}
		out.Location = out.Body.URL
		return httpapi.Keep(ctx, tx, out)
	})
	return out, err
}

// extensions name what is handed out; documents and pictures that not every
// browser can show are downloads.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm", "image/heic": ".heic", "application/pdf": ".pdf",
}

func (s *Service) getPhoto(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	var p Photo
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = s.ByID(ctx, tx, by, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	if err := p.Shown(); err != nil {
		return err
	}
	h := w.Header()
	var view io.ReadSeeker
	how := "inline"
	if p.ViewMedia == jpegFormat.media {
		content, err := s.blobs.Bytes(ctx, p.View)
		if err != nil {
			return err
		}
		view = bytes.NewReader(content)
	} else {
		f, err := s.blobs.Seek(p.View)
		if err != nil {
			return err
		}
		defer f.Close()
		view = f
		if p.Kind != KindVideo {
			how = "attachment"
		}
	}
	h.Set("Content-Type", p.ViewMedia)
	h.Set("Content-Disposition", how+`; filename="`+p.ID+extensions[p.ViewMedia]+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'") // whatever it is, it does nothing
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("ETag", `"`+p.View[:32]+`"`)
	http.ServeContent(w, r, "", time.Time{}, view)
	return nil
}
