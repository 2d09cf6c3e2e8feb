package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/manualpay"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/connect/testpay"
	"github.com/aftercare/aftercare/connect/wechatpay"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
)

// companies are the payment companies that the settings connect to; nil: off.
type companies struct {
	stripe *stripe.Provider
	alipay *alipay.Provider
	wechat *wechatpay.Provider
}

// providers are the payment adapters of this binary.
func (h *House) providers(s *services) ([]settlement.Provider, error) {
	// What the test provider says by itself comes in as a real one's callback would.
	heard := func(tenant, key string, r settlement.Result) {
		if err := h.heard(s)(context.Background(), tenant, key, r); err != nil {
			h.Log.Warn("payment provider's message was not taken", "payout", key, "err", err)
		}
	}
	taken := func(tenant, key string, got charge.Session) {
		if err := h.charged(s)(context.Background(), tenant, key, got); err != nil {
			h.Log.Warn("payment provider's message was not taken", "charge", key, "err", err)
		}
	}
	books, err := testpay.Open(filepath.Join(h.Config.Data, "testpay", "journal.jsonl"), testpay.Options{Notice: heard, Collected: taken})
	if err != nil {
		return nil, fmt.Errorf("test payments: %w", err)
	}
	h.closing = append(h.closing, books.Close)
	all := []settlement.Provider{books, manualpay.Provider{}}
	if s.pay, err = h.companies(s); err != nil {
		return nil, err
	}
	return append(all, s.pay.all()...), nil
}

// all are the companies that are on.
func (c companies) all() (on []settlement.Provider) {
	if c.stripe != nil {
		on = append(on, c.stripe)
	}
	if c.alipay != nil {
		on = append(on, c.alipay)
	}
	if c.wechat != nil {
		on = append(on, c.wechat)
	}
	return on
}

// heard passes on what a company says of a payout. One that is not here is
// somebody else's who uses the same account.
func (h *House) heard(s *services) func(ctx context.Context, tenant, key string, r settlement.Result) error {
	return func(ctx context.Context, tenant, key string, r settlement.Result) error {
		err := h.DB.Write(ctx, func(tx *db.Tx) error { return s.payouts.Notice(ctx, tx, tenant, key, r) })
		if errors.Is(err, settlement.ErrUnknown) {
			h.Log.WarnContext(ctx, "a payment company told of a payout that is not here", "tenant", tenant, "payout", key)
			return nil
		}
		return err
	}
}

// charged passes on what a company says of money that a customer owes.
func (h *House) charged(s *services) func(ctx context.Context, tenant, key string, got charge.Session) error {
	return func(ctx context.Context, tenant, key string, got charge.Session) error {
		err := h.DB.Write(ctx, func(tx *db.Tx) error { return s.charges.Notice(ctx, tx, tenant, key, got) })
		if errors.Is(err, charge.ErrUnknown) {
			h.Log.WarnContext(ctx, "a payment company told of a charge that is not here", "tenant", tenant, "charge", key)
			return nil
		}
		return err
	}
}

// companies connects to those that are set.
func (h *House) companies(s *services) (c companies, err error) {
	c.stripe, err = openStripe(h.Config, func(o *stripe.Options) {
		o.Notice, o.Dispute, o.Charged = h.heard(s), h.disputed(s), h.charged(s)
		o.Return = h.home
	})
	if err != nil {
		return c, err
	}
	if c.alipay, err = openAlipay(h.Config, func(o *alipay.Options) { o.Notice = h.heard(s) }); err != nil {
		return c, err
	}
	c.wechat, err = openWechat(h.Config, func(o *wechatpay.Options) {
		o.Notice = h.heard(s)
		if strings.HasPrefix(h.Config.BaseURL.Reveal(), "https://") { // it sends to nothing else
			o.NotifyURL = func(tenant string) string {
				return h.base() + strings.TrimPrefix(hookRoute(wechatpay.Name, tenant), "POST ")
			}
		}
	})
	return c, err
}

func openStripe(c *config.Config, more func(*stripe.Options)) (*stripe.Provider, error) {
	if c.StripeKey == "" && c.StripeWebhookSecret == "" {
		return nil, nil
	}
	o := stripe.Options{Key: c.StripeKey.Reveal(), WebhookSecret: c.StripeWebhookSecret.Reveal(), Endpoint: c.StripeEndpoint.Reveal()}
	more(&o)
	p, err := stripe.New(o)
	if err != nil {
		return nil, fmt.Errorf("settings stripe_…: %w", err)
	}
	return p, nil
}

