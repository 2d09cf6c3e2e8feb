package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// writeChecks documents what the checker of policies may say.
func writeChecks(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# What the policy checker says\n\nMade by `aftercare docs checks`.\n\n")
	b.WriteString("Every problem of `POST /v1/policies/check`, and every entry of `errors` where a policy is refused with `policy.invalid`, carries a code that never changes its meaning. `args` and `want_args` hold the values by the names in braces. `says` holds the whole sentence in each language; `message` and `want` are English.\n")
	heads := map[string]string{
		"problem": "## What is wrong\n\nAs `code` of a problem. Such rules are refused.",
		"want":    "## What would be right\n\nAs `want_code` of a problem.",
		"warning": "## What works, but probably not as it is meant\n\nAs `code` of a warning. Such rules may go live.",
	}
	last := ""
	for _, c := range policy.Codes() {
		if c.Group != last {
			last = c.Group
			b.WriteString("\n" + heads[c.Group] + "\n\n| code | in English |\n| --- | --- |\n")
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.Code, strings.ReplaceAll(c.Text, "|", `\|`))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeRightsChecks documents the mistakes that packs of rights may have.
func writeRightsChecks(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# What is wrong with a pack of rights\n\nMade by `aftercare docs rights-checks`.\n\n")
	b.WriteString("`aftercare rights test`, and every command or server that reads packs, names each mistake as\n\n    file:line:column: path: what is wrong [code]\n\n")
	b.WriteString("Line and column are those of the name or the value in the file, from 1; the path leads to it: `rules.3.window.ends` is the fourth rule. With `--json`, `aftercare rights test` writes ")
	b.WriteString("`{\"tests\": 12, \"problems\": [{\"file\", \"line\", \"column\", \"path\", \"code\", \"message\"}]}`. A code never changes its meaning; the sentences are for people, and may. ")
	b.WriteString("Names in braces are filled in; `{text}` is the sentence of the YAML reader, the schema or the test.\n\n| code | in English |\n| --- | --- |\n")
	for _, m := range rights.Mistakes() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", m.Code, strings.ReplaceAll(m.Text, "|", `\|`))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
