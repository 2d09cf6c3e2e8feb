// Package leaf says what of an event goes into the sealed log, byte for byte:
// the format of docs/formats/seal.md.
//
// It owns the encoding and the hashes made from it. It does no I/O and knows
// nothing of databases, trees or keys of the installation, so that a verifier
// far away can use the same code. An entry of the log tells nothing about its
// event to whoever does not hold the event.
package leaf

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// Size is the length of every hash and salt.
const Size = sha256.Size

// Hash is a SHA-256 value.
type Hash = [Size]byte

// Kinds of entries.
const (
	Written byte = 1 // made in the transaction that announced the event
	Adopted byte = 2 // made later, for an event that was found without one
)

// Event is what is sealed of one event.
type Event struct {
	Tenant, ID, Stream, Subject string
	Version                     int64
	Type, ActorKind             string
	At                          int64 // unix milliseconds

	// Who it was and what was said may be personal data. Both can be erased, or
	// kept back from a reader, without harm to any proof.
	ActorID, ActorName, Data string
}

const (
	headMark = "aftercare/event/1\n"
	whoMark  = "aftercare/who/1\n"
	dataMark = "aftercare/data/1\n"
	leafMark = "aftercare/leaf/1\n"
)

// Who is the keyed commitment to who acted: without the salt nobody can find out
// who it was by trying.
func Who(salt []byte, e Event) Hash {
	b := make([]byte, 0, 128)
	b = append(b, whoMark...)
	b = field(b, e.ActorID)
	b = field(b, e.ActorName)
	return MAC(salt, b)
}

// Data is the keyed commitment to what was said.
func Data(salt []byte, e Event) Hash {
	b := make([]byte, 0, len(dataMark)+len(e.Data))
	return MAC(salt, append(append(b, dataMark...), e.Data...))
}

// Head is the encoding of what stays for ever.
func Head(e Event) []byte {
	b := make([]byte, 0, 256)
	b = append(b, headMark...)
	b = field(b, e.Tenant)
	b = field(b, e.ID)
	b = field(b, e.Stream)
	b = field(b, e.Subject)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Version))
	b = field(b, e.Type)
	b = field(b, e.ActorKind)
	return binary.BigEndian.AppendUint64(b, uint64(e.At))
}

// Content joins head and commitments to the content hash of an event.
func Content(e Event, who, data Hash) Hash {
	return sha256.Sum256(append(append(Head(e), who[:]...), data[:]...))
}

// Entry is what the log holds of an event: its kind, and one hash over its
// content and the content of the event before it in the same stream. previous
// is zero for the first.
func Entry(kind byte, content, previous Hash) []byte {
	b := make([]byte, 0, len(leafMark)+2*Size)
	b = append(b, leafMark...)
	b = append(b, content[:]...)
	b = append(b, previous[:]...)
	sum := sha256.Sum256(b)
	return append([]byte{kind}, sum[:]...)
}

// MerkleHash is the hash of an entry as a leaf of the tree (RFC 6962).
func MerkleHash(entry []byte) Hash {
	return sha256.Sum256(append([]byte{0}, entry...))
}

// MAC is HMAC-SHA-256.
func MAC(key, text []byte) (sum Hash) {
	h := hmac.New(sha256.New, key)
	h.Write(text)
	h.Sum(sum[:0])
	return sum
}

func field(b []byte, text string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(text)))
	return append(b, text...)
}
