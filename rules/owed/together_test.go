package owed_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

// A shop that refuses everything after a day, and what the law makes of it.
func TestAnExampleMayStateFactsOfTheLaw(t *testing.T) {
	p := shop(func(r *policy.Rules) { r.WindowDays = 1 })
	sample := `"request": {"now": "2026-11-14T10:00:00Z", "placed": "2026-11-02T10:00:00Z", "zone": "Europe/Berlin", "country": "DE", "channel": "web",
		"total": {"minor": 2000, "currency": "EUR"}, "goods": [{"paid": 2000, "delivered": "2026-11-05T10:00:00Z", "reason": "wrong_size"}]}`
	tests := []struct {
		name, law, expect string
		differs           []string
	}{
		{"the law gives what the policy refuses", `{}`, `{"outcome": "refuse", "effective": {"outcome": "approve", "grounds": ["law_entitled", "DE-WD"]}}`, nil},
		{"made to measure: there is no right", `{"traits.custom": true}`, `{"effective": {"outcome": "refuse", "grounds": ["law_none"]}}`, nil},
		{"a business has none either", `{"buyer.type": "business"}`, `{"effective": {"outcome": "refuse"}}`, nil},
		{"never told of the right: a month later it is still there", `{"as_of": "2026-12-20", "told.right": false}`, `{"effective": {"outcome": "approve"}}`, nil},
		{"only the policy is asked where nothing speaks of the law", ``, `{"outcome": "refuse"}`, nil},
		{"what differs is told", `{"traits.custom": true}`, `{"outcome": "refuse", "effective": {"outcome": "approve", "grounds": ["law_entitled"], "needs": ["use.opened"], "freight": "seller"}}`,
			[]string{"effective", "effective_grounds", "effective_needs", "effective_freight"}},
		{"a fact of another kind makes it a question for a person", `{"use.opened": 3}`, `{"effective": {"outcome": "review"}}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := `{"name": "x", ` + sample + `, "expect": ` + tt.expect
			if tt.law != "" {
				raw += `, "law": ` + tt.law
			}
			var one policy.Test
			if err := json.Unmarshal([]byte(raw+"}"), &one); err != nil {
				t.Fatal(err)
			}
			got := p.Try([]policy.Test{one}, owed.Together(law(t)))[0]
			var differs []string
			for _, d := range got.Differs {
				differs = append(differs, d.What)
			}
			if !slices.Equal(differs, tt.differs) {
				t.Errorf("differs %v: %q, effective %+v", differs, got.Wrong, got.Effective)
			}
			if (got.Effective != nil) != (tt.law != "") {
				t.Errorf("effective is %+v", got.Effective)
			}
		})
	}
}

// The example of the guide about law and policy together passes.
func TestTheExampleOfTheGuidePasses(t *testing.T) {
	raw, err := os.ReadFile("../../docs/guides/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(raw), "```json\n")
	body, _, _ := strings.Cut(blocks[len(blocks)-1], "```")
	var one policy.Test
	decode(t, body, &one)
	if got := shop(nil).Try([]policy.Test{one}, owed.Together(law(t)))[0]; !got.Passed || got.Effective == nil {
		t.Errorf("%q, %+v", got.Wrong, got.Effective)
	}
}

func TestAnExampleAboutTheLawNeedsTheLaw(t *testing.T) {
	one := policy.Test{Name: "x", Expect: policy.Expected{Effective: &policy.Effective{Outcome: "approve"}}}
	if got := shop(nil).Try([]policy.Test{one}, nil)[0]; got.Passed || got.Differs[0].What != "outcome" && got.Differs[0].What != "law" {
		t.Errorf("%+v", got)
	}
}
