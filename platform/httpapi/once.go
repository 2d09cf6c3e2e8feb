package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// keeps says whether a route that opens its own transactions keeps answers.
func (op Op) keeps() bool {
	method, _, _ := strings.Cut(op.Route, " ")
	return method != http.MethodGet && method != http.MethodHead && !op.Anew
}

// Receive registers a route that takes its body as it comes, to its end: a file,
// or a piece of one. It opens its own transactions and has no time limit; else it
// is as Plain. What fn writes into the header stays when it refuses. A route
// without MaxBody expects no body, and what comes is read before fn runs.
func Receive[O any](a *API, op Op, fn func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) (*O, error)) {
	shape := shapeOf[O]()
	if op.Status == 0 {
		op.Status = http.StatusOK
	}
	rt := a.route(op, op.keeps())
	rt.stream = true
	a.documentStream(rt)
	a.HandleFunc(op.Route, func(w http.ResponseWriter, r *http.Request) {
		x := w.(*exchange)
		x.clearWriteDeadline()
		out, err := once(r.Context(), x, shape, func() (*O, error) {
			if op.MaxBody == 0 {
				if err := x.rest(); err != nil {
					return nil, err
				}
			}
			return fn(r.Context(), x.by, w, r)
		})
		if again, ok := err.(*replay); ok {
			x.say(again)
			return
		}
		if err == nil {
			var answer *replay
			if answer, err = said(shape, op.Status, out); err == nil {
				x.say(answer)
				return
			}
		}
		x.fail(err)
	})
}

// Keep keeps what a Plain or Receive route is going to answer for the idempotency
// key of its request, as the last statement of the transaction of its work: then
// key and work commit together, as those of a Write do. A route that does not call
// it, because its work is no single transaction, must be harmless to repeat: its
// answer is kept when it is there, and a crash before that lets it run again. The
// body must have been read by then.
func Keep[O any](ctx context.Context, tx *db.Tx, out *O) error {
	x := from(ctx)
	if x == nil || x.key == "" {
		return nil
	}
	if x.body != nil && !x.body.whole {
		return errors.New("an answer is kept before its request was read")
	}
	x.kept = true
	return remember(ctx, tx, x, shapeOf[O](), out)
}

// once does the work of a request, unless one with its key has been answered.
func once[O any](ctx context.Context, x *exchange, s shape, work func() (*O, error)) (*O, error) {
	if x.key == "" {
		return work()
	}
	if again, err := x.a.recall(ctx, x); again != nil {
		return nil, again
	} else if err != nil {
		return nil, err
	}
	out, err := work()
	if err == nil && !x.kept {
		if err := x.rest(); err != nil {
			return nil, err
		}
		err = x.a.o.DB.Write(ctx, func(tx *db.Tx) error { return remember(ctx, tx, x, s, out) })
	}
	if err != nil {
		x.answer = nil
		return nil, x.a.repeated(ctx, x, err)
	}
	return out, nil
}

// said is an answer as it is sent, and kept.
func said(s shape, status int, out any) (*replay, error) {
	r := &replay{status: status, headers: http.Header{}}
	v := reflect.ValueOf(out)
	if v.IsNil() {
		return r, nil
	}
	v = v.Elem()
	if s.body != nil {
		var buf bytes.Buffer
		if err := marshal(&buf, v.FieldByIndex(s.body).Interface()); err != nil {
			return nil, fmt.Errorf("encoding answer: %w", err)
		}
		r.body = buf.Bytes()
	}
	if s.status != nil {
		r.status = int(v.FieldByIndex(s.status).Int())
	}
	for _, h := range s.headers {
		if f := v.FieldByIndex(h.index); !f.IsZero() {
			r.headers.Set(h.name, fmt.Sprint(f.Interface()))
		}
	}
	return r, nil
}

// say sends an answer.
func (x *exchange) say(r *replay) {
	h := x.w.Header()
	for name, values := range r.headers {
		h[name] = values
	}
	if len(r.body) > 0 {
		h.Set("Content-Type", r.ContentType(""))
	}
	x.WriteHeader(r.status)
	if len(r.body) > 0 {
		_, _ = x.Write(r.body)
	}
}

// rest reads what nobody has read of the body that a Receive route gets, so that
// its digest is whole.
func (x *exchange) rest() error {
	if x.body == nil || x.body.whole {
		return nil
	}
	_ = http.NewResponseController(x.w).SetReadDeadline(time.Now().Add(patience(x.route.limit))) // test recorders have none
	_, err := io.Copy(io.Discard, x.body)
	return err
}
