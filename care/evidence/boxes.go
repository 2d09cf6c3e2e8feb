package evidence

import (
	"encoding/binary"
	"io"
)

// maxBoxes bounds the work that a file can ask for by its structure.
const maxBoxes = 20_000

// walker reads the boxes of an ISO base media file (MP4, QuickTime, HEIC).
type walker struct {
	r     io.ReaderAt
	boxes int
	hide  []span
}

// box is one of them: it begins at, its content from body to end.
type box struct {
	name          string
	at, body, end int64
}

// each calls f for each box between two places. A box that is longer than its
// surroundings is ErrBroken.
func (w *walker) each(from, to int64, f func(b box) error) error {
	for at := from; at+8 <= to; {
		if w.boxes++; w.boxes > maxBoxes {
			return ErrBroken
		}
		head, err := w.bytes(at, 8)
		if err != nil {
			return err
		}
		b := box{name: string(head[4:8]), at: at, body: at + 8}
		size := int64(binary.BigEndian.Uint32(head))
		switch size {
		case 0:
			size = to - at
		case 1:
			long, err := w.bytes(at+8, 8)
			if err != nil {
				return err
			}
			size, b.body = int64(binary.BigEndian.Uint64(long)), at+16 //nolint:gosec // a negative size is refused below
		}
		if b.end = at + size; size < b.body-at || b.end > to || b.end < at {
			return ErrBroken
		}
		if err := f(b); err != nil {
			return err
		}
		at = b.end
	}
	return nil
}

// bytes reads n bytes, which must be few.
func (w *walker) bytes(at int64, n int) ([]byte, error) {
	p := make([]byte, n)
	if got, err := w.r.ReadAt(p, at); got < n {
		if err == io.EOF || err == nil {
			return nil, ErrBroken
		}
		return nil, err
	}
	return p, nil
}

// content reads a whole box of at most a bearable size.
func (w *walker) content(b box, most int64) ([]byte, error) {
	if b.end-b.body > most {
		return nil, ErrBroken
	}
	return w.bytes(b.body, int(b.end-b.body))
}

// blank makes a box one that says nothing.
func (w *walker) blank(b box) {
	w.hide = append(w.hide, span{at: b.at + 4, n: 4, with: []byte("free")})
	w.zero(b.body, b.end-b.body)
}

func (w *walker) zero(at, n int64) {
	if n > 0 {
		w.hide = append(w.hide, span{at: at, n: n})
	}
}

func u16(p []byte, at int) int64 {
	if at+2 > len(p) {
		return 0
	}
	return int64(binary.BigEndian.Uint16(p[at:]))
}

func u32(p []byte, at int) int64 {
	if at+4 > len(p) {
		return 0
	}
	return int64(binary.BigEndian.Uint32(p[at:]))
}

func u64(p []byte, at int) int64 {
	if at+8 > len(p) {
		return 0
	}
	return int64(binary.BigEndian.Uint64(p[at:]) & (1<<63 - 1))
}
