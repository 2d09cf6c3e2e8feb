package evidence

import (
	"io"
	"math"
	"math/bits"
	"slices"
)

const (
	idEBML, idSegment, idInfo, idTracks, idCluster = 0x1a45dfa3, 0x18538067, 0x1549a966, 0x1654ae6b, 0x1f43b675
	idTags, idAttachments, idChapters, idVoid      = 0x1254c367, 0x1941a469, 0x1043a770, 0xec
	idSeek, idCues                                 = 0x114d9b74, 0x1c53bb6b
	idTitle, idDate, idFilename, idPrev, idNext    = 0x7ba9, 0x4461, 0x7384, 0x3c83ab, 0x3e83bb
	idScale, idDuration                            = 0x2ad7b1, 0x4489
	idTrack, idVideo, idWidth, idHeight, idName    = 0xae, 0xe0, 0xb0, 0xba, 0x536e
)

var topOfSegment = []int64{idSeek, idInfo, idTracks, idCluster, idCues, idTags, idAttachments, idChapters}

// element is one piece of an EBML file.
type element struct {
	id            int64
	at, body, end int64
	open          bool // its size is not known: it ends where the next of its rank begins
}

// lookWebM reads size and length of a WebM file and finds what others must not
// see: tags, attachments, chapters, title, date and names of files.
func lookWebM(r io.ReaderAt, size int64) (inside, error) {
	w := &walker{r: r}
	found := inside{}
	err := w.elements(0, size, func(e element) (bool, error) {
		switch e.id {
		case idEBML:
			return true, nil
		case idSegment:
			return false, w.segment(e, &found)
		}
		w.void(e)
		return true, nil
	})
	if err == nil && (found.width < 1 || found.height < 1) {
		err = ErrBroken
	}
	found.hide = w.hide
	return found, err
}

func (w *walker) segment(segment element, found *inside) error {
	return w.elements(segment.body, segment.end, func(e element) (bool, error) {
		switch e.id {
		case idTags, idAttachments, idChapters:
			w.void(e)
		case idInfo:
			return true, w.webMInfo(e, found)
		case idTracks:
			return true, w.webMTracks(e, found)
		case idCluster:
			if !e.open {
				return true, nil
			}
			// Its end is where something of the segment begins: look through it.
			return true, w.elements(e.body, e.end, func(inner element) (bool, error) {
				if !slices.Contains(topOfSegment, inner.id) {
					return true, nil
				}
				return false, w.segment(element{body: inner.at, end: segment.end}, found)
			})
		}
		return true, nil
	})
}

func (w *walker) webMInfo(info element, found *inside) error {
	scale, length := 1_000_000.0, 0.0
	err := w.elements(info.body, info.end, func(e element) (bool, error) {
		switch e.id {
		case idTitle, idDate, idFilename, idPrev, idNext:
			w.void(e)
		case idScale, idDuration:
			if e.end-e.body > 8 {
				return false, ErrBroken
			}
			p, err := w.bytes(e.body, int(e.end-e.body))
			if err != nil {
				return false, err
			}
			if e.id == idScale {
				scale = float64(number(p))
			} else if len(p) == 4 {
				length = float64(math.Float32frombits(uint32(number(p)))) //nolint:gosec // four bytes
			} else {
				length = math.Float64frombits(uint64(number(p))) //nolint:gosec // a sign bit is a sign bit
			}
		}
		return true, nil
	})
	if seconds := math.Ceil(scale * length / 1e9); seconds > 0 && seconds < math.MaxInt32 {
		found.seconds = int(seconds)
	} else if seconds >= math.MaxInt32 {
		found.seconds = math.MaxInt32
	}
	return err
}

func (w *walker) webMTracks(tracks element, found *inside) error {
	return w.elements(tracks.body, tracks.end, func(track element) (bool, error) {
		if track.id != idTrack {
			return true, nil
		}
		return true, w.elements(track.body, track.end, func(e element) (bool, error) {
			if e.id == idName {
				w.void(e)
			}
			if e.id != idVideo {
				return true, nil
			}
			return true, w.elements(e.body, e.end, func(e element) (bool, error) {
				if (e.id != idWidth && e.id != idHeight) || e.end-e.body > 4 {
					return true, nil
				}
				p, err := w.bytes(e.body, int(e.end-e.body))
				if n := int(number(p)); e.id == idWidth {
					found.width = max(found.width, n)
				} else {
					found.height = max(found.height, n)
				}
				return true, err
			})
		})
	})
}

// elements calls f for each element between two places, while it says so.
func (w *walker) elements(from, to int64, f func(e element) (bool, error)) error {
	for at := from; at+2 <= to; {
		if w.boxes++; w.boxes > maxBoxes {
			return ErrBroken
		}
		e := element{at: at}
		head := make([]byte, min(12, to-at))
		if n, _ := w.r.ReadAt(head, at); n < len(head) {
			return ErrBroken
		}
		idWidth := bits.LeadingZeros8(head[0]) + 1
		if idWidth > 4 || idWidth >= len(head) {
			return ErrBroken
		}
		e.id = number(head[:idWidth])
		sizeWidth := bits.LeadingZeros8(head[idWidth]) + 1
		if sizeWidth > 8 || idWidth+sizeWidth > len(head) {
			return ErrBroken
		}
		raw := number(head[idWidth:idWidth+sizeWidth]) & (1<<(7*sizeWidth) - 1)
		e.body = at + int64(idWidth+sizeWidth)
		e.end = e.body + raw
		if e.open = raw == 1<<(7*sizeWidth)-1; e.open {
			e.end = to
		}
		if e.end > to || e.end < e.body {
			return ErrBroken
		}
		if more, err := f(e); err != nil || !more {
			return err
		}
		at = e.end
	}
	return nil
}

// void makes an element one that says nothing.
func (w *walker) void(e element) {
	n := e.end - e.at
	with := []byte{idVoid, 0x80 | byte(n-2)}
	if n > 100 {
		rest := uint64(n - 9)
		with = []byte{idVoid, 1, byte(rest >> 48), byte(rest >> 40), byte(rest >> 32), byte(rest >> 24), byte(rest >> 16), byte(rest >> 8), byte(rest)}
	}
	w.hide = append(w.hide, span{at: e.at, n: n, with: with})
}

func number(p []byte) (n int64) {
	for _, b := range p {
		n = n<<8 | int64(b)
	}
	return n
}
