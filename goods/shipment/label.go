package shipment

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/aftercare/aftercare/base/locale"
)

// Label is what is printed on a parcel: 100 × 150 mm, black on white, for
// thermal printers and for paper.
type Label struct {
	Language     string // of the printed words; any language tag
	Tracking     string // the bars
	CaseNumber   string
	Link         string // the QR code: where the case can be followed
	To, From     Address
	Outgoing     bool // it goes to the customer
	Items        []Item
	Instructions []string // paragraphs
	At           time.Time
}

// Item is one kind of article in the parcel.
type Item struct {
	Title    string
	SKU      string // stands for a title whose letters the font lacks
	Quantity int64
}

// Printed is the language that a label for readers of a language is printed in:
// that language where the font has its letters, else English.
func Printed(lang string) string {
	if lang = locale.Read(lang); labelWords[lang] == (words{}) {
		return "en"
	}
	return lang
}

// placeholder stands for a character that the font does not have.
const placeholder = '□'

// drawing bounds the memory of labels: one takes 20 MB while it is drawn.
var drawing = make(chan struct{}, 4)

// Render writes a label as PDF. It fails with ErrFont in a binary without font,
// and where an address is so long that it does not fit at a size people can
// read; nothing is written then. Characters that the font lacks are printed as
// □: see Missing.
func Render(w io.Writer, l Label) error {
	all, err := loadFaces()
	if err != nil {
		return err
	}
	if l.Tracking == "" || l.CaseNumber == "" {
		return fmt.Errorf("label of case %q: no tracking number or case number", l.CaseNumber)
	}
	drawing <- struct{}{}
	defer func() { <-drawing }()
	m := newRuler(all)
	l, _ = l.printable(m)
	p, err := newPage(m, l)
	if err != nil {
		return fmt.Errorf("label of case %s: %w", l.CaseNumber, err)
	}
	if err := p.draw(l); err != nil {
		return fmt.Errorf("label of case %s: %w", l.CaseNumber, err)
	}
	return p.pdf.Output(w)
}

// Missing lists the characters of a label that are printed as □, so that
// somebody can spell them in another way. It needs the font, as Render does.
func Missing(l Label) ([]rune, error) {
	all, err := loadFaces()
	if err != nil {
		return nil, err
	}
	_, missing := l.printable(newRuler(all))
	return missing, nil
}

// printable returns the label with all texts in the form they are drawn, and
// the characters that had to be replaced. It decides the ruler's order.
func (l Label) printable(m *ruler) (Label, []rune) {
	var missing []rune
	second := false
	clean := func(text string) string {
		text = norm.NFC.String(strings.ToValidUTF8(text, "\ufffd"))
		return strings.TrimSpace(strings.Map(func(r rune) rune {
			if r = visible(r); r < 0 || r == ' ' {
				return r
			}
			g := m.glyph(r)
			if g.ok {
				second = second || g.face == latin
				return r
			}
			if !slices.Contains(missing, r) {
				missing = append(missing, r)
			}
			return placeholder
		}, text))
	}
	l.Language = Printed(l.Language)
	l.CaseNumber = clean(l.CaseNumber)
	l.To, l.From = l.To.clean(clean), l.From.clean(clean)
	if l.From.empty() || !legible(l.From.Name+l.From.Phone+strings.Join(l.From.place(), "")) {
		l.From = Address{}
	}
	l.Items = slices.Clone(l.Items)
	for i := range l.Items {
		title, sku := clean(l.Items[i].Title), clean(l.Items[i].SKU)
		if !legible(title) && legible(sku) {
			title = sku
		}
		l.Items[i].Title = title
	}
	l.Instructions = slices.Clone(l.Instructions)
	for i := range l.Instructions {
		l.Instructions[i] = clean(l.Instructions[i])
	}
	if second {
		m.preferLatin()
	}
	return l, missing
}

// legible tells whether a text has anything to read: boxes alone tell nothing.
func legible(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

// visible makes every blank a space, and drops what nobody could see: control
// characters, direction marks, joiners.
func visible(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r == '\u3000' || r == noBreak: // an ideographic space is wide, the other must not break
		return r
	case unicode.Is(unicode.Z, r):
		return ' '
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

func (a Address) clean(f func(string) string) Address {
	lines := make([]string, 0, len(a.Lines))
	for _, line := range a.Lines {
		lines = append(lines, f(line))
	}
	return Address{Name: f(a.Name), Lines: lines, City: f(a.City), Region: f(a.Region), Postcode: f(a.Postcode), Country: f(a.Country), Phone: f(a.Phone)}
}

// place is the address without name and phone, in the order of its writing:
// from large to small in Chinese, from small to large elsewhere.
func (a Address) place() []string {
	join := func(sep string, parts ...string) string {
		return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
	}
	var all []string
	if strings.IndexFunc(strings.Join(a.Lines, "")+a.City, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 {
		large := join(" ", a.Postcode, a.Country, a.Region, a.City)
		if len(a.Lines) > 0 {
			large += a.Lines[0]
			all = append(append(all, large), a.Lines[1:]...)
		} else {
			all = append(all, large)
		}
	} else {
		all = append(all, a.Lines...)
		town := join(" ", a.Postcode, a.City)
		if a.Region != "" { // Austin TX 78701
			town = join(" ", a.City, a.Region, a.Postcode)
		}
		all = append(all, town, a.Country)
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

func (a Address) empty() bool {
	return cmp.Or(a.Name, strings.Join(a.Lines, ""), a.City, a.Region, a.Postcode, a.Country, a.Phone) == ""
}
