package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/id"
)

// Pictures of goods come from the shop's own servers; previews of photos are
// blobs. Everything else comes from here.
const strictPolicy = "default-src 'self'; img-src 'self' https: data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Header values that never vary are shared, not built for each request.
var (
	noStore     = []string{"no-store"}
	noSniff     = []string{"nosniff"}
	noReferrer  = []string{"same-origin"}
	permissions = []string{"camera=(self), microphone=(), geolocation=(self), payment=(), usb=()"}
	sameOrigin  = []string{"same-origin"}
	hsts        = []string{"max-age=31536000; includeSubDomains"}
)

// serve is every request's way in and out.
func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	x := &exchange{a: a, w: w, r: r, start: time.Now(), id: requestID(r)}
	defer func() { a.leave(x, recover()) }()
	a.protect(x)
	if err := a.screen(r); err != nil {
		x.refuse(err)
		return
	}
	a.mux.ServeHTTP(x, r)
}

// protect sets the headers that every answer carries.
func (a *API) protect(x *exchange) {
	h := x.w.Header()
	h["X-Request-Id"] = []string{x.id}
	h["Content-Security-Policy"] = []string{a.o.Policy}
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = noReferrer
	h["Permissions-Policy"] = permissions
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	if x.r.TLS != nil || a.o.TrustProxy && x.r.Header.Get("X-Forwarded-Proto") == "https" {
		h["Strict-Transport-Security"] = hsts
	}
}

// screen refuses what no route should have to look at. Other sites may not
// change anything in a visitor's name: the browser says where a request comes
// from, and a program with an API key and no cookie is not a visitor.
func (a *API) screen(r *http.Request) error {
	if len(r.Header["Cookie"]) > 0 || len(r.Header["Authorization"]) == 0 {
		if err := a.origin.Check(r); err != nil {
			return ErrCrossSite
		}
	}
	if !clean(r.URL.Path) {
		return ErrMalformed.Because("The path is not text.")
	}
	if strings.Contains(r.URL.RawQuery, "%") {
		query, err := url.QueryUnescape(r.URL.RawQuery)
		if err != nil || !clean(query) {
			return ErrMalformed.Because("The query is not text.")
		}
	}
	return nil
}

// clean says whether the databases can store a text.
func clean(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// leave ends a request: it answers for a handler that panicked, lets the
// header go if nothing was written, and tells log and measures.
func (a *API) leave(x *exchange, panicked any) {
	cut := panicked == http.ErrAbortHandler
	if panicked != nil && !cut {
		a.o.Log.LogAttrs(x.r.Context(), slog.LevelError, "request panicked",
			slog.String("method", x.r.Method), slog.String("route", x.pattern()), slog.String("request_id", x.id),
			slog.String("panic", fmt.Sprint(panicked)), slog.String("stack", string(debug.Stack())))
		if cut = x.sent; !cut {
			x.answer = nil
			x.refuse(internal())
		}
	}
	if !cut {
		x.send()
	}
	a.report(x)
	if cut {
		panic(http.ErrAbortHandler) // tells net/http to close the connection
	}
}

func (a *API) report(x *exchange) {
	took := time.Since(x.start)
	ctx := x.r.Context()
	if a.o.Log.Enabled(ctx, slog.LevelDebug) {
		a.o.Log.LogAttrs(ctx, slog.LevelDebug, "request",
			slog.String("method", x.r.Method), slog.String("route", x.measured()), slog.Int("status", x.status),
			slog.Int64("ms", took.Milliseconds()), slog.Int64("bytes", x.bytes), slog.String("request_id", x.id))
	}
	if a.o.Metrics != nil {
		a.o.Metrics(ctx, Measure{
			Route: x.measured(), Method: method(x.r.Method), Status: x.status,
			Duration: took, Bytes: x.bytes, Stream: x.route != nil && x.route.stream, Rows: x.rows,
			By: x.by, Value: x.r.PathValue,
		})
	}
}

// measured is the pattern that matched, of mounted handlers too.
func (x *exchange) measured() string {
	if x.route != nil {
		return x.route.path
	}
	pattern := x.r.Pattern
	if _, path, ok := strings.Cut(pattern, " "); ok {
		pattern = path
	}
	if pattern == "" || pattern == "/v1/" {
		return "none"
	}
	return pattern
}

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions}

// method keeps the number of label values bounded.
func method(m string) string {
	for _, known := range methods {
		if m == known {
			return m
		}
	}
	return "OTHER"
}

// noRoute answers for addresses that nothing is registered at, and for those
// that know other methods only.
func (a *API) noRoute(w http.ResponseWriter, r *http.Request) {
	x := w.(*exchange)
	var allow []string
	for _, m := range methods {
		probe := http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(&probe); strings.Contains(pattern, " ") {
			allow = append(allow, m)
		}
	}
	if len(allow) > 0 {
		x.refuse(ErrMethod.With("allow", strings.Join(allow, ", ")))
		return
	}
	x.refuse(ErrNoRoute)
}

// requestID takes over the identifier of a proxy when it is a harmless word.
func requestID(r *http.Request) string {
	if given := r.Header["X-Request-Id"]; len(given) == 1 && len(given[0]) >= 8 && len(given[0]) <= 64 {
		for i := range len(given[0]) {
			c := given[0][i]
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
				return id.New("req")
			}
		}
		return given[0]
	}
	return id.New("req")
}
