package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const examples = "../../docs/examples/quote/"

func TestRefundsAreWorkedOutOnPaper(t *testing.T) {
	out := must(t, "quote", examples+"simple.json")
	want, err := os.ReadFile(examples + "simple.en.txt")
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(out) != strings.TrimSpace(string(want)) {
		t.Errorf("printed\n%s", out)
	}
	if out := must(t, "quote", examples+"simple.json", "--lang", "zh-TW"); !strings.Contains(out, "退款合計") {
		t.Errorf("not in Chinese: %s", out)
	}
	lines := strings.Split(strings.TrimSpace(must(t, "quote", examples+"history.jsonl", "--json")), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d answers", len(lines))
	}
	var a struct {
		Order  string
		Before int64
		Quote  struct{ Total int64 }
	}
	if err := json.Unmarshal([]byte(lines[0]), &a); err != nil || a.Order != "2026-000950" || a.Before != 1100 || a.Quote.Total != 1800 {
		t.Errorf("%s: %+v %v", lines[0], a, err)
	}
}

func TestWrongQuestionsEndWithAStatus(t *testing.T) {
	raw, err := os.ReadFile(examples + "simple.json")
	if err != nil {
		t.Fatal(err)
	}
	good := string(raw)
	bad := strings.Replace(good, `"quantity": 2`, `"quantity": 4`, 1)
	tests := []struct {
		name, stdin string
		args        []string
		status      int
		stdout      string
		stderr      string
	}{
		{"no file", "", []string{"/none.json"}, statusUsage, "", "/none.json cannot be read"},
		{"a folder", "", []string{t.TempDir()}, statusUsage, "", "is a folder"},
		{"no argument", "", nil, statusUsage, "", "takes FILE"},
		{"a language", good, []string{"-", "--lang", "tlh"}, statusUsage, "", "en, zh-CN or zh-TW"},
		{"empty", "", []string{"-"}, statusRefused, "", "is empty"},
		{"no JSON", "hello", []string{"-"}, statusRefused, "", "-:1: The question is not described correctly. Not JSON"},
		{"cut off", good[:len(good)/2], []string{"-"}, statusRefused, "", "Not JSON"},
		{"too many units", bad, []string{"-"}, statusRefused, "", `"free":3`},
		{"one of two", bad + good, []string{"-"}, statusRefused, "Order 2026-000123", "1 of 2 questions"},
		{"one of two, for programs", bad + good, []string{"-", "--json"}, statusRefused, `"error":{"code":"refund.units_taken"`, "1 of 2 questions"},
		{"an unknown field", strings.Replace(good, `"policy"`, `"polisy"`, 1), []string{"-"}, statusRefused, "", "polisy unknown field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := aftercare(t, tt.stdin, append([]string{"quote"}, tt.args...)...)
			if r.status != tt.status || !strings.Contains(r.stdout, tt.stdout) || !strings.Contains(r.stderr, tt.stderr) || tt.stdout == "" && r.stdout != "" {
				t.Errorf("status %d, stdout %q, stderr %q", r.status, r.stdout, r.stderr)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "case.json")
	if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := aftercare(t, "", "quote", path); !strings.Contains(r.stderr, path+":1: ") {
		t.Errorf("the file is not named: %s", r.stderr)
	}
}
