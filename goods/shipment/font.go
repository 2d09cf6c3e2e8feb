package shipment

import (
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed all:font
var fontFiles embed.FS

// ErrFont says that this binary was built without the label's font.
var ErrFont = errors.New("label font is missing: run `make font` and build again")

// typeface is one font file, unpacked and parsed once in a process.
type typeface struct {
	name   string
	ttf    []byte
	parsed *sfnt.Font
	em     fixed.Int26_6
}

// The faces of a label. Noto Sans SC, in two files so that most labels need the
// small one only, has Chinese and the Latin of the West. A label with other
// letters, such as ř, has all its Latin from Noto Sans, so that no word mixes
// two designs.
const (
	han = iota
	rare
	latin
)

type faces [3]*typeface

var loadFaces = sync.OnceValues(func() (all faces, err error) {
	for i, name := range []string{"han", "rare", "latin"} {
		if all[i], err = loadFace(name); err != nil {
			return faces{}, err
		}
	}
	return all, nil
})

func loadFace(name string) (*typeface, error) {
	packed, err := fontFiles.ReadFile("font/" + name + ".ttf.gz")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrFont
	}
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("label font %s: %w", name, err)
	}
	ttf, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("label font %s: %w", name, err)
	}
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("label font %s: %w", name, err)
	}
	return &typeface{name: name, ttf: ttf, parsed: parsed, em: fixed.I(int(parsed.UnitsPerEm()))}, nil
}

// FontReady tells why labels cannot be rendered, or nil.
func FontReady() error {
	_, err := loadFaces()
	return err
}

// ruler measures text in the faces of one label. It is used by one goroutine.
type ruler struct {
	faces faces
	order []int // in which faces are asked for a character
	buf   sfnt.Buffer
	seen  map[rune]glyph
}

// glyph is a character in the first face that has it.
type glyph struct {
	face  int
	width float64 // in ems
	ok    bool
}

func newRuler(all faces) *ruler {
	return &ruler{faces: all, order: []int{han, rare, latin}, seen: map[rune]glyph{}}
}

// preferLatin takes Latin from Noto Sans.
func (m *ruler) preferLatin() {
	m.order = []int{latin, han, rare}
	clear(m.seen)
}

func (m *ruler) glyph(r rune) glyph {
	g, ok := m.seen[r]
	if !ok {
		g = m.look(r)
		m.seen[r] = g
	}
	return g
}

func (m *ruler) look(r rune) glyph {
	if r > 0xffff { // text of the PDF library has two bytes a character
		return glyph{}
	}
	for _, n := range m.order {
		face := m.faces[n]
		i, err := face.parsed.GlyphIndex(&m.buf, r)
		if err != nil || i == 0 {
			continue
		}
		if w, err := face.parsed.GlyphAdvance(&m.buf, i, face.em, font.HintingNone); err == nil {
			return glyph{face: n, width: float64(w) / float64(face.em), ok: true}
		}
	}
	return glyph{}
}

// advance is the width of a character in ems.
func (m *ruler) advance(r rune) float64 { return m.glyph(r).width }

// width is the length of a text in ems.
func (m *ruler) width(text string) (sum float64) {
	for _, r := range text {
		sum += m.advance(r)
	}
	return sum
}

// runs calls f for each stretch of a text that has one face.
func (m *ruler) runs(text string, f func(face int, part string)) {
	start, face := 0, -1
	for i, r := range text {
		if n := m.glyph(r).face; n != face {
			if i > start {
				f(face, text[start:i])
			}
			start, face = i, n
		}
	}
	if start < len(text) {
		f(face, text[start:])
	}
}
