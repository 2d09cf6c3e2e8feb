package proof

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals of the shop's own tokens and of the keys they are signed with.
var (
	ErrToken     = fault.New(fault.Unauthenticated, "proof.token", "The shop's token is not valid.")
	ErrTokenOld  = fault.New(fault.Unauthenticated, "proof.token_expired", "The shop's token has expired.")
	ErrTokenLong = fault.New(fault.Unauthenticated, "proof.token_long", "The shop's token is valid for longer than is allowed.")
	ErrTokenWho  = fault.New(fault.Unauthenticated, "proof.token_order", "The shop's token does not name a customer and an order that belong together.")
	ErrKeys      = fault.New(fault.Conflict, "proof.keys_full", "The shop has as many keys as it may have. Remove one that is no longer used.")
	ErrKeyName   = fault.New(fault.Invalid, "proof.key_name", "The key needs a name.")
	ErrKey       = fault.New(fault.Missing, "proof.key_unknown", "There is no such key.")
)

const (
	// TokenLife is how far ahead a token of the shop may expire.
	TokenLife = time.Hour
	// Skew is how much the clocks of the shop and of this program may differ.
	Skew = 30 * time.Second
	// MostKeys is how many keys a shop may have at once: one in use, its
	// successor, and those of other systems.
	MostKeys = 5
)

// ShopKey is a secret that the shop signs tokens for its customers with. The
// secret is shown once, when the key is made, and stored sealed.
type ShopKey struct {
	Tenant, ID string
	Name       string
	CreatedBy  string // staff id
	CreatedAt  time.Time
	UsedAt     time.Time // within a minute; zero: never
	sealed     []byte
}
