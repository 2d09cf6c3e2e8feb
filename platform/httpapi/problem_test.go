package httpapi_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestEveryBadRequestIsAProblem(t *testing.T) {
	text := func(body string) apitest.Option { return apitest.Body(body) }
	tests := []struct {
		name, method, path string
		opts               []apitest.Option
		status             int
		code               string
		fields             map[string]any
	}{
		{"unknown route", "GET", "/v1/nothing", nil, 404, "request.no_route", nil},
		{"unknown route outside the API", "GET", "/nothing", nil, 404, "request.no_route", nil},
		{"wrong method", "PUT", "/v1/boxes/a", nil, 405, "request.method", map[string]any{"allow": "PATCH, DELETE"}},
		{"wrong method of the document", "POST", "/openapi.json", nil, 405, "request.method", nil},
		{"broken JSON", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a",}`)}, 400, "request.malformed", map[string]any{"offset": 13.0}},
		{"two documents", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a"}{}`)}, 400, "request.malformed", map[string]any{"offset": 13.0}},
		{"no body", "POST", "/v1/boxes", nil, 400, "request.malformed", nil},
		{"escaped NUL", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a\u0000"}`)}, 400, "request.malformed", nil},
		{"not an object", "POST", "/v1/boxes", []apitest.Option{text(`[]`)}, 422, "request.invalid", map[string]any{"errors.0.field": ""}},
		{"unknown field", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a","colour":"red"}`)}, 422, "request.invalid",
			map[string]any{"errors.0.field": "colour", "errors.0.message": "is not known"}},
		{"field in another case", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a","Fail":"taken"}`)}, 422, "request.invalid",
			map[string]any{"errors.0.field": "Fail"}},
		{"missing field", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a","items":[{"line":1}]}`)}, 422, "request.invalid",
			map[string]any{"errors.0.field": "items[0].quantity", "errors.0.message": "is required"}},
		{"number out of range", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a","items":[{"line":1,"quantity":1},{"line":2,"quantity":0}]}`)}, 422, "request.invalid",
			map[string]any{"errors.0.field": "items[1].quantity", "errors.0.expected": "number >= 1"}},
		{"number too large for any integer", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a","items":[{"line":1e300,"quantity":1}]}`)}, 422, "request.invalid", nil},
		{"wrong type", "POST", "/v1/boxes", []apitest.Option{text(`{"name":7}`)}, 422, "request.invalid",
			map[string]any{"errors.0.field": "name", "errors.0.expected": "string"}},
		{"wrong query", "GET", "/v1/boxes?limit=9999&state=lost", nil, 422, "request.invalid",
			map[string]any{"errors.0.field": "query.limit", "errors.0.expected": "number <= 200", "errors.1.field": "query.state"}},
		{"too large", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"` + strings.Repeat("a", 5000) + `"}`)}, 413, "request.too_large", map[string]any{"limit": 4096.0}},
		{"too large without a length", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"` + strings.Repeat("a", 5000) + `"}`), func(r *http.Request) { r.ContentLength = -1 }},
			413, "request.too_large", map[string]any{"limit": 4096.0}},
		{"wrong content type", "POST", "/v1/boxes", []apitest.Option{apitest.Raw("text/plain", []byte(`{"name":"a"}`))}, 415, "request.media_type", nil},
		{"If-Match missing", "PATCH", "/v1/boxes/a", nil, 428, "request.precondition_required", nil},
		{"If-Match nonsense", "PATCH", "/v1/boxes/a", []apitest.Option{apitest.Header("If-Match", `"abc"`)}, 422, "request.invalid",
			map[string]any{"errors.0.field": "header.If-Match"}},
		{"foreign cursor", "GET", "/v1/boxes?cursor=abc", nil, 422, "request.cursor", nil},
		{"path that is not text", "GET", "/v1/boxes/%ff/label.pdf", nil, 400, "request.malformed", nil},
		{"query with NUL", "GET", "/v1/boxes?state=%00", nil, 400, "request.malformed", nil},
		{"refused by the verb", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a","fail":"taken"}`)}, 409, "box.taken",
			map[string]any{"title": errTaken.Title, "detail": "Take it out first.", "holds": "a <lamp>", "status": 409.0, "instance": "/v1/boxes", "type": "/problems#box.taken"}},
		{"busy", "POST", "/v1/boxes", []apitest.Option{text(`{"name":"a","fail":"busy"}`)}, 503, "box.busy", nil},
	}
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, _ *box) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				since := apitest.Events(t, d)
				a := apitest.Do(t, h, tt.method, tt.path, append([]apitest.Option{apitest.As(staff)}, tt.opts...)...)
				if a.Status != tt.status || a.Code() != tt.code {
					t.Fatalf("answered %d %q, want %d %q\n%s", a.Status, a.Code(), tt.status, tt.code, a.Raw)
				}
				for path, want := range tt.fields {
					if diff := cmp.Diff(want, a.At(path)); diff != "" {
						t.Errorf("%s (-want +got):\n%s%s", path, diff, a.Raw)
					}
				}
				if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
					t.Errorf("content type %q", got)
				}
				if a.Text("request_id") != a.Header.Get("X-Request-Id") || a.Text("title") == "" || a.Text("type") != "/problems#"+tt.code {
					t.Errorf("members are missing: %s", a.Raw)
				}
				if tt.status == 503 && a.Header.Get("Retry-After") != "7" {
					t.Errorf("Retry-After %q, want 7", a.Header.Get("Retry-After"))
				}
				if tt.status == 405 && a.Header.Get("Allow") == "" {
					t.Error("Allow is missing")
				}
				if got := since(); got != nil {
					t.Errorf("left events %v", got)
				}
			})
		}
	})
}

