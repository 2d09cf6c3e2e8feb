package policy

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aftercare/aftercare/rules/rights"
)

const maxTests = 200

// checkTests refuses examples that cannot be run.
func checkTests(tests []Test) error {
	c := &complaint{Fault: ErrInvalid}
	c.that(len(tests) > maxTests, "tests", sayTooMany, wantAtMost.of(maxTests))
	seen := map[string]bool{}
	for i, t := range tests {
		at := func(name string) string { return fmt.Sprintf("tests[%d].%s", i, name) }
		c.that(t.Name == "", at("name"), sayEmpty, wantSentence)
		c.that(seen[t.Name], at("name"), sayThereTwice, wantEachNameOnce)
		seen[t.Name] = true
		c.that(t.Request.Now.IsZero(), at("request.now"), sayMissing, wantMoment.of("2026-03-05T10:00:00Z"))
		_, err := t.Request.Request()
		c.that(err != nil, at("request.zone"), sayNotKnown, wantZone.of("Asia/Shanghai"))
		for _, name := range slices.Sorted(maps.Keys(t.Law)) {
			c.that(new(rights.Facts).Set(name, t.Law[name]) != nil, at("law."+name), sayNotKnown, wantFact.of("told.right"))
		}
		if e := t.Expect.Effective; e != nil && e.Outcome != "" {
			c.oneOf(at("expect.effective.outcome"), e.Outcome, string(Approve), string(Review), string(Refuse), string(Ask))
		}
		for _, kind := range slices.Sorted(maps.Keys(t.Expect.Kinds)) {
			c.oneOf(at("expect.kinds"), kind, Kinds...)
			c.oneOf(at("expect.kinds."+kind), t.Expect.Kinds[kind], string(Approve), string(Review), string(Refuse), string(Ask))
		}
	}
	if len(c.Fields) > 0 {
		return c.Fault
	}
	return nil
}
