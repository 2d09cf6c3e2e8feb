package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var (
	errTaken = fault.New(fault.Conflict, "box.taken", "The box holds something else.")
	errBusy  = fault.New(fault.Busy, "box.busy", "The box is being moved.")

	staff    = actor.Actor{Tenant: "test", Kind: actor.Staff, ID: "stf_1", Role: "agent"}
	outsider = actor.Actor{Tenant: "test", Kind: actor.Staff, ID: "stf_2", Role: "warehouse"}

	schemas = []db.Schema{httpapi.Schema, event.Schema}
)

// box is a capability as small as one can be: putting something in appends an
// event, so that each run leaves a trace that tests can count.
type box struct{ runs atomic.Int64 }

type put struct {
	Name string `json:"name"`
}

func (put) Type() string { return "box.put" }

type putInput struct {
	httpapi.Client
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"20"`
		Items []struct {
			Line     int `json:"line" minimum:"1"`
			Quantity int `json:"quantity" minimum:"1" maximum:"99"`
		} `json:"items,omitempty"`
		Fail string `json:"fail,omitempty"`
	}
}

type putOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     struct {
		ID     string `json:"id"`
		Name   string `json:"name"`
		Client string `json:"client"`
		Run    int64  `json:"run"`
	}
}

func (b *box) put(ctx context.Context, tx *db.Tx, by actor.Actor, in *putInput) (*putOutput, error) {
	run := b.runs.Add(1)
	if in.Body.Fail == "again" {
		before, err := event.History(ctx, tx, by.Tenant, "box", in.Body.Name)
		if err != nil {
			return nil, err
		}
		if len(before) > 0 {
			return nil, errTaken
		}
	}
	err := event.Append(ctx, tx, by, event.About{Stream: "box", Subject: in.Body.Name, Version: run}, put{Name: in.Body.Name})
	if err != nil {
		return nil, err
	}
	switch in.Body.Fail {
	case "taken":
		return nil, fmt.Errorf("putting %s: %w", in.Body.Name, errTaken.With("holds", "a <lamp>").With("status", "never").Because("Take it out first."))
	case "busy":
		return nil, errBusy.With("retry_after", 7)
	case "secret":
		return nil, errors.New("password is swordfish")
	case "panic":
		panic("the bottom fell out")
	}
	out := &putOutput{ETag: httpapi.ETag(run), Location: "/v1/boxes/" + in.Body.Name}
	out.Body.ID, out.Body.Name, out.Body.Client, out.Body.Run = fmt.Sprint("box_", run), in.Body.Name, in.Address, run
	return out, nil
}

type changeInput struct {
	httpapi.IfMatch
	httpapi.Lang
	ID string `path:"id"`
}

type changeOutput struct {
	Body struct {
		Version  int64  `json:"version"`
		Language string `json:"language"`
	}
}

func change(_ context.Context, _ *db.Tx, _ actor.Actor, in *changeInput) (*changeOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	out := &changeOutput{}
	out.Body.Version, out.Body.Language = version, in.Language()
	return out, nil
}

type listInput struct {
	httpapi.Page
	State string `query:"state" enum:"open,closed" doc:"Only boxes in this state."`
}

type listOutput struct {
	Body struct {
		Items []string `json:"items"`
		Next  string   `json:"next"`
	}
}

func list(_ context.Context, _ *db.Tx, _ actor.Actor, in *listInput) (*listOutput, error) {
	var from int
	if err := httpapi.DecodeCursor(in.Cursor, &from); err != nil {
		return nil, err
	}
	out := &listOutput{}
	for i := from; i < from+in.Limit; i++ {
		out.Body.Items = append(out.Body.Items, fmt.Sprintf("a box with quite a long name, number %d", i))
	}
	out.Body.Next = httpapi.EncodeCursor(from + in.Limit)
	return out, nil
}

type keyOutput struct {
	Body struct {
		Secret string `json:"secret"`
	}
}

type signInOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (b *box) routes(a *httpapi.API) {
	httpapi.Write(a, httpapi.Op{
		Route: "POST /v1/boxes", Need: "box.put", Summary: "Put something into a box", Tag: "boxes", Status: 201,
		Faults: []*fault.Fault{errTaken, errBusy}, MaxBody: 4096,
	}, b.put)
	httpapi.Write(a, httpapi.Op{Route: "PATCH /v1/boxes/{id}", Need: "box.put", Tag: "boxes"}, change)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/boxes/{id}", Need: "box.put", Tag: "boxes"},
		func(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct {
			ID string `path:"id"`
		}) (*struct{}, error) {
			run := b.runs.Add(1)
			return nil, event.Append(ctx, tx, by, event.About{Stream: "box", Subject: in.ID, Version: run}, put{Name: in.ID})
		})
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/boxes", Need: "box.read", Tag: "boxes"}, list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/keys", Need: "box.put", Status: 201, Secret: true},
		func(context.Context, *db.Tx, actor.Actor, *struct{}) (*keyOutput, error) {
			b.runs.Add(1)
			out := &keyOutput{}
			out.Body.Secret = "key_swordfish"
			return out, nil
		})
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/session", Need: httpapi.Public},
		func(context.Context, *db.Tx, actor.Actor, *struct{}) (*signInOutput, error) {
			return &signInOutput{SetCookie: http.Cookie{Name: httpapi.StaffCookie, Value: "ses_swordfish", HttpOnly: true}}, nil
		})
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/slow", Need: httpapi.Public},
		func(ctx context.Context, _ actor.Actor, _ *struct{}) (*struct{}, error) {
			<-ctx.Done()
			return nil, fmt.Errorf("waiting: %w", ctx.Err())
		})
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/photos", Need: httpapi.Public, MaxBody: 1000},
		func(_ context.Context, _ actor.Actor, in *struct {
			RawBody []byte `contentType:"image/jpeg"`
		}) (*changeOutput, error) {
			out := &changeOutput{}
			out.Body.Version = int64(len(in.RawBody))
			return out, nil
		})
	httpapi.Stream(a, httpapi.Op{
		Route: "GET /v1/boxes/{id}/label.pdf", Need: "box.read", Produces: "application/pdf",
		Query: map[string]string{"fail": "Where to fail."},
	}, label)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/live", Need: "box.read", Produces: "text/event-stream"}, live)
}

func label(_ context.Context, _ actor.Actor, w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/pdf")
	if r.URL.Query().Get("fail") == "before" {
		return errTaken
	}
	_, _ = io.WriteString(w, "%PDF "+r.PathValue("id")+strings.Repeat("x", 5000))
	if r.URL.Query().Get("fail") == "after" {
		return errors.New("out of paper")
	}
	return nil
}

func live(ctx context.Context, _ actor.Actor, w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/event-stream")
	for i := range 2 {
		_, _ = fmt.Fprintf(w, "event: changed\ndata: %d\n\n", i)
		w.(http.Flusher).Flush()
	}
	<-ctx.Done()
	return ctx.Err()
}

func allow(by actor.Actor, _ actor.Permission) error {
	if by.Role != "agent" {
		return errors.New("no")
	}
	return nil
}

// each runs a test on a fresh box on each engine. adjust may change how the
// API is made.
func each(t *testing.T, adjust func(o *httpapi.Options), test func(t *testing.T, h http.Handler, d *db.DB, b *box)) {
	t.Helper()
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o := httpapi.Options{DB: d, Identify: apitest.Identify, Allow: allow, Limits: httpapi.Limits{Timeout: 20 * time.Second}}
		if adjust != nil {
			adjust(&o)
		}
		a, b := httpapi.New(o), &box{}
		b.routes(a)
		test(t, a.Handler(), d, b)
	})
}

// lines collects what is logged.
func lines(level slog.Level) (*slog.Logger, *strings.Builder) {
	var b strings.Builder
	return slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: level})), &b
}
