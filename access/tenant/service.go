package tenant

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Service answers what shop this is.
type Service struct {
	// Base is the address of the installation; empty: none is set.
	Base string

	demo *Demo
}

// Demo is what an installation that is only for looking tells everybody: whom
// to sign in as and which orders to look up.
type Demo struct {
	Orders []DemoOrder
	Staff  []DemoStaff
}

// DemoOrder is an order number and a contact that proves it.
type DemoOrder struct {
	Number  string `json:"number"`
	Contact string `json:"contact"`
}

// DemoStaff is a way to sign in to the console.
type DemoStaff struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Role     string `json:"role"`
}

// New makes the service; demo is nil everywhere but in a demonstration.
func New(demo *Demo) *Service { return &Service{demo: demo} }

// Create adds a shop. It fails with ErrInvalid, or with ErrTaken where its id
// or host already belongs to one. The actor is the system of the new tenant:
// shops are added by whoever runs the installation, not over HTTP.
func Create(ctx context.Context, tx *db.Tx, t Tenant) (Tenant, error) {
	t, err := t.normal()
	if err != nil {
		return t, err
	}
	t.Version, t.CreatedAt = 1, tx.Now
	if err := insert(ctx, tx, t); err != nil {
		return t, fmt.Errorf("create tenant %s: %w", t.ID, err)
	}
	return t, event.Append(ctx, tx, actor.Of(t.ID), about(t), Created{Currency: t.Currency, Zone: t.Zone})
}

// Update replaces a shop's settings. It fails with ErrInvalid, with ErrTaken
// where another shop has the host, with ErrHost where nobody would find the
// shop any more, and with ErrStale when t.Version is not the stored one.
func Update(ctx context.Context, tx *db.Tx, by actor.Actor, t Tenant) (Tenant, error) {
	t.ID = by.Tenant
	t, err := t.normal()
	if err != nil {
		return t, err
	}
	if err := findable(ctx, tx, t); err != nil {
		return t, err
	}
	if t.Version, err = update(ctx, tx, t); err != nil {
		return t, fmt.Errorf("update tenant %s: %w", t.ID, err)
	}
	return t, event.Append(ctx, tx, by, about(t), Updated{})
}

// findable fails with ErrHost where a shop without a host is neither the
// default one nor the only one.
func findable(ctx context.Context, tx *db.Tx, t Tenant) error {
	if t.Host != "" || t.ID == Default {
		return nil
	}
	all, err := ids(ctx, tx)
	if err == nil && len(all) > 1 {
		return ErrHost
	}
	return err
}

// Apart fails with ErrTaken where a shop's host is the one of the installation,
// base, which leads to another shop: that one's customers would come to this
// shop and tell it who they are.
func Apart(ctx context.Context, tx *db.Tx, t Tenant, base string) error {
	at, err := url.Parse(base)
	if host, _ := ownHost(t.Host); err != nil || at.Host == "" || host != hostname(at.Host) {
		return nil
	}
	there, err := byHost(ctx, tx, hostname(at.Host))
	switch {
	case errors.Is(err, ErrUnknown):
		return nil
	case err == nil && there.ID != t.ID:
		return ErrTaken
	}
	return err
}

// ByID finds a shop, or ErrUnknown.
func ByID(ctx context.Context, tx *db.Tx, id string) (Tenant, error) { return byID(ctx, tx, id) }

// IDs names all shops.
func IDs(ctx context.Context, tx *db.Tx) ([]string, error) { return ids(ctx, tx) }

// ByHost finds the shop that a Host header is meant for: the one with that
// host, else the default one, else the only one, else ErrUnknown.
func ByHost(ctx context.Context, tx *db.Tx, host string) (Tenant, error) {
	return byHost(ctx, tx, hostname(host))
}

func about(t Tenant) event.About {
	return event.About{Stream: "tenant", Subject: t.ID, Version: t.Version}
}
