package secret

import (
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrToken refuses a token that was not signed here, was changed, was made for
// another purpose, or has expired. It does not say which.
var ErrToken = fault.New(fault.Unauthenticated, "secret.token", "This link is not valid or has expired.")

const (
	stamp = 8  // bytes of expiry, Unix seconds
	tag   = 16 // bytes of signature: 128 bits, half of an HMAC-SHA-256
)

var compact = base64.RawURLEncoding

// Sign makes a token that carries a payload until an instant, in letters that
// fit a URL. The payload is not secret: whoever holds the token can read it.
func (k *Keys) Sign(purpose, payload string, expires time.Time) string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, stamp+len(payload)+tag), uint64(expires.Unix()))
	b = append(b, payload...)
	return compact.EncodeToString(append(b, k.MAC("sign/"+purpose, string(b))[:tag]...))
}

// Verify returns the payload of a token of this purpose that has not expired
// at now, or ErrToken. Any of the master keys at hand may have signed it.
func (k *Keys) Verify(purpose, token string, now time.Time) (string, error) {
	raw, err := compact.DecodeString(token)
	if err != nil || len(raw) < stamp+tag || compact.EncodeToString(raw) != token { // the decoder skips line ends
		return "", ErrToken
	}
	signed, signature := raw[:len(raw)-tag], raw[len(raw)-tag:]
	ours := false
	for _, m := range k.readers() {
		ours = ours || Equal(string(signature), string(mac(m.derive("sign/"+purpose), string(signed))[:tag]))
	}
	if !ours || now.Unix() >= int64(binary.BigEndian.Uint64(signed[:stamp])) {
		return "", ErrToken
	}
	return string(signed[stamp:]), nil
}
