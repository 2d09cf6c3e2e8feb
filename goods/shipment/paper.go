package shipment

import (
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"
)

// Lengths of a paper, in millimetres.
const (
	paperWidth  = 210.0
	paperHeight = 297.0
	paperMargin = 18.0
	paperInner  = paperWidth - 2*paperMargin
)

// Paper is a document of A4 pages in the type of labels, for what a case prints
// besides them. It is used by one goroutine; the same calls give the same bytes.
type Paper struct {
	p    *page
	y    float64
	foot func(page, pages int) string
}

// NewPaper begins a document. foot words the line at the end of each page. It
// fails with ErrFont in a binary without font.
func NewPaper(title, lang string, at time.Time, foot func(page, pages int) string) (*Paper, error) {
	all, err := loadFaces()
	if err != nil {
		return nil, err
	}
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: paperWidth, Ht: paperHeight}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetTitle(title, true)
	pdf.SetLang(lang)
	paper := &Paper{p: &page{pdf: pdf, ruler: newRuler(all)}, foot: foot}
	paper.turn()
	return paper, pdf.Error()
}

func (d *Paper) turn() {
	d.p.pdf.AddPage()
	d.y = paperMargin
}

// Text writes a paragraph over the whole width. Line breaks in it are kept, and
// characters that the font lacks are printed as □.
func (d *Paper) Text(text string, size float64, bold, soft bool) {
	if soft {
		d.p.pdf.SetTextColor(90, 90, 90)
		defer d.p.pdf.SetTextColor(0, 0, 0)
	}
	height := size * point * leading
	for part := range strings.SplitSeq(text, "\n") {
		for _, line := range wrap(d.drawable(part), paperInner/(size*point), d.p.ruler.advance) {
			d.Keep(height)
			d.y += height
			d.p.text(line, paperMargin, d.y-size*point*0.3, size, bold)
		}
	}
}

// Keep begins a new page where less than a height is left on this one.
func (d *Paper) Keep(height float64) {
	if d.y+height > paperHeight-paperMargin-6 {
		d.turn()
	}
}

// Space leaves some millimetres free.
func (d *Paper) Space(height float64) { d.y += height }

// Rule draws a thin line over the whole width.
func (d *Paper) Rule() {
	d.p.pdf.SetFillColor(190, 190, 190)
	d.p.pdf.Rect(paperMargin, d.y, paperInner, 0.2, "F")
	d.p.pdf.SetFillColor(0, 0, 0)
	d.y += 1.5
}

// Write ends the document.
func (d *Paper) Write(w io.Writer) error {
	pages := d.p.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		d.p.pdf.SetPage(n)
		d.p.pdf.SetTextColor(90, 90, 90)
		d.p.right(d.drawable(d.foot(n, pages)), paperWidth-paperMargin, paperHeight-paperMargin+4, 8, false)
	}
	return d.p.pdf.Output(w)
}

// codes stand for the signs of money that the fonts lack: an amount must not lose
// its currency.
var codes = strings.NewReplacer("฿", "THB\u00a0", "֏", "AMD\u00a0", "؋", "AFN\u00a0", "⃀", "KGS\u00a0", "৳", "BDT\u00a0", "៛", "KHR\u00a0")

func (d *Paper) drawable(text string) string {
	text = codes.Replace(norm.NFC.String(strings.ToValidUTF8(text, "\ufffd")))
	return strings.Map(func(r rune) rune {
		if r = visible(r); r < 0 || r == ' ' || d.p.ruler.glyph(r).ok {
			return r
		}
		return placeholder
	}, text)
}
