package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// goodRow is an order that would be stored.
const goodRow = `{"number":"F-1","currency":"CNY","country":"CN","zone":"Asia/Shanghai","placed_at":"2026-01-01T00:00:00Z",` +
	`"customer":{"email":"a@example.com"},"lines":[{"sku":"a","title":"A","quantity":1,"unit_price":100}],"tenders":[{"kind":"card","amount":100}]}`

var pid = regexp.MustCompile(`process \d+`)

func badFiles() []bad {
	row := func(what, old, changed string) bad {
		return bad{what, func(t *testing.T, w *world) string {
			return w.rejected(t, strings.Replace(goodRow, old, changed, 1))
		}}
	}
	file := func(what, name string, content func(t *testing.T) []byte) bad {
		return bad{what, func(t *testing.T, w *world) string {
			path := writeFile(t, name, content(t))
			return strings.ReplaceAll(w.cli(t, "", nil, "import", "orders", path, "--data", w.data), filepath.Dir(path), "DIR")
		}}
	}
	return []bad{
		row("a row that is not JSON", "{", "number=F-1 {"),
		row("a row with an unknown field", `"number"`, `"colour":"red","number"`),
		row("a row without a number", `"number":"F-1",`, ``),
		row("a row without lines", `[{"sku":"a","title":"A","quantity":1,"unit_price":100}]`, `[]`),
		row("a currency that does not exist", "CNY", "XYZ"),
		row("a negative quantity", `"quantity":1`, `"quantity":-1`),
		row("a price of 1.5 minor units", `"unit_price":100`, `"unit_price":1.5`),
		row("payments that do not add up", `"amount":100`, `"amount":90`),
		row("a discount larger than the order", `"tenders"`, `"discounts":[{"amount":500}],"tenders"`),
		row("an unknown means of payment", `"card"`, `"shells"`),
		row("a contact that is none", `a@example.com`, `nobody`),
		row("a delivery before the purchase", `"country"`, `"delivered_at":"2025-01-01T00:00:00Z","country"`),
		file("a format that nobody knows", "orders.xml", func(*testing.T) []byte { return []byte("<orders/>") }),
		file("a CSV of something else", "people.csv", func(*testing.T) []byte { return []byte("name,age\nAnn,30\n") }),
		file("a compressed file that is cut off", "orders.jsonl.gz", func(t *testing.T) []byte {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write([]byte(strings.Repeat(goodRow+"\n", 100)))
			_ = z.Close()
			return b.Bytes()[:b.Len()/2]
		}),
		{"a file that does not exist", func(t *testing.T, w *world) string {
			return w.cli(t, "", nil, "import", "orders", "missing.jsonl", "--data", w.data)
		}},
		{"a folder without the Olist tables", func(t *testing.T, w *world) string {
			dir := t.TempDir()
			return strings.ReplaceAll(w.cli(t, "", nil, "import", "orders", dir, "--data", w.data), dir, "DIR")
		}},
		{"--format that does not exist", func(t *testing.T, w *world) string {
			return w.cli(t, "", nil, "import", "orders", writeFile(t, "a.jsonl", nil), "--format", "excel", "--data", w.data)
		}},
	}
}

// rejected imports one row, which has to be refused, and says what the report
// says of it.
func (w *world) rejected(t *testing.T, line string) string {
	t.Helper()
	dir := t.TempDir()
	report := filepath.Join(dir, "rejected.jsonl")
	w.run(t, "", "import", "orders", writeFile(t, "orders.jsonl", []byte(line+"\n")), "--report", report)
	raw, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Line                 int
		Field, Reason, Value string
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Errorf("the row was stored, or the report is %q", raw)
		return "stored"
	}
	text := fmt.Sprintf("rejected: line %d", r.Line)
	if r.Field != "" {
		text += ", `" + r.Field + "`"
	}
	text += ": " + r.Reason
	if r.Value != "" {
		text += " (" + r.Value + ")"
	}
	return text
}

