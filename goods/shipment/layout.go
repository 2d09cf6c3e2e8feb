package shipment

import (
	"fmt"
	"strings"
)

// The label from top to bottom: head, receiver, sender, bars, and a foot with
// the QR code beside contents and instructions. Addresses take the height they
// need, so that all labels look alike not less than a usual one; the foot has
// the rest.
const (
	headHeight  = 12.0
	barsHeight  = 27.0
	tagWidth    = 13.0
	tagHeight   = 5.5
	gap         = 2.0
	squareSize  = 25.0
	toLeast     = 35.0
	fromLeast   = 17.0
	toHeight    = 44.0
	fromHeight  = 24.0
	toLargest   = 12.0
	fromLargest = 8.0
	tagLargest  = 10.0
	noteLargest = 10.0
)

func (p *page) draw(l Label) error {
	top := p.head(l)
	y, err := p.address(p.words.to, l.To, top, toHeight, toLargest)
	if err != nil {
		return err
	}
	y = max(y, top+toLeast)
	if !l.From.empty() {
		p.rule(y, 0.2)
		if y, err = p.address(p.words.from, l.From, y, top+toHeight+fromHeight-y, fromLargest); err != nil {
			return err
		}
	}
	y = max(y, top+toLeast+fromLeast)
	p.rule(y, 0.6)
	if err := p.bars(l.Tracking, margin, y+gap+1, inner, barsHeight-10); err != nil {
		return err
	}
	number := grouped(l.Tracking)
	p.centre(number, pageWidth/2, y+barsHeight-2.2, p.shrink(number, inner, 12), true)
	y += barsHeight
	p.rule(y, 0.6)
	if err := p.foot(l, y+gap, pageHeight-margin-y-gap); err != nil {
		return err
	}
	return p.pdf.Error()
}

func (p *page) head(l Label) float64 {
	baseline := margin + 7.5
	p.text(p.words.title, margin, baseline, 20, true)
	size := p.shrink(l.CaseNumber, inner/2, 14)
	p.right(l.CaseNumber, pageWidth-margin, baseline, size, true)
	left := pageWidth - margin - p.ruler.width(l.CaseNumber)*size*point - gap
	p.right(p.words.caseNo, left, baseline, 7, false)
	p.rule(margin+headHeight-1.5, 0.6)
	return margin + headHeight - 1.5
}

// address draws who and where beside a tag and returns where it ends.
func (p *page) address(tag string, a Address, y, height, largest float64) (float64, error) {
	phone := strings.ReplaceAll(a.Phone, " ", string(noBreak)) // stays in one piece
	who := strings.TrimSpace(a.Name + "  " + phone)
	all := []paragraph{{text: who, style: style{1.15, true}}}
	for i, text := range a.place() {
		next := paragraph{text: text, style: style{1, false}}
		if i == 0 {
			next.space = 0.1
		}
		all = append(all, next)
	}
	b, err := p.fitAddress(all, inner-tagWidth-gap, height-2*gap, largest)
	if err != nil {
		return 0, err
	}
	p.tag(tag, margin, y+gap, min(tagLargest, p.shrink(tag, tagWidth-2, tagLargest)))
	p.put(b, margin+tagWidth+gap, y+gap+(tagHeight-b.lines[0].height(b.size))/2) // the first line is level with the tag
	return y + max(b.height, 6) + 2*gap, nil
}

// foot draws the QR code and what should be done. Text that does not fit at
// the smallest size ends with an ellipsis: the page behind the code has it all.
func (p *page) foot(l Label, y, height float64) error {
	x, width := margin, inner
	if l.Link != "" {
		const quiet = 2.5 // four modules of the densest code that a link needs; the margin is more
		if err := p.square(l.Link, margin, y+gap/2, squareSize); err != nil {
			return err
		}
		size := p.shrink(p.words.scan, squareSize, 8)
		p.centre(p.words.scan, margin+squareSize/2, y+gap/2+squareSize+quiet+1, size, false)
		x += squareSize + quiet + gap
		width -= squareSize + quiet + gap
	}
	var all []paragraph
	if len(l.Items) > 0 {
		all = append(all, paragraph{text: p.words.contents, style: style{0.85, true}})
		for _, item := range l.Items {
			all = append(all, paragraph{text: strings.TrimSpace(fmt.Sprintf("%d × %s", item.Quantity, item.Title)), style: style{1, false}})
		}
	}
	for _, text := range l.Instructions {
		if text != "" {
			all = append(all, paragraph{text: text, style: style{1, false}, space: 0.45})
		}
	}
	b, ok := p.fit(all, width, height, noteLargest)
	if !ok {
		b = p.cut(b, width, height)
	}
	p.put(b, x, y)
	return nil
}
