package apikey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/secret"
)

const prefix = "ak"

// Create makes a key and returns its secret, which cannot be had again. It
// fails with ErrInvalid.
func Create(ctx context.Context, tx *db.Tx, by actor.Actor, n New) (Key, string, error) {
	n, err := n.normal(by, tx.Now)
	if err != nil {
		return Key{}, "", err
	}
	k := Key{
		ID: id.New("key"), Tenant: by.Tenant, Name: n.Name, Scopes: n.Scopes, Seller: n.Seller,
		CreatedBy: by.ID, CreatedAt: tx.Now, ExpiresAt: n.ExpiresAt.UTC().Truncate(time.Millisecond),
	}
	shown := id.Token(prefix)
	if err := insert(ctx, tx, k, secret.Digest(shown)); err != nil {
		return Key{}, "", fmt.Errorf("create API key: %w", err)
	}
	fact := Created{Name: k.Name, Scopes: k.Scopes, Seller: k.Seller}
	if !k.ExpiresAt.IsZero() {
		fact.ExpiresAt = &k.ExpiresAt
	}
	return k, shown, event.Append(ctx, tx, by, about(k, 1), fact)
}

// normal returns the key as it is stored, or ErrInvalid with every field that
// is wrong. Nobody gives away what he does not hold.
func (n New) normal(by actor.Actor, now time.Time) (New, error) {
	bad := ErrInvalid
	n.Name = strings.TrimSpace(n.Name)
	if length := utf8.RuneCountInString(n.Name); length < 1 || length > 80 {
		bad = bad.At("name", "is missing or too long", "1 to 80 characters")
	}
	if !n.ExpiresAt.IsZero() && !n.ExpiresAt.After(now) {
		bad = bad.At("expires_at", "is in the past", "an instant to come")
	}
	grantable := role.Grantable(n.Seller)
	switch {
	case n.Role != "" && len(n.Scopes) > 0:
		bad = bad.At("role", "cannot be given together with scopes", "one of the two")
	case n.Role != "" && !role.Known(n.Role):
		bad = bad.At("role", "is not a role", strings.Join(role.Roles, ", "))
	case n.Role != "":
		for _, p := range role.Permissions(n.Role) {
			if slices.Contains(grantable, p) {
				n.Scopes = append(n.Scopes, p)
			}
		}
	}
	if len(n.Scopes) == 0 {
		bad = bad.At("scopes", "are missing", "at least one permission")
	}
	for _, p := range n.Scopes {
		if !slices.Contains(grantable, p) || by.Kind != actor.System && role.Allow(by, p) != nil {
			bad = bad.At("scopes", "contains "+string(p)+", which this key may not hold", join(grantable))
		}
	}
	if len(bad.Fields) > 0 {
		return n, bad
	}
	n.Scopes = slices.Compact(slices.Sorted(slices.Values(n.Scopes)))
	return n, nil
}

// BySecret finds the key that a program sends, or ErrWrong when it is not one
// of this tenant's, has expired, or was revoked.
func BySecret(ctx context.Context, tx *db.Tx, tenant, shown string) (Key, error) {
	if !strings.HasPrefix(shown, prefix+"_") {
		return Key{}, ErrWrong
	}
	k, err := byDigest(ctx, tx, tenant, secret.Digest(shown))
	if errors.Is(err, ErrUnknown) || err == nil && !k.ExpiresAt.IsZero() && !tx.Now.Before(k.ExpiresAt) {
		return Key{}, ErrWrong
	}
	return k, err
}

// Used notes that a key was used at an instant.
func Used(ctx context.Context, tx *db.Tx, tenant, key string, at time.Time) error {
	return used(ctx, tx, tenant, key, at)
}

// Page lists the keys that are not revoked, the newest first. after is the id
// of the last one seen.
func Page(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Key, error) {
	return page(ctx, tx, tenant, after, limit)
}

// Revoke ends a key at once. It fails with ErrUnknown, also for a key that was
// revoked before.
func Revoke(ctx context.Context, tx *db.Tx, by actor.Actor, key string) error {
	k, err := revoke(ctx, tx, by.Tenant, key)
	if err != nil {
		return err
	}
	tx.OnCommit(func() { revocations.Add(1) })
	return event.Append(ctx, tx, by, about(k, 2), Revoked{Name: k.Name})
}

// Nothing but its end and its last use changes about a key, so whoever keeps
// keys in memory need look at this number only.
var revocations atomic.Int64

// Revocations counts the keys that this process has revoked, in any store. Who
// read a key after it saw a number may go on believing in that key while the
// number stays. Keys that other processes revoke do not show.
func Revocations() int64 { return revocations.Load() }

func about(k Key, version int64) event.About {
	return event.About{Stream: "key", Subject: k.ID, Version: version}
}
