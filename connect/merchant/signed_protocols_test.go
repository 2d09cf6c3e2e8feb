package merchant_test

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/alipay/alipaytest"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/connect/wechatpay"
)

// byAlipay is Alipay's open platform: forms signed by the application, answers
// and messages signed by the key that Alipay made for it.
var byAlipay = protocol{
	name: alipay.Name, kind: "alipay", forged: alipay.ErrSignature,
	till: func(n int) *till { return newTill(fmt.Sprintf("20210000000000%02d", n), "") },
	account: func(a *till) (settings, secrets map[string]string) {
		return map[string]string{"app_id": a.id, "public_key": paytest.Public(a.theirs)}, map[string]string{"private_key": paytest.Private(a.own)}
	},
	who: func(_ *http.Request, body []byte) string { return form(body).Get("app_id") },
	genuine: func(a *till, _ *http.Request, body []byte) bool {
		return a.application().Genuine(form(body))
	},
	answer: func(a *till, w http.ResponseWriter, r *http.Request, _ []byte) { a.application().ServeHTTP(w, r) },
	message: func(a *till, payout string) (http.Header, []byte) {
		return nil, a.application().Message(paytest.Refund{Key: payout}, a.theirs, nil)
	},
	hook: func(t *testing.T, opened any, shop string, _ http.Header, body []byte) error {
		return opened.(*alipay.Provider).Hook(t.Context(), shop, body)
	},
	amount: func(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) },
}

func (a *till) application() *alipaytest.Application {
	return &alipaytest.Application{Books: a.Books, ID: a.id, Own: a.own, Theirs: a.theirs, Wait: a.undecide}
}

func form(body []byte) url.Values {
	all, _ := url.ParseQuery(string(body))
	return all
}

// byWeChatPay is WeChat Pay's third version: requests signed in a header by the
// merchant, messages encrypted with the key that both share.
var byWeChatPay = protocol{
	name: wechatpay.Name, kind: "wechat", forged: wechatpay.ErrSignature,
	till: func(n int) *till {
		return newTill(fmt.Sprintf("19000091%02d", n), fmt.Sprintf("0123456789abcdef0123456789abcd%02d", n))
	},
	account: func(a *till) (settings, secrets map[string]string) {
		return map[string]string{"mchid": a.id, "serial": serialOf(a), "public_key_id": "PUB_KEY_ID_" + a.id, "public_key": paytest.PEM("PUBLIC KEY", paytest.Public(a.theirs))},
			map[string]string{"private_key": paytest.PEM("PRIVATE KEY", paytest.Private(a.own)), "api_v3_key": a.api}
	},
	who: func(r *http.Request, _ []byte) string {
		if m := authorization.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
			return m[1]
		}
		return ""
	},
	genuine: func(a *till, r *http.Request, body []byte) bool {
		m := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
		text := r.Method + "\n" + r.URL.RequestURI() + "\n" + m[3] + "\n" + m[2] + "\n" + string(body) + "\n"
		return m[4] == serialOf(a) && r.Header.Get("Wechatpay-Serial") == "PUB_KEY_ID_"+a.id && paytest.Signed(a.own, text, m[5])
	},
	answer: func(a *till, w http.ResponseWriter, r *http.Request, body []byte) {
		reply := func(status int, v any) {
			raw, _ := json.Marshal(v)
			wechatSigned(w.Header(), a, raw)
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.WriteHeader(status)
			_, _ = w.Write(raw)
		}
		last := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		switch {
		case strings.HasPrefix(r.URL.Path, "/v3/pay/transactions/"):
			if _, _, known := a.Payment(last); !known {
				reply(http.StatusNotFound, map[string]string{"code": "ORDER_NOT_EXIST", "message": "抱歉"})
				return
			}
			reply(http.StatusOK, map[string]any{"out_trade_no": last, "trade_state": "REFUND", "amount": map[string]any{"total": 2000000, "currency": "CNY"}})
		case r.Method == http.MethodPost:
			var in struct {
				OutTradeNo  string `json:"out_trade_no"`
				OutRefundNo string `json:"out_refund_no"`
				NotifyURL   string `json:"notify_url"`
				Amount      struct{ Refund int64 }
			}
			_ = json.Unmarshal(body, &in)
			if _, _, known := a.Payment(in.OutTradeNo); !known {
				reply(http.StatusNotFound, map[string]string{"code": "RESOURCE_NOT_EXISTS", "message": "抱歉"})
				return
			}
			made, _ := a.Pay(paytest.Refund{Key: in.OutRefundNo, Payment: in.OutTradeNo, Tenant: in.NotifyURL, Amount: fmt.Sprint(in.Amount.Refund), State: a.state()})
			reply(http.StatusOK, wechatRefund(made))
		default:
			made, ok := a.ByKey(last)
			if !ok {
				reply(http.StatusNotFound, map[string]string{"code": "RESOURCE_NOT_EXISTS", "message": "抱歉"})
				return
			}
			reply(http.StatusOK, wechatRefund(made))
		}
	},
	message: func(a *till, payout string) (http.Header, []byte) {
		plain, _ := json.Marshal(map[string]any{"mchid": a.id, "out_refund_no": payout, "refund_id": "re_1", "refund_status": "SUCCESS"})
		block, _ := aes.NewCipher([]byte(a.api))
		seal, _ := cipher.NewGCM(block)
		nonce := []byte("fdasflkja484")
		body, _ := json.Marshal(map[string]any{"id": "EV-1", "event_type": "REFUND.SUCCESS", "resource_type": "encrypt-resource", "resource": map[string]string{
			"algorithm": "AEAD_AES_256_GCM", "original_type": "refund", "nonce": string(nonce), "associated_data": "refund",
			"ciphertext": base64.StdEncoding.EncodeToString(seal.Seal(nil, nonce, plain, []byte("refund")))}})
		header := http.Header{}
		wechatSigned(header, a, body)
		return header, body
	},
	hook: func(t *testing.T, opened any, shop string, header http.Header, body []byte) error {
		return opened.(*wechatpay.Provider).Hook(t.Context(), shop, header, body)
	},
	amount: func(minor int64) string { return fmt.Sprint(minor) },
}

var authorization = regexp.MustCompile(`^WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",nonce_str="(\w+)",timestamp="(\d+)",serial_no="(\w+)",signature="(.+)"$`)

func serialOf(a *till) string { return "1DDE55AD98ED71D6" + a.id }

func wechatSigned(h http.Header, a *till, body []byte) {
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	h.Set("Wechatpay-Timestamp", stamp)
	h.Set("Wechatpay-Nonce", "nonce")
	h.Set("Wechatpay-Serial", "PUB_KEY_ID_"+a.id)
	h.Set("Wechatpay-Signature", paytest.Sign(a.theirs, stamp+"\nnonce\n"+string(body)+"\n"))
	h.Set("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048")
}

func wechatRefund(r paytest.Refund) map[string]any {
	status := map[paytest.Trouble]string{paytest.None: "SUCCESS", paytest.Pending: "PROCESSING"}[r.State]
	return map[string]any{"refund_id": r.ID, "out_refund_no": r.Key, "status": status, "amount": map[string]any{"refund": json.Number(r.Amount), "currency": "CNY"}}
}
