package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
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
			Summary: "Upload a photo: the bytes of a JPEG, PNG or WebP file, up to 10 MiB and 40 megapixels",
			Faults:  []*fault.Fault{httpapi.ErrTooLarge, ErrType, ErrPixels, ErrBroken, ErrMany},
		}
		httpapi.Stream(a, upload, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
			return s.postPhoto(ctx, by, who.path, w, r)
		})
		show := httpapi.Op{
			Route: "GET " + who.path + "/{id}", Need: who.need, Tag: "Photos", Produces: "image/jpeg",
			Summary: "Show a photo: upright, at most 1600 pixels, without any hidden data",
			Faults:  []*fault.Fault{ErrUnknown},
		}
		httpapi.Stream(a, show, s.getPhoto)
	}
}

// Uploaded is the answer to an upload.
type Uploaded struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"` // of the file as it was sent
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func (s *Service) postPhoto(ctx context.Context, by actor.Actor, path string, w http.ResponseWriter, r *http.Request) error {
	deadline := http.NewResponseController(w)
	_ = deadline.SetReadDeadline(time.Now().Add(patience)) // not every writer of a test has one
	p, err := s.Upload(ctx, by, r.Body)
	_ = deadline.SetReadDeadline(time.Time{})
	if err != nil {
		return err
	}
	url := path + "/" + p.ID
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Location", url)
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(Uploaded{ID: p.ID, SHA256: p.SHA256, URL: url, Width: p.Width, Height: p.Height})
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
	view, err := s.blobs.Bytes(ctx, p.View)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Disposition", `inline; filename="`+p.ID+`.jpg"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=86400")
	h.Set("ETag", `"`+p.View[:32]+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(view))
	return nil
}
