package blob_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/blob"
)

// lost is a connection that ends after some bytes.
type lost struct{ r io.Reader }

func (l lost) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestAPartGoesOnWhereTheConnectionWasLost(t *testing.T) {
	s, dir := open(t)
	const part, size = "upl_1", 10
	if n, err := s.PartSize(part); n != 0 || err != nil {
		t.Fatalf("size of a part never begun: %d, %v", n, err)
	}
	n, err := s.Append(t.Context(), part, 0, size, lost{strings.NewReader("0123")})
	if n != 4 || err == nil {
		t.Fatalf("lost after 4 bytes: %d, %v", n, err)
	}
	if n, err = s.Append(t.Context(), part, 0, size, strings.NewReader("x")); n != 4 || !errors.Is(err, blob.ErrOffset) {
		t.Errorf("from the beginning again: %d, %v, want ErrOffset and 4", n, err)
	}
	if n, err = s.Append(t.Context(), part, 4, size, strings.NewReader("456789ab")); n != size || !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("more than was announced: %d, %v", n, err)
	}
	f, err := s.OpenPart(part)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := io.ReadAll(f)
	f.Close()
	if string(all) != "0123456789" {
		t.Errorf("arrived as %q", all)
	}
	if err := errors.Join(s.DropPart(part), s.DropPart(part)); err != nil {
		t.Error(err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestPartsOfYesterdayAreCleared(t *testing.T) {
	s, dir := open(t)
	if _, err := s.Append(t.Context(), "upl_2", 0, 5, strings.NewReader("abc")); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(files(t, dir)[0], old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.Open(dir); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	for _, name := range []string{"", "../x", "a/b", "UPPER", strings.Repeat("a", 65)} {
		if _, err := s.Append(t.Context(), name, 0, 1, strings.NewReader("x")); !errors.Is(err, blob.ErrKey) {
			t.Errorf("a part called %q: %v, want ErrKey", name, err)
		}
	}
}

func TestContentIsReadAtAnyPlace(t *testing.T) {
	s, _ := open(t)
	ref, err := s.Put(t.Context(), strings.NewReader("0123456789"), 10)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Seek(ref.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := make([]byte, 3)
	if _, err := f.ReadAt(p, 4); err != nil || string(p) != "456" {
		t.Errorf("three bytes from the fourth: %q, %v", p, err)
	}
	if _, err := s.Seek(strings.Repeat("a", 64)); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("what was never put: %v", err)
	}
	if _, err := s.Seek("../x"); !errors.Is(err, blob.ErrKey) {
		t.Errorf("no key: %v", err)
	}
}
