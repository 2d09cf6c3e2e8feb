package productfile_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/productfile"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/product"
)

var schemas = []db.Schema{event.Schema, product.Schema}

func file(t *testing.T, name, content string) *productfile.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	raw := []byte(content)
	if strings.HasSuffix(name, ".gz") {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(raw); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		raw = b.Bytes()
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return productfile.New(path)
}

func line(sku string, price int64) string {
	return fmt.Sprintf(`{"sku":%q,"title":"T","price":{"minor":%d,"currency":"CNY"}}`, sku, price) + "\n"
}

func TestAFileIsImportedAndWhatIsWrongIsNamed(t *testing.T) {
	content := "\xef\xbb\xbf" + line("A", 100) + "\n" + line("B", 200) +
		`{"sku":"C","title":"T","price":{"minor":1.5,"currency":"CNY"}}` + "\n" +
		`{"sku":"D","title":"T","price":{"minor":1,"currency":"CNY"},"color":"blue"}` + "\n" +
		`{"sku":"E","sku":"E","title":"T","price":{"minor":1,"currency":"CNY"}}` + "\n" +
		`{"sku":"F","title":"T","price":{"minor":1,"currency":"XXX"}}` + "\n" +
		`{"sku":"G","title":"T"` + "\n" +
		`{"sku":"H","title":null,"price":{"minor":1,"currency":"CNY"}}` + "\n" +
		`{"sku":"I","title":"T"}` + "\n" +
		line("J", 1)[:20] + "\xff\n" +
		strings.Repeat("x", 4<<20) + "xx\n" +
		line("A", 150) // the last one without an end is read too
	content = strings.TrimSuffix(content, "\n")
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for _, name := range []string{"products.jsonl", "products.jsonl.gz"} {
			var report bytes.Buffer
			sum, err := (&product.Service{}).Import(t.Context(), d, actor.Of("shop"), file(t, name, content), product.ImportOptions{Report: &report})
			if err != nil {
				t.Fatal(err)
			}
			stored := int64(3)
			if name != "products.jsonl" {
				stored = 2 // A is told to be 100 and 150 again
			}
			if sum.Lines != 12 || sum.Stored != stored || sum.Known != 3-stored || sum.Rejected != 9 {
				t.Errorf("%s: %+v", name, sum)
			}
			want := []string{
				`"line":4,"sku":"C","field":"price.minor","reason":"not a whole number","value":"1.5"}`,
				`"line":5,"sku":"D","field":"color","reason":"unknown field","value":"color"}`,
				`"line":6,"sku":"E","field":"sku","reason":"field given twice","value":"sku"}`,
				`"line":7,"sku":"F","field":"price.currency","reason":"unknown currency","value":"XXX"}`,
				`"line":8,"sku":"G","reason":"not JSON","value":"the line ends too early"}`,
				`"line":9,"sku":"H","field":"title","reason":"not a text","value":"null"}`,
				`"line":10,"sku":"I","field":"price","reason":"missing"}`,
				`"line":11,"reason":"not UTF-8 text"}`,
				`"line":12,"reason":"line longer than 4 MiB","value":"4194304"}`,
			}
			var got []string
			for row := range strings.Lines(report.String()) {
				_, rest, _ := strings.Cut(strings.TrimSpace(row), ",")
				got = append(got, rest)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			for sku, price := range map[string]int64{"A": 150, "B": 200} {
				if p, err := product.BySKU(t.Context(), tx, "shop", sku); err != nil || p.Price.Minor != price {
					t.Errorf("%s: %+v, %v", sku, p, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestManyProductsAreStoredInBatchesAndOnce(t *testing.T) {
	var content strings.Builder
	for i := range 1001 {
		content.WriteString(line(fmt.Sprintf("SKU-%04d", i), int64(i)))
	}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		src := file(t, "p.jsonl", content.String())
		batches := 0
		sum, err := (&product.Service{}).Import(t.Context(), d, actor.Of("shop"), src, product.ImportOptions{
			Progress: func(s product.ImportSummary, read, of int64) {
				batches++
				if read > of || of != src.Size() {
					t.Errorf("%d of %d bytes", read, of)
				}
			},
		})
		if err != nil || sum.Stored != 1001 || sum.Rejected != 0 || batches != 6 {
			t.Errorf("%+v, %v, %d batches", sum, err, batches)
		}
		if sum, err = (&product.Service{}).Import(t.Context(), d, actor.Of("shop"), src, product.ImportOptions{}); err != nil || sum.Stored != 0 || sum.Known != 1001 {
			t.Errorf("again: %+v, %v", sum, err)
		}
	})
}

func TestAFileThatIsNotThereIsAnError(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		src := productfile.New(filepath.Join(t.TempDir(), "no.jsonl"))
		if _, err := (&product.Service{}).Import(t.Context(), d, actor.Of("shop"), src, product.ImportOptions{}); err == nil || src.Size() != 0 {
			t.Errorf("imported: %v", err)
		}
	})
}
