package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Target is where a backup is restored to.
type Target struct {
	Data     string      // data folder
	URL      string      // database; empty: SQLite in the data folder
	File     string      // name of the SQLite file in the data folder
	Schemas  []db.Schema // of this program
	Force    bool        // replace what is there; a data folder is kept beside as DATA.before-restore-…
	Progress Progress
}

// Restored tells what was done.
type Restored struct {
	Manifest Manifest
	Kept     string // where the former data folder is now; empty if there was none
}

// Restore checks the whole archive, then fills the target. A failure before
// the end leaves the target as it was.
func Restore(ctx context.Context, file string, t Target) (r Restored, err error) {
	if t.Progress == nil {
		t.Progress = func(string, int64, int64) {}
	}
	if r.Manifest, err = Verify(ctx, file, t.Progress); err != nil {
		return r, err
	}
	then, current, err := schemasOf(r.Manifest.Head, t.Schemas)
	if err != nil {
		return r, err
	}
	occupied, err := occupied(t.Data)
	if err != nil {
		return r, err
	}
	if occupied && !t.Force {
		return r, fmt.Errorf("%w: %s holds files", ErrNotEmpty, t.Data)
	}
	parent := filepath.Dir(filepath.Clean(t.Data))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return r, err
	}
	fresh, err := os.MkdirTemp(parent, ".restore-*")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(fresh)
	if err := extract(ctx, file, fresh, t.Progress); err != nil {
		return r, err
	}
	l := loader{file: file, head: r.Manifest.Head, rows: r.Manifest.Rows, then: then, all: t.Schemas, current: current, force: t.Force, progress: t.Progress}
	if t.URL == "" {
		err = l.sqlite(ctx, filepath.Join(fresh, t.File))
	} else {
		err = l.postgres(ctx, t.URL)
	}
	if err != nil {
		return r, err
	}
	if occupied {
		r.Kept = t.Data + ".before-restore-" + time.Now().UTC().Format("20060102T150405")
		if err := os.Rename(t.Data, r.Kept); err != nil {
			return r, err
		}
	} else if err := os.RemoveAll(t.Data); err != nil { // at most an empty folder or its lock
		return r, err
	}
	return r, os.Rename(fresh, t.Data)
}

// schemasOf returns the schemas as they were when the backup was made, and
// whether they are still the present ones.
func schemasOf(head Head, schemas []db.Schema) (then []db.Schema, current bool, err error) {
	highest := map[string]int{}
	for _, m := range head.Migrations {
		highest[m.Package] = max(highest[m.Package], m.Number)
	}
	current = true
	for _, s := range schemas {
		kept := fstest.MapFS{}
		names, err := fs.Glob(s.FS, "schema/*.sql")
		if err != nil {
			return nil, false, err
		}
		for _, name := range names {
			digits, _, _ := strings.Cut(filepath.Base(name), "_")
			if n, _ := strconv.Atoi(digits); n > highest[s.Name] {
				current = false
				continue
			}
			text, err := fs.ReadFile(s.FS, name)
			if err != nil {
				return nil, false, err
			}
			kept[name] = &fstest.MapFile{Data: text}
		}
		if len(kept) < highest[s.Name] {
			return nil, false, fmt.Errorf("%w (%s): its tables of %q are not known here", ErrNewer, head.Version, s.Name)
		}
		delete(highest, s.Name)
		then = append(then, db.Schema{Name: s.Name, FS: kept})
	}
	for name := range highest {
		return nil, false, fmt.Errorf("%w (%s): its tables of %q are not known here", ErrNewer, head.Version, name)
	}
	return then, current, nil
}

func occupied(dir string) (bool, error) {
	names, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return slices.ContainsFunc(names, func(d fs.DirEntry) bool { return d.Name() != "lock" }), err
}

// extract writes the stored files into a folder.
func extract(ctx context.Context, file, dir string, progress Progress) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	var done int64
	return walk(ctx, file, func(name string, size int64, r io.Reader) error {
		inside, ok := strings.CutPrefix(name, fileFolder)
		if !ok {
			return nil
		}
		if err := root.MkdirAll(filepath.Dir(inside), 0o700); err != nil {
			return err
		}
		f, err := root.OpenFile(inside, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, r)
		done++
		progress("files", done, 0)
		return errors.Join(err, f.Sync(), f.Close())
	})
}
