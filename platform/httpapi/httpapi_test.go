package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type addIn struct {
	httpapi.IfMatch
	httpapi.Lang
	Body struct {
		Items []struct {
			Line     int `json:"line" minimum:"1"`
			Quantity int `json:"quantity" minimum:"1"`
		} `json:"items"`
	}
}
type addOut struct {
	ETag string `header:"ETag"`
	Body struct {
		N int `json:"n"`
	}
}

func TestSmoke(t *testing.T) {
	dbtest.Each(t, []db.Schema{httpapi.Schema}, func(t *testing.T, d *db.DB) {
		a := httpapi.New(httpapi.Options{DB: d, Identify: func(context.Context, *db.Tx, *http.Request) (actor.Actor, error) {
			return actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "s"}, nil
		}, Allow: func(actor.Actor, actor.Permission) error { return nil }})
		n := 0
		httpapi.Write(a, httpapi.Op{Route: "POST /v1/x", Need: "x", Status: 201}, func(ctx context.Context, tx *db.Tx, by actor.Actor, in *addIn) (*addOut, error) {
			n++
			out := &addOut{ETag: httpapi.ETag(int64(n))}
			out.Body.N = n
			return out, nil
		})
		for _, body := range []string{`{"items":[{"line":1,"quantity":2}]}`, `{"items":[{"line":1,"quantity":2}]}`, `{"items":[{"line":1,"quantity":0,"foo":1}]}`, `{"items":`, ``} {
			r := httptest.NewRequest("POST", "/v1/x", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", "k")
			w := httptest.NewRecorder()
			a.Handler().ServeHTTP(w, r)
			t.Log(w.Code, w.Header(), w.Body.String())
		}
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/openapi.yaml", nil))
		t.Log(w.Body.String())
	})
}
