package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

const secretHead = "whsec_"

// newSecret is a secret as it is shown: whsec_ and 32 random bytes in base64.
func newSecret() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return secretHead + base64.StdEncoding.EncodeToString(raw)
}

// signature signs a message with each secret, the newest first, as Standard
// Webhooks 1.0 says: v1,BASE64(HMAC-SHA256(key, id.timestamp.body)).
func signature(id string, at time.Time, body string, secrets ...string) (string, error) {
	var all []string
	for _, one := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one, secretHead))
		if err != nil {
			return "", err
		}
		h := hmac.New(sha256.New, key)
		h.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "." + body))
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return strings.Join(all, " "), nil
}