func badCommands() []bad {
	say := func(args ...string) bad {
		return bad{"`aftercare " + strings.Join(args, " ") + "`", func(t *testing.T, w *world) string {
			return w.cli(t, "", nil, append(args, "--data", w.data)...)
		}}
	}
	bare := func(args ...string) bad {
		return bad{"`aftercare " + strings.Join(args, " ") + "`", func(t *testing.T, w *world) string {
			return w.cli(t, "", nil, args...)
		}}
	}
	fresh := func(what string, environ []string, args ...string) bad {
		return bad{what, func(t *testing.T, w *world) string {
			dir := t.TempDir()
			said := w.cli(t, "", environ, append(args, "--data", dir)...)
			return strings.ReplaceAll(said, dir, "DIR")
		}}
	}
	file := func(what, content string) bad {
		return bad{what, func(t *testing.T, w *world) string {
			path := writeFile(t, "aftercare.yaml", []byte(content))
			return strings.ReplaceAll(w.cli(t, "", nil, "serve", "--config", path), filepath.Dir(path), "DIR")
		}}
	}
	return []bad{
		bare("srve"), bare("serve", "--prot", "80"), bare("serve", "now"), bare("user", "create"), bare("user", "creat", "a@b.example"), bare("import", "orders"),
		say("serve", "--listen", "8080"), say("serve", "--listen", "127.0.0.1:99999"), say("serve", "--request-timeout", "soon"), say("serve", "--request-timeout", "1ms"),
		say("serve", "--rate-burst", "0"), say("serve", "--database", "mysql://db/shop"), say("serve", "--mail", "pigeon://loft"), say("serve", "--log-level", "loud"),
		say("serve", "--shop-zone", "Mars/Base"), say("serve", "--shop-currency", "XYZ"), say("serve", "--master-key", "abc"), say("serve", "--workers=maybe"),
		fresh("`AFTERCARE_BODY_LIMIT=huge`", []string{"AFTERCARE_BODY_LIMIT=huge"}, "serve"),
		fresh("PostgreSQL that does not answer", nil, "migrate", "--database", "postgres://nobody@127.0.0.1:1/none?connect_timeout=2"),
		fresh("NATS that does not answer", nil, "serve", "--nats", "nats://127.0.0.1:1", "--listen", "127.0.0.1:0"),
		file("a configuration file with an unknown key", "lisen: :8080\n"),
		file("a configuration file that is not YAML", "listen: [\n"),
		{"a configuration file that does not exist", func(t *testing.T, w *world) string {
			return w.cli(t, "", nil, "serve", "--config", "missing.yaml")
		}},
		{"a data folder that is a file", func(t *testing.T, w *world) string {
			path := writeFile(t, "data", nil)
			return strings.ReplaceAll(w.cli(t, "", nil, "serve", "--data", path), filepath.Dir(path), "DIR")
		}},
		{"a data folder that another server uses", func(t *testing.T, w *world) string {
			return pid.ReplaceAllString(w.cli(t, "", nil, "serve", "--listen", "127.0.0.1:0", "--data", w.data), "process …")
		}},
		{"a port that is taken", func(t *testing.T, w *world) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			dir := t.TempDir()
			return strings.ReplaceAll(w.cli(t, "", nil, "serve", "--nats", "off", "--listen", l.Addr().String(), "--data", dir), dir, "DIR")
		}},
		say("user", "create", "agent@shop.example"), say("user", "create", "nobody"), say("user", "create", "a@b.example", "--role", "king"), say("user", "password", "nobody@shop.example"),
		{"`aftercare user create --password-stdin` without one", func(t *testing.T, w *world) string {
			return w.cli(t, "", nil, "user", "create", "a@b.example", "--password-stdin", "--data", w.data)
		}},
		{"`aftercare user create --password-stdin` with a short one", func(t *testing.T, w *world) string {
			return w.cli(t, "short\n", nil, "user", "create", "a@b.example", "--password-stdin", "--data", w.data)
		}},
		say("key", "create", "scanner"), say("key", "create", "scanner", "--scope", "everything"), say("key", "create", "scanner", "--scope", "parcel.scan", "--days", "-1"), say("key", "revoke", "key_none"),
		{"`aftercare restore` of a file that is no backup", func(t *testing.T, w *world) string {
			path := writeFile(t, "backup.tar", []byte("not a backup"))
			dir := filepath.Join(t.TempDir(), "new")
			said := w.cli(t, "", nil, "restore", path, "--data", dir)
			return strings.NewReplacer(filepath.Dir(path), "DIR", filepath.Dir(dir), "DIR").Replace(said)
		}},
	}
}
