package httpapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// reference is the document arranged for reading.
type reference struct {
	Title, Version, Text string
	Tags                 []refTag
	Schemas              []refSchema
}

type refTag struct {
	Name string
	Ops  []refOp
}

type refOp struct {
	ID, Method, Path, Summary, Need string
	Who                             []string
	Params                          []refField
	Body                            *refBody
	Answers                         []refBody
	Problems                        []refProblem
}

type refBody struct {
	Status, Type string
	Shape        refType
	Example      string
	Headers      []string
}

type refProblem struct {
	Status string
	Codes  []string
}

type refSchema struct {
	Name   string
	Text   string
	Fields []refField
}

type refField struct {
	Name, In, Text, Rules string
	Required              bool
	Type                  refType
}

// refType is a type in words, with the schema it links to if it has a name.
type refType struct {
	Before, Name, Plain string
}

func (a *API) reference() reference {
	doc := a.OpenAPI()
	r := reference{Title: doc.Info.Title, Version: doc.Info.Version, Text: doc.Info.Description}
	byTag := map[string][]refOp{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, op := range operations(doc.Paths[path]) {
			tag := "other"
			if len(op.Tags) > 0 {
				tag = op.Tags[0]
			}
			byTag[tag] = append(byTag[tag], describe(doc, op))
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(byTag)) {
		r.Tags = append(r.Tags, refTag{Name: tag, Ops: byTag[tag]})
	}
	schemas := doc.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		r.Schemas = append(r.Schemas, refSchema{Name: name, Text: schemas[name].Description, Fields: fieldsOf(schemas[name])})
	}
	return r
}

func operations(item *huma.PathItem) []*huma.Operation {
	var all []*huma.Operation
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete, item.Head, item.Options} {
		if op != nil {
			all = append(all, op)
		}
	}
	return all
}

func describe(doc *huma.OpenAPI, op *huma.Operation) refOp {
	o := refOp{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary}
	o.Need, _ = op.Extensions["x-permission"].(string)
	for _, way := range op.Security {
		o.Who = append(o.Who, slices.Sorted(maps.Keys(way))...)
	}
	for _, p := range op.Parameters {
		o.Params = append(o.Params, refField{
			Name: p.Name, In: p.In, Text: p.Description, Required: p.Required, Type: typeOf(p.Schema), Rules: rules(p.Schema),
		})
	}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			o.Body = &refBody{Type: kind, Shape: typeOf(media.Schema), Example: example(doc, media.Schema)}
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		answer := op.Responses[status]
		if problem := answer.Content[problemType]; problem != nil {
			if codes := slices.Sorted(maps.Keys(problem.Examples)); len(codes) > 0 {
				o.Problems = append(o.Problems, refProblem{Status: status, Codes: codes})
			}
			continue
		}
		code, _ := strconv.Atoi(status)
		body := refBody{Status: status + " " + http.StatusText(code), Headers: slices.Sorted(maps.Keys(answer.Headers))}
		for kind, media := range answer.Content {
			body.Type, body.Shape, body.Example = kind, typeOf(media.Schema), example(doc, media.Schema)
		}
		o.Answers = append(o.Answers, body)
	}
	return o
}

func fieldsOf(s *huma.Schema) []refField {
	var all []refField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		all = append(all, refField{
			Name: name, Text: p.Description, Required: slices.Contains(s.Required, name), Type: typeOf(p), Rules: rules(p),
		})
	}
	return all
}

func typeOf(s *huma.Schema) refType {
	switch {
	case s == nil:
		return refType{}
	case s.Ref != "":
		return refType{Name: s.Ref[strings.LastIndex(s.Ref, "/")+1:]}
	case s.Type == huma.TypeArray:
		of := typeOf(s.Items)
		of.Before = "list of " + of.Before
		return of
	case s.Type == huma.TypeObject:
		if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
			of := typeOf(values)
			of.Before = "map of " + of.Before
			return of
		}
		return refType{Plain: "object"}
	case s.Format != "" && !strings.HasPrefix(s.Format, "int"):
		return refType{Plain: s.Format}
	default:
		return refType{Plain: cmp.Or(s.Type, "any JSON")}
	}
}

// rules words the limits of a value.
func rules(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	var all []string
	add := func(text string, v any) { all = append(all, fmt.Sprintf(text, v)) }
	if len(s.Enum) > 0 {
		words := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			words[i] = fmt.Sprint(v)
		}
		add("one of %s", strings.Join(words, ", "))
	}
	if s.Default != nil {
		add("default %v", s.Default)
	}
	if s.Minimum != nil {
		add("at least %v", *s.Minimum)
	}
	if s.Maximum != nil {
		add("at most %v", *s.Maximum)
	}
	if s.MinLength != nil {
		add("at least %v characters", *s.MinLength)
	}
	if s.MaxLength != nil {
		add("at most %v characters", *s.MaxLength)
	}
	if s.MinItems != nil {
		add("at least %v entries", *s.MinItems)
	}
	if s.MaxItems != nil {
		add("at most %v entries", *s.MaxItems)
	}
	if s.Pattern != "" {
		add("pattern %s", s.Pattern)
	}
	if s.Nullable {
		all = append(all, "may be null")
	}
	return strings.Join(all, "; ")
}

func example(doc *huma.OpenAPI, s *huma.Schema) string {
	if s == nil || s.Format == "binary" {
		return ""
	}
	text, err := json.MarshalIndent(sample(doc, s, 0), "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

// sample makes a value that fits a schema. Schemas that contain themselves end
// after a few levels.
func sample(doc *huma.OpenAPI, s *huma.Schema, depth int) any {
	if s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case s == nil || depth > 6:
		return nil
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Default != nil:
		return s.Default
	case len(s.Enum) > 0:
		return s.Enum[0]
	}
	switch s.Type {
	case huma.TypeObject:
		all := map[string]any{}
		for name, p := range s.Properties {
			all[name] = sample(doc, p, depth+1)
		}
		return all
	case huma.TypeArray:
		if s.Items == nil || depth > 5 {
			return []any{}
		}
		return []any{sample(doc, s.Items, depth+1)}
	case huma.TypeInteger, huma.TypeNumber:
		if s.Minimum != nil {
			return *s.Minimum
		}
		return 1
	case huma.TypeBoolean:
		return true
	case huma.TypeString:
		switch s.Format {
		case "date-time":
			return "2026-01-31T08:30:00Z"
		case "date":
			return "2026-01-31"
		case "email":
			return "li@example.com"
		}
		return "text"
	default:
		return map[string]any{}
	}
}
