package doctor

import (
	"context"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/app"
)

// payments looks at the settings and keys of payment companies. It calls none:
// the first refund or message shows whether they fit.
func payments(_ context.Context, p *patient) []Finding {
	found := app.CheckPayments(p.cfg)
	if len(found) == 0 {
		return ok("payments", "no payment company is connected")
	}
	var all []Finding
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if err := found[name]; err != nil {
			all = append(all, fail("payments", name+": "+oneLine(err), "correct the settings "+name+"_…; docs/guides/payments.md says where to find each")...)
			continue
		}
		all = append(all, ok("payments", name+": settings and keys can be read")...)
	}
	if found["stripe"] == nil && p.cfg.StripeKey != "" && p.cfg.StripeWebhookSecret == "" {
		all = append(all, warn("payments", "stripe: no webhook secret: refunds that end later are asked for, chargebacks are not noticed", "make a webhook in Stripe's console and set stripe_webhook_secret")...)
	}
	if _, set := found["wechatpay"]; set && !strings.HasPrefix(p.cfg.BaseURL.Reveal(), "https://") {
		all = append(all, warn("payments", "wechatpay: base_url is not https: no messages will come, refunds are asked for", "set base_url to the https address of this server")...)
	}
	for _, path := range []string{p.cfg.AlipayPrivateKeyFile, p.cfg.WechatpayPrivateKeyFile} {
		if info, err := os.Stat(path); path != "" && err == nil && info.Mode().Perm()&0o077 != 0 {
			all = append(all, warn("payments", path+" is open to other users", "chmod 600 "+path)...)
		}
	}
	return all
}
