package factor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/aftercare/aftercare/platform/db"
)

// What a ticket is for. One for one thing is nothing for another.
const (
	forStep    = "step"    // the password was right
	forSignIn  = "signin"  // a passkey alone
	forProof   = "proof"   // a passkey of somebody who is known
	forTOTP    = "totp"    // adding an app
	forPasskey = "passkey" // adding a passkey
)

// ticket is what the server must remember between two steps. It travels sealed
// with the client, so that questions of strangers fill no table.
type ticket struct {
	Staff    string
	Proof    []byte                // forStep: digest of the password that was right
	Secret   string                // forTOTP
	Ceremony *webauthn.SessionData // for passkeys
	Nonce    []byte
	Until    int64 // unix milliseconds

	digest []byte
}

var compact = base64.RawURLEncoding.Strict()

func (s *Service) seal(tx *db.Tx, tenant, purpose string, t ticket) (string, time.Time, error) {
	until := tx.Now.Add(Patience)
	t.Until, t.Nonce = db.Millis(until), make([]byte, 8)
	_, _ = rand.Read(t.Nonce) // crypto/rand never fails; it ends the process instead
	raw, err := json.Marshal(t)
	if err != nil {
		return "", until, err
	}
	sealed, err := s.o.Keys.Seal("factor."+purpose, tenant, raw)
	return compact.EncodeToString(sealed), until, err
}

// open reads a ticket that was made for a purpose in a tenant, or ErrOver.
func (s *Service) open(tx *db.Tx, tenant, purpose, sealed string) (t ticket, err error) {
	raw, err := compact.DecodeString(sealed)
	if err != nil {
		return t, ErrOver
	}
	plain, err := s.o.Keys.Open("factor."+purpose, tenant, raw)
	if err != nil || json.Unmarshal(plain, &t) != nil || db.Millis(tx.Now) >= t.Until {
		return t, ErrOver
	}
	sum := sha256.Sum256(raw)
	t.digest = sum[:]
	return t, nil
}

// spend ends a ticket. It fails with ErrOver when somebody was first.
func (t ticket) spend(ctx context.Context, tx *db.Tx, tenant string) error {
	fresh, err := spend(ctx, tx, tenant, t.digest, db.Time(t.Until))
	if err == nil && !fresh {
		return ErrOver
	}
	return err
}
