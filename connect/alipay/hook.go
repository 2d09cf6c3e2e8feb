package alipay

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/aftercare/aftercare/finance/settlement"
)

// ErrSignature says that a message is not Alipay's, or not for this application.
var ErrSignature = errors.New("alipay: the signature of the message is wrong")

// Answer is what Alipay wants to read when its message was taken; after
// anything else it sends the message again, for a day.
const Answer = "success"

// Hook takes a message that Alipay sent to the address of a tenant: a form. It
// fails with ErrSignature when Alipay did not sign it for this application.
// Messages about payments, and about refunds that are not ours, are accepted
// and ignored.
func (p *Provider) Hook(ctx context.Context, tenant string, body []byte) error {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return fmt.Errorf("%w: not a form", ErrSignature)
	}
	if form.Get("sign_type") != "RSA2" || !verify(p.public, toSign(form, "sign", "sign_type"), form.Get("sign")) {
		return ErrSignature
	}
	if form.Get("app_id") != p.o.AppID {
		return fmt.Errorf("%w: it is for another application", ErrSignature)
	}
	payout := form.Get("out_biz_no") // a refund's out_request_no; payments have none
	if payout == "" || form.Get("gmt_refund") == "" || p.o.Notice == nil {
		return nil
	}
	return p.o.Notice(ctx, tenant, payout, settlement.Result{Outcome: settlement.Paid, Reference: reference(form.Get("trade_no"), payout)})
}
