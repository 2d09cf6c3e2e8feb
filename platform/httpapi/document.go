package httpapi

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aftercare/aftercare/base/fault"
)

const introduction = `Refusals are RFC 9457 problems with a stable code. Changes accept an Idempotency-Key: the
same key with the same request, files too, gets the same answer again, for at least 24 hours; another request under it is
refused (409, request.idempotency_conflict); only successes are kept. Signing in knows no such key. Changes of
something that has a version need If-Match. Lists are read page by page with the cursor next.`

// document starts the OpenAPI document.
func (a *API) document() *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Aftercare", Version: cmp.Or(a.o.Version, "0"), Description: strings.ReplaceAll(introduction, "\n", " "),
		},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", a.names.of),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"key":      {Type: "http", Scheme: "bearer", Description: "API key of a program."},
				"staff":    {Type: "apiKey", In: "cookie", Name: StaffCookie, Description: "Session of a person of the shop."},
				"customer": {Type: "apiKey", In: "cookie", Name: CustomerCookie, Description: "Session of a customer who proved to own an order."},
			},
		},
	}
}

// OpenAPI is the document of all registered routes, version 3.1.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

// YAML is the document as a file.
func (a *API) YAML() ([]byte, error) { return a.OpenAPI().YAML() }

// route checks an Op and keeps it. A bad one is a bug found at start.
func (a *API) route(op Op, keyed bool) *route {
	method, path, ok := strings.Cut(op.Route, " ")
	if !ok || !slices.Contains(methods, method) || !strings.HasPrefix(path, "/") {
		panic(fmt.Sprintf("httpapi: route %q is not METHOD /path", op.Route))
	}
	if op.Need == "" {
		panic("httpapi: who may enter " + op.Route + "?")
	}
	rt := &route{op: op, method: method, path: path, keyed: keyed, limit: cmp.Or(op.MaxBody, a.o.Limits.Body)}
	a.routes[op.Route] = rt
	return rt
}

// operation is a route in huma's words. huma adds parameters, bodies and the
// schemas of both.
func (a *API) operation(rt *route, in input) huma.Operation {
	op := huma.Operation{
		OperationID: operationID(rt), Method: rt.method, Path: rt.path, Summary: rt.op.Summary,
		DefaultStatus: rt.op.Status, MaxBodyBytes: rt.limit + 1, // huma refuses what fills its limit
		BodyReadTimeout: patience(rt.limit),
		Responses:       a.problems(rt, in),
		Security:        security(rt),
	}
	if rt.op.Tag != "" {
		op.Tags = []string{rt.op.Tag}
	}
	if rt.op.Need != Public {
		op.Description = "Needs the permission " + string(rt.op.Need) + "."
		op.Extensions = map[string]any{"x-permission": string(rt.op.Need)}
	}
	if rt.keyed {
		one, most := 1, 128
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header",
			Description: "Chosen by the client, fresh for each intent and kept for its retries.",
			Schema:      &huma.Schema{Type: huma.TypeString, MinLength: &one, MaxLength: &most},
		})
	}
	if rt.op.Status != 0 {
		op.Responses[strconv.Itoa(rt.op.Status)] = &huma.Response{Description: http.StatusText(rt.op.Status)}
	}
	return op
}

// security says how a caller may prove who they are.
func security(rt *route) []map[string][]string {
	switch {
	case rt.op.Need == Public:
		return []map[string][]string{}
	case strings.HasPrefix(string(rt.op.Need), "my."):
		return []map[string][]string{{"customer": {}}}
	default:
		return []map[string][]string{{"staff": {}}, {"key": {}}}
	}
}

// operationID is stable as long as the route is: "POST /v1/cases/{id}/actions"
// is post-cases-id-actions.
func operationID(rt *route) string {
	words := strings.FieldsFunc(strings.TrimPrefix(rt.path, "/v1"), func(r rune) bool { return strings.ContainsRune("/{}._", r) })
	return strings.ToLower(rt.method) + "-" + strings.Join(words, "-")
}

// problems documents how a route may refuse: what it says itself and what the
// layers around it do.
func (a *API) problems(rt *route, in input) map[string]*huma.Response {
	all := slices.Clone(rt.op.Faults)
	if rt.op.Need != Public {
		all = append(all, ErrUnauthenticated, ErrDenied)
	}
	if in.any {
		all = append(all, ErrInvalid)
	}
	if in.body {
		all = append(all, ErrMalformed, ErrTooLarge, ErrMediaType)
	}
	if in.ifMatch {
		all = append(all, ErrPrecondition)
	}
	if rt.keyed {
		all = append(all, ErrKeyConflict)
		if rt.op.Secret {
			all = append(all, ErrKeySpent)
		}
	}
	byStatus := map[int][]*fault.Fault{}
	for _, f := range all {
		if status := Status(f); !slices.Contains(byStatus[status], f) {
			byStatus[status] = append(byStatus[status], f)
		}
	}
	out := map[string]*huma.Response{"default": a.problemResponse("Any problem.", nil)}
	for _, status := range slices.Sorted(maps.Keys(byStatus)) {
		var codes []string
		for _, f := range byStatus[status] {
			codes = append(codes, f.Code)
		}
		out[strconv.Itoa(status)] = a.problemResponse(http.StatusText(status)+": "+strings.Join(codes, ", "), byStatus[status])
	}
	return out
}

func (a *API) problemResponse(text string, faults []*fault.Fault) *huma.Response {
	media := &huma.MediaType{Schema: a.problemSchema()}
	for _, f := range faults {
		if media.Examples == nil {
			media.Examples = map[string]*huma.Example{}
		}
		media.Examples[f.Code] = &huma.Example{Summary: f.Title, Value: map[string]any{
			"type": a.o.Problems + f.Code, "status": Status(f), "code": f.Code, "title": f.Title,
		}}
	}
	return &huma.Response{Description: text, Content: map[string]*huma.MediaType{problemType: media}}
}
