package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// sink is a client that throws answers away.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }

func benchmark(b *testing.B, method, path, body string, key bool) {
	d, err := db.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(b.Context(), schemas); err != nil {
		b.Fatal(err)
	}
	a := httpapi.New(httpapi.Options{
		DB: d, Allow: allow, Limits: httpapi.Limits{PerSecond: 1e9},
		Identify: func(context.Context, *db.Tx, *http.Request) (actor.Actor, error) { return staff, nil },
	})
	(&box{}).routes(a)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/echo", Need: "box.put"}, func(_ context.Context, _ actor.Actor, in *putInput) (*putOutput, error) {
		out := &putOutput{ETag: `"1"`}
		out.Body.Name = in.Body.Name
		return out, nil
	})
	h := a.Handler()
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if key {
			n++
			r.Header.Set("Idempotency-Key", "k"+strconv.Itoa(n))
		}
		h.ServeHTTP(&sink{header: http.Header{}}, r)
	}
}

const benchBody = `{"name":"lamp","items":[{"line":1,"quantity":2},{"line":2,"quantity":1}]}`

func BenchmarkRequestAlone(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/v1/echo", strings.NewReader(benchBody))
		r.Header.Set("Content-Type", "application/json")
		_ = &sink{header: http.Header{}}
	}
}

func BenchmarkRefusal(b *testing.B)      { benchmark(b, "GET", "/v1/nothing", "", false) }
func BenchmarkPlain(b *testing.B)        { benchmark(b, "POST", "/v1/echo", benchBody, false) }
func BenchmarkRead(b *testing.B)         { benchmark(b, "GET", "/v1/boxes?limit=1", "", false) }
func BenchmarkWrite(b *testing.B)        { benchmark(b, "POST", "/v1/boxes", benchBody, false) }
func BenchmarkWriteWithKey(b *testing.B) { benchmark(b, "POST", "/v1/boxes", benchBody, true) }
