package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/live"
	"github.com/aftercare/aftercare/platform/telemetry"
)

func TestLogsHideSecrets(t *testing.T) {
	var out bytes.Buffer
	log, err := telemetry.Logger(&out, telemetry.LogOptions{})
	if err != nil {
		t.Fatal(err)
	}
	log.Debug("too quiet")
	log.With("api_key", "k1").Info("start", "password", "p1", slog.Group("mail", "smtp_secret", "s1", "host", "mx"),
		"database", "postgres://shop:pw1@db/x?sslmode=disable", "err", errors.New("dial smtp://u:pw2@mx:25: refused"), "case", "case_1")
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v", &out, err)
	}
	delete(got, "time")
	want := map[string]any{
		"level": "INFO", "msg": "start", "api_key": "[hidden]", "password": "[hidden]", "mail": map[string]any{"smtp_secret": "[hidden]", "host": "mx"},
		"database": "postgres://shop:xxxxx@db/x?sslmode=disable", "err": "dial smtp://u:xxxxx@mx:25: refused", "case": "case_1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLogOptionsAreChecked(t *testing.T) {
	for _, o := range []telemetry.LogOptions{{Level: "loud"}, {Format: "xml"}} {
		if _, err := telemetry.Logger(io.Discard, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	var out bytes.Buffer
	log, err := telemetry.Logger(&out, telemetry.LogOptions{Level: "debug", Format: "text"})
	if err != nil {
		t.Fatal(err)
	}
	log.Debug("quiet", "token", "x")
	if !strings.Contains(out.String(), "msg=quiet token=[hidden]") {
		t.Errorf("%s", &out)
	}
}

func scrape(t *testing.T, m *telemetry.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestFiguresAreServed(t *testing.T) {
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "m.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), []db.Schema{event.Schema}); err != nil {
		t.Fatal(err)
	}
	tail := event.NewTail(d, nil, nil)
	f := event.NewFollowers(tail, event.FollowOptions{})
	f.Follow("search", nil, nil)
	m := telemetry.NewMetrics("v1")
	m.Watch(event.NewRelay(tail, event.RelayOptions{}), f, live.New(d, tail, nil, live.Options{}))
	m.HTTP("/v1/cases/{id}", "GET", 200, 3*time.Millisecond)
	m.Commit(7, time.Millisecond)
	m.Job("refund.pay", "done", time.Millisecond, 20*time.Second)
	text := scrape(t, m)
	for _, line := range []string{
		`aftercare_build_info{version="v1"} 1`,
		`aftercare_http_requests_total{method="GET",route="/v1/cases/{id}",status="200"} 1`,
		`aftercare_http_request_seconds_bucket{method="GET",route="/v1/cases/{id}",le="0.005"} 1`,
		`aftercare_db_group_writes_bucket{le="4"} 0`, `aftercare_db_group_writes_bucket{le="8"} 1`,
		`aftercare_jobs_total{kind="refund.pay",outcome="done"} 1`, `aftercare_job_lag_seconds_sum{kind="refund.pay"} 20`,
		`aftercare_event_position 0`, `aftercare_relay_behind 0`, `aftercare_relay_leading 0`,
		`aftercare_follower_behind{follower="search"} 0`, `aftercare_follower_parked{follower="search"} 0`,
		`aftercare_live_clients 0`, `go_goroutines `, `process_open_fds `,
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("%q is missing", line)
		}
	}
	_ = d.Close()
	if text := scrape(t, m); strings.Contains(text, "aftercare_follower_behind{") || !strings.Contains(text, "aftercare_live_clients 0") {
		t.Error("with a closed store, its figures should be missing and the others not")
	}
}

// collector is an OTLP receiver.
type collector struct {
	mu     sync.Mutex
	bodies []byte
	path   string
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies, c.path = append(c.bodies, body...), r.URL.Path
}

func TestTracesAreSentByTheEnd(t *testing.T) {
	c := &collector{}
	site := httptest.NewServer(c)
	defer site.Close()
	shutdown, err := telemetry.Trace(t.Context(), telemetry.TraceOptions{Version: "v1", Endpoint: site.URL})
	if err != nil {
		t.Fatal(err)
	}
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	ctx := otel.GetTextMapPropagator().Extract(t.Context(), propagation.MapCarrier{"traceparent": parent})
	ctx, span := otel.Tracer("test").Start(ctx, "approve the case")
	var out bytes.Buffer
	log, err := telemetry.Logger(&out, telemetry.LogOptions{})
	if err != nil {
		t.Fatal(err)
	}
	log.InfoContext(ctx, "inside")
	if !strings.Contains(out.String(), `"trace":"0af7651916cd43dd8448eb211c80319c"`) {
		t.Errorf("the log does not name the trace: %s", &out)
	}
	span.End()
	if err := shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.path != "/v1/traces" || !bytes.Contains(c.bodies, []byte("approve the case")) || !bytes.Contains(c.bodies, []byte("aftercare")) {
		t.Errorf("at %q: %q", c.path, c.bodies)
	}
}

func TestTracingIsOffByDefault(t *testing.T) {
	for _, name := range os.Environ() {
		if name, _, _ := strings.Cut(name, "="); strings.HasPrefix(name, "OTEL_") {
			t.Setenv(name, "")
		}
	}
	shutdown, err := telemetry.Trace(t.Context(), telemetry.TraceOptions{})
	if err != nil || shutdown(context.Background()) != nil {
		t.Error(err)
	}
}
