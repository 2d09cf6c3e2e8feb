package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/aftercare/aftercare/platform/db"
)

// chunk is the size from which rows are written as the next entry.
const chunk = 4 << 20

// Source is what a backup is made of.
type Source struct {
	DB       *db.DB
	Data     string   // data folder; may lack any of Paths
	Paths    []string // files and folders in it to save beside the database
	Version  string   // of the program
	Progress Progress
}

// Create writes a backup to a file: compressed with gzip if the name ends in
// .gz, else with zstd. The file appears under its name only when it is whole
// and durable, is open to nobody else, and replaces no other.
func Create(ctx context.Context, path string, s Source) (Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, fmt.Errorf("%s exists already", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".backup-*")
	if err != nil {
		return Manifest{}, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	var packed io.WriteCloser = gzip.NewWriter(f)
	if !strings.HasSuffix(path, ".gz") {
		if packed, err = zstd.NewWriter(f, zstd.WithEncoderConcurrency(2)); err != nil {
			return Manifest{}, err
		}
	}
	m, err := write(ctx, packed, s)
	if err := errors.Join(err, packed.Close(), f.Sync(), f.Close()); err != nil {
		return m, err
	}
	return m, os.Link(f.Name(), path)
}

type archive struct {
	tar     *tar.Writer
	now     time.Time
	entries []Entry
}

func (a *archive) add(name string, size int64, r io.Reader) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.now, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(a.tar, sum), r, size); err != nil {
		return fmt.Errorf("save %s: %w", name, err)
	}
	a.entries = append(a.entries, Entry{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

func (a *archive) addJSON(name string, v any) error {
	raw, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	return a.add(name, int64(len(raw)), strings.NewReader(string(raw)))
}

func write(ctx context.Context, w io.Writer, s Source) (Manifest, error) {
	if s.Progress == nil {
		s.Progress = func(string, int64, int64) {}
	}
	a := &archive{tar: tar.NewWriter(w), now: s.DB.Now()}
	m := Manifest{Rows: map[string]int64{}, Digests: map[string]string{}}
	columns, err := s.DB.Columns(ctx)
	if err != nil {
		return m, err
	}
	// One read transaction sees one moment. Files are copied after it: what a
	// row names was stored before the row.
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		m.Head = Head{Format: format, Version: s.Version, Engine: s.DB.Engine(), CreatedAt: tx.Now}
		var err error
		if m.Head.Tables, m.Head.Migrations, err = describe(ctx, tx, columns); err != nil {
			return err
		}
		if err := a.addJSON(headEntry, m.Head); err != nil {
			return err
		}
		return a.rows(ctx, tx, &m, s.Progress)
	})
	if err != nil {
		return m, err
	}
	for _, path := range s.Paths {
		if err := a.files(ctx, s.Data, path, s.Progress); err != nil {
			return m, err
		}
	}
	m.Entries = a.entries
	if err := a.addJSON(manifestEntry, m); err != nil {
		return m, err
	}
	return m, a.tar.Close()
}

func (a *archive) rows(ctx context.Context, tx *db.Tx, m *Manifest, progress Progress) error {
	var total, done int64
	for _, t := range m.Head.Tables {
		n, err := countRows(ctx, tx, t.Name)
		if err != nil {
			return err
		}
		total += n
	}
	for _, t := range m.Head.Tables {
		var (
			buffer  strings.Builder
			sum     digest
			number  int
			n       int64
			release = func() error {
				if buffer.Len() == 0 {
					return nil
				}
				number++
				err := a.add(fmt.Sprintf("%s%s/%06d.jsonl", tableFolder, t.Name, number), int64(buffer.Len()), strings.NewReader(buffer.String()))
				buffer.Reset()
				progress("rows", done, total)
				return err
			}
		)
		err := eachRow(ctx, tx, t, func(row []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			sum.add(row)
			buffer.Write(row)
			n, done = n+1, done+1
			if buffer.Len() < chunk {
				return nil
			}
			return release()
		})
		if err := errors.Join(err, release()); err != nil {
			return err
		}
		m.Rows[t.Name], m.Digests[t.Name] = n, sum.String()
	}
	return nil
}

// files saves a file or a folder of the data folder, if it is there. A file
// that goes away meanwhile was not named by any row.
func (a *archive) files(ctx context.Context, data, path string, progress Progress) error {
	var done int64
	return filepath.WalkDir(filepath.Join(data, path), func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == "tmp" && name != filepath.Join(data, path) {
				return fs.SkipDir // uploads under way
			}
			return err
		}
		if err := ctx.Err(); err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(data, name)
		if err != nil {
			return err
		}
		done++
		progress("files", done, 0)
		return a.add(fileFolder+filepath.ToSlash(inside), info.Size(), f)
	})
}
