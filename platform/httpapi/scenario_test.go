package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestBoxScenarios(t *testing.T) {
	routes := func(a *httpapi.API, _ *db.DB) { (&box{}).routes(a) }
	apitest.Each(t, []db.Schema{event.Schema}, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		as := apitest.As(staff)
		apitest.Run(t, h, d, []apitest.Scenario{
			{
				Name: "put something in", Method: "POST", Path: "/v1/boxes",
				Options: []apitest.Option{as, apitest.Key("k-1"), apitest.Body(map[string]any{"name": "lamp"})},
				Status:  201, Fields: map[string]any{"name": "lamp", "run": 1.0}, Events: []string{"box.put"},
			},
			{
				Name: "the same again", Method: "POST", Path: "/v1/boxes",
				Options: []apitest.Option{as, apitest.Key("k-1"), apitest.Body(map[string]any{"name": "lamp"})},
				Status:  201, Contains: []string{`"run":1`},
			},
			{
				Name: "the box is taken", Method: "POST", Path: "/v1/boxes",
				Options: []apitest.Option{as, apitest.Body(map[string]any{"name": "chair", "fail": "taken"})},
				Status:  409, Code: "box.taken", Fields: map[string]any{"holds": "a <lamp>"},
				After: func(t *testing.T, a apitest.Answer) {
					var p struct{ Detail string }
					if a.Into(t, &p); p.Detail != "Take it out first." {
						t.Errorf("detail %q", p.Detail)
					}
				},
			},
		})
	})
}
