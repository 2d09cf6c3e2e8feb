package app

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
	"github.com/aftercare/aftercare/rules/policy"
)

// Welcome is the sign-in that a first start made. It cannot be shown again.
type Welcome struct{ Email, Password string }

// Found makes the shop, its first policy and its first administrator where
// there are none. It returns nil when all was there.
func (h *House) Found(ctx context.Context) (*Welcome, error) {
	if err := h.FoundShop(ctx); err != nil {
		return nil, err
	}
	email := h.Config.AdminEmail
	if a, err := mail.ParseAddress(email); err == nil {
		email = a.Address
	}
	password, created, err := h.Accounts().Bootstrap(ctx, tenant.Default, email, h.Config.ShopLanguage)
	if err != nil || !created {
		return nil, err
	}
	return &Welcome{email, password}, nil
}

// FoundShop makes the shop and its first policy where there are none. It makes
// no administrator: a password is made only where it can be shown.
func (h *House) FoundShop(ctx context.Context) error {
	by := actor.Of(tenant.Default)
	err := h.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tenant.ByHost(ctx, tx, "")
		if errors.Is(err, tenant.ErrUnknown) {
			_, err = tenant.Create(ctx, tx, tenant.Tenant{
				ID: tenant.Default, Name: h.Config.ShopName, Zone: h.Config.ShopZone, Language: h.Config.ShopLanguage,
				Currency: h.Config.ShopCurrency, SupportEmail: h.Config.SupportEmail,
			})
		}
		if err != nil {
			return err
		}
		return policy.New(nil, policy.Alone).Found(ctx, tx, by)
	})
	if err != nil {
		return fmt.Errorf("setting up the shop: %w", err)
	}
	return nil
}

// Accounts makes the verbs on staff accounts.
func (h *House) Accounts() *account.Service {
	accounts, _ := h.Staff(job.NewQueue(h.DB, h.Log), nil)
	return accounts
}

// Staff makes the verbs on staff accounts and on their second factors.
func (h *House) Staff(queue *job.Queue, deliver func(ctx context.Context, l factor.Letter) error) (*account.Service, *factor.Service) {
	factors := factor.New(factor.Options{
		Store: h.DB, Keys: h.Keys, Queue: queue, Deliver: deliver, Base: strings.TrimSuffix(h.Config.BaseURL.Reveal(), "/"), Demo: h.Config.Demo,
	})
	accounts := account.NewService(h.DB, secret.NewPasswords(secret.Cost{}), factors)
	if told := h.demo(); told != nil {
		for _, one := range told.Staff {
			accounts.Share(one.Email)
		}
		if h.Config.DemoSetup {
			accounts.LetSetUp()
		}
	}
	return accounts, factors
}
