package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func document(t *testing.T) (a *httpapi.API, doc apitest.Answer) {
	t.Helper()
	a = httpapi.New(httpapi.Options{Version: "1.2.3"})
	(&box{}).routes(a)
	doc = apitest.Do(t, a.Handler(), "GET", "/openapi.json").Want(t, 200, "")
	return a, doc
}

// TestDocumentIsSound checks what the 3.1 specification requires and what
// generators of clients trip over.
func TestDocumentIsSound(t *testing.T) {
	_, doc := document(t)
	if doc.Text("openapi") != "3.1.0" || doc.Text("info.title") == "" || doc.Text("info.version") != "1.2.3" {
		t.Errorf("head is wrong: %v %v", doc.At("openapi"), doc.At("info"))
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				path := strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", ".")
				if !strings.HasPrefix(ref, "#/") || doc.At(path) == nil {
					t.Errorf("%s leads nowhere", ref)
				}
			}
			if kinds, ok := v["type"].([]any); ok && v["items"] != nil {
				t.Errorf("list may be null: %v", kinds)
			}
			for _, each := range v {
				walk(each)
			}
		case []any:
			for _, each := range v {
				walk(each)
			}
		}
	}
	walk(doc.JSON)

	ids := map[string]bool{}
	param := regexp.MustCompile(`\{(\w+)\}`)
	for path, item := range doc.At("paths").(map[string]any) {
		for method, raw := range item.(map[string]any) {
			op := raw.(map[string]any)
			id := op["operationId"].(string)
			if ids[id] || !regexp.MustCompile(`^[a-z][a-z0-9-]*$`).MatchString(id) {
				t.Errorf("%s %s: operation id %q is taken or odd", method, path, id)
			}
			ids[id] = true
			declared := map[string]bool{}
			parameters, _ := op["parameters"].([]any)
			for _, raw := range parameters {
				p := raw.(map[string]any)
				if p["in"] == "path" {
					declared[p["name"].(string)] = p["required"] == true
				}
				if p["schema"] == nil {
					t.Errorf("%s %s: parameter %v has no schema", method, path, p["name"])
				}
			}
			for _, m := range param.FindAllStringSubmatch(path, -1) {
				if !declared[m[1]] {
					t.Errorf("%s %s: path parameter %s is not declared", method, path, m[1])
				}
			}
			for status, raw := range op["responses"].(map[string]any) {
				response := raw.(map[string]any)
				if response["description"] == "" || response["description"] == nil {
					t.Errorf("%s %s: response %s has no description", method, path, status)
				}
			}
		}
	}
}

func TestDocumentListsTheProblemsOfARoute(t *testing.T) {
	_, doc := document(t)
	for status, codes := range map[string][]string{
		"409": {"box.taken", "request.idempotency_conflict"},
		"503": {"box.busy"},
		"422": {"request.invalid"},
		"401": {"request.unauthenticated"},
		"403": {"request.denied"},
		"413": {"request.too_large"},
	} {
		responses := doc.At("paths").(map[string]any)["/v1/boxes"].(map[string]any)["post"].(map[string]any)["responses"]
		raw, err := json.Marshal(responses.(map[string]any)[status])
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range codes {
			if !strings.Contains(string(raw), `"code":"`+code+`"`) || !strings.Contains(string(raw), "application/problem+json") {
				t.Errorf("%s lacks %s: %s", status, code, raw)
			}
		}
	}
	patch := doc.At("paths").(map[string]any)["/v1/boxes/{id}"].(map[string]any)["patch"].(map[string]any)
	if patch["responses"].(map[string]any)["428"] == nil {
		t.Error("a route with If-Match lacks 428")
	}
	if patch["x-permission"] != "box.put" {
		t.Errorf("permission %v, want box.put", patch["x-permission"])
	}
}

func TestDocumentIsTheSameInYAML(t *testing.T) {
	a, _ := document(t)
	yaml, err := a.YAML()
	if err != nil {
		t.Fatal(err)
	}
	served := apitest.Do(t, a.Handler(), "GET", "/openapi.yaml").Want(t, 200, "")
	if string(served.Raw) != string(yaml) || !strings.Contains(string(yaml), "openapi: 3.1.0") {
		t.Error("served YAML differs")
	}
}

func TestReferenceNeedsNoScriptAndNoOtherSite(t *testing.T) {
	a, _ := document(t)
	for _, path := range []string{"/docs", "/problems"} {
		page := string(apitest.Do(t, a.Handler(), "GET", path).Want(t, 200, "").Raw)
		for _, bad := range []string{"<script", "style=", "http://", "https://", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s contains %q", path, bad)
			}
		}
	}
	page := string(apitest.Do(t, a.Handler(), "GET", "/docs").Raw)
	for _, want := range []string{`id="post-boxes"`, "Put something into a box", `href="/problems#box.taken"`, `href="#schema-PutInputBody"`, "box.put", "one of open, closed", "at most 200"} {
		if !strings.Contains(page, want) {
			t.Errorf("/docs lacks %q", want)
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("/docs links to %s, which is not there", m[1])
		}
	}
}

func TestTwoPackagesMayNameATypeAlike(t *testing.T) {
	a := httpapi.New(httpapi.Options{})
	type Summary struct {
		ID string `json:"id"`
	}
	one := func() {
		type out struct{ Body struct{ Items []Summary } }
		httpapi.Plain(a, httpapi.Op{Route: "GET /v1/one", Need: httpapi.Public}, plain[struct{}, out])
	}
	two := func() {
		type Summary struct {
			N int `json:"n"`
		}
		type out struct{ Body struct{ Items []Summary } }
		httpapi.Plain(a, httpapi.Op{Route: "GET /v1/two", Need: httpapi.Public}, plain[struct{}, out])
	}
	one()
	two()
	doc := apitest.Do(t, a.Handler(), "GET", "/openapi.json").Want(t, 200, "")
	schemas := doc.At("components.schemas").(map[string]any)
	if schemas["HttpapiSummary"] == nil && schemas["Summary"] == nil {
		t.Errorf("schemas: %v", schemas)
	}
}

func TestRoutesWithMistakesStopTheStart(t *testing.T) {
	for name, op := range map[string]httpapi.Op{
		"no permission": {Route: "GET /v1/a"},
		"no method":     {Route: "/v1/a", Need: httpapi.Public},
		"odd method":    {Route: "FETCH /v1/a", Need: httpapi.Public},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			httpapi.Plain(httpapi.New(httpapi.Options{}), op, plain[struct{}, struct{}])
		})
	}
}

func TestDocumentNeedsNoStore(t *testing.T) {
	var none *db.DB
	a := httpapi.New(httpapi.Options{DB: none})
	apitest.Do(t, a.Handler(), http.MethodGet, "/openapi.json").Want(t, 200, "")
}
func plain[I, O any](context.Context, actor.Actor, *I) (*O, error) { return nil, nil }
