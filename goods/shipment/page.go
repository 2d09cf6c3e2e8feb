package shipment

import (
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrFit refuses an address that would not be readable on a label.
var ErrFit = fault.New(fault.Invalid, "shipment.address_too_long", "The address is too long for a label.")

// All lengths are millimetres; sizes of type are points.
const (
	pageWidth  = 100.0
	pageHeight = 150.0
	margin     = 4.0
	inner      = pageWidth - 2*margin
	point      = 25.4 / 72
	leading    = 1.28 // line height of a size
	smallest   = 5.0  // points that people still can read
)

// page is one label being drawn.
type page struct {
	pdf   *fpdf.Fpdf
	ruler *ruler
	words words
}

func newPage(m *ruler, l Label) (*page, error) {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: pageWidth, Ht: pageHeight}})
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(l.At)
	pdf.SetModificationDate(l.At)
	pdf.SetTitle(l.CaseNumber, true)
	pdf.SetLang(l.Language)
	pdf.AddPage()
	if err := pdf.Error(); err != nil {
		return nil, err
	}
	w := labelWords[l.Language]
	if l.Outgoing {
		w.title, w.contents = w.out, w.sent
	}
	return &page{pdf: pdf, ruler: m, words: w}, nil
}

// style is how a paragraph looks: its size against the block's, and its weight.
type style struct {
	scale float64
	bold  bool
}

// paragraph is a text in one style.
type paragraph struct {
	text string
	style
	space float64 // before it, in lines
}

type line struct {
	text string
	style
	space float64
}

func (l line) height(size float64) float64 { return (1 + l.space) * size * l.scale * point * leading }

// block is text set at one size.
type block struct {
	lines  []line
	size   float64
	height float64
}

// set wraps paragraphs at a size.
func (p *page) set(all []paragraph, width, size float64) block {
	b := block{size: size}
	for _, para := range all {
		em := size * para.scale * point
		for i, text := range wrap(para.text, width/em, p.ruler.advance) {
			l := line{text: text, style: para.style}
			if i == 0 && len(b.lines) > 0 {
				l.space = para.space
			}
			b.lines = append(b.lines, l)
			b.height += l.height(size)
		}
	}
	return b
}

// fit sets paragraphs at the largest size at which they fit into a box; ok is
// false where even the smallest does not.
func (p *page) fit(all []paragraph, width, height, largest float64) (b block, ok bool) {
	for size := largest; size >= smallest; size -= 0.5 {
		if b = p.set(all, width, size); b.height <= height {
			return b, true
		}
	}
	return b, false
}

// fitAddress is fit for what must not be cut.
func (p *page) fitAddress(all []paragraph, width, height, largest float64) (block, error) {
	b, ok := p.fit(all, width, height, largest)
	if !ok {
		return block{}, ErrFit
	}
	return b, nil
}

// cut drops the lines that do not fit and ends with an ellipsis.
func (p *page) cut(b block, width, height float64) block {
	var used float64
	for i, l := range b.lines {
		if used+l.height(b.size) > height {
			b.lines, b.height = b.lines[:i], used
			if i > 0 {
				last := &b.lines[i-1]
				last.text = p.ellipsis(last.text, width/(b.size*last.scale*point))
			}
			return b
		}
		used += l.height(b.size)
	}
	return b
}

func (p *page) ellipsis(text string, width float64) string {
	all := graphemes(strings.TrimRight(text, " \u3000"))
	for len(all) > 0 && p.ruler.width(strings.Join(all, "")+"…") > width {
		all = all[:len(all)-1]
	}
	return strings.Join(all, "") + "…"
}

// put draws a block with its upper left corner at x, y.
func (p *page) put(b block, x, y float64) {
	for _, l := range b.lines {
		size := b.size * l.scale
		y += l.height(b.size)
		p.text(l.text, x, y-size*point*0.3, size, l.bold)
	}
}

// text draws one line from its base line. Bold is drawn with an outline: one
// font file is enough.
func (p *page) text(s string, x, baseline, size float64, bold bool) {
	s = strings.TrimRight(s, " ")
	if s == "" {
		return
	}
	if bold {
		p.pdf.SetLineWidth(size * point * 0.03)
		p.pdf.SetTextRenderingMode(2)
		defer p.pdf.SetTextRenderingMode(0)
	}
	p.ruler.runs(s, func(face int, part string) {
		f := p.ruler.faces[face]
		p.pdf.AddUTF8FontFromBytes(f.name, "", f.ttf) // does nothing the second time
		p.pdf.SetFont(f.name, "", size)
		p.pdf.Text(x, baseline, part)
		x += p.ruler.width(part) * size * point
	})
}

// right draws one line that ends at x.
func (p *page) right(s string, x, baseline, size float64, bold bool) {
	p.text(s, x-p.ruler.width(s)*size*point, baseline, size, bold)
}

// centre draws one line around x.
func (p *page) centre(s string, x, baseline, size float64, bold bool) {
	p.text(s, x-p.ruler.width(s)*size*point/2, baseline, size, bold)
}

// shrink is the largest size up to one at which a line has a width.
func (p *page) shrink(s string, width, largest float64) float64 {
	if w := p.ruler.width(s) * point; w > 0 {
		return min(largest, width/w)
	}
	return largest
}

func (p *page) rule(y, weight float64) {
	p.pdf.Rect(margin, y-weight/2, inner, weight, "F")
}

// tag draws white text in the middle of a black box; all boxes are alike.
func (p *page) tag(s string, x, y, size float64) {
	p.pdf.Rect(x, y, tagWidth, tagHeight, "F")
	p.pdf.SetTextColor(255, 255, 255)
	p.centre(s, x+tagWidth/2, y+tagHeight/2+size*point*0.36, size, false)
	p.pdf.SetTextColor(0, 0, 0)
}

// grouped makes a number readable: "AC 123 456 789 012".
func grouped(tracking string) string {
	if !Valid(tracking) {
		return tracking
	}
	d := tracking[2:]
	return fmt.Sprintf("AC %s %s %s %s", d[0:3], d[3:6], d[6:9], d[9:12])
}
