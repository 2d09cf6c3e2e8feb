package httpapi

import (
	"context"
	"errors"
	"hash"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/aftercare/aftercare/base/actor"
)

// exchange is one request and its answer: the writer that handlers get, and
// what the layers around them need to know. The header leaves with the first
// byte, so that an answer that cannot be encoded still becomes a problem.
type exchange struct {
	a     *API
	w     http.ResponseWriter
	r     *http.Request
	start time.Time
	id    string
	route *route
	by    actor.Actor
	addr  string // of the client, once asked for

	key    string    // idempotency key, only on routes that honour it
	sum    hash.Hash // of query and body, only with a key
	body   *body     // of a Receive route
	answer []byte    // encoded body of an answer that is kept
	kept   bool      // by Keep, if its transaction has committed

	status int
	sent   bool // header has left
	bytes  int64
	rows   int   // things that the answer tells of
	broken error // first error of writing: the client is gone
}

type exchangeKey struct{}

func from(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// Told notes that the answer tells of n more things, for whoever measures. Lists
// with items are counted without it.
func Told(ctx context.Context, n int) {
	if x := from(ctx); x != nil {
		x.rows += n
	}
}

// items counts those of a list: the field Items of a Body.
func items(out any) int {
	v := reflect.Indirect(reflect.ValueOf(out))
	if v.Kind() != reflect.Struct {
		return 0
	}
	if v = v.FieldByName("Body"); v.Kind() != reflect.Struct {
		return 0
	}
	if v = v.FieldByName("Items"); v.Kind() != reflect.Slice {
		return 0
	}
	return v.Len()
}

func (x *exchange) Header() http.Header { return x.w.Header() }

func (x *exchange) WriteHeader(status int) {
	if status < 200 {
		x.w.WriteHeader(status)
		return
	}
	if !x.sent {
		x.status = status
	}
}

func (x *exchange) Write(b []byte) (int, error) {
	x.send()
	n, err := x.w.Write(b)
	x.bytes += int64(n)
	if err != nil && x.broken == nil {
		x.broken = err
	}
	return n, err
}

// send lets the header go.
func (x *exchange) send() {
	if x.sent {
		return
	}
	if x.status == 0 {
		x.status = http.StatusOK
	}
	if x.status == http.StatusNoContent || x.status == http.StatusNotModified {
		x.w.Header().Del("Content-Type")
	}
	x.sent = true
	x.w.WriteHeader(x.status)
}

// Flush lets go what was written so far.
func (x *exchange) Flush() { _ = x.FlushError() }

// FlushError is Flush for http.ResponseController.
func (x *exchange) FlushError() error {
	x.send()
	return http.NewResponseController(x.w).Flush()
}

// Unwrap gives http.ResponseController the writer below.
func (x *exchange) Unwrap() http.ResponseWriter { return x.w }

func (x *exchange) clearWriteDeadline() {
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Time{}) // test recorders have none
}

// fail answers with a problem, or cuts the connection when it is too late.
func (x *exchange) fail(err error) {
	if !x.sent {
		x.refuse(err)
		return
	}
	if x.broken == nil && !errors.Is(err, context.Canceled) {
		x.a.o.Log.LogAttrs(x.r.Context(), slog.LevelError, "answer broke off",
			slog.String("route", x.pattern()), slog.String("request_id", x.id), slog.Any("err", err))
	}
	panic(http.ErrAbortHandler)
}

// refuse writes a problem and ends the answer.
func (x *exchange) refuse(err error) {
	p := x.problem(err)
	h := x.w.Header()
	for name, values := range p.headers {
		h[name] = values
	}
	h.Del("Content-Length")
	h.Del("Content-Encoding")
	h.Del("Content-Disposition")
	h.Set("Content-Type", problemType)
	x.WriteHeader(p.Status)
	body, _ := p.MarshalJSON()
	_, _ = x.Write(append(body, '\n'))
}

func (x *exchange) pattern() string {
	if x.route != nil {
		return x.route.path
	}
	return "none"
}
