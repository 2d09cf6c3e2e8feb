// Package secret keeps the installation's master keys and everything made from
// them: keys for one purpose each, signed tokens that expire, sealed values, and
// the hashes of passwords.
//
// It owns the key files and the cryptography. It does not know what a token says
// or whom a password belongs to. A key derived for one purpose tells nothing
// about the master key or any other purpose. One master key writes; older ones
// only read, until nothing needs them.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
)

// Size is the length of a master key in bytes.
const Size = 32

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
