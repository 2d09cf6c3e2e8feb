package quote_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aftercare/aftercare/app/quote"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

var update = flag.Bool("update", false, "write the published schema and the printed examples")

const (
	published = "../../docs/schema/quote.schema.json"
	examples  = "../../docs/examples/quote/"
)

var now = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// golden compares with a file, or writes it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (go test ./app/quote -update writes it): %s", path, diff)
	}
}

func TestThePublishedSchemaIsThatOfTheType(t *testing.T) {
	names := map[reflect.Type]string{reflect.TypeFor[customer.Draft](): "Customer", reflect.TypeFor[order.Draft](): "Order"}
	defs := huma.NewMapRegistry("#/$defs/", func(t reflect.Type, _ string) string {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if name, ok := names[t]; ok {
			return name
		}
		if strings.HasSuffix(t.PkgPath(), "/quote") {
			return t.Name()
		}
		return "Order" + strings.TrimPrefix(t.Name(), "Draft")
	})
	raw, err := json.Marshal(huma.SchemaFromType(defs, reflect.TypeFor[quote.Request]()))
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	doc["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	doc["title"] = "Quote"
	doc["description"] = "One question of \"aftercare quote\": an order, the cases that it had before, and a case. All amounts are whole minor units of the order's currency."
	doc["$defs"] = defs.Map()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		t.Fatal(err)
	}
	golden(t, published, out.Bytes())
}

// Every example is valid by the schema, and gives what is printed beside it.
func TestTheExamplesGiveWhatTheDocumentationSays(t *testing.T) {
	paths, err := filepath.Glob(examples + "*.json*")
	if err != nil || len(paths) < 4 {
		t.Fatal(paths, err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(published)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range []string{"en", "zh-CN"} {
			var out bytes.Buffer
			d := json.NewDecoder(bytes.NewReader(raw))
			for q := range quote.Read(bytes.NewReader(raw)) {
				var one any
				if err := d.Decode(&one); err != nil {
					t.Fatal(err)
				}
				if err := schema.Validate(one); err != nil {
					t.Errorf("%s:%d: %v", path, q.Line, err)
				}
				if q.Err != nil {
					t.Fatalf("%s:%d: %v", path, q.Line, q.Err)
				}
				a, err := quote.Work(q.Request, now)
				if err != nil {
					t.Fatalf("%s:%d: %v", path, q.Line, err)
				}
				sums(t, a)
				if err := quote.Print(&out, a, lang); err != nil {
					t.Fatal(err)
				}
				out.WriteByte('\n')
			}
			golden(t, strings.TrimSuffix(path, filepath.Ext(path))+"."+lang+".txt", out.Bytes())
		}
	}
}

func sums(t *testing.T, a quote.Answer) {
	t.Helper()
	var components, bears, customer int64
	for _, c := range a.Quote.Components {
		components += c.Amount
	}
	for _, b := range a.Bears {
		bears += b.Amount
		if b.Account == "customer" {
			customer += b.Amount
		}
	}
	if components != a.Quote.Total || bears != 0 || customer != a.Quote.Total {
		t.Errorf("%s: total %d, components %d, entries %d, the customer's %d", a.Order, a.Quote.Total, components, bears, customer)
	}
}

// The guide shows what the examples print.
func TestTheGuideShowsTheExamples(t *testing.T) {
	guide, err := os.ReadFile("../../docs/quote.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"simple.en", "rebill.en", "exchange.en"} {
		text, err := os.ReadFile(examples + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(guide), strings.TrimSpace(string(text))) {
			t.Errorf("docs/quote.md does not show %s as it is printed", name)
		}
	}
}
