package merchant

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/connect/easypost"
	"github.com/aftercare/aftercare/connect/kuaidi100"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/connect/wechatpay"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
)

// opened is an adapter made from what an account held at a version.
type opened struct {
	version int64
	adapter any
}

// Hook is the path to which a company sends messages about an account.
func (a Account) Hook() string {
	between := "/v1/hooks/"
	if spec, _ := specOf(a.Provider); spec.Kind == Carrier {
		between += "carriers/"
	}
	return between + a.Provider + "/" + a.Tenant + "/" + a.ID
}

// adapter opens an account; nil where its secrets are gone.
func (s *Service) adapter(a Account) (any, error) {
	if a.key == "" {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have, ok := s.open[place(a)]; ok && have.version == a.Version {
		return have.adapter, nil
	}
	plain, err := secrets(s.o.Keys, a)
	if err != nil {
		return nil, err
	}
	made, err := s.build(a, plain)
	if err != nil {
		return nil, fmt.Errorf("account %s of %s: %w", a.ID, a.Provider, err)
	}
	s.open[place(a)] = opened{a.Version, made}
	return made, nil
}

func (s *Service) forget(a Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, place(a))
}

// build makes the adapter of an account.
func (s *Service) build(a Account, plain map[string]string) (any, error) {
	at := s.o.Endpoints[a.Provider]
	set := a.Settings
	switch a.Provider {
	case stripe.Name:
		return stripe.New(stripe.Options{Key: plain["key"], WebhookSecret: plain["webhook_secret"], Endpoint: at, Notice: s.notice(a),
			Dispute: s.o.Dispute, Charged: s.charged(a), Return: s.o.Home})
	case alipay.Name:
		if at == "" && set["sandbox"] == "true" {
			at = "https://openapi-sandbox.dl.alipaydev.com/gateway.do"
		}
		return alipay.New(alipay.Options{AppID: set["app_id"], PrivateKey: plain["private_key"], PublicKey: set["public_key"], Endpoint: at, Notice: s.notice(a)})
	case wechatpay.Name:
		o := wechatpay.Options{Merchant: set["mchid"], Serial: set["serial"], PrivateKey: plain["private_key"], APIKey: plain["api_v3_key"],
			PublicID: set["public_key_id"], PublicKey: set["public_key"], Endpoint: at, Notice: s.notice(a)}
		if strings.HasPrefix(s.o.Base, "https://") { // it sends to nothing else
			o.NotifyURL = func(string) string { return s.o.Base + a.Hook() }
		}
		return wechatpay.New(o)
	case kuaidi100.Name:
		o := kuaidi100.Options{URL: at, Customer: set["customer"], Key: plain["key"], Salt: plain["salt"]}
		if s.o.Base != "" {
			o.Callback = func(string) string { return s.o.Base + a.Hook() }
		}
		return kuaidi100.New(o), nil
	case easypost.Name:
		grams, _ := strconv.Atoi(set["grams"]) // looked at when it was saved; empty: the adapter's own
		names := words(set["names"])
		if len(names) == 0 {
			names = []string{"USPS", "UPS", "FedEx", "DHL Express", "DHL", "Canada Post"}
		}
		return easypost.New(easypost.Options{URL: at, Key: plain["key"], Secret: plain["webhook_secret"], Names: names, Grams: grams}), nil
	case carrier.Name:
		return carrier.New(carrier.Options{URL: set["url"], Token: plain["token"], Secrets: words(plain["webhook_secret"]), Names: words(set["names"]), HTTP: s.o.Guarded})
	}
	return nil, errors.New("there is no adapter for " + a.Provider)
}

// notice passes on what is said of a payout with the account that said it.
func (s *Service) notice(a Account) func(context.Context, string, string, settlement.Result) error {
	return func(ctx context.Context, tenant, payout string, r settlement.Result) error {
		r.Account = a.ID
		return s.o.Notice(ctx, tenant, payout, r)
	}
}

