package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// errSealed says that a sealed value cannot be opened. It is not a fault: a
// caller can do nothing about it.
var errSealed = errors.New("sealed with another key, for another place, or damaged")

// Seal encrypts and authenticates a value for storage (AES-256-GCM with a
// random nonce). about names where it belongs, such as "tenant/row": a sealed
// value that is moved elsewhere does not open.
func (k *Keys) Seal(purpose, about string, plain []byte) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, plain, []byte(about)), nil
}

// Open decrypts what Seal made for the same purpose and place.
func (k *Keys) Open(purpose, about string, sealed []byte) ([]byte, error) {
	aead, err := k.aead(purpose)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, sealed, []byte(about))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", purpose, errSealed)
	}
	return plain, nil
}

func (k *Keys) aead(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Derive("seal/" + purpose))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", purpose, err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
