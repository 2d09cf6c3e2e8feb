package gate_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// authenticator is a security key in software: what a browser and its device do
// together, with one passkey.
type authenticator struct {
	testing.TB
	origin   string
	rp       string
	id       []byte
	key      *ecdsa.PrivateKey
	user     []byte
	count    uint32
	verifies bool // checks who holds it
}

const (
	present    = 0x01
	verified   = 0x04
	attestated = 0x40
)

func newAuthenticator(t testing.TB, host string) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &authenticator{TB: t, origin: "https://" + host, rp: host, id: id, key: key, verifies: true}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) client(kind, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.Fatal(err)
	}
	return raw
}

func (a *authenticator) data(flags byte) []byte {
	rp := sha256.Sum256([]byte(a.rp))
	if a.verifies {
		flags |= verified
	}
	return binary.BigEndian.AppendUint32(append(rp[:], flags|present), a.count)
}

// make answers the options of adding a passkey.
func (a *authenticator) make(options map[string]any) map[string]any {
	a.Helper()
	user, err := base64.RawURLEncoding.DecodeString(options["user"].(map[string]any)["id"].(string))
	if err != nil {
		a.Fatal(err)
	}
	a.user = user
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.Fatal(err)
	}
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		a.Fatal(err)
	}
	data := append(a.data(attestated), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(append(data, a.id...), public...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		a.Fatal(err)
	}
	return a.answer(map[string]any{
		"clientDataJSON": b64(a.client("webauthn.create", options["challenge"].(string))), "attestationObject": b64(object), "transports": []string{"usb"},
	})
}

// show answers the options of signing in.
func (a *authenticator) show(options map[string]any) map[string]any {
	a.Helper()
	a.count++
	data, client := a.data(0), a.client("webauthn.get", options["challenge"].(string))
	sum := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	if err != nil {
		a.Fatal(err)
	}
	return a.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.user)})
}

func (a *authenticator) answer(response map[string]any) map[string]any {
	return map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}}
}
