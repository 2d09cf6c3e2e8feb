package policy

import "fmt"

const maxTests = 200

// checkTests refuses examples that cannot be run.
func checkTests(tests []Test) error {
	c := &complaint{Fault: ErrInvalid}
	c.that(len(tests) > maxTests, "tests", "are too many", fmt.Sprintf("at most %d", maxTests))
	seen := map[string]bool{}
	for i, t := range tests {
		at := func(name string) string { return fmt.Sprintf("tests[%d].%s", i, name) }
		c.that(t.Name == "", at("name"), "is empty", "a sentence that says what it shows")
		c.that(seen[t.Name], at("name"), "is there twice", "each name once")
		seen[t.Name] = true
		c.that(t.Request.Now.IsZero(), at("request.now"), "is missing", "a moment such as 2026-03-05T10:00:00Z")
		_, err := t.Request.Request()
		c.that(err != nil, at("request.zone"), "is not known", "a zone such as Asia/Shanghai")
	}
	if len(c.Fields) > 0 {
		return c.Fault
	}
	return nil
}