func TestAccessIsDecidedBeforeAnythingElse(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, b *box) {
		bad := apitest.Body(`{"nonsense":`)
		a := apitest.Do(t, h, "POST", "/v1/boxes", bad).Want(t, 401, "request.unauthenticated")
		if a.Header.Get("WWW-Authenticate") == "" {
			t.Error("401 without WWW-Authenticate")
		}
		a = apitest.Do(t, h, "POST", "/v1/boxes", bad, apitest.As(outsider)).Want(t, 403, "request.denied")
		if a.Text("permission") != "box.put" {
			t.Errorf("permission %q, want box.put", a.Text("permission"))
		}
		apitest.Do(t, h, "GET", "/v1/live", apitest.As(outsider)).Want(t, 403, "request.denied")
		if b.runs.Load() != 0 {
			t.Error("the verb ran")
		}
	})
}

func TestUnknownErrorsStayPrivateAndAreLoggedOnce(t *testing.T) {
	for _, fail := range []string{"secret", "panic"} {
		t.Run(fail, func(t *testing.T) {
			log, logged := lines(slog.LevelInfo)
			each(t, func(o *httpapi.Options) { o.Log = log }, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
				logged.Reset()
				a := apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Body(`{"name":"a","fail":"`+fail+`"}`)).Want(t, 500, "")
				want := map[string]any{
					"type": "about:blank", "status": 500.0, "title": "Internal Server Error",
					"instance": "/v1/boxes", "request_id": a.Header.Get("X-Request-Id"),
				}
				if diff := cmp.Diff(want, a.JSON); diff != "" {
					t.Errorf("problem (-want +got):\n%s", diff)
				}
				if n := strings.Count(logged.String(), "level=ERROR"); n != 1 {
					t.Errorf("logged %d errors, want 1:\n%s", n, logged)
				}
				apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Body(`{"name":"a"}`)).Want(t, 201, "")
			})
		})
	}
}

func TestProblemListHasEveryFault(t *testing.T) {
	var b bytes.Buffer
	if err := httpapi.ProblemsMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, f := range fault.All() {
		if !strings.Contains(b.String(), "| `"+f.Code+"` | ") {
			t.Errorf("%s is missing", f.Code)
		}
	}
	if !strings.Contains(b.String(), "| `request.precondition_required` | 428 | ") {
		t.Errorf("status of request.precondition_required is not 428:\n%s", b.String())
	}
}
