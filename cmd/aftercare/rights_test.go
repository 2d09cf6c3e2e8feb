package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const rightsExample = "../../docs/examples/rights/france.json"

func TestRightsAreDecidedOnPaper(t *testing.T) {
	var a struct {
		ID       string
		Law      struct{ Jurisdiction string }
		Remedies []struct {
			Remedy, Outcome, Rule string
			Deadline              struct{ Date string }
			Refund                struct{ Minor int64 }
		}
	}
	if err := json.Unmarshal([]byte(must(t, "rights", "decide", rightsExample)), &a); err != nil {
		t.Fatal(err)
	}
	if r := a.Remedies[0]; a.Law.Jurisdiction != "FR" || r.Rule != "FR-WD" || r.Outcome != "entitled" || r.Deadline.Date != "2026-11-12" || r.Refund.Minor != 5390 {
		t.Errorf("%+v", a)
	}
	if out := must(t, "rights", "explain", rightsExample); !strings.Contains(out, "Return without a reason: Yes") || strings.Contains(out, "FR-WD") {
		t.Errorf("customers read\n%s", out)
	}
	if out := must(t, "rights", "explain", rightsExample, "--lang", "zh-TW", "--staff"); !strings.Contains(out, "無理由退貨：可以") || !strings.Contains(out, "FR-WD") {
		t.Errorf("staff read\n%s", out)
	}
	if out := must(t, "rights", "packs"); !strings.Contains(out, "US-NY") || !strings.Contains(out, "draft") {
		t.Errorf("packs: %s", out)
	}
	if out := must(t, "rights", "test"); !strings.Contains(out, "tests pass") {
		t.Errorf("tests: %s", out)
	}
}

func TestWrongFactsAndPacksEndWithAStatus(t *testing.T) {
	folder := t.TempDir()
	good, err := os.ReadFile("../../rules/rights/packs/JP.yaml")
	if err != nil {
		t.Fatal(err)
	}
	put := func(text string) string {
		dir, err := os.MkdirTemp(folder, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "jp.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	const asked = `{"as_of":"2026-11-05","buyer":{"residence":"FR"},"delivery":{"at":"2026-11-03"}}`
	tests := []struct {
		name, stdin    string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"no file", "", []string{"decide", "/none.json"}, statusUsage, "", "cannot be read"},
		{"empty", "", []string{"decide", "-"}, statusRefused, "", "is empty"},
		{"no JSON", "hello", []string{"decide", "-"}, statusRefused, "", "not JSON"},
		{"an unknown fact", `{"as_of":"2026-11-05","buyer":{"residense":"FR"}}`, []string{"decide", "-"}, statusRefused, "rights.facts", "buyer.residense"},
		{"a word that a fact never has", strings.Replace(asked, `"delivery"`, `"channel":"wep","delivery"`, 1), []string{"decide", "-"}, statusRefused, "rights.facts", `"value":"wep"`},
		{"no day", `{"buyer":{"residence":"FR"}}`, []string{"decide", "-"}, statusRefused, "rights.facts", "as_of"},
		{"one of two, on its line", asked + "\n{\"x\":1}\n", []string{"decide", "-"}, statusRefused, "FR-WD", "-:2: "},
		{"a language", asked, []string{"explain", "-", "--lang", "tlh"}, statusUsage, "", "en, zh-CN or zh-TW"},
		{"a country without a pack", strings.Replace(asked, "FR", "ZZ", 1), []string{"explain", "-"}, statusOK, "There is no pack for this country", ""},
		{"a pack with a mistake", asked, []string{"decide", "-", "--packs", put(strings.Replace(string(good), "confidence: B", "confidence: Z", 1))}, statusRefused, "", "jp.yaml:"},
		{"a pack whose test fails", "", []string{"test", put(strings.Replace(string(good), "n: 8,", "n: 9,", 1))}, statusRefused, "", "1 of 1 tests fail"},
		{"a pack that is right", "", []string{"test", put(string(good))}, statusOK, "1 tests pass", ""},
		{"a folder that is not there", "", []string{"test", "/nowhere"}, statusRefused, "", "/nowhere"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := aftercare(t, tt.stdin, append([]string{"rights"}, tt.args...)...)
			if r.status != tt.status || !strings.Contains(r.stdout, tt.stdout) || !strings.Contains(r.stderr, tt.stderr) {
				t.Errorf("status %d, stdout %q, stderr %q", r.status, r.stdout, r.stderr)
			}
		})
	}
}
