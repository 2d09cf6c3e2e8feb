package rights

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Question is one object of a file of facts.
type Question struct {
	Line  int // on which it begins
	Facts *Facts
	Err   error // ErrFacts, where it is not described correctly
}

// Read reads facts as JSON, one object after the other. One that is wrong does
// not end the reading; what is no JSON does.
func Read(r io.Reader) iter.Seq[Question] {
	return func(yield func(Question) bool) {
		lines := &lineCounter{r: r}
		d := json.NewDecoder(lines)
		for {
			var raw json.RawMessage
			err := d.Decode(&raw)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Question{Line: lines.at(d.InputOffset()), Err: ErrFacts.With("reason", "not JSON").With("detail", err.Error())})
				return
			}
			q := Question{Line: lines.at(d.InputOffset() - int64(len(raw)))}
			q.Facts, q.Err = Parse(raw)
			if !yield(q) {
				return
			}
		}
	}
}

// Parse reads one object of facts. It fails with ErrFacts, which names the
// field.
func Parse(raw []byte) (*Facts, error) {
	f := new(Facts)
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(f)
	if err == nil {
		return f, nil
	}
	field, reason := "", err.Error()
	v, broken := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	var wrong *jsonschema.ValidationError
	if broken == nil && errors.As(factsCheck().Validate(v), &wrong) {
		p := &Pack{}
		var problems Problems
		p.collect(wrong, &problems)
		if len(problems) > 0 {
			field, reason = problems[0].Path, problems[0].Message
		}
	}
	return nil, ErrFacts.With("field", field).With("reason", reason)
}

// lineCounter remembers where lines end.
type lineCounter struct {
	r    io.Reader
	read int64
	line int     // lines that end before the last offset asked for
	ends []int64 // of the lines after it
}

// Read passes bytes on and counts.
func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

// at is the line of an offset. Offsets only grow, so what lies before is
// forgotten.
func (l *lineCounter) at(offset int64) int {
	for len(l.ends) > 0 && l.ends[0] < offset {
		l.line, l.ends = l.line+1, l.ends[1:]
	}
	return l.line + 1
}

var factsCheck = sync.OnceValue(func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(FactsSchema()))
	if err != nil {
		panic(err) // made from the types: wrong only by a bug
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("facts.schema.json", doc); err != nil {
		panic(err)
	}
	return c.MustCompile("facts.schema.json")
})

// FactsSchema is the JSON Schema of facts, made from the types.
func FactsSchema() []byte {
	doc := object(reflect.TypeFor[Facts]())
	doc["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	doc["title"] = "Facts"
	doc["description"] = "One question of \"aftercare rights decide\": what is known about an order line and a wish. Leave out what is not known. Amounts are whole minor units; a date is 2026-11-03 at the consumer's place, or an instant in RFC 3339."
	doc["required"] = []string{"as_of", "buyer"}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		panic(err) // maps of texts cannot fail
	}
	return out.Bytes()
}

func object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		one := map[string]any{}
		kind := f.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		switch {
		case kind == momentType:
			one["type"], one["pattern"] = "string", "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$"
		case kind.Kind() == reflect.Struct:
			one = object(kind)
		case kind.Kind() == reflect.Bool:
			one["type"] = "boolean"
		case kind.Kind() == reflect.Int64:
			one["type"] = "integer"
		default:
			one["type"] = "string"
		}
		if list := f.Tag.Get("enum"); list != "" {
			one["enum"] = strings.Split(list, ",")
		}
		one["description"] = f.Tag.Get("doc")
		if usual := f.Tag.Get("assume"); usual != "" {
			if kind.Kind() == reflect.Int64 {
				usual = "0"
			}
			one["description"] = fmt.Sprintf("%s. Left out means %s", strings.TrimSuffix(f.Tag.Get("doc"), "."), usual)
		}
		properties[name] = one
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}
