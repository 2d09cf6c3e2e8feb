// Package apitest sends requests to an API over a real store and says what
// came back and which events were appended.
//
// It owns requests, answers and scenario tables for tests. It does not replace
// any of our code: identity is the only thing it invents, with As.
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/httpapi"
)

const actorHeader = "X-Test-Actor"

// New makes an API that believes As. allow decides about permissions; nil
// allows everything to everybody who is somebody.
func New(d *db.DB, allow func(by actor.Actor, need actor.Permission) error) *httpapi.API {
	if allow == nil {
		allow = func(actor.Actor, actor.Permission) error { return nil }
	}
	return httpapi.New(httpapi.Options{DB: d, Identify: Identify, Allow: allow})
}

// Identify takes the actor from the request, as As has put it there.
func Identify(_ context.Context, _ *db.Tx, r *http.Request) (actor.Actor, error) {
	by := actor.Actor{Tenant: "test", Kind: actor.Nobody}
	text := r.Header.Get(actorHeader)
	if text == "" {
		return by, nil
	}
	err := json.Unmarshal([]byte(text), &by)
	return by, err
}

// Each runs the test against an API on each engine. routes registers what is
// tested; schemas are its tables, to which those of httpapi are added.
func Each(t *testing.T, schemas []db.Schema, routes func(a *httpapi.API, d *db.DB), test func(t *testing.T, h http.Handler, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, append([]db.Schema{httpapi.Schema}, schemas...), func(t *testing.T, d *db.DB) {
		a := New(d, nil)
		routes(a, d)
		test(t, a.Handler(), d)
	})
}

// Option changes a request before it is sent.
type Option func(r *http.Request)

// As sends the request in the name of an actor, to an API made by New.
func As(by actor.Actor) Option {
	text, err := json.Marshal(by)
	if err != nil {
		panic(err) // an Actor is plain text
	}
	return Header(actorHeader, string(text))
}

// Header sets a header.
func Header(name, value string) Option {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// Key sets the idempotency key.
func Key(key string) Option { return Header("Idempotency-Key", key) }

// IfMatch names the version that the change is based on.
func IfMatch(version int64) Option { return Header("If-Match", httpapi.ETag(version)) }

// Bearer sends an API key.
func Bearer(secret string) Option { return Header("Authorization", "Bearer "+secret) }

// Cookie sends a cookie, as a page of the same site would.
func Cookie(c *http.Cookie) Option {
	return func(r *http.Request) {
		r.AddCookie(c)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
}

// Body sends a value as JSON; a string is sent as the JSON text it is.
func Body(v any) Option {
	text, ok := v.(string)
	if !ok {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err) // a bug in the test
		}
		text = string(raw)
	}
	return Raw("application/json", []byte(text))
}

// Raw sends bytes of a type.
func Raw(contentType string, body []byte) Option {
	return func(r *http.Request) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
		r.Header.Set("Content-Type", contentType)
	}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Raw    []byte
	JSON   any // decoded body, nil when it is not JSON
}

// Do sends one request through the handler.
func Do(t testing.TB, h http.Handler, method, path string, opts ...Option) Answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for _, o := range opts {
		o(r)
	}
	w := httptest.NewRecorder()
	serve(h, w, r)
	a := Answer{Status: w.Code, Header: w.Header(), Raw: w.Body.Bytes()}
	if strings.Contains(a.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(a.Raw, &a.JSON); err != nil {
			t.Fatalf("%s %s: answer is not JSON: %v\n%s", method, path, err, a.Raw)
		}
	}
	return a
}

// serve survives a handler that cuts the connection, as net/http does.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
		}
	}()
	h.ServeHTTP(w, r)
}

// Code is the code of a problem, empty for other answers.
func (a Answer) Code() string {
	code, _ := a.At("code").(string)
	return code
}

// At finds a value in the answer by a path such as "items.0.quantity"; nil
// when there is none.
func (a Answer) At(path string) any {
	v := a.JSON
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// Text is At for a string, empty when there is none.
func (a Answer) Text(path string) string {
	s, _ := a.At(path).(string)
	return s
}

// Into decodes the body.
func (a Answer) Into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.Raw, v); err != nil {
		t.Fatalf("decode answer %d: %v\n%s", a.Status, err, a.Raw)
	}
}

// Want ends the test unless the answer has the status and, for a problem, the
// code.
func (a Answer) Want(t testing.TB, status int, code string) Answer {
	t.Helper()
	if a.Status != status || a.Code() != code {
		t.Fatalf("answered %d %q, want %d %q\n%s", a.Status, a.Code(), status, code, a.Raw)
	}
	return a
}
