package orderfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/sales/order"
)

// Decode reads one order strictly: names are exact, none is unknown or given
// twice, nothing is null and nothing follows the object. The problem names the
// path of the field; the draft then holds the number, if it was readable.
func Decode(raw []byte) (order.Draft, *order.Problem) {
	if !utf8.Valid(raw) {
		return order.Draft{}, &order.Problem{Reason: "not UTF-8 text"}
	}
	w := walker{d: json.NewDecoder(bytes.NewReader(raw)), shapes: map[reflect.Type]map[string]field{}}
	w.d.UseNumber()
	problem := w.value("", reflect.TypeFor[order.Draft]())
	if problem == nil {
		if _, err := w.d.Token(); !errors.Is(err, io.EOF) {
			problem = &order.Problem{Reason: "more than one JSON value in a line"}
		}
	}
	if problem != nil {
		return order.Draft{Number: w.number}, problem
	}
	var d order.Draft
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, &order.Problem{Reason: "not JSON", Value: err.Error()}
	}
	return d, nil
}

// walker follows JSON and the type it should have side by side.
type walker struct {
	d      *json.Decoder
	shapes map[reflect.Type]map[string]field // by JSON name, found once
	number string                            // of the order, for messages
}

type field struct {
	shape    reflect.Type
	required bool
}

var timeType = reflect.TypeFor[time.Time]()

func (w *walker) value(path string, t reflect.Type) *order.Problem {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token, err := w.d.Token()
	if err != nil {
		return broken(path, err)
	}
	wrong := func(want string) *order.Problem {
		return &order.Problem{Field: path, Reason: "not " + want, Value: shown(token)}
	}
	switch {
	case t == timeType:
		text, ok := token.(string)
		if _, err := time.Parse(time.RFC3339, text); !ok || err != nil {
			return wrong("a time such as 2026-03-01T10:00:00Z")
		}
	case t.Kind() == reflect.Struct:
		if token != json.Delim('{') {
			return wrong("an object")
		}
		return w.object(path, t)
	case t.Kind() == reflect.Slice:
		if token != json.Delim('[') {
			return wrong("a list")
		}
		return w.list(path, t.Elem())
	case t.Kind() == reflect.String:
		text, ok := token.(string)
		if !ok {
			return wrong("a text")
		}
		if path == "number" {
			w.number = text
		}
	case t.Kind() == reflect.Bool:
		if _, ok := token.(bool); !ok {
			return wrong("true or false")
		}
	default:
		number, _ := token.(json.Number)
		if _, err := strconv.ParseInt(string(number), 10, 64); err != nil {
			return wrong("a whole number")
		}
	}
	return nil
}

func (w *walker) object(path string, t reflect.Type) *order.Problem {
	names := w.names(t)
	seen := make(map[string]bool, len(names))
	for w.d.More() {
		token, err := w.d.Token()
		if err != nil {
			return broken(path, err)
		}
		name, _ := token.(string)
		inner := strings.TrimPrefix(path+"."+name, ".")
		f, ok := names[name]
		if !ok {
			return &order.Problem{Field: inner, Reason: "unknown field", Value: name}
		}
		if seen[name] {
			return &order.Problem{Field: inner, Reason: "field given twice", Value: name}
		}
		seen[name] = true
		if p := w.value(inner, f.shape); p != nil {
			return p
		}
	}
	if p := w.end(path); p != nil {
		return p
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if names[name].required && !seen[name] {
			return &order.Problem{Field: strings.TrimPrefix(path+"."+name, "."), Reason: "missing"}
		}
	}
	return nil
}

func (w *walker) list(path string, t reflect.Type) *order.Problem {
	for i := 0; w.d.More(); i++ {
		if p := w.value(path+"["+strconv.Itoa(i)+"]", t); p != nil {
			return p
		}
	}
	return w.end(path)
}

func (w *walker) end(path string) *order.Problem {
	if _, err := w.d.Token(); err != nil {
		return broken(path, err)
	}
	return nil
}

func (w *walker) names(t reflect.Type) map[string]field {
	if all, ok := w.shapes[t]; ok {
		return all
	}
	all := map[string]field{}
	for f := range t.Fields() {
		if name, options, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
			all[name] = field{f.Type, options == ""}
		}
	}
	w.shapes[t] = all
	return all
}

func broken(path string, err error) *order.Problem {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &order.Problem{Field: path, Reason: "not JSON", Value: "the line ends too early"}
	}
	return &order.Problem{Field: path, Reason: "not JSON", Value: err.Error()}
}

func shown(token json.Token) string {
	switch v := token.(type) {
	case nil:
		return "null"
	case json.Delim:
		return v.String()
	case string:
		return v
	}
	raw, _ := json.Marshal(token)
	return string(raw)
}
