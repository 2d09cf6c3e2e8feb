package order_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

var update = flag.Bool("update", false, "write the published schema")

const published = "../../docs/schema/order.schema.json"

// schema makes the published document out of the Go type.
func schema(t *testing.T) []byte {
	t.Helper()
	defs := huma.NewMapRegistry("#/$defs/", func(t reflect.Type, _ string) string {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t == reflect.TypeFor[customer.Draft]() {
			return "Customer"
		}
		return strings.TrimPrefix(t.Name(), "Draft")
	})
	root := huma.SchemaFromType(defs, reflect.TypeFor[order.Draft]())
	raw, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	doc["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	doc["title"] = "Order"
	doc["description"] = "One order as Aftercare imports it: one such object a line in an order file, or the body of POST /v1/orders. " +
		"All amounts are whole minor units of the order's currency: 12900 is 129.00 CNY, 966 is 966 JPY. " +
		"What was paid by all tenders is what all lines and the shipping cost."
	doc["$defs"] = defs.Map()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestThePublishedSchemaIsThatOfTheType(t *testing.T) {
	want := schema(t)
	if *update {
		if err := os.WriteFile(published, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(published)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("run go test ./sales/order -run Schema -update: %s", diff)
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(published)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, raw []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestEveryPublishedExampleIsValidAndCanBeStored(t *testing.T) {
	paths, err := filepath.Glob("../../docs/schema/examples/*.json")
	if err != nil || len(paths) < 3 {
		t.Fatal(paths, err)
	}
	s := compiled(t)
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := valid(t, s, raw); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			var draft order.Draft
			if err := json.Unmarshal(raw, &draft); err != nil {
				t.Fatal(err)
			}
			if draft.Source == "" {
				draft.Source = "shop"
			}
			o, _ := put(t, d, order.New(order.Options{}), draft)
			if o.Number != draft.Number {
				t.Errorf("%s became %+v", path, o)
			}
		}
	})
}

func TestTheSchemaRefusesWhatIsNotAnOrder(t *testing.T) {
	s := compiled(t)
	const good = `{"number":"1","currency":"CNY","placed_at":"2026-03-01T10:00:00Z","lines":[{"sku":"A","title":"B","quantity":1,"unit_price":0}]}`
	if err := valid(t, s, []byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"number":"1",`, ``}, {`"CNY"`, `"cny"`}, {`2026-03-01T10:00:00Z`, `yesterday`}, {`"quantity":1`, `"quantity":0`}, {`"quantity":1`, `"quantity":1.5`},
		{`"unit_price":0`, `"unit_price":-1`}, {`"sku":"A"`, `"sku":null`}, {`"sku":"A"`, `"sku":"A","colour":"red"`}, {`"number"`, `"Number"`}, {`[{`, `[],"x":[{`},
	} {
		raw := strings.Replace(good, change[0], change[1], 1)
		if err := valid(t, s, []byte(raw)); err == nil {
			t.Errorf("accepted: %s", raw)
		}
	}
}
