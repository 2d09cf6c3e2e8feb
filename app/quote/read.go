package quote

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"

	"github.com/aftercare/aftercare/connect/orderfile"
)

var strict = orderfile.Strict(reflect.TypeFor[Request](), "number")

// Asked is a request with the line of the file on which it begins.
type Asked struct {
	Line    int
	Request Request
	Err     error // the request is not understood
}

// Read goes through the requests of a file: one JSON object, or any number of
// them one after the other. One that is not understood does not stop the rest,
// unless it is no JSON at all.
func Read(from io.Reader) iter.Seq[Asked] {
	return func(yield func(Asked) bool) {
		counter := &lines{r: bufio.NewReaderSize(from, 1<<16)}
		d := json.NewDecoder(counter)
		for {
			var raw json.RawMessage
			err := d.Decode(&raw)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Asked{Line: counter.at(d.InputOffset()), Err: ErrRequest.Because(fmt.Sprintf("Not JSON: %v.", err))})
				return
			}
			a := Asked{Line: counter.at(d.InputOffset() - int64(len(raw)))}
			if _, p := strict(raw); p != nil {
				a.Err = wrong("", p)
			} else if err := json.Unmarshal(raw, &a.Request); err != nil {
				a.Err = ErrRequest.Because(fmt.Sprintf("Not JSON: %v.", err))
			}
			if !yield(a) {
				return
			}
		}
	}
}

// lines remembers where the lines of what was read begin.
type lines struct {
	r      io.Reader
	offset int64
	ends   []int64
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for rest := p[:n]; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		l.ends = append(l.ends, l.offset+int64(n-len(rest)+i))
		rest = rest[i+1:]
	}
	l.offset += int64(n)
	return n, err
}

// at is the line of an offset; what lies before it is forgotten only by the
// end of the file.
func (l *lines) at(offset int64) int {
	low, high := 0, len(l.ends)
	for low < high {
		mid := (low + high) / 2
		if l.ends[mid] < offset {
			low = mid + 1
			continue
		}
		high = mid
	}
	return low + 1
}
