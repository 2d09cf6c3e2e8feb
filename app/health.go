package app

import (
	"context"
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/platform/bus"
)

// minFree is the space below which the server does not take more work: SQLite
// and the stream need room to commit.
const minFree = 64 << 20

// alive answers /healthz: the process runs.
func alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("{\"status\":\"ok\"}\n"))
}

// ready answers /readyz: what this process needs is there. It names what is
// not, in one word each, and nothing that an outsider could use.
func (h *House) ready(b *bus.Bus) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		checks := map[string]string{"database": "ok", "disk": "ok"}
		status := http.StatusOK
		note := func(name string, err error) {
			if err != nil {
				checks[name], status = "failed", http.StatusServiceUnavailable
				h.Log.WarnContext(ctx, "not ready", "check", name, "err", err)
			}
		}
		note("database", h.DB.Ping(ctx))
		if b != nil {
			checks["stream"] = "ok"
			note("stream", b.Health(ctx))
		}
		if free, err := FreeSpace(h.Config.Data); err == nil && free < minFree {
			checks["disk"], status = "full", http.StatusServiceUnavailable
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"status": map[bool]string{true: "ok", false: "unavailable"}[status == http.StatusOK], "checks": checks})
	}
}

// serverLog lets net/http's own complaints (broken handshakes, aborted clients)
// show up for debugging only.
func serverLog(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
