// Package telemetry makes what the program does visible: logs, metrics, traces.
//
// It owns their form and where they go. It does not decide what is worth
// telling. Nothing secret leaves through it: values under names of secrets, and
// passwords in URLs, are blotted out.
package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"strings"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/term"
)

// LogOptions say how much is logged and in which form.
type LogOptions struct {
	Level  string // debug, info, warn or error; info when empty
	Format string // text or json; when empty, text on a terminal and JSON elsewhere
}

// Logger makes the program's logger. Lines written with a context that carries
// a trace name it.
func Logger(w io.Writer, o LogOptions) (*slog.Logger, error) {
	var level slog.Level
	if o.Level != "" {
		if err := level.UnmarshalText([]byte(o.Level)); err != nil {
			return nil, fmt.Errorf("log level %q: must be debug, info, warn or error", o.Level)
		}
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: blot}
	format := o.Format
	if format == "" {
		format = "json"
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			format = "text"
		}
	}
	switch format {
	case "text":
		return slog.New(traced{slog.NewTextHandler(w, options)}), nil
	case "json":
		return slog.New(traced{slog.NewJSONHandler(w, options)}), nil
	}
	return nil, fmt.Errorf("log format %q: must be text or json", o.Format)
}

const blotted = "[hidden]"

var (
	secretName = regexp.MustCompile(`(?i)(password|passwd|secret|token|authorization|cookie|api_?key|private_?key|credential|session_id)`)
	inURL      = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>]+`)
)

// blot hides what must not be read in a log.
func blot(_ []string, a slog.Attr) slog.Attr {
	if secretName.MatchString(a.Key) {
		return slog.String(a.Key, blotted)
	}
	var text string
	switch v := a.Value.Any().(type) {
	case string:
		text = v
	case error:
		text = v.Error()
	default:
		return a
	}
	if strings.Contains(text, "://") && strings.Contains(text, "@") {
		return slog.String(a.Key, inURL.ReplaceAllStringFunc(text, withoutPassword))
	}
	return a
}

func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return blotted
	}
	return u.Redacted()
}

// traced adds the trace of the context to each line.
type traced struct{ slog.Handler }

func (t traced) Handle(ctx context.Context, r slog.Record) error {
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		r.AddAttrs(slog.String("trace", span.TraceID().String()))
	}
	return t.Handler.Handle(ctx, r)
}

func (t traced) WithAttrs(attrs []slog.Attr) slog.Handler { return traced{t.Handler.WithAttrs(attrs)} }
func (t traced) WithGroup(name string) slog.Handler       { return traced{t.Handler.WithGroup(name)} }
