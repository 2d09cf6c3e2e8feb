package factor

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/aftercare/aftercare/platform/secret"
)

// What every app understands: six digits by SHA-1, another every 30 seconds.
const (
	period  = 30
	drift   = 1 // steps that the clock of a telephone may be wrong
	keySize = 20
)

var appOptions = totp.ValidateOpts{Period: period, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

func newSecret() string {
	var raw [keySize]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails; it ends the process instead
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:])
}

// appURI is what the picture says to an app.
func appURI(issuer, account, key string) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + strings.ReplaceAll(issuer, ":", " ") + ":" + account}
	q := url.Values{"secret": {key}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // apps show the plus
	return u.String()
}

// stepOf finds the step of a code behind the last one that was accepted. All
// steps are compared, so that the time it takes does not tell which was near.
func stepOf(key, code string, now time.Time, last int64) (found int64, ok bool) {
	for step := now.Unix()/period - drift; step <= now.Unix()/period+drift; step++ {
		want, err := totp.GenerateCodeCustom(key, time.Unix(step*period, 0), appOptions)
		if err == nil && secret.Equal(want, code) && step > last {
			found, ok = step, true
		}
	}
	return found, ok
}

// digits is a code as it is compared: people type spaces.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
}
