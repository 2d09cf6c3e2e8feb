package evidence_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var tus = apitest.Header("Tus-Resumable", "1.0.0")

func TestAnUploadGoesOnAfterALostConnection(t *testing.T) {
	routes := func(a *httpapi.API, d *db.DB) {
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		evidence.New(d, blobs).Routes(a)
	}
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, _ *db.DB) {
		film := movie("isom", 5)
		sum := sha256.Sum256(film)
		begin := func(by actor.Actor, size int, digest string) apitest.Answer {
			meta := "filename " + base64.StdEncoding.EncodeToString([]byte("a.mp4")) + ",sha256 " + base64.StdEncoding.EncodeToString([]byte(digest))
			return apitest.Do(t, h, "POST", "/v1/my/uploads", apitest.As(by), tus, apitest.Header("Upload-Length", strconv.Itoa(size)), apitest.Header("Upload-Metadata", meta))
		}
		piece := func(by actor.Actor, url string, at int, data []byte) apitest.Answer {
			return apitest.Do(t, h, "PATCH", url, apitest.As(by), tus, apitest.Header("Upload-Offset", strconv.Itoa(at)), apitest.Raw("application/offset+octet-stream", data))
		}
		begun := begin(ann, len(film), hex.EncodeToString(sum[:]))
		url := begun.Header.Get("Location")
		if begun.Status != http.StatusCreated || !strings.HasPrefix(url, "/v1/my/uploads/upl_") || begun.Header.Get("Tus-Resumable") != "1.0.0" ||
			begun.Header.Get("Tus-Extension") != "creation,expiration,termination" || begun.Header.Get("Upload-Expires") == "" {
			t.Fatalf("begun: %d %v %s", begun.Status, begun.Header, begun.Raw)
		}
		half := len(film) / 2
		if got := piece(ann, url, 0, film[:half]); got.Status != http.StatusNoContent || got.Header.Get("Upload-Offset") != strconv.Itoa(half) {
			t.Fatalf("first half: %d %v %s", got.Status, got.Header, got.Raw)
		}
		asked := apitest.Do(t, h, "HEAD", url, apitest.As(ann), tus)
		if asked.Status != http.StatusOK || asked.Header.Get("Upload-Offset") != strconv.Itoa(half) || asked.Header.Get("Upload-Length") != strconv.Itoa(len(film)) ||
			asked.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("after the connection was lost: %d %v", asked.Status, asked.Header)
		}
		if got := piece(ann, url, 0, film); got.Status != http.StatusConflict || got.Code() != "evidence.offset" {
			t.Errorf("from the beginning again: %d %s", got.Status, got.Raw)
		}
		for name, got := range map[string]apitest.Answer{
			"another customer asks":  apitest.Do(t, h, "HEAD", url, apitest.As(bob), tus),
			"another customer sends": piece(bob, url, half, film[half:]),
			"another customer ends":  apitest.Do(t, h, "DELETE", url, apitest.As(bob), tus),
			"one that is not":        apitest.Do(t, h, "HEAD", "/v1/my/uploads/upl_0", apitest.As(ann), tus),
		} {
			if got.Status != http.StatusNotFound {
				t.Errorf("%s: %d", name, got.Status)
			}
		}
		if got := apitest.Do(t, h, "HEAD", url, apitest.As(ann)); got.Status != http.StatusPreconditionFailed || got.Header.Get("Tus-Version") != "1.0.0" {
			t.Errorf("without the protocol: %d %v", got.Status, got.Header)
		}
		if got := apitest.Do(t, h, "GET", url, apitest.As(ann)); got.At("offset") != float64(half) || got.At("file") != nil {
			t.Errorf("what it is so far: %s", got.Raw)
		}
		if got := piece(ann, url, half, film[half:]); got.Status != http.StatusNoContent {
			t.Fatalf("second half: %d %s", got.Status, got.Raw)
		}
		done := apitest.Do(t, h, "GET", url, apitest.As(ann))
		shown, _ := done.At("file.url").(string)
		if done.At("file.kind") != "video" || done.At("file.sha256") != hex.EncodeToString(sum[:]) || done.At("file.seconds") != float64(5) {
			t.Fatalf("what it became: %s", done.Raw)
		}
		got := apitest.Do(t, h, "GET", shown, apitest.As(ann), apitest.Header("Range", "bytes=4-7"))
		if got.Status != http.StatusPartialContent || string(got.Raw) != "ftyp" || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") ||
			got.Header.Get("Content-Type") != "video/mp4" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("played from its fourth byte: %d %q %v", got.Status, got.Raw, got.Header)
		}

		wrong := begin(ann, len(film), strings.Repeat("0", 64)).Header.Get("Location")
		if got := piece(ann, wrong, 0, film); got.Status != http.StatusUnprocessableEntity || got.Code() != "evidence.digest" {
			t.Errorf("another file than announced: %d %s", got.Status, got.Raw)
		}
		if got := apitest.Do(t, h, "HEAD", wrong, apitest.As(ann), tus); got.Status != http.StatusNotFound {
			t.Errorf("it is still there: %d", got.Status)
		}
		longer := begin(ann, 10, "").Header.Get("Location")
		if got := piece(ann, longer, 0, film); got.Status != http.StatusUnprocessableEntity || got.Code() != "evidence.too_large" {
			t.Errorf("more than announced: %d %s", got.Status, got.Raw)
		}
		if got := apitest.Do(t, h, "DELETE", longer, apitest.As(ann), tus); got.Status != http.StatusNoContent {
			t.Errorf("given up: %d", got.Status)
		}
		text := begin(ann, 5, "").Header.Get("Location")
		if got := piece(ann, text, 0, []byte("hello")); got.Code() != "evidence.type" {
			t.Errorf("a text: %d %s", got.Status, got.Raw)
		}
		for name, got := range map[string]apitest.Answer{
			"too large": begin(ann, 100<<20+1, ""), "nothing": begin(ann, 0, ""), "no digest": begin(ann, 5, "xyz"),
		} {
			if got.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		var last apitest.Answer
		for range 6 {
			last = begin(bob, 90<<20, "")
		}
		if last.Status != http.StatusTooManyRequests || last.Code() != "evidence.too_many" {
			t.Errorf("half a gigabyte at once: %d %s", last.Status, last.Raw)
		}
	})
}

func TestUploadsOfYesterdayAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		var u evidence.Resumable
		err := x.d.Write(t.Context(), func(tx *db.Tx) (err error) {
			u, err = x.s.Begin(t.Context(), tx, ann, 100, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.s.Continue(t.Context(), ann, u.ID, 0, bytes.NewReader([]byte("some"))); err != nil {
			t.Fatal(err)
		}
		x.clock.Add(25 * time.Hour)
		if _, err := x.s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := x.s.Resume(t.Context(), ann, u.ID); err == nil {
			t.Error("the upload is still there")
		}
		if n, err := x.blobs.PartSize(u.ID); n != 0 || err != nil {
			t.Errorf("%d bytes of it are still there, %v", n, err)
		}
	})
}
