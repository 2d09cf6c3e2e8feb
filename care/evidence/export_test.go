package evidence

import (
	"bytes"
	"io"
)

// ShownOf is what would be shown of a file that is not drawn anew, and whether
// that can be read as the same kind of file again.
func ShownOf(data []byte) (shown []byte, again, err error) {
	o, ok := sniffOther(data[:min(64, len(data))])
	if !ok {
		return nil, nil, ErrType
	}
	found, err := o.look(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	shown, err = io.ReadAll(newMasked(bytes.NewReader(data), found.hide))
	_, again = o.look(bytes.NewReader(shown), int64(len(shown)))
	return shown, again, err
}
