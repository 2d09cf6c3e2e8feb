package policy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

func example(expect Expected) Test {
	now := time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)
	return Test{Name: "a coat after three days", Expect: expect, Request: Sample{
		Now: now, Total: money.Amount{Minor: 12900, Currency: "CNY"},
		Goods: []Article{{Paid: 12900, Delivered: now.AddDate(0, 0, -3), Reason: "no_longer_needed"}},
	}}
}

// One set of facts says what is wanted for each kind that may be asked for.
func TestAnExampleWantsAnOutcomeForEachKind(t *testing.T) {
	r := Default()
	r.Kinds = []string{ReturnRefund, Exchange}
	p := Policy{ID: "standard", Version: 3, Rules: r}
	p.ready(nil)

	right := p.Try([]Test{example(Expected{Outcome: "approve", Kinds: map[string]string{Exchange: "approve", RefundOnly: "refuse"}})}, nil)[0]
	if !right.Passed || len(right.Kinds) != 2 || !right.Kinds[0].Passed || len(right.Grounds) == 0 || len(right.Kinds[1].Grounds) == 0 {
		t.Errorf("%+v", right)
	}
	for _, lang := range locale.Readable {
		if says := right.Grounds[0].Says[lang]; says == "" || strings.Contains(says, "{") {
			t.Errorf("in %s the ground says %q", lang, says)
		}
	}

	wrong := p.Try([]Test{example(Expected{Outcome: "refuse", Freight: "seller", Grounds: []string{"nothing"}, Kinds: map[string]string{Exchange: "refuse"}})}, nil)[0]
	if wrong.Passed || len(wrong.Differs) != 4 || len(wrong.Wrong) != 4 || wrong.Kinds[0].Passed {
		t.Fatalf("%+v", wrong)
	}
	for _, d := range wrong.Differs {
		if d.Want == "" || len(d.Got) == 0 && d.What != "needs" {
			t.Errorf("%+v", d)
		}
	}
	if !slices.Contains(wrong.Wrong, "outcome as exchange is approve, not refuse") || !slices.Contains(wrong.Wrong, "outcome is approve, not refuse") {
		t.Errorf("%q", wrong.Wrong)
	}
}

func TestAnExampleOfAnUnknownKindIsRefused(t *testing.T) {
	for _, kinds := range []map[string]string{{"gift": "approve"}, {Exchange: "perhaps"}} {
		if err := checkTests([]Test{example(Expected{Kinds: kinds})}); err == nil {
			t.Errorf("%v is taken", kinds)
		}
	}
	if err := checkTests([]Test{example(Expected{Kinds: map[string]string{Exchange: "ask"}})}); err != nil {
		t.Error(err)
	}
}

func TestAnExampleStatesOnlyFactsThatTheLawKnows(t *testing.T) {
	for name, raw := range map[string]string{"told.rihgt": "true", "told.right": "3", "claimed": `"2026-01-01"`, "channel": `"pigeon"`} {
		one := example(Expected{})
		one.Law = map[string]json.RawMessage{name: json.RawMessage(raw)}
		if err := checkTests([]Test{one}); err == nil {
			t.Errorf("%s: %s is taken", name, raw)
		}
	}
	one := example(Expected{Effective: &Effective{Outcome: "maybe"}})
	if err := checkTests([]Test{one}); err == nil {
		t.Error("an outcome that is none is taken")
	}
	one.Expect.Effective.Outcome, one.Law = "review", map[string]json.RawMessage{"told.right": json.RawMessage("false"), "as_of": json.RawMessage(`"2026-11-03"`)}
	if err := checkTests([]Test{one}); err != nil {
		t.Error(err)
	}
}
