package product_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aftercare/aftercare/sales/product"
)

var update = flag.Bool("update", false, "write the published schema")

const published = "../../docs/schema/product.schema.json"

// schema makes the published document out of the Go type.
func schema(t *testing.T) []byte {
	t.Helper()
	defs := huma.NewMapRegistry("#/$defs/", func(t reflect.Type, _ string) string { return t.Name() })
	raw, err := json.Marshal(huma.SchemaFromType(defs, reflect.TypeFor[product.Draft]()))
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	doc["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	doc["title"] = "Product"
	doc["description"] = "One article as Aftercare imports it: one such object a line in a product file, or the body of PUT /v1/products/{sku}. " +
		"All amounts are whole minor units of the price's currency: 12900 is 129.00 CNY, 966 is 966 JPY."
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
		t.Errorf("run go test ./sales/product -run Schema -update: %s", diff)
	}
}

func TestTheSchemaTellsGoodFromBad(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema(t)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("product.json", doc); err != nil {
		t.Fatal(err)
	}
	s := c.MustCompile("product.json")
	for raw, good := range map[string]bool{
		`{"sku":"A","title":"T","price":{"minor":1,"currency":"CNY"}}`:                                  true,
		`{"sku":"A","title":"T","price":{"minor":1,"currency":"CNY"},"stock":0,"active":false,"tax":0}`: true,
		`{"sku":"","title":"T","price":{"minor":1,"currency":"CNY"}}`:                                   false,
		`{"title":"T","price":{"minor":1,"currency":"CNY"}}`:                                            false,
		`{"sku":"A","title":"T"}`: false,
		`{"sku":"A","title":"T","price":{"minor":1.5,"currency":"CNY"}}`:              false,
		`{"sku":"A","title":"T","price":{"minor":1,"currency":"cny"}}`:                false,
		`{"sku":"A","title":"T","price":{"minor":1,"currency":"CNY"},"stock":-1}`:     false,
		`{"sku":"A","title":"T","price":{"minor":1,"currency":"CNY"},"color":"blue"}`: false,
	} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(raw)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); (err == nil) != good {
			t.Errorf("%s: %v", raw, err)
		}
	}
}