func openAlipay(c *config.Config, more func(*alipay.Options)) (*alipay.Provider, error) {
	if c.AlipayAppID == "" && c.AlipayPrivateKeyFile == "" && c.AlipayPublicKeyFile == "" {
		return nil, nil
	}
	private, err := keyFile("alipay_private_key_file", c.AlipayPrivateKeyFile)
	if err != nil {
		return nil, err
	}
	public, err := keyFile("alipay_public_key_file", c.AlipayPublicKeyFile)
	if err != nil {
		return nil, err
	}
	o := alipay.Options{AppID: c.AlipayAppID, PrivateKey: private, PublicKey: public, Endpoint: c.AlipayEndpoint.Reveal()}
	more(&o)
	p, err := alipay.New(o)
	if err != nil {
		return nil, fmt.Errorf("settings alipay_…: %w", err)
	}
	return p, nil
}

func openWechat(c *config.Config, more func(*wechatpay.Options)) (*wechatpay.Provider, error) {
	if c.WechatpayMchID == "" && c.WechatpayPrivateKeyFile == "" && c.WechatpayPublicKeyFile == "" && c.WechatpayAPIv3Key == "" {
		return nil, nil
	}
	private, err := keyFile("wechatpay_private_key_file", c.WechatpayPrivateKeyFile)
	if err != nil {
		return nil, err
	}
	public, err := keyFile("wechatpay_public_key_file", c.WechatpayPublicKeyFile)
	if err != nil {
		return nil, err
	}
	o := wechatpay.Options{
		Merchant: c.WechatpayMchID, Serial: c.WechatpaySerial, PrivateKey: private, APIKey: c.WechatpayAPIv3Key.Reveal(),
		PublicID: c.WechatpayPublicKeyID, PublicKey: public, Endpoint: c.WechatpayEndpoint.Reveal(),
	}
	more(&o)
	p, err := wechatpay.New(o)
	if err != nil {
		return nil, fmt.Errorf("settings wechatpay_…: %w", err)
	}
	return p, nil
}

// keyFile reads a key, whose content no error repeats.
func keyFile(setting, path string) (string, error) {
	if path == "" {
		return "", fmt.Errorf("setting %s is missing", setting)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("setting %s: %w", setting, err)
	}
	return string(text), nil
}

// CheckPayments tells of each payment company that is set, by name, what is
// wrong with its settings and keys; nil: nothing. It calls nobody.
func CheckPayments(c *config.Config) map[string]error {
	found := map[string]error{}
	if p, err := openStripe(c, func(*stripe.Options) {}); p != nil || err != nil {
		found[stripe.Name] = err
	}
	if p, err := openAlipay(c, func(*alipay.Options) {}); p != nil || err != nil {
		found[alipay.Name] = err
	}
	if p, err := openWechat(c, func(*wechatpay.Options) {}); p != nil || err != nil {
		found[wechatpay.Name] = err
	}
	return found
}

// disputed opens or ends the chargebacks of a dispute at Stripe. A tender may
// call its payment by either of two names, so there is one for each. Told twice
// or in the wrong order, it comes to the same.
func (h *House) disputed(s *services) func(ctx context.Context, tenant string, d stripe.Dispute) error {
	return func(ctx context.Context, tenant string, d stripe.Dispute) error {
		return h.DB.Write(ctx, func(tx *db.Tx) error {
			by := actor.Of(tenant)
			known, err := settlement.ChargebacksOf(ctx, tx, tenant, stripe.Name, d.ID)
			if err != nil {
				return err
			}
			if d.Standing == stripe.Open {
				return s.block(ctx, tx, by, d, len(known) > 0)
			}
			for _, c := range known {
				if c.State != settlement.Open {
					continue
				}
				if _, err := s.payouts.Unblock(ctx, tx, by, c.ID, 0, settlement.Standing(d.Standing)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (s *services) block(ctx context.Context, tx *db.Tx, by actor.Actor, d stripe.Dispute, known bool) error {
	if known { // and perhaps ended by a person, who knows better
		return nil
	}
	for _, payment := range d.Payments {
		what := settlement.Against{Provider: stripe.Name, Payment: payment, Reference: d.ID}
		if _, err := s.payouts.Block(ctx, tx, by, what, "Stripe: "+d.Reason); err != nil {
			return err
		}
	}
	return nil
}