func (s *Service) charged(a Account) func(context.Context, string, string, charge.Session) error {
	return func(ctx context.Context, tenant, key string, got charge.Session) error {
		got.Account = a.ID
		return s.o.Charged(ctx, tenant, key, got)
	}
}

// Took names the account that took a payment at an instant, which at tells and
// is asked only where the shop has accounts of the provider; empty: none of the
// shop's.
func (s *Service) Took(ctx context.Context, tx *db.Tx, tenant, provider string, at func() (time.Time, error)) (string, error) {
	if spec, ok := specOf(provider); !ok || spec.Kind != Payment {
		return "", nil
	}
	known, err := all(ctx, tx, tenant)
	if err != nil {
		return "", err
	}
	if len(known) == 0 {
		return "", nil
	}
	when, err := at()
	if err != nil {
		return "", err
	}
	a, _ := took(known, provider, when)
	return a.ID, nil
}

// Pays opens the account of a payout; nil where it is gone. off is since when
// nothing new begins with it; zero: it is on.
func (s *Service) Pays(ctx context.Context, tenant, account string) (p settlement.Provider, off time.Time, err error) {
	a, made, err := s.outside(ctx, tenant, account)
	p, _ = made.(settlement.Provider)
	return p, a.Until, err
}

// Collects opens the account of a charge; nil where it is gone.
func (s *Service) Collects(ctx context.Context, tenant, account string) (charge.Collector, error) {
	_, made, err := s.outside(ctx, tenant, account)
	c, _ := made.(charge.Collector)
	return c, err
}

// outside opens an account outside a transaction.
func (s *Service) outside(ctx context.Context, tenant, account string) (a Account, made any, err error) {
	err = s.o.Store.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = byID(ctx, tx, tenant, account)
		return err
	})
	if errors.Is(err, ErrUnknown) {
		return a, nil, nil
	}
	if err == nil {
		made, err = s.adapter(a)
	}
	return a, made, err
}

// Collecting are the accounts by provider with which a shop's customers pay.
func (s *Service) Collecting(ctx context.Context, tx *db.Tx, tenant string) (map[string]string, error) {
	known, err := all(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	if a, ok := current(known, stripe.Name, tx.Now); ok { // the one company that also takes money
		found[stripe.Name] = a.ID
	}
	return found, nil
}

// Carriers are the adapters of a shop's own accounts at carriers. One whose
// secrets cannot be opened is left out and told in the log.
func (s *Service) Carriers(ctx context.Context, tx *db.Tx, tenant string) (found []shipment.Owned, err error) {
	known, err := all(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	for _, spec := range specs {
		if a, ok := current(known, spec.Name, tx.Now); ok && spec.Kind == Carrier {
			made, err := s.adapter(a)
			if err != nil {
				s.o.Log.ErrorContext(ctx, "an account of a carrier cannot be opened", "account", a.ID, "err", err)
				continue
			}
			if c, ok := made.(shipment.Carrier); ok {
				found = append(found, shipment.Owned{Carrier: c, Account: a.ID})
			}
		}
	}
	return found, nil
}

// Kept opens an account of a carrier for what began with it; nil: it is gone.
func (s *Service) Kept(ctx context.Context, tx *db.Tx, tenant, account string) (shipment.Carrier, error) {
	a, err := byID(ctx, tx, tenant, account)
	if errors.Is(err, ErrUnknown) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	made, err := s.adapter(a)
	c, _ := made.(shipment.Carrier)
	return c, err
}

// Opened is an account's adapter for a message that came to its address; nil
// where there is none of that company.
func (s *Service) Opened(ctx context.Context, tenant, provider, account string) (any, error) {
	a, made, err := s.outside(ctx, tenant, account)
	if err != nil || a.Provider != provider {
		return nil, err
	}
	return made, nil
}

// words divides a list at its commas and lines.
func words(text string) (found []string) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '\n' || r == '，' || r == '、' }) {
		if word = strings.TrimSpace(word); word != "" {
			found = append(found, word)
		}
	}
	return found
}

func isNumber(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n > 0 && n <= 100_000
}

func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http")
}
