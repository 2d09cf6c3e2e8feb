package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

var ErrOffset = errors.New("part does not end there")

// Append writes what r gives to a part, a file that arrives in pieces, from an
// offset that must be its present end (ErrOffset), at most up to most bytes in
// all (ErrTooLarge, the part stays as long as it was allowed to be). It returns
// the part's size, also when r fails midway: what came is kept, and the next
// piece goes on from there. Pieces need no lock: each writes at its own place,
// and what arrived is hashed as a whole when it is Put. A part nobody touches
// for a day is removed by Open.
func (s *Store) Append(ctx context.Context, part string, at, most int64, r io.Reader) (int64, error) {
	path, err := s.part(part)
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return 0, fmt.Errorf("part %s: %w", part, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("part %s: %w", part, err)
	}
	if info.Size() != at {
		return info.Size(), fmt.Errorf("%w: %d, not %d", ErrOffset, info.Size(), at)
	}
	source := withContext{ctx, r}
	n, err := io.Copy(io.NewOffsetWriter(f, at), io.LimitReader(source, most-at))
	if err == nil && at+n == most {
		if more, _ := source.Read(make([]byte, 1)); more > 0 {
			err = ErrTooLarge
		}
	}
	if syncErr := f.Sync(); syncErr != nil {
		return at, fmt.Errorf("part %s: %w", part, syncErr)
	}
	if err != nil {
		return at + n, fmt.Errorf("part %s: %w", part, err)
	}
	return at + n, nil
}

// PartSize tells how much of a part has arrived; nothing of one that is unknown.
func (s *Store) PartSize(part string) (int64, error) {
	path, err := s.part(part)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("part %s: %w", part, err)
	}
	return info.Size(), nil
}

// OpenPart reads what has arrived of a part. It fails with ErrMissing.
func (s *Store) OpenPart(part string) (*os.File, error) {
	path, err := s.part(part)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: part %s", ErrMissing, part)
	}
	return f, err
}

// DropPart removes a part; one that is not there is no error.
func (s *Store) DropPart(part string) error {
	path, err := s.part(part)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("part %s: %w", part, err)
	}
	return nil
}

// Seek opens content for reading at any place, as players of videos do. A piece
// cannot be checked against the key of the whole: who must be certain uses Open.
func (s *Store) Seek(key string) (*os.File, error) {
	if !valid(key) {
		return nil, fmt.Errorf("%w: %q", ErrKey, key)
	}
	f, err := os.Open(s.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, key)
	}
	return f, err
}

// part is the path of a part: letters, digits and underscores only.
func (s *Store) part(name string) (string, error) {
	if name == "" || len(name) > 64 {
		return "", fmt.Errorf("%w: %q", ErrKey, name)
	}
	for _, c := range []byte(name) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '_' {
			return "", fmt.Errorf("%w: %q", ErrKey, name)
		}
	}
	return filepath.Join(s.dir, "tmp", "part-"+name), nil
}
