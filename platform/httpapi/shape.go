package httpapi

import (
	"net/http"
	"path"
	"reflect"
	"strings"
)

// shape is where an output keeps what a kept answer needs.
type shape struct {
	body, status []int
	headers      []headerField
	secret       bool // sets a cookie
	raw          bool // the body is not JSON
}

type headerField struct {
	index []int
	name  string
}

// shapeOf reads an output type the way huma does: Body, Status, and every
// other field a header.
func shapeOf[O any]() shape {
	var s shape
	for _, f := range reflect.VisibleFields(reflect.TypeFor[O]()) {
		switch {
		case f.Anonymous || !f.IsExported():
		case f.Name == "Body":
			s.body = f.Index
			s.raw = f.Type.Kind() == reflect.Func || f.Type == reflect.TypeFor[[]byte]()
		case f.Name == "Status":
			s.status = f.Index
		case f.Type == reflect.TypeFor[http.Cookie]() || f.Type == reflect.TypeFor[[]http.Cookie]():
			s.secret = true
		default:
			name := f.Tag.Get("header")
			if name == "" {
				name = f.Name
			}
			if strings.EqualFold(name, "Set-Cookie") {
				s.secret = true
			}
			s.headers = append(s.headers, headerField{f.Index, name})
		}
	}
	return s
}

// input is what the document tells about an input type.
type input struct {
	body, ifMatch, any bool
}

func inputOf[I any]() input {
	var in input
	for _, f := range reflect.VisibleFields(reflect.TypeFor[I]()) {
		switch {
		case f.Name == "Body" || f.Name == "RawBody":
			in.body, in.any = true, true
		case f.Type == reflect.TypeFor[IfMatch]():
			in.ifMatch = true
		case !f.Anonymous:
			in.any = true
		}
	}
	return in
}

// packageOf is the folder of a type; that of a test is the tested one.
func packageOf[T any]() string { return folder(reflect.TypeFor[T]()) }

func folder(t reflect.Type) string { return strings.TrimSuffix(path.Base(t.PkgPath()), "_test") }
