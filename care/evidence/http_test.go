package evidence_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestPhotosTravelOverHTTP(t *testing.T) {
	var s *evidence.Service
	routes := func(a *httpapi.API, d *db.DB) {
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s = evidence.New(d, blobs)
		s.CanSee = func(context.Context, *db.Tx, actor.Actor, string) error { return nil }
		s.Routes(a)
	}
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		photo := jpegWith(asJPEG(t, quadrants(64, 32)), exif(6, binary.BigEndian, "MM"))
		up := apitest.Do(t, h, "POST", "/v1/my/photos", apitest.As(ann), apitest.Raw("image/png", photo)) // the header lies
		if up.Status != http.StatusCreated || up.At("width") != float64(32) || up.At("height") != float64(64) {
			t.Fatalf("upload: %d %s", up.Status, up.Raw)
		}
		url, _ := up.At("url").(string)
		if !strings.HasPrefix(url, "/v1/my/photos/pho_") || up.Header.Get("Location") != url {
			t.Errorf("url %q, Location %q", url, up.Header.Get("Location"))
		}
		got := apitest.Do(t, h, "GET", url, apitest.As(ann))
		for name, want := range map[string]string{
			"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400",
			"Content-Disposition": `inline; filename="` + strings.TrimPrefix(url, "/v1/my/photos/") + `.jpg"`,
		} {
			if got.Header.Get(name) != want {
				t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
			}
		}
		if m, err := jpeg.Decode(bytes.NewReader(got.Raw)); err != nil || letters(m) != "BRWG" {
			t.Errorf("shown: %v", err)
		}
		if again := apitest.Do(t, h, "GET", url, apitest.As(ann), apitest.Header("If-None-Match", got.Header.Get("ETag"))); again.Status != http.StatusNotModified {
			t.Errorf("with its ETag: %d, want 304", again.Status)
		}

		id := strings.TrimPrefix(url, "/v1/my/photos/")
		refusals := []struct {
			name, method, path string
			by                 actor.Actor
			body               []byte
			status             int
			code               string
		}{
			{"another customer's", "GET", url, bob, nil, 404, "evidence.unknown"},
			{"staff, before it is in a case", "GET", "/v1/photos/" + id, agent, nil, 404, "evidence.unknown"},
			{"another tenant's", "GET", "/v1/photos/" + id, far, nil, 404, "evidence.unknown"},
			{"none", "GET", "/v1/photos/pho_0", agent, nil, 404, "evidence.unknown"},
			{"a text", "POST", "/v1/photos", agent, []byte("hello"), 422, "evidence.type"},
			{"half a photo", "POST", "/v1/photos", agent, photo[:len(photo)/2], 422, "evidence.unreadable"},
			{"more than 10 MiB", "POST", "/v1/photos", agent, append(bytes.Clone(photo), make([]byte, 10<<20)...), 413, "request.too_large"},
		}
		for _, r := range refusals {
			options := []apitest.Option{apitest.As(r.by)}
			if r.body != nil {
				options = append(options, apitest.Raw("image/jpeg", r.body))
			}
			got := apitest.Do(t, h, r.method, r.path, options...)
			if got.Status != r.status || got.Code() != r.code {
				t.Errorf("%s: %d %s, want %d %s", r.name, got.Status, got.Raw, r.status, r.code)
			}
		}

		err := d.Write(t.Context(), func(tx *db.Tx) error { return s.Attach(t.Context(), tx, ann, []string{id}, "case_1") })
		if err != nil {
			t.Fatal(err)
		}
		if got := apitest.Do(t, h, "GET", "/v1/photos/"+id, apitest.As(agent)); got.Status != http.StatusOK {
			t.Errorf("staff, once it is in a case: %d %s", got.Status, got.Raw)
		}
	})
}
