package orderfile

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
)

// File is a data file being read, unpacked where it is gzip.
type File struct {
	io.Reader
	file *os.File
	gzip *gzip.Reader
	read atomic.Int64 // bytes of the file as stored
}

// Open starts reading a file at a place in its unpacked content. Whether it is
// gzip is seen from its first bytes, not from its name.
func Open(path string, offset int64) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{file: file}
	if err := f.start(offset); err != nil {
		return nil, errors.Join(fmt.Errorf("reading %s: %w", path, err), file.Close())
	}
	return f, nil
}

func (f *File) start(offset int64) error {
	var magic [2]byte
	n, err := f.file.ReadAt(magic[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	raw := bufio.NewReaderSize(counter{f}, 1<<16)
	if n < 2 || magic != [2]byte{0x1f, 0x8b} {
		f.Reader = raw
		f.read.Store(offset)
		_, err := f.file.Seek(offset, io.SeekStart)
		return err
	}
	if f.gzip, err = gzip.NewReader(raw); err != nil {
		return err
	}
	f.Reader = f.gzip
	_, err = io.CopyN(io.Discard, f.gzip, offset)
	return err
}

// Position is how many bytes of the file as stored were read.
func (f *File) Position() int64 { return f.read.Load() }

// Close ends the reading.
func (f *File) Close() error {
	if f.gzip != nil {
		_ = f.gzip.Close() // says again what Read has said
	}
	return f.file.Close()
}

type counter struct{ f *File }

func (c counter) Read(p []byte) (int, error) {
	n, err := c.f.file.Read(p)
	c.f.read.Add(int64(n))
	return n, err
}

// Fingerprint tells whether files are the same as at an earlier time: by name,
// size and the first 64 KiB of each.
func Fingerprint(paths ...string) (string, error) {
	hash := sha256.New()
	for _, path := range paths {
		if err := fingerprint(hash, path); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func fingerprint(hash io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return err
	}
	if !stat.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	fmt.Fprintf(hash, "%s\n%d\n", filepath.Base(path), stat.Size())
	if _, err := io.Copy(hash, io.LimitReader(file, 64<<10)); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}

// Size is the bytes of files together; 0 where one cannot be looked at.
func Size(paths ...string) (total int64) {
	for _, path := range paths {
		stat, err := os.Stat(path)
		if err != nil {
			return 0
		}
		total += stat.Size()
	}
	return total
}
