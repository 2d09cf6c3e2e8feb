package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
)

var update = flag.Bool("update", false, "write docs/bad-input.md instead of comparing with it")

const badTable = "../docs/bad-input.md"

// bad is one mistake and how it is made.
type bad struct {
	what string
	make func(t *testing.T, w *world) string // the answer
}

// A mistake is answered with a status, a code that never changes, and a
// sentence that says what is wrong. The table of the answers is documentation.
func TestBadInputIsAnsweredAsDocumented(t *testing.T) {
	w := openWorld(t, "")
	var b strings.Builder
	b.WriteString("# Answers to bad input\n\nMade by `go test ./e2e -run BadInput -update` from what a running server and the command line answer; the same test\n" +
		"compares it. Codes never change; sentences may. `…` stands for what differs from run to run.\n")
	rows := 0
	for _, group := range []struct {
		title, asked string
		all          []bad
	}{
		{"HTTP requests", "Request", badRequests()}, {"Photos", "Photo", badPhotos()}, {"Who asks", "Request", badCallers()},
		{"Files with orders", "Row or file", badFiles()}, {"Command line and configuration", "Command", badCommands()},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n| %s | Answer |\n| --- | --- |\n", group.title, group.asked)
		for _, one := range group.all {
			t.Run(one.what, func(t *testing.T) {
				answer := one.make(t, w)
				if strings.Contains(answer, "500") && strings.Contains(answer, "internal") {
					t.Errorf("answers %s", answer)
				}
				fmt.Fprintf(&b, "| %s | %s |\n", one.what, cell(answer))
			})
			rows++
		}
	}
	if rows < 40 {
		t.Errorf("%d mistakes only", rows)
	}
	if *update {
		if err := os.WriteFile(badTable, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(badTable)
	if err != nil {
		t.Fatal(err)
	}
	was := strings.Split(string(want), "\n")
	for i, line := range strings.Split(b.String(), "\n") {
		if i >= len(was) || line != was[i] {
			t.Errorf("%s is out of date (-update writes it). Now:\n%s\nthere:\n%s", badTable, line, append(was, "(nothing)")[min(i, len(was))])
		}
	}
}

func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

var changing = regexp.MustCompile(`(?:[a-z]{3}_[0-9a-z]{20,}|127\.0\.0\.1:\d+|/\S*(?:/001|/002|/003|/004)|\b\d{4}-\d\d-\d\dT[0-9:.]+Z?)`)

func steady(text string, w *world) string {
	text = strings.ReplaceAll(text, w.data, "DIR")
	return changing.ReplaceAllString(text, "…")
}

// says asks and words the answer: status, code, title, and the fields that are
// wrong.
func (w *world) says(t *testing.T, method, path string, body any, as ...credentials) string {
	t.Helper()
	got := w.ask(t, method, path, body, as...)
	var p struct {
		Status              int
		Code, Title, Detail string
		Errors              []struct{ Field, Message, Expected string }
	}
	kind := got.header.Get("Content-Type")
	if got.status < 400 || kind != "application/problem+json" || json.Unmarshal(got.body, &p) != nil || p.Status != got.status || p.Code == "" {
		t.Errorf("%s %s: %d %s is no problem: %s", method, path, got.status, kind, got.body)
		return fmt.Sprint(got.status)
	}
	text := fmt.Sprintf("%d `%s` %s", p.Status, p.Code, p.Title)
	if p.Detail != "" {
		text += " " + p.Detail
	}
	for _, f := range p.Errors {
		text += fmt.Sprintf(" `%s` %s", f.Field, f.Message)
		if f.Expected != "" && f.Message != "expected "+f.Expected {
			text += " (expected: " + f.Expected + ")"
		}
		text += "."
	}
	return steady(text, w)
}

// ask1 is a mistake in one request of the first shop's administrator.
func ask1(what, method, path string, body any, as ...credentials) bad {
	return bad{what, func(t *testing.T, w *world) string {
		for name, id := range w.first.ids {
			path = strings.ReplaceAll(path, "{"+name+"}", id)
			if text, ok := body.(string); ok {
				body = strings.ReplaceAll(text, "{"+name+"}", id)
			}
		}
		who := w.first.as(role.Administrator)
		if strings.HasPrefix(path, "/v1/my") {
			who = w.first.asCustomer()
		}
		return w.says(t, method, path, body, append([]credentials{who}, as...)...)
	}}
}

func badRequests() []bad {
	const cases, quotes = "/v1/my/cases", "/v1/my/quotes"
	item := func(fields string) string {
		return `{"order":"{orders}","items":[{"line":2,"quantity":1,"reason":"wrong_size"` + fields + `}]}`
	}
	quantity := func(n string) string {
		return `{"order":"{orders}","items":[{"line":2,"quantity":` + n + `,"reason":"wrong_size"}]}`
	}
	order := func(change string) string {
		return `{"number":"B-1","source":"shop","currency":"CNY","country":"CN","zone":"Asia/Shanghai","placed_at":"2026-01-01T00:00:00Z",` +
			`"lines":[{"sku":"a","title":"A","quantity":1,"unit_price":100}],"tenders":[{"kind":"card","amount":100}]` + change + `}`
	}
	any := header("If-Match", "*")
	return []bad{
		ask1("JSON that is cut off", "POST", quotes, `{"order":"ord_1","items":[`),
		ask1("not JSON at all", "POST", quotes, `order=ord_1`),
		ask1("two JSON values", "POST", quotes, item("")+`{}`),
		ask1("no body", "POST", quotes, nil),
		ask1("a field that does not exist", "POST", quotes, item(`,"colour":"red"`)),
		ask1("a text where a number belongs", "POST", quotes, quantity(`"two"`)),
		ask1("a fraction where a whole number belongs", "POST", quotes, quantity("1.5")),
		ask1("a number that no 64 bits hold", "POST", quotes, quantity("9223372036854775808")),
		ask1("a negative quantity", "POST", quotes, quantity("-1")),
		ask1("a quantity of 0", "POST", quotes, quantity("0")),
		ask1("more pieces than were bought", "POST", cases, quantity("4")),
		ask1("no items", "POST", cases, `{"order":"{orders}","items":[]}`),
		ask1("the required field order is missing", "POST", cases, `{"items":[{"line":2,"quantity":1,"reason":"wrong_size"}]}`),
		ask1("a line that the order does not have", "POST", quotes, `{"order":"{orders}","items":[{"line":9,"quantity":1,"reason":"wrong_size"}]}`),
		ask1("the same line twice", "POST", cases, `{"order":"{orders}","items":[{"line":2,"quantity":1,"reason":"wrong_size"},{"line":2,"quantity":1,"reason":"wrong_size"}]}`),
		ask1("a reason that is not offered", "POST", quotes, `{"order":"{orders}","items":[{"line":2,"quantity":1,"reason":"bored"}]}`),
		ask1("a reason that needs a photo, without one", "POST", cases, `{"order":"{orders}","items":[{"line":2,"quantity":1,"reason":"defective"}],"photos":[]}`),
		ask1("a photo that does not exist", "POST", cases, item(`,"photos":["pho_06gzze38pxy1xe5dt981807gzm"]`)),
		ask1("a piece that is on its way back already", "POST", cases, `{"order":"{orders}","items":[{"line":1,"quantity":1,"reason":"wrong_size"}]}`),
		ask1("an order of somebody else", "POST", quotes, `{"order":"ord_06gzze38pxy1xe5dt981807gzm","items":[{"line":1,"quantity":1,"reason":"wrong_size"}]}`),
		ask1("a currency that does not exist", "POST", "/v1/orders", strings.Replace(order(""), `"CNY"`, `"XYZ"`, 1)),
		ask1("payments that do not add up to the order", "POST", "/v1/orders", strings.Replace(order(""), `"amount":100`, `"amount":99`, 1)),
		ask1("a time that is no time", "POST", "/v1/orders", strings.Replace(order(""), `2026-01-01T00:00:00Z`, `yesterday`, 1)),
		ask1("a zone that does not exist", "POST", "/v1/orders", strings.Replace(order(""), `Asia/Shanghai`, `Mars/Base`, 1)),
		ask1("a body larger than 1 MiB", "POST", cases, `{"order":"`+strings.Repeat("x", 1<<20)+`"}`),
		ask1("another media type", "POST", quotes, item(""), header("Content-Type", "text/plain")),
		ask1("a method that the route does not have", "PUT", "/v1/cases", `{}`),
		ask1("a route that does not exist", "GET", "/v1/refunds", nil),
		ask1("a case that does not exist", "GET", "/v1/cases/case_06gzze38pxy1xe5dt981807gzm", nil),
		ask1("an id that is no id", "GET", "/v1/cases/..%2f..%2fetc", nil),
		ask1("a cursor that is none", "GET", "/v1/cases?cursor=abc", nil),
		ask1("a cursor of another list", "GET", "/v1/cases?cursor=WyJhIiwiYiIsImMiXQ", nil),
		ask1("a page of 0", "GET", "/v1/cases?limit=0", nil),
		ask1("a page of 1000", "GET", "/v1/cases?limit=1000", nil),
		ask1("a page of “many”", "GET", "/v1/cases?limit=many", nil),
		ask1("a state that does not exist", "GET", "/v1/cases?state=lost", nil),
		ask1("a change without If-Match", "POST", "/v1/cases/{cases}/actions", `{"action":"note","text":"hello"}`),
		ask1("a change of an older version", "POST", "/v1/cases/{cases}/actions", `{"action":"note","text":"hello"}`, header("If-Match", `"1"`)),
		ask1("an If-Match that is no version", "POST", "/v1/cases/{cases}/actions", `{"action":"note","text":"hello"}`, header("If-Match", "newest")),
		ask1("an action that does not exist", "POST", "/v1/cases/{cases}/actions", `{"action":"explode"}`, any),
		ask1("an action that is not possible now", "POST", "/v1/cases/{cases}/actions", `{"action":"approve"}`, any),
		ask1("a refusal without its ground", "POST", "/v1/cases/{cases}/actions", `{"action":"refuse"}`, any),
		ask1("a scan of an unknown parcel", "POST", "/v1/scans", `{"carrier":"own","tracking":"AC000000000000","status":"delivered","at":"2026-01-01T00:00:00Z"}`),
		ask1("a scan with an unknown status", "POST", "/v1/scans", `{"carrier":"own","tracking":"{tracking}","status":"eaten","at":"2026-01-01T00:00:00Z"}`),
		ask1("a payout that is not failed, tried again", "POST", "/v1/payouts/{payouts}/actions", `{"action":"retry"}`, any),
		ask1("a policy that contradicts itself", "PUT", "/v1/policies/new", `{"name":"New","rules":{"window_days":7,"reasons":[{"code":"a_b","photos":"none","freight":"seller"},{"code":"a_b","photos":"none","freight":"seller"}],"shipping":"none","full_shipping":true,"answer_hours":1,"ship_back_days":1,"inspect_hours":1,"payout_hours":1,"auto_approve":{"XYZ":1}}}`, any),
		ask1("an idempotency key of 200 characters", "POST", cases, item(""), header("Idempotency-Key", strings.Repeat("k", 200))),
		{"the same idempotency key with another body", func(t *testing.T, w *world) string {
			key := header("Idempotency-Key", "one-wish")
			w.must(t, "POST", "/v1/my/lookup", `{"order_number":"E2E-1001","contact":"a@example.com"}`, key)
			return w.says(t, "POST", "/v1/my/lookup", `{"order_number":"E2E-1001","contact":"b@example.com"}`, key)
		}},
	}
}
