package secret

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Load reads the master keys of a data folder, DIR/keys/master.key and those
// that a change of key has added beside it (master-NAME.key), and creates the
// first at the first start. A file is created whole or not at all, and survives
// a power cut; of two processes that start at once, both get the same key. A
// file of another size or one that other users can read is an error: a key is
// never replaced by a fresh one, because everything sealed with it would be lost.
func Load(dir string) (*Keys, error) {
	k := &Keys{folder: filepath.Join(dir, "keys")}
	k.source = func() ([]master, error) { return readAll(k.folder) }
	first := filepath.Join(k.folder, firstFile)
	_, err := os.Lstat(first)
	if errors.Is(err, fs.ErrNotExist) {
		err = create(k.folder, first)
	}
	if err == nil {
		err = k.again()
	}
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	k.set(k.hand[:1])
	return k, nil
}

const firstFile = "master.key"

// readAll reads the keys of a folder, the first file's first.
func readAll(folder string) (all []master, err error) {
	more, err := filepath.Glob(filepath.Join(folder, "master-*.key"))
	if err != nil {
		return nil, err
	}
	for _, path := range append([]string{filepath.Join(folder, firstFile)}, more...) {
		key, err := read(path)
		if errors.Is(err, fs.ErrNotExist) && len(all) > 0 { // dropped this moment
			continue
		}
		if err != nil {
			return nil, err
		}
		if m := masterOf(key); !slices.ContainsFunc(all, func(o master) bool { return o.id == m.id }) {
			all = append(all, m)
		}
	}
	return all, nil
}

// add makes one key more.
func add(folder string) error {
	var key [Size]byte
	_, _ = rand.Read(key[:]) // crypto/rand never fails; it ends the process instead
	return write(folder, fileOf(folder, masterOf(key[:]).id), key[:])
}

func fileOf(folder, id string) string { return filepath.Join(folder, "master-"+id+".key") }

// drop removes the file of a key. The first file is not removed, because it
// would be made anew: the file of the key that writes takes its name.
func drop(folder, id, writes string) error {
	first := filepath.Join(folder, firstFile)
	key, err := read(first)
	if err != nil {
		return err
	}
	if masterOf(key).id == id {
		if err := os.Rename(fileOf(folder, writes), first); err != nil {
			return err
		}
	} else if err := os.Remove(fileOf(folder, id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncFolders(folder)
}

// lock keeps others from the folder of keys until unlock, or the end of the
// process.
func lock(folder string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(folder, "master.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil // which unlocks it
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

// create makes the first key.
func create(folder, path string) error {
	var key [Size]byte
	_, _ = rand.Read(key[:]) // crypto/rand never fails; it ends the process instead
	return write(folder, path, key[:])
}

// write writes a key beside its path and links it there, which fails where
// another process was first: its key stays.
func write(folder, path string, key []byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".master-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(key)
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
