package secret

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Load reads the master key of a data folder, DIR/keys/master.key, and creates
// it at the first start. The file is created whole or not at all, and survives
// a power cut; of two processes that start at once, both get the same key. A
// file of another size or one that other users can read is an error: a key is
// never replaced, because everything sealed with it would be lost.
func Load(dir string) (*Keys, error) {
	folder := filepath.Join(dir, "keys")
	path := filepath.Join(folder, "master.key")
	master, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(folder, path); err == nil {
			master, err = read(path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return New(master)
}

func read(path string) ([]byte, error) {
	f, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if f.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s is open to other users (%v): run chmod 600 on it", path, f.Mode().Perm())
	}
	master, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(master) != Size {
		return nil, fmt.Errorf("%s has %d bytes instead of %d: restore it from a backup", path, len(master), Size)
	}
	return master, nil
}

// create writes a fresh key beside the path and links it there, which fails
// where another process was first: its key stays.
func create(folder, path string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	var master [Size]byte
	_, _ = rand.Read(master[:]) // crypto/rand never fails; it ends the process instead
	f, err := os.CreateTemp(folder, ".master-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(master[:])
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolders(folder, filepath.Dir(folder))
}

// syncFolders makes new names durable.
func syncFolders(paths ...string) error {
	for _, path := range paths {
		d, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return fmt.Errorf("sync folder %s: %w", path, err)
		}
	}
	return nil
}
