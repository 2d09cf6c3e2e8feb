package paytest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
)

// NewKey is a key for RSA signatures. Making one is slow.
func NewKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// Private is a key in base64 of DER, as tools of providers print it.
func Private(key *rsa.PrivateKey) string {
	raw, _ := x509.MarshalPKCS8PrivateKey(key)
	return base64.StdEncoding.EncodeToString(raw)
}

// Public is the other half of a key, printed as Private prints it.
func Public(key *rsa.PrivateKey) string {
	raw, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	return base64.StdEncoding.EncodeToString(raw)
}

// PEM is what Private or Public printed, in a block of its kind.
func PEM(kind, text string) string {
	raw, _ := base64.StdEncoding.DecodeString(text)
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
}

// Sign signs a text with SHA-256 and RSA (PKCS #1), in base64.
func Sign(key *rsa.PrivateKey, text string) string {
	sum := sha256.Sum256([]byte(text))
	raw, _ := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return base64.StdEncoding.EncodeToString(raw)
}

// Signed tells whether a key made the signature of a text.
func Signed(key *rsa.PrivateKey, text, signature string) bool {
	raw, _ := base64.StdEncoding.DecodeString(signature)
	sum := sha256.Sum256([]byte(text))
	return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], raw) == nil
}
