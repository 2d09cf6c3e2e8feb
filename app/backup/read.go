package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"reflect"
	"regexp"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// walk reads an archive entry by entry. A reader that breaks off is damage.
func walk(ctx context.Context, file string, fn func(name string, size int64, r io.Reader) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	plain, done, err := unpack(f)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer done()
	t := tar.NewReader(plain)
	for first := true; ; first = false {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if first && (err != nil || h.Name != headEntry) {
			return ErrFormat
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if h.Typeflag != tar.TypeReg || path.Clean("/"+h.Name) != "/"+h.Name || strings.Contains(h.Name, `\`) {
			return fmt.Errorf("%w: an entry named %q", ErrDamaged, h.Name)
		}
		if err := fn(h.Name, h.Size, t); err != nil {
			return err
		}
	}
}

func unpack(f io.Reader) (io.Reader, func(), error) {
	b := bufio.NewReaderSize(f, 1<<20)
	magic, err := b.Peek(4)
	if err != nil {
		return nil, nil, errors.New("too short")
	}
	if magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		return z, func() {}, err
	}
	z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(2))
	if err != nil {
		return nil, nil, err
	}
	return z, z.Close, nil
}

// Verify reads a whole archive and compares every entry with its checksum, and
// every table with its number of rows and digest. It fails with ErrFormat for
// another kind of file and with ErrDamaged for anything that does not agree.
func Verify(ctx context.Context, file string, progress Progress) (Manifest, error) {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	var (
		m     Manifest
		head  Head
		seen  []Entry
		rows  = map[string]int64{}
		sums  = map[string]*digest{}
		ended bool
	)
	err := walk(ctx, file, func(name string, size int64, r io.Reader) error {
		if ended {
			return fmt.Errorf("%w: something follows the manifest", ErrDamaged)
		}
		if name == manifestEntry {
			ended = true
			return decodeJSON(r, &m)
		}
		sum := sha256.New()
		r = io.TeeReader(r, sum)
		var err error
		switch table, ok := tableOf(name); {
		case name == headEntry:
			if err = decodeJSON(r, &head); err == nil {
				err = head.check()
			}
		case ok:
			if sums[table] == nil {
				sums[table] = &digest{}
			}
			err = lines(r, func(row []byte) error {
				sums[table].add(row)
				rows[table]++
				return nil
			})
		}
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if err != nil {
			return damaged(name, err)
		}
		seen = append(seen, Entry{name, size, hex.EncodeToString(sum.Sum(nil))})
		progress("entries checked", int64(len(seen)), 0)
		return nil
	})
	switch {
	case err != nil:
		return m, err
	case !ended:
		return m, fmt.Errorf("%w: it ends too early", ErrDamaged)
	}
	return m, compare(m, head, seen, rows, sums)
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// check refuses what this program cannot read, and names that are none.
func (h Head) check() error {
	if h.Format != format {
		return fmt.Errorf("%w: format %d", ErrNewer, h.Format)
	}
	for _, t := range h.Tables {
		if !identifier.MatchString(t.Name) {
			return fmt.Errorf("%w: a table named %q", ErrDamaged, t.Name)
		}
		for _, c := range t.Columns {
			if !identifier.MatchString(c.Name) {
				return fmt.Errorf("%w: a column named %q", ErrDamaged, c.Name)
			}
		}
	}
	return nil
}

func compare(m Manifest, head Head, seen []Entry, rows map[string]int64, sums map[string]*digest) error {
	if !reflect.DeepEqual(head, m.Head) {
		return fmt.Errorf("%w: head and manifest do not agree", ErrDamaged)
	}
	if len(seen) != len(m.Entries) {
		return fmt.Errorf("%w: %d entries instead of %d", ErrDamaged, len(seen), len(m.Entries))
	}
	for i, e := range m.Entries {
		if seen[i] != e {
			return fmt.Errorf("%w: %s does not have its checksum", ErrDamaged, e.Name)
		}
	}
	for _, t := range m.Head.Tables {
		sum := sums[t.Name]
		if sum == nil {
			sum = &digest{}
		}
		if rows[t.Name] != m.Rows[t.Name] || sum.String() != m.Digests[t.Name] {
			return fmt.Errorf("%w: the rows of %s are not those that were saved", ErrDamaged, t.Name)
		}
	}
	return nil
}

func tableOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, tableFolder)
	table, _, _ := strings.Cut(rest, "/")
	return table, ok
}

func decodeJSON(r io.Reader, v any) error {
	if err := json.NewDecoder(r).Decode(v); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// lines calls fn with each line, its end included. The slice is only valid
// during the call.
func lines(r io.Reader, fn func(line []byte) error) error {
	b := bufio.NewReaderSize(r, 1<<16)
	var long []byte
	for {
		line, err := b.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			long = append(long, line...)
			continue
		}
		if err == io.EOF && len(line) == 0 && len(long) == 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if len(long) > 0 {
			line, long = append(long, line...), nil
		}
		if err := fn(line); err != nil {
			return err
		}
	}
}

func damaged(name string, err error) error {
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrNewer) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
}
