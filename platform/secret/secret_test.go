package secret_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/secret"
)

var (
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	cheap = secret.Cost{Memory: 64, Passes: 1, Lanes: 1}
)

func keys(t *testing.T, b byte) *secret.Keys {
	t.Helper()
	k, err := secret.New(bytes.Repeat([]byte{b}, secret.Size))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestTheKeyFileIsCreatedOnceAndOnlyForItsOwner(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	seen := make([]string, 16)
	for i := range seen {
		all.Go(func() {
			k, err := secret.Load(dir)
			if err != nil {
				t.Errorf("load: %v", err)
				return
			}
			seen[i] = string(k.Derive("x"))
		})
	}
	all.Wait()
	for i := range seen {
		if seen[i] != seen[0] {
			t.Fatalf("process %d got another key", i)
		}
	}
	path := filepath.Join(dir, "keys", "master.key")
	f, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if f.Mode().Perm() != 0o600 || f.Size() != secret.Size {
		t.Errorf("key file: mode %v size %d, want 0600 and %d", f.Mode().Perm(), f.Size(), secret.Size)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "keys", ".master-*"))
	if len(left) != 0 {
		t.Errorf("files left behind: %v", left)
	}
}

func TestADamagedOrOpenKeyFileIsNotUsedAndNotReplaced(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		mode os.FileMode
	}{
		{"empty", nil, 0o600}, {"short", []byte("short"), 0o600}, {"readable by others", bytes.Repeat([]byte{1}, secret.Size), 0o644},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "keys", "master.key")
			_ = os.Mkdir(filepath.Dir(path), 0o700)
			_ = os.WriteFile(path, test.data, test.mode)
			if _, err := secret.Load(dir); err == nil {
				t.Fatal("load succeeded")
			}
			if got, _ := os.ReadFile(path); !bytes.Equal(got, test.data) {
				t.Errorf("the file was changed to %x", got)
			}
		})
	}
}

func TestAShortMasterKeyIsRefused(t *testing.T) {
	if _, err := secret.New(make([]byte, secret.Size-1)); err == nil {
		t.Error("31 bytes were accepted")
	}
}

func TestASignedTokenComesBackUntilItExpires(t *testing.T) {
	k := keys(t, 1)
	for _, payload := range []string{"", "main|cus_1|ord_1", strings.Repeat("中", 500)} {
		token := k.Sign("link", payload, noon)
		if strings.ContainsAny(token, "+/=. ") {
			t.Errorf("token does not fit a URL: %s", token)
		}
		if got, err := k.Verify("link", token, noon.Add(-time.Second)); err != nil || got != payload {
			t.Errorf("Verify = %q, %v; want %q", got, err, payload)
		}
		if _, err := k.Verify("link", token, noon); !errors.Is(err, secret.ErrToken) {
			t.Errorf("expired token: %v", err)
		}
		if _, err := k.Verify("other", token, noon.Add(-time.Second)); !errors.Is(err, secret.ErrToken) {
			t.Errorf("token of another purpose: %v", err)
		}
		if _, err := keys(t, 2).Verify("link", token, noon.Add(-time.Second)); !errors.Is(err, secret.ErrToken) {
			t.Errorf("token of another key: %v", err)
		}
	}
}

// Every single character of a token is protected.
func TestAChangedTokenIsRefused(t *testing.T) {
	k := keys(t, 1)
	token := k.Sign("link", "main|cus_1|ord_1", noon)
	for i := range token {
		for _, c := range []byte("AQgz_") {
			if token[i] == c {
				continue
			}
			bad := token[:i] + string(c) + token[i+1:]
			if got, err := k.Verify("link", bad, noon.Add(-time.Hour)); err == nil {
				t.Fatalf("character %d changed to %c: accepted as %q", i, c, got)
			}
		}
	}
	for _, bad := range []string{"", "A", token[:len(token)-1], token + "A", token + "=", " " + token, token + "\n"} {
		if _, err := k.Verify("link", bad, noon.Add(-time.Hour)); !errors.Is(err, secret.ErrToken) {
			t.Errorf("%q: %v, want ErrToken", bad, err)
		}
	}
}

func TestASealedValueOpensOnlyInItsPlace(t *testing.T) {
	k := keys(t, 1)
	a, err := k.Seal("hook", "main/1", []byte("s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := k.Seal("hook", "main/1", []byte("s3cret"))
	if bytes.Equal(a, b) || bytes.Contains(a, []byte("s3cret")) {
		t.Error("sealing is not random or not secret")
	}
	if got, err := k.Open("hook", "main/1", a); err != nil || string(got) != "s3cret" {
		t.Errorf("open = %q, %v", got, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another place":   func() ([]byte, error) { return k.Open("hook", "main/2", a) },
		"another purpose": func() ([]byte, error) { return k.Open("mail", "main/1", a) },
		"another key":     func() ([]byte, error) { return keys(t, 2).Open("hook", "main/1", a) },
		"cut":             func() ([]byte, error) { return k.Open("hook", "main/1", a[:len(a)-1]) },
		"nothing":         func() ([]byte, error) { return k.Open("hook", "main/1", nil) },
		"changed":         func() ([]byte, error) { c := bytes.Clone(a); c[20] ^= 1; return k.Open("hook", "main/1", c) },
	} {
		if got, err := open(); err == nil {
			t.Errorf("%s: opened as %q", name, got)
		}
	}
}

func TestPasswordsAreHashedAndChecked(t *testing.T) {
	p := secret.NewPasswords(cheap)
	ctx := t.Context()
	a, err := p.Hash(ctx, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := p.Hash(ctx, "correct horse battery")
	if a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("hashes %q and %q: want two PHC strings with different salts", a, b)
	}
	tests := []struct {
		phc, password string
		want          bool
	}{{a, "correct horse battery", true}, {a, "correct horse batterz", false}, {a, "", false}, {"", "correct horse battery", false}, {"", "", false}}
	for _, test := range tests {
		if got, err := p.Verify(ctx, test.phc, test.password); err != nil || got != test.want {
			t.Errorf("Verify(%q, %q) = %v, %v; want %v", test.phc, test.password, got, err, test.want)
		}
	}
	for _, bad := range []string{"x", "$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAA", strings.Replace(a, "t=1", "t=99", 1)} {
		if _, err := p.Verify(ctx, bad, "x"); err == nil {
			t.Errorf("Verify(%q): want an error", bad)
		}
	}
}

func TestTheDefaultCostIsOWASPs(t *testing.T) {
	phc, err := secret.NewPasswords(secret.Cost{}).Hash(t.Context(), "x")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash = %q, %v", phc, err)
	}
}

func TestAFloodOfPasswordsIsRefusedInsteadOfTakingAllMemory(t *testing.T) {
	p := secret.NewPasswords(secret.Cost{Memory: 8 << 10, Passes: 1, Lanes: 1})
	var all sync.WaitGroup
	var mu sync.Mutex
	busy, done := 0, 0
	for range 400 {
		all.Go(func() {
			_, err := p.Hash(context.Background(), "x")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, secret.ErrBusy):
				busy++
			case err == nil:
				done++
			default:
				t.Errorf("hash: %v", err)
			}
		})
	}
	all.Wait()
	if busy == 0 || done < 68 {
		t.Errorf("%d refused and %d done of 400, want at least 1 and 68", busy, done)
	}
	if _, err := p.Hash(t.Context(), "x"); err != nil {
		t.Errorf("after the flood: %v", err)
	}
}
