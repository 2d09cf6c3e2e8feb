package evidence

import (
	"bytes"
	"cmp"
	"io"
	"slices"
)

// span is a place in a file that others must not see: it is shown as with,
// followed by zeros.
type span struct {
	at, n int64
	with  []byte
}

// inside is what a file that is not decoded says of itself.
type inside struct {
	width, height, seconds int
	hide                   []span
}

// other is a kind of file that is kept without being drawn anew.
type other struct {
	kind, media string
	most        int64
	look        func(r io.ReaderAt, size int64) (inside, error)
}

var (
	heic      = other{KindPhoto, "image/heic", maxBytes, lookHEIC}
	mp4       = other{KindVideo, "video/mp4", maxVideo, lookMovie}
	quickTime = other{KindVideo, "video/quicktime", maxVideo, lookMovie}
	webM      = other{KindVideo, "video/webm", maxVideo, lookWebM}
	pdf       = other{KindDocument, "application/pdf", maxBytes, lookPDF}
)

var (
	heicBrands  = []string{"heic", "heix", "heim", "heis", "mif1"}
	movieBrands = []string{"isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4VH", "3gp4", "3gp5", "3gp6", "3gr6", "3gs6", "MSNV", "dash", "mmp4"}
)

// sniffOther tells the format of what is no drawable picture by the first bytes.
func sniffOther(head []byte) (other, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return pdf, true
	case bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")) && bytes.Contains(head, []byte("webm")):
		return webM, true
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		switch brand := string(head[8:12]); {
		case brand == "qt  ":
			return quickTime, true
		case slices.Contains(heicBrands, brand):
			return heic, true
		case slices.Contains(movieBrands, brand):
			return mp4, true
		}
	}
	return other{}, false
}

// masked reads a file with some places hidden.
type masked struct {
	r    io.Reader
	at   int64
	hide []span // in order of their place, none over another
}

func newMasked(r io.Reader, hide []span) *masked {
	slices.SortStableFunc(hide, func(a, b span) int { return cmp.Compare(a.at, b.at) })
	m := &masked{r: r}
	end := int64(0)
	for _, s := range hide {
		if late := end - s.at; late > 0 {
			s.at, s.n, s.with = end, s.n-late, s.with[min(late, int64(len(s.with))):]
		}
		if s.n > 0 {
			m.hide, end = append(m.hide, s), s.at+s.n
		}
	}
	return m
}

func (m *masked) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	from, to := m.at, m.at+int64(n)
	for len(m.hide) > 0 && m.hide[0].at < to {
		s := m.hide[0]
		for i := max(s.at, from); i < min(s.at+s.n, to); i++ {
			p[i-from] = 0
			if at := i - s.at; at < int64(len(s.with)) {
				p[i-from] = s.with[at]
			}
		}
		if s.at+s.n > to {
			break
		}
		m.hide = m.hide[1:]
	}
	m.at = to
	return n, err
}
