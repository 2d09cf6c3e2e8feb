// Package id makes identifiers that sort by time and name what they identify:
// a prefix, an underscore, and 26 characters of Crockford base 32 (48 bits of
// Unix milliseconds, 80 random bits).
//
// Identifiers are opaque to everyone else: they are compared, never parsed.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New returns a fresh identifier such as "case_06gzze38pxy1xe5dt981807gzm".
func New(prefix string) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // crypto/rand never fails; it ends the process instead
	return prefix + "_" + alphabet.EncodeToString(b[:])
}

// Token returns an unguessable secret of 160 bits, for sessions, keys and links.
func Token(prefix string) string {
	var b [20]byte
	_, _ = rand.Read(b[:])
	return prefix + "_" + alphabet.EncodeToString(b[:])
}

// Readable returns n characters that people can read to each other on the
// phone (no i, l, o, u), in groups of four: "7k2m-9qxp".
func Readable(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	out := make([]byte, 0, n+n/4)
	for i, c := range b {
		if i > 0 && i%4 == 0 {
			out = append(out, '-')
		}
		out = append(out, "0123456789abcdefghjkmnpqrstvwxyz"[c&31])
	}
	return string(out)
}
