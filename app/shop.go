package app

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

// AddShop adds a shop beside those that are there, with the first policy and
// an administrator, all or nothing. What it leaves open (zone, language,
// currency) is the first shop's. It fails with tenant.ErrHost without a host, by
// which alone a further shop is found, and as tenant.Create and account.Create do.
func (h *House) AddShop(ctx context.Context, t tenant.Tenant, email string) (tenant.Tenant, *Welcome, error) {
	if err := h.FoundShop(ctx); err != nil { // else this one would be taken for the first
		return t, nil, err
	}
	if t.Host == "" {
		return t, nil, tenant.ErrHost
	}
	accounts, password := h.Accounts(), id.Readable(20)
	hashed, err := accounts.Password(ctx, email, password)
	if err != nil {
		return t, nil, err
	}
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		first, err := tenant.ByHost(ctx, tx, "")
		if err != nil {
			return err
		}
		for field, usual := range map[*string]string{&t.Zone: first.Zone, &t.Language: first.Language, &t.Currency: first.Currency} {
			if *field == "" {
				*field = usual
			}
		}
		if err := tenant.Apart(ctx, tx, t, h.Config.BaseURL.Reveal()); err != nil {
			return err
		}
		if t, err = tenant.Create(ctx, tx, t); err != nil {
			return err
		}
		by := actor.Of(t.ID)
		if err := policy.New(nil, policy.Alone).Found(ctx, tx, by); err != nil {
			return err
		}
		_, err = accounts.Create(ctx, tx, by, account.New{Email: email, Name: "Administrator", Role: role.Administrator, Language: t.Language, Password: hashed})
		return err
	})
	if err != nil {
		return t, nil, fmt.Errorf("adding shop %s: %w", t.ID, err)
	}
	return t, &Welcome{email, password}, nil
}
