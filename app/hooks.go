package app

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/connect/wechatpay"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

var (
	ErrHookOff    = fault.New(fault.Missing, "payments.hook_off", "This payment company is not connected.")
	ErrHookForged = fault.New(fault.Denied, "payments.hook_forged", "The message is not signed by the payment company, or is too old.")
)

// maxHook is more than any company sends.
const maxHook = 256 << 10

// hookRoute is where a company sends messages about a shop: the shop is in the
// path, because each company lets an address be chosen but not every message
// names a payout of ours.
func hookRoute(company, shop string) string { return "POST /v1/hooks/" + company + "/" + shop }

// hook is what a company's adapter does with a message for a shop; answer is
// what the company wants to read.
type hook func(ctx context.Context, shop string, header http.Header, body []byte) (answer string, err error)

// paymentHooks registers the addresses of payment companies. They exist also
// where a company is not connected, and say so.
func (h *House) paymentHooks(s *services) {
	forged := map[string]error{stripe.Name: stripe.ErrSignature, alipay.Name: alipay.ErrSignature, wechatpay.Name: wechatpay.ErrSignature}
	for _, company := range []string{stripe.Name, alipay.Name, wechatpay.Name} {
		for _, place := range []struct{ shop, about string }{{"{tenant}", ""}, {"{tenant}/{account}", " about a shop's own account"}} {
			httpapi.Stream(s.api, httpapi.Op{
				Route: hookRoute(company, place.shop), Need: httpapi.Public, Tag: "payouts", Summary: "Take a message of " + company + place.about,
				Produces: "text/plain", Anew: true, MaxBody: maxHook, Faults: []*fault.Fault{ErrHookOff, ErrHookForged, tenant.ErrUnknown},
			}, h.takeHook(s.ownHook(company), forged[company]))
		}
	}
}

// hookOf is how an adapter takes messages; nil: there is none.
func hookOf(adapter any) hook {
	switch p := adapter.(type) {
	case *stripe.Provider:
		return func(ctx context.Context, shop string, header http.Header, body []byte) (string, error) {
			return "", p.Hook(ctx, shop, header, body)
		}
	case *alipay.Provider:
		return func(ctx context.Context, shop string, _ http.Header, body []byte) (string, error) {
			return alipay.Answer, p.Hook(ctx, shop, body)
		}
	case *wechatpay.Provider:
		return func(ctx context.Context, shop string, header http.Header, body []byte) (string, error) {
			return "", p.Hook(ctx, shop, header, body)
		}
	}
	return nil
}

// takeHook answers 200 only when the message was taken: after anything else
// companies send it again.
func (h *House) takeHook(find func(r *http.Request) (hook, error), forged error) func(context.Context, actor.Actor, http.ResponseWriter, *http.Request) error {
	return func(ctx context.Context, _ actor.Actor, w http.ResponseWriter, r *http.Request) error {
		take, err := find(r)
		if err != nil {
			return err
		}
		if take == nil {
			return ErrHookOff
		}
		ctx, cancel := context.WithTimeout(ctx, h.Config.RequestTimeout)
		defer cancel()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		shop := r.PathValue("tenant")
		err = h.DB.Read(ctx, func(tx *db.Tx) error {
			_, err := tenant.ByID(ctx, tx, shop)
			return err
		})
		if err != nil {
			return err
		}
		answer, err := take(ctx, shop, r.Header, body)
		if errors.Is(err, forged) {
			h.Log.WarnContext(ctx, "a message with a wrong signature was refused", "path", r.URL.Path, "err", err)
			return ErrHookForged
		}
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err = io.WriteString(w, answer)
		return err
	}
}
