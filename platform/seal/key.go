package seal

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/aftercare/aftercare/platform/db"
)

// signKey is a private key of the log.
type signKey struct {
	name string
	key  ed25519.PrivateKey
}

func (k signKey) verifier() string {
	return formatVerifier(k.name, algSign, k.key.Public().(ed25519.PublicKey))
}

// text is the key as C2SP signed-note and x/mod have it.
func (k signKey) text() string {
	public := k.key.Public().(ed25519.PublicKey)
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", k.name, KeyID(k.name, algSign, public), base64.StdEncoding.EncodeToString(append([]byte{algSign}, k.key.Seed()...)))
}

// is tells whether a public key is this one's.
func (k signKey) is(one Key) bool { return one.Verifier == k.verifier() }

func fromSeed(name string, seed []byte) signKey { return signKey{name, ed25519.NewKeyFromSeed(seed)} }

func newKey(name string) signKey {
	_, key, _ := ed25519.GenerateKey(rand.Reader) // crypto/rand never fails; it ends the process instead
	return signKey{name, key}
}

// parseKeys reads private keys, one a line or separated by commas.
func parseKeys(text string) ([]signKey, error) {
	var all []signKey
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ' ' || r == '\r' }) {
		rest, ok := strings.CutPrefix(line, "PRIVATE+KEY+")
		parts := strings.SplitN(rest, "+", 3)
		if !ok || len(parts) != 3 {
			return nil, errors.New("a signing key looks like PRIVATE+KEY+name+1f2e3d4c+base64")
		}
		raw, err := base64.StdEncoding.DecodeString(parts[2])
		if err != nil || len(raw) != 1+ed25519.SeedSize || raw[0] != algSign {
			return nil, fmt.Errorf("the signing key of %s is not an Ed25519 key", parts[0])
		}
		k := fromSeed(parts[0], raw[1:])
		if k.text() != line {
			return nil, fmt.Errorf("the signing key of %s is damaged: its name or number do not fit", parts[0])
		}
		all = append(all, k)
	}
	return all, nil
}

// keyring returns the private keys at hand, the oldest first; none is no error.
func (l *Log) keyring(ctx context.Context, origin string) ([]signKey, error) {
	switch l.Source() {
	case FromConfig:
		return parseKeys(l.o.KeyText)
	case FromMaster:
		var known []Key
		err := l.o.DB.Read(ctx, func(tx *db.Tx) (err error) { known, err = keysOf(ctx, tx); return err })
		all := l.derived(origin, known)
		if len(all) > 1 { // the first would be the next
			all = all[1:]
		}
		slices.Reverse(all)
		return all, err
	}
	return readKeys(l.o.KeyFile)
}

func readKeys(path string) ([]signKey, error) {
	f, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if f.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s is open to other users (%v): run chmod 600 on it", path, f.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	all, err := parseKeys(string(text))
	return all, wrap(path, err)
}

// writeKeys puts a file of keys in place, whole or not at all.
func writeKeys(path string, keys []signKey) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".log-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it has been renamed
	for _, k := range keys {
		if _, err := fmt.Fprintln(f, k.text()); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func randomName() string {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return "aftercare.invalid/" + hex.EncodeToString(b[:])
}

// sign makes a checkpoint of a tree with every key that is the log's and at
// hand; the newest also says when.
func sign(origin string, size int64, root [32]byte, keys []signKey, now time.Time) (string, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
	signers := make([]note.Signer, 0, len(keys)+1)
	for _, k := range keys {
		s, err := note.NewSigner(k.text())
		if err != nil {
			return "", err
		}
		signers = append(signers, s)
	}
	last := keys[len(keys)-1]
	signed, err := note.Sign(&note.Note{Text: text}, append(signers, cosigner{last.name, last.key, now})...)
	return string(signed), err
}
