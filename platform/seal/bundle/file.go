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
	open func() (io.ReadCloser, error) // instead of data, of an evidence file
}

func (p part) copy(w io.Writer) error {
	if p.open == nil {
		_, err := w.Write(p.data)
		return err
	}
	r, err := p.open()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, r.Close())
}

// parts are a bundle's files in their order.
func (b Bundle) parts() ([]part, error) {
	all, err := b.texts()
	files := slices.Clone(b.Files)
	slices.SortFunc(files, func(x, y File) int { return strings.Compare(x.Name(), y.Name()) })
	for _, f := range files {
		all = append(all, part{name: f.Name(), open: f.Open})
	}
	return all, err
}

// texts are the parts that are made, or read as a whole.
func (b Bundle) texts() ([]part, error) {
	events, err := json.MarshalIndent(b.Case, "", " ")
	if err != nil {
		return nil, err
	}
	all := []part{
		{name: "README.txt", data: []byte(readme)},
		{name: "checkpoint", data: []byte(b.Checkpoint)},
		{name: "keys", data: []byte(strings.Join(b.Keys, "\n") + "\n")},
		{name: "events.json", data: append(events, '\n')},
	}
	for _, lang := range looked {
		all = append(all, part{name: "timeline." + lang + ".html", data: Page(b.Case, b.Files, lang)})
	}
	for _, lang := range printed {
		if b.Print == nil {
			break
		}
		paper, err := b.Print(b.Case, b.Files, lang)
		if err != nil {
			return nil, fmt.Errorf("printing the timeline in %s: %w", lang, err)
		}
		all = append(all, part{name: "timeline." + lang + ".pdf", data: paper})
	}
	return all, nil
}

// Write writes the file. Nothing in it is compressed: photos are already, and a
// reader need not fear what unpacks to more.
func Write(w io.Writer, b Bundle) error { return WriteStep(w, b, nil) }

// WriteStep is Write that tells after each entry how many of all are written.
func WriteStep(w io.Writer, b Bundle, step func(done, all int) error) error {
	all, err := b.parts()
	if err != nil {
		return err
	}
	return pack(w, all, step)
}

func pack(w io.Writer, all []part, step func(done, all int) error) error {
	z := zip.NewWriter(w)
	for i, p := range all {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store})
		if err != nil {
			return err
		}
		if err := p.copy(f); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if step != nil {
			if err := step(i+1, len(all)); err != nil {
				return err
			}
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
			b.Files = append(b.Files, File{sum, ext, p.open})
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
		case f.UncompressedSize64 > mostOf(f.Name) || total > uint64(size):
			return nil, ErrBundle.Because(f.Name + " is too large.")
		}
		seen[f.Name] = true
		if strings.HasPrefix(f.Name, "evidence/") { // its bytes are compared below
			all = append(all, part{name: f.Name, open: f.Open})
			continue
		}
		data, err := content(f)
		if err != nil {
			return nil, ErrBundle.Because(f.Name + " is damaged: " + err.Error())
		}
		all = append(all, part{name: f.Name, data: data})
	}
	if err := exact(r, size, all); err != nil {
		return nil, err
	}
	return all, nil
}

func mostOf(name string) uint64 {
	if strings.HasPrefix(name, "evidence/") {
		return maxFile
	}
	return maxText
}

func content(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was read to the end
	data, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err == nil && uint64(len(data)) != f.UncompressedSize64 {
		err = errors.New("its length is wrong")
	}
	return data, err
}

// exact packs the entries again and compares: a byte that differs is a byte
// that somebody changed.
func exact(r io.ReaderAt, size int64, all []part) error {
	same := &comparer{r: r, size: size}
	if err := pack(same, all, nil); err != nil || same.different || same.at != size {
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
