package proof

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// claims are what a token of the shop says.
type claims struct {
	jwt.RegisteredClaims
	Order string `json:"order"` // number
}

// Present starts the session that a token of the shop stands for: the shop has
// seen its customer sign in, and says so. The token is a JWT signed with
// HMAC-SHA-256 under a key of this shop; it names the order by its number, and
// the customer as the shop knows him where it tells sub. It fails with
// ErrToken, ErrTokenOld, ErrTokenLong or ErrTokenWho.
func (s *Service) Present(ctx context.Context, tx *db.Tx, by actor.Actor, token string, n session.New) (Proved, error) {
	c, k, err := s.read(ctx, tx, by.Tenant, token)
	if err != nil {
		return Proved{}, err
	}
	holders, err := s.o.Book.ByNumber(ctx, tx, by.Tenant, number(c.Order))
	if err != nil {
		return Proved{}, fmt.Errorf("look up order of a token: %w", err)
	}
	var h Holder
	for _, one := range holders {
		known := c.Subject == "" || c.Subject == one.Ref
		if one.Customer == "" || !known {
			continue
		}
		if h.Customer != "" { // the number is used twice, and sub does not tell which
			return Proved{}, ErrTokenWho
		}
		h = one
	}
	if h.Customer == "" {
		return Proved{}, ErrTokenWho
	}
	if err := touchKey(ctx, tx, k); err != nil {
		return Proved{}, err
	}
	about := event.About{Stream: "proof", Subject: h.Customer, Version: 1}
	return s.begin(ctx, tx, about, Succeeded{By: "shop", Order: h.Order}, by.Tenant, h, n)
}

// read checks signature and times. The algorithm is ours to choose, never the
// token's, and a key is looked for among those of this shop only.
func (s *Service) read(ctx context.Context, tx *db.Tx, tenant, token string) (claims, ShopKey, error) {
	var c claims
	var k ShopKey
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithLeeway(Skew),
		jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return tx.Now }))
	var broken error // of the store, not of the token
	_, err := parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		k, broken = keyByID(ctx, tx, tenant, id)
		if broken != nil {
			return nil, broken
		}
		secret, err := s.o.Keys.Open(sealPurpose, tenant+"\n"+k.ID, k.sealed)
		broken = err
		return secret, err
	})
	switch {
	case errors.Is(broken, ErrKey):
		return c, k, ErrToken
	case broken != nil:
		return c, k, fmt.Errorf("read the key of a token: %w", broken)
	case errors.Is(err, jwt.ErrTokenExpired):
		return c, k, ErrTokenOld
	case err != nil:
		return c, k, ErrToken
	case c.ExpiresAt.After(tx.Now.Add(TokenLife + Skew)):
		return c, k, ErrTokenLong.With("most_seconds", int(TokenLife/time.Second))
	case c.Order == "":
		return c, k, ErrTokenWho
	}
	return c, k, nil
}
