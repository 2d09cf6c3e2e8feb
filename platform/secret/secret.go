// Package secret keeps the installation's master key and everything made from
// it: keys for one purpose each, signed tokens that expire, sealed values, and
// the hashes of passwords.
//
// It owns the key file and the cryptography. It does not know what a token says
// or whom a password belongs to. A key derived for one purpose tells nothing
// about the master key or any other purpose.
package secret

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
)

// Size is the length of the master key in bytes.
const Size = 32

// Keys derives keys from the master key. It is safe for concurrent use.
type Keys struct{ master []byte }

// New takes a master key from configuration, as a cluster does where several
// processes must hold the same one. It must be 32 bytes or longer, and random.
func New(master []byte) (*Keys, error) {
	if len(master) < Size {
		return nil, fmt.Errorf("master key has %d bytes, want at least %d random ones", len(master), Size)
	}
	return &Keys{master: append([]byte(nil), master...)}, nil
}

// Derive returns the 32-byte key of a purpose (HKDF with SHA-256). The same
// master key and purpose always give the same key.
func (k *Keys) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.master, nil, "aftercare/1/"+purpose, Size)
	if err != nil {
		panic(err) // only for lengths that HKDF cannot give; 32 is not one
	}
	return key
}

// MAC authenticates a text for a purpose: nobody without the master key can
// make it or guess the text from it.
func (k *Keys) MAC(purpose, text string) []byte {
	h := hmac.New(sha256.New, k.Derive(purpose))
	h.Write([]byte(text))
	return h.Sum(nil)
}

// Equal compares two secrets in a time that does not depend on where they
// differ.
func Equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Digest is how a random token of 128 bits or more is stored: a plain SHA-256,
// because nobody can try all tokens. Never use it for anything that people
// choose or that has few digits.
func Digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
