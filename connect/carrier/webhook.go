package carrier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/goods/shipment"
)

// Webhooks are signed as "Standard Webhooks 1.0" says: HMAC-SHA256 over
// "id.timestamp.body". Libraries exist for the sender in most languages.
const (
	idHeader        = "Webhook-Id"
	timestampHeader = "Webhook-Timestamp"
	signatureHeader = "Webhook-Signature"

	// Tolerance is how old, or how far ahead, a message may be.
	Tolerance = 5 * time.Minute
)

func secret(text string) ([]byte, error) {
	coded, ok := strings.CutPrefix(text, "whsec_")
	key, err := base64.StdEncoding.DecodeString(coded)
	if !ok || err != nil || len(key) < 24 {
		return nil, fmt.Errorf("a webhook secret is \"whsec_\" and the base64 of 24 to 64 random bytes")
	}
	return key, nil
}

// Sign is the signature header of a message, for senders and tests.
func Sign(key []byte, id string, at time.Time, body []byte) string {
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s.%d.", id, at.Unix())
	h.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// verify returns the id of a message that is signed with one of the keys and
// not too old. The id is remembered longer than that, so nothing comes twice.
func (a *Adapter) verify(header http.Header, body []byte, now time.Time) (string, error) {
	id, stamp := header.Get(idHeader), header.Get(timestampHeader)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" || len(id) > 200 {
		return "", shipment.ErrForged.Because("The headers of the signature are missing.")
	}
	at := time.Unix(seconds, 0)
	if now.Sub(at).Abs() > Tolerance {
		return "", shipment.ErrForged.Because("The message is not from now.")
	}
	for given := range strings.FieldsSeq(header.Get(signatureHeader)) {
		for _, key := range a.keys {
			if hmac.Equal([]byte(given), []byte(Sign(key, id, at, body))) {
				return id, nil
			}
		}
	}
	return "", shipment.ErrForged.Because("The signature is wrong.")
}
