package proof

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const sealPurpose = "proof.shop_key"

// MakeKey makes a key for the shop's own tokens and returns its secret, which
// cannot be had again. Other keys stay valid, so that one takes over from
// another without a gap. It fails with ErrKeyName and ErrKeys.
func (s *Service) MakeKey(ctx context.Context, tx *db.Tx, by actor.Actor, name string) (ShopKey, string, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > 80 {
		return ShopKey{}, "", ErrKeyName.At("name", "is missing or too long", "1 to 80 characters")
	}
	all, err := keysOf(ctx, tx, by.Tenant)
	if err != nil {
		return ShopKey{}, "", fmt.Errorf("count keys: %w", err)
	}
	if len(all) >= MostKeys {
		return ShopKey{}, "", ErrKeys.With("most", MostKeys)
	}
	k := ShopKey{Tenant: by.Tenant, ID: id.New("sk"), Name: name, CreatedBy: by.ID, CreatedAt: tx.Now}
	secret := id.Token("ss")
	if k.sealed, err = s.o.Keys.Seal(sealPurpose, by.Tenant+"\n"+k.ID, []byte(secret)); err != nil {
		return k, "", fmt.Errorf("seal key: %w", err)
	}
	if err := insertKey(ctx, tx, k); err != nil {
		return k, "", fmt.Errorf("store key: %w", err)
	}
	return k, secret, event.Append(ctx, tx, by, aboutKey(k, 1), KeyMade{Name: k.Name})
}

// ShopKeys lists the keys that are valid, the newest first.
func (s *Service) ShopKeys(ctx context.Context, tx *db.Tx, by actor.Actor) ([]ShopKey, error) {
	return keysOf(ctx, tx, by.Tenant)
}

// RemoveKey ends a key at once, and with it every token signed with it. It
// fails with ErrKey.
func (s *Service) RemoveKey(ctx context.Context, tx *db.Tx, by actor.Actor, key string) error {
	k, err := revokeKey(ctx, tx, by.Tenant, key)
	if err != nil {
		return err
	}
	return event.Append(ctx, tx, by, aboutKey(k, 2), KeyRemoved{Name: k.Name})
}

func aboutKey(k ShopKey, version int64) event.About {
	return event.About{Stream: "proof_key", Subject: k.ID, Version: version}
}
