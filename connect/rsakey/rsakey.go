// Package rsakey reads RSA keys as payment companies hand them out: PEM files
// of several kinds, certificates, or bare base64.
//
// It owns the reading. It keeps nothing, and its errors never repeat what they
// could not read: it may be a secret.
package rsakey

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

const least = 2048 // bits

var (
	ErrPrivate = errors.New("not an RSA private key (PEM or base64 of PKCS #8 or PKCS #1)")
	ErrPublic  = errors.New("not an RSA public key (PEM or base64 of a public key, or a PEM certificate)")
)

// der returns the content of the first PEM block, or of bare base64.
func der(text string) []byte {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return block.Bytes
	}
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil
	}
	return raw
}

// Private reads a private key. It fails with ErrPrivate, or on a key that is
// too short or does not fit itself.
func Private(text string) (*rsa.PrivateKey, error) {
	raw := der(text)
	var key *rsa.PrivateKey
	if any, err := x509.ParsePKCS8PrivateKey(raw); err == nil {
		key, _ = any.(*rsa.PrivateKey)
	} else if one, err := x509.ParsePKCS1PrivateKey(raw); err == nil {
		key = one
	}
	if key == nil {
		return nil, ErrPrivate
	}
	if err := key.Validate(); err != nil {
		return nil, ErrPrivate
	}
	return key, long(&key.PublicKey)
}

// Public reads a public key, or the one of a certificate, whose serial number
// it returns as upper case hexadecimal digits. It fails with ErrPublic, or on a
// key that is too short.
func Public(text string) (key *rsa.PublicKey, serial string, err error) {
	raw := der(text)
	if any, err := x509.ParsePKIXPublicKey(raw); err == nil {
		key, _ = any.(*rsa.PublicKey)
	} else if one, err := x509.ParsePKCS1PublicKey(raw); err == nil {
		key = one
	} else if cert, err := x509.ParseCertificate(raw); err == nil {
		key, _ = cert.PublicKey.(*rsa.PublicKey)
		serial = fmt.Sprintf("%X", cert.SerialNumber)
	}
	if key == nil {
		return nil, "", ErrPublic
	}
	return key, serial, long(key)
}

func long(key *rsa.PublicKey) error {
	if n := key.N.BitLen(); n < least {
		return fmt.Errorf("an RSA key of %d bits: at least %d are needed", n, least)
	}
	return nil
}
