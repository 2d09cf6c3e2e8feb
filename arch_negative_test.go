package aftercare_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func imports(pkg string, paths ...string) string {
	var b strings.Builder
	b.WriteString("// Package " + pkg + " is a fixture.\npackage " + pkg + "\n")
	for _, p := range paths {
		b.WriteString("import _ \"" + strings.Replace(p, "~/", module, 1) + "\"\n")
	}
	return b.String()
}

// Each fixture breaks one rule in one way. A rule that stays silent is broken.
var broken = []struct {
	name, rule, want string
	files            map[string]string
}{
	{"a lower room imports a higher", "rooms", "finance is not below sales", map[string]string{"sales/order/a.go": imports("order", "~/finance/refund")}},
	{"sisters import each other", "rooms", "goods is not below finance", map[string]string{"finance/refund/a.go": imports("refund", "~/goods/shipment")}},
	{"business imports an adapter", "rooms", "only app", map[string]string{"cmd/x/a.go": imports("x"), "desk/notice/a.go": imports("notice", "~/web")}},
	{"a room that is not in the plan", "rooms", "no room", map[string]string{"misc/a.go": imports("misc")}},
	{"a test imports a higher room", "rooms", "care is not below sales", map[string]string{"sales/order/a_test.go": imports("order_test", "~/care/cases")}},
	{"a neighbour that is not in the table", "inside", "not in the table", map[string]string{"sales/customer/a.go": imports("customer", "~/sales/order")}},
	{"a test package in the binary", "test helpers", "outside its tests", map[string]string{"app/a.go": imports("app", "~/platform/db/dbtest")}},
	{"SQL beside the store", "SQL files", "holds SQL", map[string]string{"sales/order/service.go": "package order\nconst q = `\n\tselect a from order_order where b = $1`\n"}},
	{"a query beside the store", "SQL files", "calls tx.Exec", map[string]string{"sales/order/service.go": "package order\nfunc f() { tx.Exec(ctx, q) }\n"}},
	{"HTTP in a verb", "HTTP files", "belongs in http.go", map[string]string{"sales/order/service.go": imports("order", "net/http")}},
	{"httpapi in a verb", "HTTP files", "belongs in http.go", map[string]string{"sales/order/service.go": imports("order", "~/platform/httpapi")}},
	{"a database in the type file", "type files", "only base", map[string]string{"sales/order/order.go": imports("order", "~/platform/db")}},
	{"a library in the moves", "type files", "only base", map[string]string{"care/cases/state.go": imports("cases", "github.com/spf13/cobra")}},
	{"SQL in the facts", "type files", "only base", map[string]string{"care/cases/event.go": imports("cases", "database/sql")}},
	{"a table of somebody else", "table owners", "a table of sales/order", map[string]string{
		"sales/order/schema/0001_a.sql": "create table order_order (\n\ttenant text,\n\tprimary key (tenant)\n);\n",
		"finance/refund/store.go":       "package refund\nconst q = `update order_order set a = $1`\n"}},
	{"a table without its owner's name", "table owners", "does not start with order_", map[string]string{
		"sales/order/schema/0001_a.sql": "create table orders (\n\ttenant text,\n\tprimary key (tenant)\n);\n"}},
	{"a type of one engine", "schemas", "is jsonb", map[string]string{
		"sales/order/schema/0001_a.sql": "create table order_order (\n\ttenant text not null,\n\tdata jsonb,\n\tprimary key (tenant)\n);\n"}},
	{"a row without tenant", "schemas", "does not start with tenant", map[string]string{
		"sales/order/schema/0001_a.sql": "create table order_order (\n\tid text not null,\n\tprimary key (id)\n);\n"}},
	{"placeholders in the wrong order", "placeholders", "$2 appears before $1", map[string]string{
		"sales/order/store.go": "package order\nconst q = `update order_order set a = $2 where b = $1`\n"}},
	{"placeholders in the wrong order across a join", "placeholders", "$3 appears before $2", map[string]string{
		"sales/order/store.go": "package order\nconst q = `select ` + columns + ` from order_order where a = $1 and ` + more + ` b = $3 and c = $2`\n"}},
	{"SQL of one engine", "portable SQL", "::text", map[string]string{"sales/order/store.go": "package order\nconst q = `select a::text from order_order`\n"}},
	{"no package comment", "docs", "no file starts with a package comment", map[string]string{"sales/order/a.go": "package order\n", "sales/order/README.md": "x"}},
	{"no README", "docs", "no README.md", map[string]string{"sales/order/a.go": imports("order")}},
	{"a long file", "size", "501 lines", map[string]string{"web/src/A.vue": strings.Repeat("x\n", 501)}},
	{"a name that says nothing", "names", "says nothing", map[string]string{"base/utils/a.go": "package utils\n"}},
	{"a folder and its package differ", "names", "is called things", map[string]string{"base/thing/a.go": "package things\n"}},
	{"an init function", "no init", "behind the reader's back", map[string]string{"base/money/a.go": "package money\nfunc init() {}\n"}},
	{"work left without a number", "no leftovers", "TODO", map[string]string{"base/money/a.go": "package money\n// TODO later\n"}},
	{"a fact that is not listed", "facts", "Packed is not in app/facts.go", map[string]string{
		"app/facts.go":        "package app\nvar facts = []any{cases.Opened{}}\n",
		"care/cases/event.go": "package cases\ntype Opened struct{}\nfunc (Opened) Type() string { return \"\" }\ntype Packed struct{}\nfunc (Packed) Type() string { return \"\" }\n"}},
	{"a package that the map does not show", "map", "does not name goods/crate", map[string]string{
		"ARCHITECTURE.md": "| `goods` | `shipment` |", "goods/crate/a.go": imports("crate"), "goods/shipment/a.go": imports("shipment")}},
	{"a skipped test", "no leftovers", "f skips a test", map[string]string{"base/money/a_test.go": "package money\nfunc f() { t.Skip() }\n"}},
}

func fixture(t *testing.T, files map[string]string) *house {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	h, err := load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestEachRuleSeesWhatBreaksIt(t *testing.T) {
	tried := map[string]bool{}
	for _, tt := range broken {
		tried[tt.rule] = true
		t.Run(tt.name, func(t *testing.T) {
			complaints := rules[tt.rule](fixture(t, tt.files))
			if !slices.ContainsFunc(complaints, func(c string) bool { return strings.Contains(c, tt.want) }) {
				t.Errorf("rule %q said %q, want %q in it", tt.rule, complaints, tt.want)
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		if !tried[name] {
			t.Errorf("rule %q has no fixture that breaks it", name)
		}
	}
}

func TestNoRuleComplainsAboutAProperPackage(t *testing.T) {
	h := fixture(t, map[string]string{
		"sales/order/README.md":           "# order",
		"sales/order/order.go":            imports("order", "time", "~/base/money"),
		"sales/order/service.go":          imports("order", "context", "~/platform/db", "~/access/role"),
		"sales/order/http.go":             imports("order", "net/http", "~/platform/httpapi"),
		"sales/order/store.go":            "package order\nconst q = `select a, b from order_order where tenant = $1 and id = $2 and ($1 = '' or $3 > 0)`\n",
		"sales/order/schema/0001_one.sql": "create table order_order (\n\ttenant text not null,\n\tid text not null,\n\tprimary key (tenant, id)\n);\n",
		"sales/order/order_test.go":       imports("order_test", "~/platform/db/dbtest", "~/app"),
	})
	for name, check := range rules {
		for _, complaint := range check(h) {
			t.Errorf("%s: %s", name, complaint)
		}
	}
}
