package policy_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/rules/policy"
)

// The guide's policy can be saved as it stands, passes its law and its example,
// and the guide names every word.
func TestTheGuideIsRight(t *testing.T) {
	raw, err := os.ReadFile("../../docs/guides/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	blocks := strings.Split(text, "```json\n")
	if len(blocks) != 4 {
		t.Fatalf("%d examples", len(blocks)-1)
	}
	read := func(block string, into any) {
		t.Helper()
		body, _, _ := strings.Cut(block, "```")
		d := json.NewDecoder(bytes.NewReader([]byte(body)))
		d.DisallowUnknownFields()
		if err := d.Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	var r policy.Rules
	var tests []policy.Test
	var withLaw policy.Test // package owed runs it
	read(blocks[3], &withLaw)
	read(blocks[1], &r)
	read(blocks[2], &tests)
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	for _, v := range policy.Check(book(t), r, r.Markets) {
		t.Errorf("%+v", v)
	}
	for _, w := range r.Warnings(book(t)) {
		t.Errorf("%+v", w)
	}
	for _, result := range policy.Make("guide", 1, r, nil).Try(tests, nil) {
		if !result.Passed {
			t.Errorf("%+v", result)
		}
	}
	for _, w := range policy.Vocabulary() {
		if !strings.Contains(text, "`"+w.Name+"`") {
			t.Errorf("the guide does not name %s", w.Name)
		}
	}
}
