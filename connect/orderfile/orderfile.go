// Package orderfile reads Aftercare's own order file: JSON Lines, one order a
// line in the shape of docs/schema/order.schema.json, plain or gzip.
//
// It owns the reading of that format, and how any data file is opened and
// recognised. It does not judge or store orders (package order). A line is an
// order or a rejected row that names its line, field and reason; nothing is
// guessed, and unknown fields are refused because they may have meant money.
package orderfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"path/filepath"
	"strconv"

	"github.com/aftercare/aftercare/sales/order"
)

// MaxLine is the longest line accepted, in bytes.
const MaxLine = 4 << 20

// Source reads one order file.
type Source struct{ path, name string }

// New makes a source; name is the source that its orders belong to, such as
// "shop".
func New(path, name string) *Source { return &Source{path: path, name: name} }

// Name is the source of the orders.
func (s *Source) Name() string { return s.name }

// Fingerprint recognises the file.
func (s *Source) Fingerprint() (string, error) { return Fingerprint(s.path) }

// Size is the file's.
func (s *Source) Size() int64 { return Size(s.path) }

// Items reads the file line by line.
func (s *Source) Items(ctx context.Context, from order.Position) iter.Seq2[order.Item, error] {
	return func(yield func(order.Item, error) bool) {
		f, err := Open(s.path, from.Offset)
		if err != nil {
			yield(order.Item{}, err)
			return
		}
		defer f.Close()
		lines := NewLines(f, from)
		for ctx.Err() == nil {
			raw, err := lines.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil && !errors.Is(err, ErrLong) {
				yield(order.Item{}, err)
				return
			}
			item := s.item(raw, err)
			if item.Draft == nil && item.Rejected == nil {
				continue // an empty line
			}
			item.Line, item.Next, item.Read = lines.At.Line, lines.At, f.Position()
			for i := range item.Rejected {
				item.Rejected[i].Line = item.Line
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}

func (s *Source) item(raw []byte, err error) order.Item {
	item := order.Item{File: filepath.Base(s.path)}
	reject := func(number string, p order.Problem) order.Item {
		item.Rejected = []order.Rejected{{File: item.File, Order: number, Field: p.Field, Reason: p.Reason, Value: p.Value}}
		return item
	}
	if err != nil {
		return reject("", order.Problem{Reason: "line longer than 4 MiB", Value: strconv.Itoa(len(raw))})
	}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 {
		return item
	}
	draft, problem := Decode(raw)
	switch {
	case problem != nil:
		return reject(draft.Number, *problem)
	case draft.Source != "" && draft.Source != s.name:
		return reject(draft.Number, order.Problem{Field: "source", Reason: "names another source", Value: draft.Source})
	}
	item.Draft = &draft
	return item
}

// ErrLong is a line longer than MaxLine.
var ErrLong = errors.New("line too long")

// Lines reads line by line and knows where it is.
type Lines struct {
	At order.Position // after the line that Next returned

	r   *bufio.Reader
	buf []byte
}

// NewLines reads on from a position that r stands at.
func NewLines(r io.Reader, from order.Position) *Lines {
	return &Lines{r: bufio.NewReaderSize(r, 1<<16), At: order.Position{Offset: from.Offset, Line: from.Line}}
}

var mark = []byte("\xef\xbb\xbf") // some editors begin UTF-8 files with it

// Next returns a line, valid until the next call. ErrLong comes with a line
// whose rest was read over.
func (l *Lines) Next() ([]byte, error) {
	l.buf = l.buf[:0]
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		l.At.Offset += int64(len(part))
		if long = long || len(l.buf)+len(part) > MaxLine+1; !long {
			l.buf = append(l.buf, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(l.buf) == 0 && len(part) == 0 && !long) {
			return nil, err
		}
		break
	}
	l.At.Line++
	if long {
		return l.buf, ErrLong
	}
	if l.At.Line == 1 {
		return bytes.TrimPrefix(l.buf, mark), nil
	}
	return l.buf, nil
}
