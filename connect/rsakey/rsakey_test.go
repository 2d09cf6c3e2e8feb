package rsakey_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/connect/rsakey"
)

func wrap(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestKeysAreReadInEveryForm(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(key)
	pkix, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	about := &x509.Certificate{SerialNumber: big.NewInt(0x5157f09e), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"PKCS #8": wrap("PRIVATE KEY", pkcs8), "PKCS #1": wrap("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
		"base64 in lines": base64.StdEncoding.EncodeToString(pkcs8)[:80] + "\n" + base64.StdEncoding.EncodeToString(pkcs8)[80:] + "\n",
	} {
		if got, err := rsakey.Private(text); err != nil || !got.Equal(key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"PKIX": wrap("PUBLIC KEY", pkix), "PKCS #1": wrap("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey)),
		"base64": base64.StdEncoding.EncodeToString(pkix), "certificate": wrap("CERTIFICATE", cert),
	} {
		got, serial, err := rsakey.Public(text)
		if err != nil || !got.Equal(&key.PublicKey) || (serial != "") != (name == "certificate") {
			t.Errorf("%s: %q, %v", name, serial, err)
		}
		if serial != "" && serial != "5157F09E" {
			t.Errorf("serial %s", serial)
		}
	}
}

func TestWhatIsNoKeyIsRefusedAndNotRepeated(t *testing.T) {
	curve, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, _ := x509.MarshalPKCS8PrivateKey(curve)
	public, _ := x509.MarshalPKIXPublicKey(&curve.PublicKey)
	t.Setenv("GODEBUG", "rsa1024min=0")
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "geheim", "-----BEGIN PRIVATE KEY-----\nZ2VoZWlt\n-----END PRIVATE KEY-----", wrap("PRIVATE KEY", other), wrap("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(short))} {
		if _, err := rsakey.Private(text); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%.40q: %v", text, err)
		}
	}
	for _, text := range []string{"", "geheim", wrap("PUBLIC KEY", public), wrap("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&short.PublicKey))} {
		if _, _, err := rsakey.Public(text); err == nil {
			t.Errorf("%.40q was taken", text)
		}
	}
}
