// Package aftercare_test holds the rules of the house as tests: who may import
// whom, which file does what, who owns a table, how large a file may be.
// ARCHITECTURE.md explains them; the tables here are the only exact version.
package aftercare_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// rooms are the folders of the house. A room may import those below it.
var rooms = [][]string{
	{"cmd", "bench", "e2e"},
	{"app"},
	{"connect"},
	{"quality", "field"},
	{"desk"},
	{"care"},
	{"goods", "finance"},
	{"rules"},
	{"sales"},
	{"access"},
	{"platform"},
	{"base", "web", "docs"},
}

// capabilities are the rooms that hold business: in them every file has a role.
var capabilities = []string{"sales", "rules", "goods", "finance", "care", "desk", "quality", "field", "access"}

// private are rooms that only some may import.
var private = map[string][]string{
	"web":     {"app", "cmd"},
	"docs":    {"app", "cmd"},
	"connect": {"app", "cmd", "bench", "e2e"},
}

// inside lists what a package may import of its own room. What is not listed
// is not allowed.
var inside = map[string][]string{
	"app":                  {"app/*"},
	"app/demo":             {"app/config"},
	"app/doctor":           {"app", "app/config"},
	"app/pages":            {"app/config"},
	"platform/db/dbtest":   {"platform/db"},
	"platform/event":       {"platform/db", "platform/bus", "platform/seal/leaf"},
	"platform/seal":        {"platform/db", "platform/event", "platform/seal/leaf"},
	"platform/secret":      {"platform/db"},
	"platform/seal/bundle": {"platform/seal", "platform/seal/leaf"},
	"platform/job":         {"platform/db", "platform/event", "platform/httpapi"},
	"platform/httpapi":     {"platform/db", "platform/event"},
	"platform/telemetry":   {"platform/event", "platform/live"},
	"access/tenant":        {"access/role"},
	"platform/live":        {"platform/db", "platform/event", "platform/bus"},
	"access/account":       {"access/factor", "access/role", "access/session"},
	"access/factor":        {"access/role", "access/session", "access/tenant"},
	"access/apikey":        {"access/role"},
	"access/audit":         {"access/role"},
	"access/reads":         {"access/audit", "access/role"},
	"access/session":       {"access/role"},
	"access/proof":         {"access/role", "access/session", "access/tenant"},
	"access/gate":          {"access/account", "access/apikey", "access/factor", "access/session", "access/tenant"},
	"rules/policy":         {"rules/rights"},
	"rules/opening":        {"rules/policy"},
	"rules/owed":           {"rules/policy", "rules/rights"},
	"sales/order":          {"sales/customer", "sales/product", "sales/seller"},
	"finance/wallet":       {"finance/settlement"},
	"finance/refund":       {"finance/clearing", "finance/settlement", "finance/wallet"},
	"desk/alert":           {"desk/notice"},
	"desk/template":        {"desk/notice"},
	"desk/notice":          {"desk/message"},
	"desk/search":          {"desk/message"},
	"desk/reply":           {"desk/message", "desk/notice", "desk/template"},
	"care/cases":           {"care/evidence"},
	"care/record":          {"care/cases", "care/evidence"},
	"goods/inspection":     {"goods/shipment"},
	"connect/kuaidi100":    {"connect/carrier"},
	"connect/easypost":     {"connect/carrier"},
	"connect/merchant":     {"connect/alipay", "connect/carrier", "connect/easypost", "connect/kuaidi100", "connect/stripe", "connect/wechatpay"},
	"connect/olist":        {"connect/orderfile"},
	"connect/productfile":  {"connect/orderfile"},
	"connect/onlineretail": {"connect/orderfile"},
	"connect/alipay":       {"connect/rsakey"},
	"connect/wechatpay":    {"connect/rsakey"},
	"bench/backtest":       {"bench/child"},
	"bench/caselist":       {"bench/child"},
	"bench/import":         {"bench/child"},
	"bench/insight":        {"bench/child"},
	"bench/lifecycle":      {"bench/child"},
	"bench/search":         {"bench/child"},
	"bench/probes":         {"bench/child"},
	"bench/replay":         {"bench/child"},
}

// stores are the files with SQL besides store.go and store_*.go.
var stores = map[string]string{}

// foreignTables are the tables that a package names though another owns them.
var foreignTables = map[string]string{}

// globalTables have a primary key that does not start with the tenant.
var globalTables = map[string]string{
	"app_installation": "what is true of the installation, not of one shop",
	"event_log":        "one order over all tenants, carried to one stream",
	"event_cursor":     "a follower reads the log of all tenants",
	"event_lease":      "one relay serves all tenants",
	"seal_tree":        "one log over the events of all tenants",
	"seal_tile":        "one log over the events of all tenants",
	"seal_checkpoint":  "one log over the events of all tenants",
	"seal_key":         "one log over the events of all tenants",
	"seal_witness":     "one log over the events of all tenants",
}

// long are the files over the limit, each with its reason.
var long = map[string]string{}

// The rules. Each has a fixture in arch_negative_test.go that must break it.
var rules = map[string]rule{
	"rooms":        roomsRule,
	"inside":       insideRule,
	"test helpers": testPackagesRule,
	"SQL files":    sqlFilesRule,
	"HTTP files":   httpFilesRule,
	"type files":   typeFilesRule,
	"table owners": tableOwnersRule,
	"schemas":      schemasRule,
	"placeholders": placeholdersRule,
	"portable SQL": portableRule,
	"docs":         docsRule,
	"size":         sizeRule,
	"names":        namesRule,
	"no init":      initRule,
	"no leftovers": leftoversRule,
	"facts":        factsRule,
	"map":          mapRule,
}

func TestTheHouseFollowsItsRules(t *testing.T) {
	house, err := load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if len(house.sources) < 30 {
		t.Fatalf("only %d Go files found", len(house.sources))
	}
	for name, check := range rules {
		t.Run(name, func(t *testing.T) {
			for _, complaint := range check(house) {
				t.Error(complaint)
			}
		})
	}
}

func TestExceptionsAreStillNeeded(t *testing.T) {
	house, err := load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []map[string]string{stores, long} {
		for path := range list {
			if _, ok := house.texts[path]; !ok {
				t.Errorf("exception %q: there is no such file", path)
			}
		}
	}
}

func TestBothEnginesHaveTheSameTables(t *testing.T) {
	seen := map[db.Engine][]db.Column{}
	dbtest.Each(t, app.Schemas(), func(t *testing.T, d *db.DB) {
		columns, err := d.Columns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(columns) < 50 {
			t.Errorf("only %d columns", len(columns))
		}
		seen[d.Engine()] = columns
	})
	if postgres, ok := seen[db.Postgres]; ok {
		if diff := cmp.Diff(seen[db.SQLite], postgres); diff != "" {
			t.Errorf("columns differ (-SQLite +PostgreSQL): %s", diff)
		}
	}
}
