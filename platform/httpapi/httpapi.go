// Package httpapi is the border between HTTP and the verbs of the capabilities:
// one function per route, from a decoded input to an output.
//
// It owns routes, who may enter them, transactions around verbs, idempotency
// keys, problem documents, limits, security headers and the OpenAPI document.
// It does not know any business word; packages register their own routes. A
// verb runs at most once per idempotency key, and a refusal always is an RFC
// 9457 problem made here.
package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/klauspost/compress/gzhttp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Public is the permission of routes that everybody may enter.
const Public actor.Permission = "public"

// Cookies that carry a session. They are HttpOnly and SameSite=Lax, but for that
// of a frame, which is Partitioned: see access/session.
const (
	StaffCookie    = "aftercare_staff"
	CustomerCookie = "aftercare_customer"
	FrameCookie    = "__Host-aftercare_frame"
)

// Options are what an API is made from.
type Options struct {
	DB *db.DB // may be nil when only the document is wanted

	// Identify says who asks: by API key or cookie, else actor.Nobody. It runs
	// in a read transaction before the handler. A fault refuses the request.
	Identify func(ctx context.Context, tx *db.Tx, r *http.Request) (actor.Actor, error)
	// Recall says it without the store where it is known still; it may be nil.
	Recall func(r *http.Request, now time.Time) (actor.Actor, bool)
	// Allow refuses an actor who lacks a permission. It is not asked for Public.
	Allow func(by actor.Actor, need actor.Permission) error
	// Hold refuses, after Allow, that something is changed; it may be nil. A
	// demonstration leaves what its visitors share as it is.
	Hold func(ctx context.Context, by actor.Actor, need actor.Permission) error

	// MACs authenticate what was asked with an idempotency key, as it is kept: by
	// the key that is used now first, then by those before it. Without it a plain
	// digest is kept.
	MACs func(text string) [][]byte

	Log        *slog.Logger
	Limits     Limits
	TrustProxy bool     // believe X-Forwarded-For and X-Forwarded-Proto
	Origins    []string // further origins whose pages may send cookies, such as the public URL behind a proxy
	Version    string   // of the program, in the document
	Problems   string   // what precedes a code in a problem's type; "/problems#" when empty
	Policy     string   // Content-Security-Policy; a strict one when empty
	Metrics    func(ctx context.Context, m Measure)
}

// Limits protect the process. Zero values mean the defaults named here.
type Limits struct {
	Body      int64         // bytes of a request body, 1 MiB
	Timeout   time.Duration // of a request that is not a stream, 30 s
	PerSecond float64       // requests of one client on average; 0 is without limit
	Burst     int           // requests of one client at once, 2 × PerSecond
}

// Measure is one finished request, for metrics and traces.
type Measure struct {
	Route    string // pattern such as "/v1/cases/{id}", never a path; "none" when nothing matched
	Method   string // one of the known methods, else "OTHER"
	Status   int
	Duration time.Duration
	Bytes    int64
	Stream   bool // lasts as long as somebody listens: its duration says nothing
	Rows     int  // things that a list or an export told of

	By    actor.Actor              // who asked
	Value func(name string) string // of a place in the path, such as "id"
}

// API is a set of routes and everything around them. Register routes first,
// then call Handler.
type API struct {
	o       Options
	huma    huma.API
	mux     *http.ServeMux
	names   *names
	routes  map[string]*route // by "METHOD /path"
	roots   map[string]bool   // mounted catch-alls
	origin  *http.CrossOriginProtection
	callers *limiter // by API key, person or address
	sources *limiter // by address, before anything is looked up
	finish  sync.Once
	handler http.Handler
}

// New makes an API without routes.
func New(o Options) *API {
	configure()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Limits.Body == 0 {
		o.Limits.Body = 1 << 20
	}
	if o.Limits.Timeout == 0 {
		o.Limits.Timeout = 30 * time.Second
	}
	if o.Limits.Burst == 0 {
		o.Limits.Burst = max(1, int(2*o.Limits.PerSecond))
	}
	if o.Problems == "" {
		o.Problems = "/problems#"
	}
	if o.Policy == "" {
		o.Policy = strictPolicy
	}
	a := &API{
		o:       o,
		mux:     http.NewServeMux(),
		names:   newNames(),
		routes:  map[string]*route{},
		roots:   map[string]bool{},
		origin:  http.NewCrossOriginProtection(),
		callers: newLimiter(o.Limits.PerSecond, o.Limits.Burst),
		sources: newLimiter(sharing*o.Limits.PerSecond, sharing*o.Limits.Burst),
	}
	for _, origin := range o.Origins {
		if err := a.origin.AddTrustedOrigin(origin); err != nil {
			panic("httpapi: " + err.Error()) // configuration is checked before
		}
	}
	a.huma = huma.NewAPI(huma.Config{
		OpenAPI:       a.document(),
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{written},
	}, humago.NewAdapter(a, ""))
	return a
}

// HandleFunc is called by huma for each route; it puts the way in around it.
func (a *API) HandleFunc(pattern string, next func(http.ResponseWriter, *http.Request)) {
	a.mux.HandleFunc(pattern, a.enter(a.routes[pattern], next))
}

// ServeHTTP makes API usable where huma wants a mux. Requests go to Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.Handler().ServeHTTP(w, r) }

// Mount adds a handler that is not part of the API, such as the web pages or
// the health check. It gets the security headers, compression, the log and the
// measures; who may enter is its own affair.
func (a *API) Mount(pattern string, h http.Handler) {
	a.roots[pattern] = true
	a.mux.Handle(pattern, h)
}

// Handler completes the API and returns it. Routes cannot be added afterwards.
func (a *API) Handler() http.Handler {
	a.finish.Do(func() {
		a.mountDocument()
		for _, pattern := range []string{"/v1/", "/"} {
			if !a.roots[pattern] {
				a.mux.HandleFunc(pattern, a.noRoute)
			}
		}
		compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(4), gzhttp.ContentTypes(compressible))
		if err != nil {
			panic(err) // the options are constant
		}
		a.handler = compress(http.HandlerFunc(a.serve))
	})
	return a.handler
}

// Texts only. Event streams are left alone because each event must leave at
// once; PDF and images are compressed already.
var compressible = []string{
	"application/json", "application/problem+json", "application/openapi+json", "application/yaml", "application/openapi+yaml",
	"application/javascript", "application/manifest+json", "image/svg+xml",
	"text/css", "text/csv", "text/html", "text/javascript", "text/plain",
}
