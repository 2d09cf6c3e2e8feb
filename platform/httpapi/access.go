package httpapi

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
)

// enter puts around a route everything that is decided before it runs: who
// asks, whether they may, how often, how much and for how long.
func (a *API) enter(rt *route, next func(http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		x := w.(*exchange)
		x.route = rt
		w.Header()["Cache-Control"] = noStore
		ctx := context.WithValue(r.Context(), exchangeKey{}, x)
		short, cancel := context.WithTimeout(ctx, a.o.Limits.Timeout)
		defer cancel()
		if err := a.admit(short, x, r); err != nil {
			x.refuse(err)
			return
		}
		if err := prepare(x, r); err != nil {
			x.refuse(err)
			return
		}
		if !rt.stream {
			ctx = short
		}
		next(x, r.WithContext(ctx))
	}
}

// admit is the one place where access is decided.
func (a *API) admit(ctx context.Context, x *exchange, r *http.Request) error {
	if wait, ok := a.sources.take(x.source()); !ok {
		return ErrLimited.With("retry_after", seconds(wait))
	}
	by, err := a.identify(ctx, r)
	if err != nil {
		if x.route.op.Need != Public || !unauthenticated(err) {
			return err
		}
		by = actor.Actor{Tenant: by.Tenant, Kind: actor.Nobody} // a stale cookie must not stop a new sign-in
	}
	x.by = by
	if wait, ok := a.callers.take(x.caller()); !ok {
		return ErrLimited.With("retry_after", seconds(wait))
	}
	if err := a.permit(by, x.route.op.Need); err != nil || a.o.Hold == nil || !x.route.keyed {
		return err
	}
	return a.o.Hold(ctx, by, x.route.op.Need)
}

func (a *API) identify(ctx context.Context, r *http.Request) (by actor.Actor, err error) {
	if a.o.Identify == nil {
		return actor.Actor{Kind: actor.Nobody}, nil
	}
	if a.o.Recall != nil {
		if by, known := a.o.Recall(r, a.o.DB.Now()); known {
			return by, nil
		}
	}
	err = a.o.DB.Read(ctx, func(tx *db.Tx) (err error) {
		by, err = a.o.Identify(ctx, tx, r)
		return err
	})
	if err != nil && refusal(err) == nil {
		err = fmt.Errorf("identifying the caller: %w", err)
	}
	return by, err
}

func (a *API) permit(by actor.Actor, need actor.Permission) error {
	if need == Public {
		return nil
	}
	if by.Kind == actor.Nobody || by.Kind == "" {
		return ErrUnauthenticated
	}
	if a.o.Allow == nil {
		return ErrDenied.With("permission", string(need))
	}
	err := a.o.Allow(by, need)
	var f *fault.Fault
	if err == nil || errors.As(err, &f) {
		return err
	}
	return ErrDenied.With("permission", string(need))
}

func unauthenticated(err error) bool {
	var f *fault.Fault
	return errors.As(err, &f) && f.Kind == fault.Unauthenticated
}

// prepare checks what can be checked before the body is read, and has the body
// hashed on its way when the request carries an idempotency key.
func prepare(x *exchange, r *http.Request) error {
	if r.ContentLength > x.route.limit {
		return ErrTooLarge.With("limit", x.route.limit)
	}
	if keys := r.Header["Idempotency-Key"]; x.route.keyed && len(keys) > 0 {
		if len(keys) > 1 || !validKey(keys[0]) {
			return ErrKey
		}
		x.key, x.sum = keys[0], sha256.New()
		fmt.Fprintf(x.sum, "%s\n", r.URL.RawQuery)
		for _, name := range x.route.op.Headers {
			fmt.Fprintf(x.sum, "%s: %q\n", name, r.Header.Values(name))
		}
	}
	if r.Body != nil && r.Body != http.NoBody {
		b := &body{ReadCloser: r.Body, x: x, sum: x.sum}
		if x.route.stream { // huma has its own limit
			b.ReadCloser = http.MaxBytesReader(x, r.Body, x.route.limit)
			x.body = b
		}
		r.Body = b
	}
	return nil
}
