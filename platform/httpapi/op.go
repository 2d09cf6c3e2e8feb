package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
)

// Op describes a route.
type Op struct {
	Route   string           // "POST /v1/cases"
	Need    actor.Permission // checked before the handler runs; Public for open routes
	Summary string
	Tag     string
	Status  int            // success status; 200, or 204 when the output has no Body
	Faults  []*fault.Fault // documented problems
	MaxBody int64          // 0: Limits.Body

	// Secret says that the answer is shown once and never stored: a session, an
	// API key. A repeated idempotency key is refused instead of replayed.
	// Answers that set a cookie are secret anyway.
	Secret bool

	// Anew says that a change counts each time it is asked for, and that an
	// idempotency key means nothing to it: proofs of who somebody is, messages of
	// parties that number them, questions.
	Anew bool
	// Headers are those that are a part of what is asked for, besides path, query
	// and body: another value is another request.
	Headers []string
	// Produces is the media type of a stream, and Query its parameters with what
	// they mean: a stream has no input type to read them from.
	Produces string
	Query    map[string]string
}

// route is what a request needs to know about the Op it entered.
type route struct {
	op     Op
	method string
	path   string
	limit  int64 // bytes of body
	keyed  bool  // honours Idempotency-Key
	stream bool
}

// Write registers a verb that changes something. The verb, its idempotency key
// and the stored answer commit in one transaction. fn may run more than once
// and must do nothing but compute and use tx: a repeated request runs it too,
// until it fails or finds its key taken, and all that is undone before the
// stored answer is given.
func Write[I, O any](a *API, op Op, fn func(ctx context.Context, tx *db.Tx, by actor.Actor, in *I) (*O, error)) {
	shape := shapeOf[O]()
	if shape.raw {
		panic("httpapi: a Write answers JSON: " + op.Route)
	}
	op.Secret = op.Secret || shape.secret
	register(a, op, true, func(ctx context.Context, x *exchange, in *I) (*O, error) {
		var out *O
		err := a.o.DB.Write(ctx, func(tx *db.Tx) (err error) {
			out, x.answer = nil, nil
			fresh := *in // a run must not see what an earlier one changed
			if out, err = fn(ctx, tx, x.by, &fresh); err != nil || x.key == "" {
				return err
			}
			return remember(ctx, tx, x, shape, out)
		})
		if err != nil {
			x.answer = nil
			return nil, a.repeated(ctx, x, err)
		}
		return out, nil
	})
}

// repeated tells what a failed request is answered: what an earlier one with its
// key got, for the failure may be that the work is done; else the failure.
func (a *API) repeated(ctx context.Context, x *exchange, failure error) error {
	if x.key == "" {
		return failure
	}
	again, err := a.recall(ctx, x)
	answered := errors.Is(failure, errAnswered)
	switch {
	case again != nil:
		return again
	case err != nil && (answered || refusal(err) != nil || refusal(failure) != nil): // nobody is refused what may be done
		return err
	case answered: // and forgotten between the two transactions
		return db.ErrBusy
	}
	return failure
}

// Read registers a route that looks something up in one read transaction.
func Read[I, O any](a *API, op Op, fn func(ctx context.Context, tx *db.Tx, by actor.Actor, in *I) (*O, error)) {
	register(a, op, false, func(ctx context.Context, x *exchange, in *I) (out *O, err error) {
		err = a.o.DB.Read(ctx, func(tx *db.Tx) (err error) {
			x.rows = 0 // of an earlier try
			out, err = fn(ctx, tx, x.by, in)
			return err
		})
		x.rows += items(out)
		return out, err
	})
}

// Plain registers a route that opens its own transactions, if any, because it
// does work that must not happen inside one: hashing, files, network. One that
// changes something honours the idempotency key as far as Keep says.
func Plain[I, O any](a *API, op Op, fn func(ctx context.Context, by actor.Actor, in *I) (*O, error)) {
	shape := shapeOf[O]()
	op.Secret = op.Secret || shape.secret
	register(a, op, op.keeps(), func(ctx context.Context, x *exchange, in *I) (*O, error) {
		return once(ctx, x, shape, func() (*O, error) { return fn(ctx, x.by, in) })
	})
}

// Stream registers a route that writes its answer itself: files, CSV, events.
// It has no time limit and no write deadline. An error before the first byte
// becomes a problem; after it, the connection is cut so that nobody takes half
// an answer for a whole one. It keeps no answers: what changes something is Anew.
func Stream(a *API, op Op, fn func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error) {
	if op.keeps() {
		panic("httpapi: a Stream keeps no answers: " + op.Route)
	}
	rt := a.route(op, false)
	rt.stream = true
	a.documentStream(rt)
	a.HandleFunc(op.Route, func(w http.ResponseWriter, r *http.Request) {
		x := w.(*exchange)
		x.clearWriteDeadline()
		if err := fn(r.Context(), x.by, w, r); err != nil {
			x.fail(err)
		}
	})
}

func register[I, O any](a *API, op Op, keyed bool, handle func(ctx context.Context, x *exchange, in *I) (*O, error)) {
	if op.Status == 0 {
		op.Status = http.StatusNoContent
		if shapeOf[O]().body != nil {
			op.Status = http.StatusOK
		}
	}
	rt := a.route(op, keyed)
	a.names.within(packageOf[I](), packageOf[O]())
	huma.Register(a.huma, a.operation(rt, inputOf[I]()), func(ctx context.Context, in *I) (*O, error) {
		x := from(ctx)
		out, err := handle(ctx, x, in)
		if again, ok := err.(*replay); ok {
			return nil, again
		}
		if err != nil {
			return nil, x.problem(err)
		}
		return out, nil
	})
}
