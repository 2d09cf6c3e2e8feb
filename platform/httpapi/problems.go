package httpapi

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/fault"
)

// ProblemsMarkdown writes the list of all declared problems, for people who
// write clients and translations.
func ProblemsMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Problems\n\nEvery refusal is an `application/problem+json` document (RFC 9457) with one of these codes.\n" +
		"A code never changes its meaning; the title never varies; what happened this time is in further members.\n" +
		"An internal error has the type `about:blank`, status 500 and nothing but a `request_id`.\n")
	room := ""
	for _, f := range fault.All() {
		if name, _, _ := strings.Cut(f.Code, "."); name != room {
			room = name
			fmt.Fprintf(&b, "\n## %s\n\n| Code | Status | Title |\n| --- | --- | --- |\n", room)
		}
		fmt.Fprintf(&b, "| `%s` | %d | %s |\n", f.Code, Status(f), strings.ReplaceAll(f.Title, "|", `\|`))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// problemEntry is a declared problem as the reference shows it.
type problemEntry struct {
	Code, Title, Meaning string
	Status               int
}

func problemEntries() []problemEntry {
	var all []problemEntry
	for _, f := range fault.All() {
		status := Status(f)
		all = append(all, problemEntry{Code: f.Code, Title: f.Title, Status: status, Meaning: cmp.Or(http.StatusText(status), "Client Closed Request")})
	}
	slices.SortStableFunc(all, func(a, b problemEntry) int { return cmp.Compare(a.Code, b.Code) })
	return all
}
