package seal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Algorithms of keys, as C2SP signed-note numbers them.
const (
	algSign   = 1 // Ed25519 over the note
	algCosign = 4 // Ed25519 over the note and a time
)

// KeyID is how a signature line names its key.
func KeyID(name string, alg byte, public ed25519.PublicKey) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write([]byte{alg})
	h.Write(public)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// cosigner signs with the time of signing (C2SP tlog-cosignature). The log signs
// its own checkpoints so as well: it says when.
type cosigner struct {
	name string
	key  ed25519.PrivateKey
	now  time.Time
}

func (c cosigner) Name() string { return c.name }
func (c cosigner) KeyHash() uint32 {
	return KeyID(c.name, algCosign, c.key.Public().(ed25519.PublicKey))
}

func (c cosigner) Sign(msg []byte) ([]byte, error) {
	at := uint64(c.now.Unix())
	sig := ed25519.Sign(c.key, cosigned(at, msg))
	return append(binary.BigEndian.AppendUint64(nil, at), sig...), nil
}

func cosigned(at uint64, msg []byte) []byte {
	return append([]byte("cosignature/v1\ntime "+strconv.FormatUint(at, 10)+"\n"), msg...)
}

// coverifier checks what a cosigner signed.
type coverifier struct {
	name string
	key  ed25519.PublicKey
}

func (c coverifier) Name() string    { return c.name }
func (c coverifier) KeyHash() uint32 { return KeyID(c.name, algCosign, c.key) }
func (c coverifier) Verify(msg, sig []byte) bool {
	return len(sig) == 8+ed25519.SignatureSize && ed25519.Verify(c.key, cosigned(binary.BigEndian.Uint64(sig), msg), sig[8:])
}

// SignedAt reads the time of a cosignature, which must have been verified.
func SignedAt(s note.Signature) (time.Time, bool) {
	raw, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(raw) != 4+8+ed25519.SignatureSize {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0).UTC(), true
}

var errVerifier = errors.New("a verifier key looks like name+1f2e3d4c+base64")

// parseVerifier reads a public key: name+id+base64 of algorithm and key.
func parseVerifier(text string) (name string, alg byte, key ed25519.PublicKey, err error) {
	name, rest, ok := strings.Cut(text, "+")
	id, encoded, ok2 := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || !ok2 || name == "" || strings.ContainsAny(name, " \n\t") || err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return "", 0, nil, errVerifier
	}
	alg, key = raw[0], ed25519.PublicKey(raw[1:])
	if alg != algSign && alg != algCosign || id != fmt.Sprintf("%08x", KeyID(name, alg, key)) {
		return "", 0, nil, errVerifier
	}
	return name, alg, key, nil
}

// formatVerifier is the text of a public key.
func formatVerifier(name string, alg byte, key ed25519.PublicKey) string {
	return fmt.Sprintf("%s+%08x+%s", name, KeyID(name, alg, key), base64.StdEncoding.EncodeToString(append([]byte{alg}, key...)))
}

// Verifiers makes checkers from texts of keys. A key of the log also checks the
// line with which the log says when it signed.
func Verifiers(texts ...string) (note.Verifiers, error) {
	var all []note.Verifier
	for _, text := range texts {
		name, alg, key, err := parseVerifier(text)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		if alg == algSign {
			v, err := note.NewVerifier(text)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		all = append(all, coverifier{name, key})
	}
	return note.VerifierList(all...), nil
}
