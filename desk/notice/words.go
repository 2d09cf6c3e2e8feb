package notice

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/locale"
)

//go:embed mail.gohtml
var page string

var layout = template.Must(template.New("mail").Parse(page))

// letter is a message in words.
type letter struct {
	Language string
	Dir      string // ltr or rtl
	Shop     string
	base     string // where the shop is found
	Subject  string
	Hello    string
	Body     []string // paragraphs
	Link     string
	Button   string
	Footer   string
	Accent   string // ground of the button, #rrggbb
	Logo     string // address of a picture; empty: the shop's name
	Height   int    // of the logo, in pixels
}

const standardAccent = "#3f51d6"

// ends are the messages that tell that a case is over: they also ask how it was.
var ends = []string{"completed", "done", "closed", "expired"}

// write words a template in a language.
func write(lang, name string, kind string, args locale.Args) letter {
	l := letter{
		Language: lang,
		Dir:      locale.Direction(lang),
		Accent:   standardAccent,
		Subject:  locale.Text(lang, "mail."+kind+".subject", args),
		Hello:    locale.Text(lang, "mail.hello_nameless", nil),
		Button:   locale.Text(lang, "mail.button", nil),
		Footer:   locale.Text(lang, "mail.footer", nil),
		Body:     []string{locale.Text(lang, "mail."+kind+".body", args)},
	}
	if slices.Contains(ends, kind) {
		l.Body = append(l.Body, locale.Text(lang, "mail.rate", nil))
	}
	if name != "" {
		l.Hello = locale.Text(lang, "mail.hello", locale.Args{"name": name})
	}
	return l
}

// text is the plain part.
func (l letter) text() string {
	parts := append([]string{l.Hello}, l.Body...)
	if l.Link != "" {
		parts = append(parts, l.Button+":\n"+l.Link)
	}
	return strings.Join(append(parts, l.Shop, l.Footer), "\n\n") + "\n"
}

// html is the rich part; everything in it is escaped by the template.
func (l letter) html() (string, error) {
	var b bytes.Buffer
	err := layout.Execute(&b, l)
	return b.String(), err
}
