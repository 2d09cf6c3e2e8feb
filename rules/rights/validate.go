package rights

import (
	"bytes"
	_ "embed" // the schema
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	fail "github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed pack.schema.json
var packSchema []byte

// PackSchema is the JSON Schema of packs.
func PackSchema() []byte { return slices.Clone(packSchema) }

var schema = sync.OnceValue(func() *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(packSchema))
	if err != nil {
		panic(err) // embedded: wrong only by a bug
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("pack.schema.json", doc); err != nil {
		panic(err)
	}
	return c.MustCompile("pack.schema.json")
})

// validate holds a pack against the published schema. A mistake has the place
// of the value, or of the name, that is wrong.
func (p *Pack) validate() Problems {
	v, err := plain(p.root)
	var bad *unplain
	if errors.As(err, &bad) {
		return Problems{{File: p.file, Line: bad.at.Line, Column: bad.at.Column, Code: bad.is.code, Message: bad.Error()}}
	}
	var wrong *jsonschema.ValidationError
	if err := schema().Validate(v); !errors.As(err, &wrong) {
		return nil
	}
	var problems Problems
	p.collect(wrong, &problems)
	return problems
}

var printer = message.NewPrinter(language.English)

// collect takes the innermost mistakes: the outer ones only say that there are
// some. Of alternatives, the last one is what a full rule needs.
func (p *Pack) collect(e *jsonschema.ValidationError, problems *Problems) {
	at := strings.Join(e.InstanceLocation, ".")
	switch k := e.ErrorKind.(type) {
	case *fail.AnyOf:
		p.collect(e.Causes[len(e.Causes)-1], problems)
		return
	case *fail.AdditionalProperties:
		for _, name := range k.Properties {
			*problems = append(*problems, p.problem(unknownName, strings.TrimPrefix(at+"."+name, ".")))
		}
		return
	case *fail.Required:
		*problems = append(*problems, p.problem(missing, at, strings.Join(k.Missing, ", ")))
		return
	case *fail.DependentRequired:
		*problems = append(*problems, p.problem(missing, at, strings.Join(k.Missing, ", ")))
		return
	case *fail.Enum:
		var words []string
		for _, w := range k.Want {
			words = append(words, fmt.Sprint(w))
		}
		*problems = append(*problems, p.problem(notOneOf, at, k.Got, strings.Join(words, ", ")))
		return
	}
	if len(e.Causes) == 0 {
		*problems = append(*problems, p.problem(byKind(e.ErrorKind), at, e.ErrorKind.LocalizedString(printer)))
		return
	}
	for _, cause := range e.Causes {
		p.collect(cause, problems)
	}
}

// unplain is what JSON does not have, and where it stands.
type unplain struct {
	at *yaml.Node
	is mistake
}

func (u *unplain) Error() string { return u.is.text(u.at.Value) }

// plain is a document as JSON would have it: dates are texts, names are texts.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.AliasNode:
		return plain(n.Alias)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, inner := range n.Content {
			v, err := plain(inner)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			if _, twice := m[name]; twice {
				return nil, &unplain{n.Content[i], nameTwice}
			}
			v, err := plain(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[name] = v
		}
		return m, nil
	}
	switch n.Tag {
	case "!!int":
		i, err := strconv.ParseInt(n.Value, 10, 64)
		if err != nil {
			return nil, &unplain{n, badNumber}
		}
		return i, nil
	case "!!bool":
		return n.Value == "true" || n.Value == "True" || n.Value == "TRUE", nil
	case "!!null":
		return nil, nil
	}
	return n.Value, nil
}
