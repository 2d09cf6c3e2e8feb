// Package blob keeps files under the SHA-256 of their content, in a directory.
//
// It owns the bytes and nothing about them: who may see a file, and whether it
// is still needed, is known to the package that put it there. What is stored
// under a key never changes; a file that no longer matches its key is reported
// as damaged and never handed out as whole.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

var (
	ErrTooLarge = errors.New("blob is larger than allowed")
	ErrMissing  = errors.New("blob does not exist")
	ErrDamaged  = errors.New("blob does not match its checksum")
	ErrKey      = errors.New("not a blob key")
)

// Store is one directory of blobs. It is safe for concurrent use; several
// processes may share the directory.
type Store struct {
	dir string
	mu  sync.Mutex // between finding a file that is there already and removing it
}

// Ref is what Put returns.
type Ref struct {
	Key  string // 64 hexadecimal digits: the SHA-256 of the content
	Size int64
}

// Open prepares a directory, creating it if necessary, and removes what
// interrupted uploads of more than a day ago have left.
func Open(dir string) (*Store, error) {
	tmp := filepath.Join(dir, "tmp")
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	left, err := os.ReadDir(tmp)
	if err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	for _, e := range left {
		info, err := e.Info()
		if err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.Remove(filepath.Join(tmp, e.Name()))
		}
	}
	return &Store{dir: dir}, nil
}

// Put stores what r gives, at most limit bytes, and returns its key once the
// content is durable. Content that is there already is stored once. With more
// than limit bytes it fails with ErrTooLarge and keeps nothing.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (Ref, error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, "tmp"), "put-*")
	if err != nil {
		return Ref{}, fmt.Errorf("blob: %w", err)
	}
	defer os.Remove(f.Name()) // after the rename it is not there any more
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(withContext{ctx, r}, limit+1))
	if err != nil {
		return Ref{}, fmt.Errorf("blob: %w", err)
	}
	if n > limit {
		return Ref{}, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	}
	ref := Ref{Key: hex.EncodeToString(sum.Sum(nil)), Size: n}
	if s.renew(ref) {
		return ref, nil
	}
	if err := f.Sync(); err != nil {
		return Ref{}, fmt.Errorf("blob %s: %w", ref.Key, err)
	}
	if err := s.keep(f.Name(), ref.Key); err != nil {
		return Ref{}, fmt.Errorf("blob %s: %w", ref.Key, err)
	}
	return ref, nil
}

// renew tells whether the content is there already, and marks it as just put,
// so that Remove does not take it from under its new owner.
func (s *Store) renew(ref Ref) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.path(ref.Key))
	if err != nil || info.Size() != ref.Size {
		return false // a file of another size is damaged: it is replaced
	}
	now := time.Now()
	return os.Chtimes(s.path(ref.Key), now, now) == nil
}

func (s *Store) keep(tmp, key string) error {
	path := s.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) { // the names must survive a power cut as well
		if err := syncDir(dir); err != nil {
			return err
		}
		if dir == s.dir {
			return nil
		}
	}
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Bytes returns the whole content, checked against its key. It fails with
// ErrMissing, and with ErrDamaged where the file was altered.
func (s *Store) Bytes(ctx context.Context, key string) ([]byte, error) {
	r, err := s.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Open reads content of any size. It is checked on the way: the last Read of
// an altered file gives ErrDamaged instead of io.EOF.
func (s *Store) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if !valid(key) {
		return nil, fmt.Errorf("%w: %q", ErrKey, key)
	}
	f, err := os.Open(s.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, key)
	}
	if err != nil {
		return nil, fmt.Errorf("blob %s: %w", key, err)
	}
	return &checked{f: f, r: withContext{ctx, f}, sum: sha256.New(), key: key}, nil
}

// Remove deletes content that was last put before an instant; younger content
// stays, because somebody may be about to refer to it. Removing what is not
// there is no error.
func (s *Store) Remove(key string, before time.Time) error {
	if !valid(key) {
		return fmt.Errorf("%w: %q", ErrKey, key)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("blob %s: %w", key, err)
	}
	if !info.ModTime().Before(before) {
		return nil
	}
	if err := os.Remove(s.path(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob %s: %w", key, err)
	}
	return nil
}

func (s *Store) path(key string) string {
	return filepath.Join(s.dir, key[:2], key[2:4], key)
}

// valid keeps everything but digests away from the file system.
func valid(key string) bool {
	if len(key) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for _, c := range []byte(key) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
