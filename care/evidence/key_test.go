package evidence_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/blob"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func uploads(t *testing.T) func(a *httpapi.API, d *db.DB) {
	return func(a *httpapi.API, d *db.DB) {
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		evidence.New(d, blobs).Routes(a)
	}
}

func TestAPhotoThatIsSentAgainWithItsKeyIsTheSame(t *testing.T) {
	apitest.Each(t, schemas, uploads(t), func(t *testing.T, h http.Handler, d *db.DB) {
		send := func(by actor.Actor, key string, data []byte) apitest.Answer {
			return apitest.Do(t, h, "POST", "/v1/my/photos", apitest.As(by), apitest.Key(key), apitest.Raw("image/jpeg", data))
		}
		photo, other := asJPEG(t, quadrants(64, 32)), asJPEG(t, quadrants(32, 64))
		answers := make([]apitest.Answer, 4)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = send(ann, "k", photo) })
		}
		wg.Wait()
		answers = append(answers, send(ann, "k", photo))
		for i, a := range answers {
			if a.Want(t, 201, ""); string(a.Raw) != string(answers[0].Raw) || a.Header.Get("Location") != answers[0].Text("url") {
				t.Errorf("answer %d: %s at %s, want %s", i, a.Raw, a.Header.Get("Location"), answers[0].Raw)
			}
		}
		send(ann, "k", other).Want(t, 409, "request.idempotency_conflict")
		send(ann, "k2", []byte("no picture")).Want(t, 422, "evidence.type")
		if fresh := send(ann, "k2", other).Want(t, 201, ""); fresh.Text("id") == answers[0].Text("id") {
			t.Error("another photo under another key is the first one")
		}
		if hers := send(bob, "k", other).Want(t, 201, ""); hers.Text("id") == answers[0].Text("id") {
			t.Error("the key of another customer gives her photo")
		}
	})
}

func TestAPieceThatIsSentAgainWithItsKeyHasArrived(t *testing.T) {
	apitest.Each(t, schemas, uploads(t), func(t *testing.T, h http.Handler, d *db.DB) {
		film := movie("isom", 5)
		begin := func(size int) apitest.Answer {
			return apitest.Do(t, h, "POST", "/v1/my/uploads", apitest.As(ann), tus, apitest.Key("begin"), apitest.Header("Upload-Length", strconv.Itoa(size)))
		}
		url := begin(len(film)).Want(t, 201, "").Header.Get("Location")
		if again := begin(len(film)).Want(t, 201, ""); again.Header.Get("Location") != url || again.Header.Get("Upload-Expires") == "" || again.Header.Get("Tus-Resumable") != "1.0.0" {
			t.Errorf("begun again: %v", again.Header)
		}
		begin(len(film)-1).Want(t, 409, "request.idempotency_conflict")

		half := len(film) / 2
		piece := func(key string, at int, data []byte) apitest.Answer {
			return apitest.Do(t, h, "PATCH", url, apitest.As(ann), tus, apitest.Key(key), apitest.Header("Upload-Offset", strconv.Itoa(at)),
				apitest.Raw("application/offset+octet-stream", data))
		}
		for range 2 {
			if got := piece("one", 0, film[:half]).Want(t, 204, ""); got.Header.Get("Upload-Offset") != strconv.Itoa(half) {
				t.Errorf("the first half: %v", got.Header)
			}
		}
		piece("one", 0, film[half:]).Want(t, 409, "request.idempotency_conflict")
		piece("one", half, film[:half]).Want(t, 409, "request.idempotency_conflict")
		for range 2 {
			apitest.Do(t, h, "DELETE", url, apitest.As(ann), tus, apitest.Key("end")).Want(t, 204, "")
		}
	})
}
