package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/connect/easypost"
	"github.com/aftercare/aftercare/connect/kuaidi100"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/connect/webhook"
	"github.com/aftercare/aftercare/connect/wechatpay"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// merchantAccounts makes the accounts that shops keep themselves. What the
// configuration connects to serves the shops that have none.
func (h *House) merchantAccounts(s *services) (*merchant.Service, error) {
	allow, err := webhook.Networks(h.Config.WebhookAllow)
	if err != nil {
		return nil, fmt.Errorf("webhook_allow: %w", err)
	}
	return merchant.New(merchant.Options{
		Store: h.DB, Queue: s.queue, Keys: h.Keys, Log: h.Log, Base: h.base(), Home: h.home,
		Endpoints: map[string]string{
			stripe.Name: h.Config.StripeEndpoint.Reveal(), alipay.Name: h.Config.AlipayEndpoint.Reveal(), wechatpay.Name: h.Config.WechatpayEndpoint.Reveal(),
			kuaidi100.Name: h.Config.Kuaidi100URL.Reveal(), easypost.Name: h.Config.EasyPostURL.Reveal(),
		},
		Guarded: webhook.Client(allow), Plain: len(allow) > 0, Default: h.isDefault,
		UnderWay: underWay, Notice: h.heard(s), Dispute: h.disputed(s), Charged: h.charged(s),
	}), nil
}

// isDefault tells whether the configuration connects to a company.
func (h *House) isDefault(provider string) bool {
	c := h.Config
	switch provider {
	case stripe.Name:
		return c.StripeKey != ""
	case alipay.Name:
		return c.AlipayAppID != ""
	case wechatpay.Name:
		return c.WechatpayMchID != ""
	case kuaidi100.Name:
		return c.Kuaidi100Customer != ""
	case easypost.Name:
		return c.EasyPostKey != ""
	case carrier.Name:
		return c.CarrierURL != "" || c.CarrierSecrets != ""
	}
	return false
}

// underWay counts what began with an account and has not ended.
func underWay(ctx context.Context, tx *db.Tx, tenant, account string) (sum int64, err error) {
	for _, count := range []func(context.Context, *db.Tx, string, string) (int64, error){settlement.UnderWay, charge.UnderWay, shipment.UnderWay} {
		n, err := count(ctx, tx, tenant, account)
		if err != nil {
			return 0, fmt.Errorf("what is under way with account %s: %w", account, err)
		}
		sum += n
	}
	return sum, nil
}

// join has payouts and charges begin with a shop's own accounts and end with
// those they began with.
func (s *services) join() {
	s.payouts.AccountOf = func(ctx context.Context, tx *db.Tx, tenant, provider, orderID string) (string, error) {
		return s.merchants.Took(ctx, tx, tenant, provider, func() (time.Time, error) {
			o, err := order.ByID(ctx, tx, actor.Of(tenant), orderID)
			if errors.Is(err, order.ErrUnknown) {
				return tx.Now, nil
			}
			return o.PlacedAt, err
		})
	}
	s.payouts.Own = s.merchants.Pays
	s.charges.Accounts, s.charges.Own = s.merchants.Collecting, s.merchants.Collects
}

// ownHook takes a message of a company about a shop's own account: its
// signature is checked with that account's secret.
func (s *services) ownHook(company string) func(r *http.Request) (hook, error) {
	return func(r *http.Request) (hook, error) {
		if account := r.PathValue("account"); account != "" {
			opened, err := s.merchants.Opened(r.Context(), r.PathValue("tenant"), company, account)
			return hookOf(opened), err
		}
		at := slices.IndexFunc(s.pay.all(), func(p settlement.Provider) bool { return p.Name() == company })
		if at < 0 {
			return nil, nil
		}
		return hookOf(s.pay.all()[at]), nil
	}
}
