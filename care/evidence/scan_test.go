package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
)

func TestAFileIsNotShownBeforeItIsKnownToBeClean(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		down := errors.New("clamd does not answer")
		x.s.Scan = func(_ context.Context, file io.Reader) (string, error) {
			data, err := io.ReadAll(file)
			if err != nil || down != nil {
				return "", errors.Join(err, down)
			}
			if bytes.Contains(data, []byte("VIRUS")) {
				return "Test.Virus", nil
			}
			return "", nil
		}
		queue := job.NewQueue(x.d, slog.New(slog.DiscardHandler))
		x.s.Jobs(queue)
		work := func() {
			if _, err := queue.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		shown := func(id string) error {
			var p evidence.Photo
			err := x.d.Read(t.Context(), func(tx *db.Tx) (err error) {
				p, err = x.s.ByID(t.Context(), tx, ann, id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return p.Shown()
		}
		clean, bad := x.upload(ann, movie("isom", 5)), x.upload(ann, append([]byte("%PDF-1.7 VIRUS\n"), document...))
		late := x.upload(ann, append([]byte("%PDF-1.7 another VIRUS\n"), document...))
		if err := x.attach(ann, "case_1", clean.ID, late.ID); err != nil {
			t.Errorf("a case does not wait for the scanner: %v", err)
		}
		work()
		for _, p := range []evidence.Photo{clean, bad} {
			if err := shown(p.ID); !errors.Is(err, evidence.ErrScanning) {
				t.Errorf("%s, while the scanner does not answer: %v", p.Media, err)
			}
		}
		down = nil
		x.clock.Add(24 * time.Hour)
		work()
		if err := shown(clean.ID); err != nil {
			t.Errorf("clean: %v", err)
		}
		for _, p := range []evidence.Photo{bad, late} {
			if err := shown(p.ID); !errors.Is(err, evidence.ErrHarmful) {
				t.Errorf("with a virus: %v", err)
			}
		}
		if err := x.attach(ann, "case_1", bad.ID); !errors.Is(err, evidence.ErrHarmful) {
			t.Errorf("a virus becomes evidence: %v", err)
		}
		if x.clock.Add(25 * time.Hour); true {
			if n, err := x.s.Sweep(t.Context()); n != 1 || err != nil {
				t.Errorf("swept %d, %v, want the one that was never attached", n, err)
			}
		}
	})
}

func TestWhatIsNotShownIsRefusedOverHTTP(t *testing.T) {
	var s *evidence.Service
	routes := func(a *httpapi.API, d *db.DB) {
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s = evidence.New(d, blobs)
		s.Scan = func(context.Context, io.Reader) (string, error) { return "Test.Virus", nil }
		s.Jobs(job.NewQueue(d, slog.New(slog.DiscardHandler)))
		s.Routes(a)
	}
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		up := apitest.Do(t, h, "POST", "/v1/my/photos", apitest.As(ann), apitest.Raw("application/pdf", []byte(document)))
		if up.Status != http.StatusCreated || up.At("checking") != true || up.At("kind") != "document" {
			t.Fatalf("upload: %d %s", up.Status, up.Raw)
		}
		if got := apitest.Do(t, h, "GET", up.Text("url"), apitest.As(ann)); got.Status != http.StatusConflict || got.Code() != "evidence.scanning" {
			t.Errorf("while it is checked: %d %s", got.Status, got.Raw)
		}
		queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
		s.Jobs(queue)
		if _, err := queue.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := apitest.Do(t, h, "GET", up.Text("url"), apitest.As(ann)); got.Status != http.StatusForbidden || got.Code() != "evidence.harmful" {
			t.Errorf("with a virus: %d %s", got.Status, got.Raw)
		}
	})
}
