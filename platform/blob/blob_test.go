package blob_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/blob"
)

func open(t *testing.T) (*blob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := blob.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func files(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestContentComesBackUnderItsDigest(t *testing.T) {
	s, dir := open(t)
	for _, content := range []string{"", "a", strings.Repeat("long ", 100_000)} {
		ref, err := s.Put(t.Context(), strings.NewReader(content), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(content))
		if want := hex.EncodeToString(sum[:]); ref.Key != want || ref.Size != int64(len(content)) {
			t.Errorf("Put of %d bytes = %+v, want key %s", len(content), ref, want)
		}
		got, err := s.Bytes(t.Context(), ref.Key)
		if err != nil || !bytes.Equal(got, []byte(content)) {
			t.Errorf("Bytes of %d bytes: %d bytes, %v", len(content), len(got), err)
		}
	}
	if n := len(files(t, dir)); n != 3 {
		t.Errorf("%d files, want 3 and nothing in tmp", n)
	}
}

func TestTheSameContentIsStoredOnceByManyAtOnce(t *testing.T) {
	s, dir := open(t)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := s.Put(t.Context(), strings.NewReader("same"), 10); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(files(t, dir)); n != 1 {
		t.Errorf("%d files, want 1", n)
	}
}

func TestTooMuchContentIsRefusedAndLeavesNothing(t *testing.T) {
	s, dir := open(t)
	if _, err := s.Put(t.Context(), strings.NewReader("12345"), 5); err != nil {
		t.Fatal(err)
	}
	_, err := s.Put(t.Context(), strings.NewReader("123456"), 5)
	if !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("Put of 6 bytes with limit 5: %v, want ErrTooLarge", err)
	}
	if n := len(files(t, dir)); n != 1 {
		t.Errorf("%d files, want the first one only", n)
	}
}

func TestAlteredContentIsNotHandedOut(t *testing.T) {
	s, dir := open(t)
	ref, err := s.Put(t.Context(), strings.NewReader("evidence"), 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files(t, dir)[0], []byte("evidenc3"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bytes(t.Context(), ref.Key); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("Bytes of an altered file: %v, want ErrDamaged", err)
	}
}

func TestKeysAreDigestsAndNothingElse(t *testing.T) {
	s, _ := open(t)
	for _, key := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("../", 21) + "x"} {
		if _, err := s.Bytes(t.Context(), key); !errors.Is(err, blob.ErrKey) {
			t.Errorf("Bytes(%q): %v, want ErrKey", key, err)
		}
	}
	if _, err := s.Bytes(t.Context(), strings.Repeat("a", 64)); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("Bytes of a key never put: %v, want ErrMissing", err)
	}
}

func TestWhatWasPutAgainIsNotRemoved(t *testing.T) {
	s, dir := open(t)
	ref, err := s.Put(t.Context(), strings.NewReader("shared"), 100)
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(files(t, dir)[0], old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("shared"), 100); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(ref.Key, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bytes(t.Context(), ref.Key); err != nil {
		t.Errorf("content put a moment ago is gone: %v", err)
	}
	if err := s.Remove(ref.Key, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bytes(t.Context(), ref.Key); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("old content after Remove: %v, want ErrMissing", err)
	}
	if err := s.Remove(ref.Key, time.Now()); err != nil {
		t.Errorf("removing twice: %v", err)
	}
}
