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
	"sync"
	"time"
)

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New returns a fresh identifier such as "case_06gzze38pxy1xe5dt981807gzm".
// Of two that one process makes, the later sorts later, also within a
// millisecond: lists by age then have one order, not a random one.
func New(prefix string) string {
	b := last.next(time.Now().UnixMilli())
	return prefix + "_" + alphabet.EncodeToString(b[:])
}

var last sequence

// sequence is the number given last: 64 bits of milliseconds and the upper
// random bits, and 64 lower random bits.
type sequence struct {
	mu     sync.Mutex
	hi, lo uint64
}

// next is random where time has moved on. Where it has not (or went back), it
// is the last number and a random step of up to 2^56: still not to be guessed,
// and the upper random bits, which begin below 2^15, have room for 2^23 steps.
func (s *sequence) next(millis int64) [16]byte {
	var r [10]byte
	_, _ = rand.Read(r[:]) // crypto/rand never fails; it ends the process instead
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := uint64(millis) << 16; now > s.hi|0xffff {
		s.hi, s.lo = now|uint64(binary.BigEndian.Uint16(r[:])>>1), binary.BigEndian.Uint64(r[2:])
	} else if step := binary.BigEndian.Uint64(r[2:])>>8 + 1; s.lo+step < s.lo {
		s.hi, s.lo = s.hi+1, s.lo+step
	} else {
		s.lo += step
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], s.hi)
	binary.BigEndian.PutUint64(b[8:], s.lo)
	return b
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
