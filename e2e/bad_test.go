package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
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
