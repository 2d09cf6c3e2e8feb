package evidence

import (
	"bytes"
	"io"
)

// Names of things that a document of evidence has no need of. They are found
// where they are written plainly; a compressed object can still hold them, and
// documents are handed out as downloads in a sandbox for that reason.
var activeNames = [][]byte{[]byte("/JavaScript"), []byte("/JS"), []byte("/Launch"), []byte("/EmbeddedFile"), []byte("/RichMedia"), []byte("/XFA")}

// lookPDF accepts a document that ends where a PDF ends and carries no programs.
func lookPDF(r io.ReaderAt, size int64) (inside, error) {
	if size > maxBytes {
		return inside{}, ErrSize
	}
	data := make([]byte, size)
	if n, err := r.ReadAt(data, 0); int64(n) < size {
		if err == io.EOF {
			return inside{}, ErrBroken
		}
		return inside{}, err
	}
	if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
		return inside{}, ErrBroken
	}
	for _, name := range activeNames {
		for rest := data; ; {
			i := bytes.Index(rest, name)
			if i < 0 {
				break
			}
			rest = rest[i+len(name):]
			if len(rest) == 0 || !letter(rest[0]) || bytes.HasPrefix(rest, []byte("s")) {
				return inside{}, ErrActive.With("found", string(name))
			}
		}
	}
	return inside{}, nil
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
