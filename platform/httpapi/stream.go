package httpapi

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) problemSchema() *huma.Schema {
	return a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
}

// documentStream describes a route that huma does not see.
func (a *API) documentStream(rt *route) {
	op := a.operation(rt, input{any: len(rt.op.Query) > 0, body: rt.method != http.MethodGet})
	text := &huma.Schema{Type: huma.TypeString}
	for _, part := range strings.Split(rt.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			name, _, _ = strings.Cut(name, "}")
			op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: text})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rt.op.Query)) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "query", Description: rt.op.Query[name], Schema: text})
	}
	status := cmp.Or(rt.op.Status, http.StatusOK)
	op.Responses[strconv.Itoa(status)] = &huma.Response{
		Description: http.StatusText(status),
		Content: map[string]*huma.MediaType{
			cmp.Or(rt.op.Produces, "application/octet-stream"): {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		},
	}
	a.OpenAPI().AddOperation(&op)
}
