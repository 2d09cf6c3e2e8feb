package app

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/live"
	"github.com/aftercare/aftercare/platform/secret"
	"github.com/aftercare/aftercare/platform/telemetry"
)

// apiVersion is the version of the HTTP API in its document. It is not the
// program's: a release that changes nothing in the API changes no client.
const apiVersion = "1.0"

// measure counts an answer.
func measure(m *telemetry.Metrics, noted *reads.Log) func(context.Context, httpapi.Measure) {
	return func(ctx context.Context, x httpapi.Measure) {
		m.HTTP(x.Route, x.Method, x.Status, x.Duration)
		noted.Heard(ctx, x)
	}
}

// observe lets the metrics see the workers, the log's readers and the screens,
// and serves them.
func (h *House) observe(s *services, m *telemetry.Metrics, hub *live.Hub) {
	s.queue.Observe(func(kind, outcome string, late, took time.Duration) { m.Job(kind, outcome, took, late) })
	h.DB.Observe(m.Commit)
	m.Watch(s.relay, s.followers, hub)
	s.api.Mount("GET /metrics", h.onlyWatchers(m.Handler()))
}

// onlyWatchers lets in who knows the token; without one, only this machine, and
// nobody who comes through a proxy.
func (h *House) onlyWatchers(next http.Handler) http.Handler {
	token := h.Config.MetricsToken.Reveal()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		allowed := false
		if token != "" {
			shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			allowed = ok && secret.Equal(shown, token)
		} else {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			ip, err := netip.ParseAddr(host)
			allowed = err == nil && ip.IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
		}
		if !allowed {
			http.Error(w, "Metrics are for the operator: see metrics_token.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// traced adds a span to each request, named by its route, where traces go
// somewhere.
func (h *House) traced(next http.Handler) http.Handler {
	if h.Config.Trace == "" && os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		return next
	}
	return otelhttp.NewHandler(next, "http", otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
		if r.Pattern != "" {
			return r.Pattern
		}
		return r.Method
	}))
}

// trace sends traces while the house runs.
func (h *House) trace(ctx context.Context) (func(), error) {
	end, err := telemetry.Trace(ctx, telemetry.TraceOptions{Version: h.Version, Endpoint: h.Config.Trace.Reveal()})
	if err != nil {
		return nil, err
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := end(ctx); err != nil {
			h.Log.Warn("the last traces were not sent", "err", err)
		}
	}, nil
}
