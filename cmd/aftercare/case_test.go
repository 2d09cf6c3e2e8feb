package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// shop serves an installation with an order of three units until the test ends,
// and gives the settings to ask it.
func shop(t *testing.T) (environ []string) {
	t.Helper()
	return shopWith(t, "order.read,case.read,case.open,case.decide,case.receive,case.note,parcel.scan")
}

// shopWith is shop for a key that may do other things.
func shopWith(t *testing.T, scopes string) (environ []string) {
	t.Helper()
	data := t.TempDir()
	must(t, "shop", "set", "--return-name", "退货仓", "--return-line", "江南大道 1 号", "--return-city", "杭州", "--return-country", "CN", "--data", data)
	file := filepath.Join(t.TempDir(), "orders.jsonl")
	delivered := time.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)
	order := `{"number":"SO-7","currency":"CNY","country":"CN","tax_included":true,"placed_at":"` + delivered + `","delivered_at":"` + delivered + `",
		"customer":{"name":"林晓雯","email":"lin@example.com"},"lines":[{"sku":"X2","title":"声悦 X2 降噪耳机","quantity":3,"unit_price":59900}],
		"tenders":[{"kind":"card","provider":"test","reference":"pi_7","amount":179700}]}`
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(order, "\n", "")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "import", "orders", file, "--data", data)
	var key struct{ Secret string }
	if err := json.Unmarshal([]byte(must(t, "key", "create", "desk", "--json", "--data", data, "--scope", scopes)), &key); err != nil {
		t.Fatal(err)
	}
	return []string{serverEnv + "=" + serving(t, "--data", data), keyEnv + "=" + key.Secret}
}

// serving serves an installation until the test ends, and gives its address.
func serving(t *testing.T, flags ...string) (address string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	said, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{stdin: strings.NewReader(""), stdout: write, stderr: &bytes.Buffer{}, version: "test"}
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...)) }()
	t.Cleanup(func() {
		stop()
		if status := <-ended; status != statusOK {
			t.Errorf("the server ended with %d", status)
		}
		_ = write.Close()
	})
	text := ""
	for chunk := make([]byte, 4096); ; {
		n, err := said.Read(chunk)
		if text += string(chunk[:n]); err != nil {
			t.Fatalf("the server said %q: %v", text, err)
		}
		if address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(text); address != "" {
			go func() { _, _ = said.WriteTo(&bytes.Buffer{}) }()
			return address
		}
	}
}

func ask(t *testing.T, environ []string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(`{"text":"见电话记录"}`), stdout: &out, stderr: &errs, environ: environ, version: "test"}
	return result{p.run(t.Context(), args), out.String(), errs.String()}
}

func TestACaseIsDrivenFromTheTerminal(t *testing.T) {
	env := shop(t)
	step := func(want string, args ...string) string {
		t.Helper()
		r := ask(t, env, args...)
		if r.status != statusOK || !strings.Contains(r.stdout, want) {
			t.Fatalf("aftercare %v: status %d, %s%s; want %q", args, r.status, r.stdout, r.stderr, want)
		}
		return r.stdout
	}
	opened := step("submitted", "case", "open", "SO-7", "--item", "1:2:wrong_size", "--comment", "Too small.", "--lang", "en")
	number := regexp.MustCompile(`R-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(opened)
	step(number, "case", "list", "--state", "submitted", "--sort", "deadline")
	step("声悦 X2", "case", "show", strings.ToLower(number))
	step("await_return", "case", "act", number, "approve", "--note", "请用箱内面单", "--lang", "zh-CN")
	step("await_return", "case", "act", number, "note", "--file", "-")
	step("inspecting", "case", "act", number, "receive", "--field", `items=[{"line":1,"quantity":2}]`)
	body := filepath.Join(t.TempDir(), "grades.json")
	if err := os.WriteFile(body, []byte(`{"items":[{"line":1,"count":2,"grade":"A","disposition":"restock"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	step("reserved ¥", "case", "act", number, "grade", "--file", body)
	log := step("case.approved", "case", "log", number)
	if !strings.Contains(log, "请用箱内面单") || !strings.Contains(log, "desk") {
		t.Errorf("the log lacks the word or who said it:\n%s", log)
	}
	var view struct{ Number, State string }
	if err := json.Unmarshal([]byte(step(number, "case", "show", number, "--json")), &view); err != nil || view.Number != number {
		t.Errorf("as JSON: %+v, %v", view, err)
	}
	if out := step("", "__complete", "case", "act", number, ""); !strings.Contains(out, "note") || strings.Contains(out, "approve") {
		t.Errorf("completion offers\n%s", out)
	}
	step(number, "__complete", "case", "show", number[:4])
}

func TestARefusalOfTheServerIsOneLineWithItsCode(t *testing.T) {
	env := shop(t)
	opened := ask(t, env, "case", "open", "SO-7", "--item", "1:1:wrong_size")
	number := regexp.MustCompile(`R-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(opened.stdout)
	with := func(name, value string) []string { return append(env[:len(env):len(env)], name+"="+value) }
	tests := []struct {
		name   string
		env    []string
		args   []string
		status int
		want   string
	}{
		{"unknown number", env, []string{"case", "show", "R-0000-0000"}, statusRefused, "[cases.unknown]"},
		{"no number", env, []string{"case", "show", ""}, statusUsage, "aftercare case show: CASE is empty"},
		{"only a space", env[:1], []string{"case", "log", " "}, statusUsage, "aftercare case log: CASE is empty"},
		{"unknown id", env, []string{"case", "show", "case_none"}, statusRefused, "[cases.unknown]"},
		{"not now", env, []string{"case", "act", number, "grade", "--field", `items=[{"line":1,"count":1,"grade":"A","disposition":"restock"}]`}, statusRefused, "[cases.move]"},
		{"an old version", env, []string{"case", "act", number, "approve", "--version", "7"}, statusRefused, "[cases.stale]"},
		{"wrong body", env, []string{"case", "act", number, "fly"}, statusRefused, "[request.invalid]"},
		{"too many units", env, []string{"case", "open", "SO-7", "--item", "1:9:wrong_size"}, statusRefused, "items[0].quantity"},
		{"unknown order", env, []string{"case", "open", "SO-8", "--item", "1:1:wrong_size"}, statusRefused, "[order.unknown]"},
		{"wrong key", with(keyEnv, "ack_wrong"), []string{"case", "list"}, statusRefused, "[apikey."},
		{"no key", env[:1], []string{"case", "list"}, statusUsage, "aftercare key create"},
		{"nobody there", with(serverEnv, "http://127.0.0.1:1"), []string{"case", "list"}, statusUnavailable, "the server does not answer"},
		{"no address", with(serverEnv, "ftp://x"), []string{"case", "list"}, statusUsage, "http://host:port"},
		{"wrong item", env, []string{"case", "open", "SO-7", "--item", "1"}, statusUsage, "line:quantity:reason"},
		{"wrong field", env, []string{"case", "act", number, "note", "--field", "text"}, statusUsage, "name=value"},
		{"no file", env, []string{"case", "act", number, "note", "--file", "/none.json"}, statusUsage, "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := ask(t, tt.env, tt.args...)
			if r.status != tt.status || !strings.Contains(r.stderr, tt.want) || strings.Count(r.stderr, "\n") != 1 || r.stdout != "" {
				t.Errorf("status %d, %q %q; want %d and %q", r.status, r.stderr, r.stdout, tt.status, tt.want)
			}
		})
	}
}
