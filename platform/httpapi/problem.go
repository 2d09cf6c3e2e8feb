package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

const problemType = "application/problem+json"

// Problem is an RFC 9457 document, the answer to every request that is refused
// or fails. Facts about the occurrence are further members.
type Problem struct {
	_ struct{} `json:"-" additionalProperties:"true"`

	Type      string        `json:"type" doc:"Where the problem is explained; about:blank for an internal error." example:"/problems#request.invalid"`
	Status    int           `json:"status" doc:"HTTP status."`
	Code      string        `json:"code,omitempty" doc:"What went wrong, for programs. Never changes its meaning." example:"request.invalid"`
	Title     string        `json:"title" doc:"What went wrong, for people. The same each time."`
	Detail    string        `json:"detail,omitempty" doc:"What happened this time."`
	Instance  string        `json:"instance,omitempty" doc:"Path of the request."`
	RequestID string        `json:"request_id,omitempty" doc:"Identifies the request in the log."`
	Errors    []fault.Field `json:"errors,omitempty" doc:"The parts of the input that are wrong."`

	facts   map[string]any
	headers http.Header
}

// Error makes Problem an error, which is how huma takes it from a handler.
func (p *Problem) Error() string { return p.Title }

// GetStatus, GetHeaders and ContentType are what huma asks an error for.
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) GetHeaders() http.Header   { return p.headers }
func (p *Problem) ContentType(string) string { return problemType }

// MarshalJSON writes the standard members first and then the facts by name. A
// fact named like a standard member is left out.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	head, err := encode((*plain)(p))
	if err != nil || len(p.facts) == 0 {
		return head, err
	}
	out := bytes.NewBuffer(head[:len(head)-1])
	for _, name := range slices.Sorted(maps.Keys(p.facts)) {
		if slices.Contains(standard, name) {
			continue
		}
		value, err := encode(p.facts[name])
		if err != nil {
			return nil, fmt.Errorf("fact %s of %s: %w", name, p.Code, err)
		}
		key, _ := encode(name)
		out.WriteByte(',')
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encode is json.Marshal without escapes for HTML, which this never is.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

var standard = []string{"type", "status", "code", "title", "detail", "instance", "request_id", "errors"}

// problem turns any error into the answer. An error that is not a refusal is
// logged here, once, and the client learns nothing but the request id.
func (x *exchange) problem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return x.sign(p)
	}
	if f := refusal(err); f != nil {
		return x.sign(x.a.problemOf(f))
	}
	if x.r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return x.sign(x.a.problemOf(ErrGone))
	}
	x.a.o.Log.LogAttrs(x.r.Context(), slog.LevelError, "request failed",
		slog.String("method", x.r.Method), slog.String("route", x.pattern()), slog.String("request_id", x.id), slog.Any("err", err))
	return x.sign(internal())
}

// refusal finds the fault in an error, also in those that are not ours.
func refusal(err error) *fault.Fault {
	var f *fault.Fault
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &large):
		return ErrTooLarge.With("limit", large.Limit)
	case errors.Is(err, context.DeadlineExceeded):
		return ErrTimeout
	default:
		return nil
	}
}

func internal() *Problem {
	return &Problem{Type: "about:blank", Status: http.StatusInternalServerError, Title: http.StatusText(http.StatusInternalServerError)}
}

// problemOf words a fault without saying anything about the request.
func (a *API) problemOf(f *fault.Fault) *Problem {
	p := &Problem{
		Type: a.o.Problems + f.Code, Status: Status(f), Code: f.Code, Title: f.Title,
		Detail: f.Detail, Errors: f.Fields, facts: f.Facts,
	}
	switch f.Kind {
	case fault.Unauthenticated:
		p.headers = http.Header{"Www-Authenticate": {`Bearer realm="aftercare"`}}
	case fault.Limited, fault.Busy:
		p.headers = http.Header{"Retry-After": {retryAfter(f.Facts["retry_after"])}}
	}
	if f.Code == ErrMethod.Code {
		if allow, ok := f.Facts["allow"].(string); ok {
			p.headers = http.Header{"Allow": {allow}}
		}
	}
	return p
}

// retryAfter gives whole seconds, at least one.
func retryAfter(fact any) string {
	seconds := 1.0
	switch v := fact.(type) {
	case time.Duration:
		seconds = v.Seconds()
	case int:
		seconds = float64(v)
	case int64:
		seconds = float64(v)
	case float64:
		seconds = v
	}
	return strconv.FormatInt(int64(math.Max(1, math.Ceil(seconds))), 10)
}

// sign adds which request it was.
func (x *exchange) sign(p *Problem) *Problem {
	p.Instance, p.RequestID = x.r.URL.Path, x.id
	return p
}
