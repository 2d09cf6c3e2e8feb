package shipment

import (
	"fmt"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
)

// bars draws a Code 128 across a width, centred at x, with quiet zones of at
// least ten modules on both sides inside that width.
func (p *page) bars(text string, x, y, width, height float64) error {
	code, err := code128.Encode(text)
	if err != nil {
		return fmt.Errorf("bar code of %q: %w", text, err)
	}
	n := code.Bounds().Dx()
	module := min(0.5, width/float64(n+20)) // half a millimetre is enough for any scanner
	x += (width - module*float64(n)) / 2
	p.runs(code, 0, func(from, to int) {
		p.pdf.Rect(x+module*float64(from), y, module*float64(to-from), height, "F")
	})
	return nil
}

// square draws a QR code into a square; its quiet zone is the caller's.
func (p *page) square(text string, x, y, size float64) error {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	n := code.Bounds().Dx()
	module := size / float64(n)
	for row := range n {
		p.runs(code, row, func(from, to int) {
			// A hair higher than a module: else some viewers show seams.
			p.pdf.Rect(x+module*float64(from), y+module*float64(row), module*float64(to-from), module+0.01, "F")
		})
	}
	return nil
}

// runs calls f for each stretch of black in a row.
func (p *page) runs(code barcode.Barcode, row int, f func(from, to int)) {
	n := code.Bounds().Dx()
	for from := 0; from < n; from++ {
		if !black(code, from, row) {
			continue
		}
		to := from
		for to < n && black(code, to, row) {
			to++
		}
		f(from, to)
		from = to
	}
}

func black(code barcode.Barcode, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r == 0
}
