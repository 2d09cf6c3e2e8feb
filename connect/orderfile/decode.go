package orderfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
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
	number, problem := strict(raw)
	if problem != nil {
		return order.Draft{Number: number}, problem
	}
	var d order.Draft
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, &order.Problem{Reason: "not JSON", Value: err.Error()}
	}
	return d, nil
}

// Strict makes a judge of lines that shall have the shape of a type, as strict
// as Decode. It gives the text of one field, which names what the line is about,
// as far as it was readable.
func Strict(t reflect.Type, name string) func(raw []byte) (named string, problem *order.Problem) {
	known := map[reflect.Type]shape{}
	add(known, t)
	return func(raw []byte) (string, *order.Problem) {
		if !utf8.Valid(raw) {
			return "", &order.Problem{Reason: "not UTF-8 text"}
		}
		w := walker{d: json.NewDecoder(bytes.NewReader(raw)), shapes: known, name: name}
		w.d.UseNumber()
		problem := w.value("", t)
		if problem == nil {
			if _, err := w.d.Token(); !errors.Is(err, io.EOF) {
				problem = &order.Problem{Reason: "more than one JSON value in a line"}
			}
		}
		return w.named, problem
	}
}

// walker follows JSON and the type it should have side by side.
type walker struct {
	d           *json.Decoder
	shapes      map[reflect.Type]shape
	name, named string // a field and its text, for messages
}

// shape is the fields of an object by their JSON names.
type shape struct {
	fields   map[string]reflect.Type
	required []string // in the order of the type
}

var strict = Strict(reflect.TypeFor[order.Draft](), "number")

func add(all map[reflect.Type]shape, t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if _, known := all[t]; known || t.Kind() != reflect.Struct || t == timeType {
		return
	}
	s := shape{fields: map[string]reflect.Type{}}
	all[t] = s
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if f.Anonymous && name == "" { // its fields are the outer one's
			add(all, f.Type)
			maps.Copy(s.fields, all[f.Type].fields)
			s.required = append(s.required, all[f.Type].required...)
			continue
		}
		s.fields[name] = f.Type
		if options == "" {
			s.required = append(s.required, name)
		}
		add(all, f.Type)
	}
	all[t] = s
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
		if path == w.name {
			w.named = text
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
	s := w.shapes[t]
	seen := make(map[string]bool, len(s.fields))
	for w.d.More() {
		token, err := w.d.Token()
		if err != nil {
			return broken(path, err)
		}
		name, _ := token.(string)
		inner := below(path, name)
		inside, ok := s.fields[name]
		if !ok {
			return &order.Problem{Field: inner, Reason: "unknown field", Value: name}
		}
		if seen[name] {
			return &order.Problem{Field: inner, Reason: "field given twice", Value: name}
		}
		seen[name] = true
		if p := w.value(inner, inside); p != nil {
			return p
		}
	}
	if p := w.end(path); p != nil {
		return p
	}
	for _, name := range s.required {
		if !seen[name] {
			return &order.Problem{Field: below(path, name), Reason: "missing"}
		}
	}
	return nil
}

func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
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
