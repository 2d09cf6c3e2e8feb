package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrBundle refuses a file that is no bundle, or could harm its reader.
var ErrBundle = fault.New(fault.Invalid, "bundle.wrong", "This is not an evidence bundle.")

// part is one name in the file with its bytes.
type part struct {
	name string
	data []byte
}

// parts are a bundle's files in their order.
func (b Bundle) parts() ([]part, error) {
	events, err := json.MarshalIndent(b.Case, "", " ")
	if err != nil {
		return nil, err
	}
	all := []part{
		{"README.txt", []byte(readme)},
		{"checkpoint", []byte(b.Checkpoint)},
		{"keys", []byte(strings.Join(b.Keys, "\n") + "\n")},
		{"events.json", append(events, '\n')},
	}
	for _, lang := range languages {
		all = append(all, part{"timeline." + lang + ".html", Page(b.Case, b.Files, lang)})
	}
	files := slices.Clone(b.Files)
	slices.SortFunc(files, func(x, y File) int { return strings.Compare(x.name(), y.name()) })
	for _, f := range files {
		all = append(all, part{f.name(), f.Data})
	}
	return all, nil
}

// Write writes the file. Nothing in it is compressed: photos are already, and a
// reader need not fear what unpacks to more.
func Write(w io.Writer, b Bundle) error {
	all, err := b.parts()
	if err != nil {
		return err
	}
	return pack(w, all)
}

func pack(w io.Writer, all []part) error {
	z := zip.NewWriter(w)
	for _, p := range all {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store})
		if err != nil {
			return err
		}
		if _, err := f.Write(p.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// Read reads a file that may come from anybody. It fails with ErrBundle for
// names that do not belong there, names given twice, compressed or huge
// entries, more than a bundle can hold, and bytes between the entries.
func Read(r io.ReaderAt, size int64) (Bundle, error) {
	b, _, err := read(r, size)
	return b, err
}

// read also returns the pages and texts that are made from the rest.
func read(r io.ReaderAt, size int64) (b Bundle, made []part, err error) {
	if size > maxTotal {
		return b, nil, ErrBundle.Because("It is larger than 1 GiB.")
	}
	all, err := unpack(r, size)
	if err != nil {
		return b, nil, err
	}
	seen := map[string][]byte{}
	for _, p := range all {
		seen[p.name] = p.data
		if strings.HasPrefix(p.name, "evidence/") {
			sum, ext, _ := strings.Cut(strings.TrimPrefix(p.name, "evidence/"), ".")
			b.Files = append(b.Files, File{sum, ext, p.data})
		}
		if p.name == "README.txt" || strings.HasPrefix(p.name, "timeline.") {
			made = append(made, p)
		}
	}
	for _, name := range []string{"checkpoint", "keys", "events.json"} {
		if len(seen[name]) == 0 {
			return b, nil, ErrBundle.Because("It has no " + name + ".")
		}
	}
	b.Checkpoint = string(seen["checkpoint"])
	b.Keys = strings.Fields(string(seen["keys"]))
	d := json.NewDecoder(bytes.NewReader(seen["events.json"]))
	d.DisallowUnknownFields()
	if err := d.Decode(&b.Case); err != nil {
		return b, nil, ErrBundle.Because("Its events.json cannot be read: " + err.Error())
	}
	if b.Format != Format {
		return b, nil, ErrBundle.Because(fmt.Sprintf("Its format is %.40q, not %q.", b.Format, Format))
	}
	return b, made, nil
}

// unpack reads the entries in the order of the directory.
func unpack(r io.ReaderAt, size int64) (all []part, err error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, ErrBundle.Because("It cannot be unpacked: " + err.Error())
	}
	if len(z.File) > maxEntries {
		return nil, ErrBundle.Because(fmt.Sprintf("It has %d entries.", len(z.File)))
	}
	seen, total := map[string]bool{}, uint64(0)
	for _, f := range z.File {
		total += f.UncompressedSize64
		switch {
		case !names.MatchString(f.Name):
			return nil, ErrBundle.Because(fmt.Sprintf("It has an entry %.80q, which does not belong there.", f.Name))
		case seen[f.Name]:
			return nil, ErrBundle.Because("It has " + f.Name + " twice.")
		case f.Method != zip.Store:
			return nil, ErrBundle.Because(f.Name + " is compressed.")
		case !f.Mode().IsRegular():
			return nil, ErrBundle.Because(f.Name + " is not a file.")
		case f.UncompressedSize64 > maxFile || total > uint64(size):
			return nil, ErrBundle.Because(f.Name + " is too large.")
		}
		seen[f.Name] = true
		data, err := content(f)
		if err != nil {
			return nil, ErrBundle.Because(f.Name + " is damaged: " + err.Error())
		}
		all = append(all, part{f.Name, data})
	}
	if err := exact(r, size, all); err != nil {
		return nil, err
	}
	return all, nil
}

func content(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was read to the end
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && uint64(len(data)) != f.UncompressedSize64 {
		err = errors.New("its length is wrong")
	}
	return data, err
}

// exact packs the entries again and compares: a byte that differs is a byte
// that somebody changed.
func exact(r io.ReaderAt, size int64, all []part) error {
	same := &comparer{r: r, size: size}
	if err := pack(same, all); err != nil || same.different || same.at != size {
		return ErrBundle.Because(fmt.Sprintf("It was changed near byte %d, outside the files in it.", same.at))
	}
	return nil
}

// comparer takes what is written and compares it with what is there.
type comparer struct {
	r         io.ReaderAt
	size, at  int64
	different bool
}

func (c *comparer) Write(b []byte) (int, error) {
	there := make([]byte, len(b))
	n, err := c.r.ReadAt(there, c.at)
	if n < len(b) || err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(there, b) {
		c.different = true
		return 0, errors.New("different")
	}
	c.at += int64(n)
	return n, nil
}
