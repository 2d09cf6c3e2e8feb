package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"
)

// errSealed says that a sealed value cannot be opened. It is not a fault: a
// caller can do nothing about it.
var errSealed = errors.New("sealed with another key, for another place, or damaged")

// A sealed value is a mark, the name of its master key, a nonce, and what
// AES-256-GCM gives; under the first master key of an installation there is
// neither mark nor name.
const idSize = 8

var sealMark = []byte("ak2\x00")

// Seal encrypts and authenticates a value for storage (AES-256-GCM with a
// random nonce). about names where it belongs, such as "tenant/row": a sealed
// value that is moved elsewhere does not open.
func (k *Keys) Seal(purpose, about string, plain []byte) ([]byte, error) {
	k.mu.RLock()
	writes, first := k.order[0], len(k.order) == 1
	k.mu.RUnlock()
	return writes.seal(purpose, about, plain, first)
}

func (m master) seal(purpose, about string, plain []byte, first bool) ([]byte, error) {
	aead, err := m.aead(purpose)
	if err != nil {
		return nil, err
	}
	var mark []byte
	if !first {
		id, err := hex.DecodeString(m.id)
		if err != nil {
			return nil, err
		}
		mark = append(bytes.Clone(sealMark), id...)
	}
	return aead.Seal(mark, nil, plain, []byte(about)), nil
}

// SealedBy names the master key that a value was sealed with.
func (k *Keys) SealedBy(sealed []byte) string {
	if id, _ := parts(sealed); id != "" {
		return id
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.order[len(k.order)-1].id
}

func parts(sealed []byte) (id string, rest []byte) {
	rest, ok := bytes.CutPrefix(sealed, sealMark)
	if !ok || len(rest) < idSize {
		return "", sealed
	}
	return hex.EncodeToString(rest[:idSize]), rest[idSize:]
}

// Open decrypts what Seal made for the same purpose and place, under any of the
// master keys at hand. Keys are read again before it gives up: another process
// may just have changed to a new one.
func (k *Keys) Open(purpose, about string, sealed []byte) ([]byte, error) {
	plain, err := k.open(purpose, about, sealed)
	if err != nil && k.source != nil {
		if id, _ := parts(sealed); id != "" {
			if _, ok := k.at(id); !ok && k.again() == nil {
				plain, err = k.open(purpose, about, sealed)
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", purpose, err)
	}
	return plain, nil
}

func (k *Keys) open(purpose, about string, sealed []byte) ([]byte, error) {
	id, rest := parts(sealed)
	for _, m := range k.readers() {
		aead, err := m.aead(purpose)
		if err != nil {
			return nil, err
		}
		if m.id == id {
			if plain, err := aead.Open(nil, nil, rest, []byte(about)); err == nil {
				return plain, nil
			}
		}
		if plain, err := aead.Open(nil, nil, sealed, []byte(about)); err == nil { // without mark, or with one by chance
			return plain, nil
		}
	}
	return nil, errSealed
}

func (m master) aead(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(m.derive("seal/" + purpose))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", purpose, err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
