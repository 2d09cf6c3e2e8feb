package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/rules/policy"
)

func rulesFile(t *testing.T, rules policy.Rules, tests string) string {
	t.Helper()
	raw, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "draft.json")
	if err := os.WriteFile(file, []byte(`{"rules":`+string(raw)+`,"tests":`+tests+`}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const example = `[{"name":"within the window","request":{"now":"2026-03-05T10:00:00Z","total":{"minor":10000,"currency":"CNY"},
	"goods":[{"reason":"wrong_size","delivered":"2026-03-03T10:00:00Z"}]},"expect":{"outcome":"approve"}}]`

func TestRulesAreCheckedWithoutAServer(t *testing.T) {
	good := policy.Default()
	good.Markets = []string{"CN"}
	if out := must(t, "policy", "check", rulesFile(t, good, example)); !strings.Contains(out, "1 examples pass") {
		t.Errorf("%s", out)
	}
	bad := policy.Default()
	bad.Conditions = []policy.Condition{{ID: "vip", When: "customer.tier ==", Then: policy.Then{Outcome: "approve"}}}
	tests := []struct {
		name, file string
		status     int
		says       string
	}{
		{"an expression that ends too early", rulesFile(t, bad, "[]"), statusRefused, "conditions[0].when:1:"},
		{"an example that fails", rulesFile(t, good, strings.Replace(example, `"approve"`, `"refuse"`, 1)), statusRefused, "within the window"},
		{"no file", filepath.Join(t.TempDir(), "none.json"), statusUsage, "cannot be read"},
	}
	for _, x := range tests {
		r := ask(t, nil, "policy", "check", x.file)
		if r.status != x.status || !strings.Contains(r.stderr, x.says) {
			t.Errorf("%s: status %d, %s; want %d and %q", x.name, r.status, r.stderr, x.status, x.says)
		}
	}
	wrong := filepath.Join(t.TempDir(), "wrong.json")
	for text, says := range map[string]string{"{\n  \"window_days\": 7,,\n}": "line 2, column 20", `{"windows":7}`: "windows", `{"window_days":"7"}`: "window_days"} {
		if err := os.WriteFile(wrong, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := ask(t, nil, "policy", "check", wrong); r.status != statusUsage || !strings.Contains(r.stderr, says) {
			t.Errorf("%s: status %d, %s", text, r.status, r.stderr)
		}
	}
}

func TestRulesAreTriedOnThePastFromTheTerminal(t *testing.T) {
	env := shopWith(t, "order.read,case.read,case.open,case.decide,policy.read,policy.write")
	step := func(want string, args ...string) string {
		t.Helper()
		r := ask(t, env, args...)
		if r.status != statusOK || !strings.Contains(r.stdout, want) {
			t.Fatalf("aftercare %v: status %d, %s%s; want %q", args, r.status, r.stdout, r.stderr, want)
		}
		return r.stdout
	}
	step("standard", "policy", "list")
	step("live", "policy", "show", "standard", "--versions")
	step(`"window_days": 7`, "policy", "show", "standard")
	step("the same", "policy", "diff", "standard", "1", "1")
	step("examples pass", "policy", "test", "standard")
	opened := step("", "case", "open", "SO-7", "--item", "1:1:wrong_size", "--json")
	var c struct{ Number string }
	if err := json.Unmarshal([]byte(opened), &c); err != nil {
		t.Fatal(err)
	}
	generous := policy.Default()
	generous.AutoApprove = map[string]int64{"CNY": 10_000_000}
	file := rulesFile(t, generous, "[]")
	out := step("done", "policy", "backtest", "--rules", file)
	for _, want := range []string{"1 of 1 requests", "better for the customer 1", "¥589.00", "never spoke: reasons/"} {
		if !strings.Contains(out, want) {
			t.Errorf("the table does not say %q:\n%s", want, out)
		}
	}
	var v struct {
		ID      string
		Figures struct{ Decided int }
	}
	if err := json.Unmarshal([]byte(step("", "policy", "backtest", "--version", "1", "--source", "cases", "--json")), &v); err != nil || v.Figures.Decided != 1 {
		t.Errorf("%+v %v", v, err)
	}
	step("done", "policy", "backtest", "--run", v.ID)
	step("review>approve better", "policy", "what-if", c.Number, "--rules", file)
	for _, x := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"policy", "backtest"}, statusUsage, "--version N or --rules FILE"},
		{[]string{"policy", "backtest", "--version", "1", "--from", "yesterday"}, statusUsage, "2026-01-31"},
		{[]string{"policy", "backtest", "--version", "9"}, statusRefused, "policy.unknown"},
		{[]string{"policy", "backtest", "--run", "bkt_none"}, statusRefused, "backtest.unknown"},
		{[]string{"policy", "backtest", "--run", v.ID, "--cancel"}, statusRefused, "backtest.move"},
		{[]string{"policy", "diff", "standard", "1", "x"}, statusUsage, "is no version"},
	} {
		if r := ask(t, env, x.args...); r.status != x.status || !strings.Contains(r.stderr, x.says) {
			t.Errorf("%v: status %d, %s; want %d and %q", x.args, r.status, r.stderr, x.status, x.says)
		}
	}
}
