package wechatpay_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/connect/wechatpay"
	"github.com/aftercare/aftercare/finance/settlement"
)

func options(s *server) wechatpay.Options {
	return wechatpay.Options{
		Merchant: merchant, Serial: serial, PrivateKey: private(merchantKey), APIKey: apiKey, PublicID: publicID, PublicKey: public(wechatKey),
		Endpoint: s.URL, Client: &http.Client{Timeout: 5 * time.Second},
		NotifyURL: func(tenant string) string { return "https://care.example/v1/hooks/wechatpay/" + tenant },
		Notice: func(_ context.Context, tenant, payout string, r settlement.Result) error {
			s.Hear(paytest.Notice{Tenant: tenant, Key: payout, Result: r})
			return nil
		},
	}
}

func open(t *testing.T, s *server, change func(*wechatpay.Options)) *wechatpay.Provider {
	t.Helper()
	o := options(s)
	if change != nil {
		change(&o)
	}
	p, err := wechatpay.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *server) request(payout string, amount money.Amount, trouble paytest.Trouble) settlement.Request {
	reference := "shop-" + payout
	s.Sell(paytest.Payment{Reference: reference, Tenant: "shop", Currency: "CNY"}, trouble)
	return settlement.Request{Key: payout, Tenant: "shop", Kind: "wechat", Reference: reference, Amount: amount}
}

func (s *server) notify(t *testing.T, p *wechatpay.Provider, payout string, genuine bool) int {
	key := wechatKey
	if !genuine {
		key = forgerKey
	}
	refund, _ := s.ByKey(payout)
	h, body := message(refund, key, time.Now(), merchant, apiKey)
	switch err := p.Hook(t.Context(), "shop", h, body); {
	case errors.Is(err, wechatpay.ErrSignature):
		return http.StatusUnauthorized
	case err != nil:
		return http.StatusInternalServerError
	}
	return http.StatusNoContent
}

func TestTheAdapterKeepsTheContract(t *testing.T) {
	paytest.Run(t, func(t *testing.T) paytest.Subject {
		s := newServer(t)
		p := open(t, s, nil)
		return paytest.Subject{
			Provider: p, Currency: "CNY", Request: s.request, Paid: s.Paid, Decide: s.Decide, Heard: s.Heard,
			Notify: func(payout string, genuine bool) int { return s.notify(t, p, payout, genuine) },
			Amounts: []paytest.Amount{
				{Amount: money.Of(9899, "CNY"), Books: "9899"},
				{Amount: money.Of(1, "CNY"), Books: "1"},
				{Amount: money.Of(0, "CNY")},
				{Amount: money.Of(966, "JPY")},
				{Amount: money.Of(1500, "KWD")},
				{Amount: money.Of(9899, "HKD")},
			},
		}
	})
}

func TestCodesOfWeChatPay(t *testing.T) {
	tests := []struct {
		status int
		code   string
		want   settlement.Outcome // empty: not known
	}{
		{403, "NOT_ENOUGH", settlement.Declined},
		{400, "INVALID_REQUEST", settlement.Declined},
		{400, "PARAM_ERROR", settlement.Declined},
		{403, "NO_AUTH", settlement.Declined},
		{404, "RESOURCE_NOT_EXISTS", settlement.Declined},
		{403, "USER_ACCOUNT_ABNORMAL", settlement.ByHand},
		{404, "MCH_NOT_EXISTS", ""},
		{429, "FREQUENCY_LIMITED", ""},
		{401, "SIGN_ERROR", ""},
		{500, "SYSTEM_ERROR", ""},
		{500, "INVALID_REQUEST", ""},
		{400, "INVENTED_TOMORROW", ""},
	}
	for _, test := range tests {
		t.Run(test.code, func(t *testing.T) {
			s := newServer(t)
			s.status, s.code = test.status, test.code
			got, err := open(t, s, nil).Refund(t.Context(), s.request("payout_1", money.Of(100, "CNY"), paytest.None))
			if got.Outcome != test.want || (err == nil) != (test.want != "") {
				t.Fatalf("%+v, %v, want %q", got, err, test.want)
			}
			if err == nil && !strings.Contains(got.Reason, test.code) || err != nil && (!strings.Contains(err.Error(), test.code) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("the code is not told in one line: %+v, %v", got, err)
			}
		})
	}
}

func TestAPaymentIsNamedByWhoseNumberItIs(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	for reference, field := range map[string]string{"4200000000002104083200000488": "transaction_id", "ORDER-1": "out_trade_no"} {
		s.Sell(paytest.Payment{Reference: reference, Currency: "CNY"}, paytest.None)
		r := settlement.Request{Key: "payout_" + reference, Tenant: "tea-shop", Reference: reference, Amount: money.Of(100, "CNY")}
		if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.Paid {
			t.Fatalf("%s: %+v, %v", reference, got, err)
		}
		sent := s.bodies[len(s.bodies)-1]
		for _, part := range []string{`"` + field + `":"` + reference + `"`, `"notify_url":"https://care.example/v1/hooks/wechatpay/tea-shop"`, `"out_refund_no":"payout_` + reference + `"`} {
			if !strings.Contains(sent, part) {
				t.Errorf("%s lacks %s", sent, part)
			}
		}
	}
}

func TestWrongSettingsAreNoAnswer(t *testing.T) {
	for name, change := range map[string]func(*wechatpay.Options){
		"another merchant":         func(o *wechatpay.Options) { o.Merchant = "1900009192" },
		"another certificate":      func(o *wechatpay.Options) { o.Serial = "ABCDEF0123456789" },
		"a key that does not fit":  func(o *wechatpay.Options) { o.PrivateKey = private(forgerKey) },
		"another key of WeChat":    func(o *wechatpay.Options) { o.PublicKey = public(forgerKey) },
		"another id of WeChat key": func(o *wechatpay.Options) { o.PublicID = "PUB_KEY_ID_1" },
	} {
		s := newServer(t)
		p := open(t, s, change)
		r := s.request("payout_1", money.Of(100, "CNY"), paytest.None)
		if got, err := p.Refund(t.Context(), r); err == nil {
			t.Errorf("%s: refund: %+v", name, got)
		}
		if got, err := p.Lookup(t.Context(), r); err == nil {
			t.Errorf("%s: lookup: %+v", name, got)
		}
	}
}

// A refusal decides as much as a success: it counts only when it is signed.
func TestAnAnswerWithoutASignatureIsNone(t *testing.T) {
	for _, status := range []int{200, 204, 400, 403, 404, 500} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"code":"RESOURCE_NOT_EXISTS","message":"x","status":"SUCCESS","out_refund_no":"payout_1","amount":{"refund":100,"total":100,"currency":"CNY"}}`))
		}))
		s := newServer(t)
		p := open(t, s, func(o *wechatpay.Options) { o.Endpoint = h.URL })
		r := s.request("payout_1", money.Of(100, "CNY"), paytest.None)
		if got, err := p.Lookup(t.Context(), r); err == nil {
			t.Errorf("%d: lookup: %+v", status, got)
		}
		if got, err := p.Refund(t.Context(), r); err == nil {
			t.Errorf("%d: refund: %+v", status, got)
		}
		h.Close()
	}
}

func TestAnAmountThatIsNotOursIsNoAnswer(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	r := s.request("payout_1", money.Of(100, "CNY"), paytest.None)
	if _, err := p.Refund(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	r.Amount.Minor++
	if got, err := p.Lookup(t.Context(), r); err == nil {
		t.Errorf("%+v", got)
	}
}

func TestAPaymentInAnotherCurrencyIsNotPaidBack(t *testing.T) {
	s := newServer(t)
	r := s.request("payout_1", money.Of(100, "CNY"), paytest.None)
	s.Sell(paytest.Payment{Reference: r.Reference, Currency: "USD"}, paytest.None)
	if got, err := open(t, s, nil).Refund(t.Context(), r); err != nil || got.Outcome != settlement.Declined || len(s.bodies) != 0 {
		t.Errorf("%+v, %v, sent %q", got, err, s.bodies)
	}
}

func TestMessagesOfWeChatPay(t *testing.T) {
	now := time.Now()
	tests := []struct {
		name  string
		state paytest.Trouble
		at    time.Time
		to    string
		with  string
		heard settlement.Outcome
		wrong bool
	}{
		{"paid", paytest.None, now, merchant, apiKey, settlement.Paid, false},
		{"abnormal", paytest.TurnedDown, now, merchant, apiKey, settlement.ByHand, false},
		{"still working", paytest.Pending, now, merchant, apiKey, "", false},
		{"kept for six minutes", paytest.None, now.Add(-6 * time.Minute), merchant, apiKey, "", true},
		{"of another merchant", paytest.None, now, "1900000000", apiKey, "", true},
		{"encrypted with another key", paytest.None, now, merchant, strings.Repeat("x", 32), "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			h, body := message(paytest.Refund{ID: "5030", Key: "payout_1", Amount: "100", State: test.state}, wechatKey, test.at, test.to, test.with)
			if err := open(t, s, nil).Hook(t.Context(), "shop", h, body); errors.Is(err, wechatpay.ErrSignature) != test.wrong || err != nil && !test.wrong {
				t.Errorf("%v", err)
			}
			got := settlement.Outcome("")
			if heard := s.Heard(); len(heard) == 1 {
				got = heard[0].Result.Outcome
			}
			if got != test.heard {
				t.Errorf("heard %q, want %q", got, test.heard)
			}
			body[len(body)/2] ^= 1
			if err := open(t, s, nil).Hook(t.Context(), "shop", h, body); !errors.Is(err, wechatpay.ErrSignature) {
				t.Errorf("a changed message: %v", err)
			}
		})
	}
}

// WeChat Pay tests its merchants with signatures that begin like this.
func TestAProbeIsRefused(t *testing.T) {
	s := newServer(t)
	h, body := message(paytest.Refund{ID: "5030", Key: "payout_1", Amount: "100"}, wechatKey, time.Now(), merchant, apiKey)
	h.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+h.Get("Wechatpay-Signature"))
	if err := open(t, s, nil).Hook(t.Context(), "shop", h, body); !errors.Is(err, wechatpay.ErrSignature) {
		t.Error(err)
	}
}

func TestAPlatformCertificateIsTakenForAKey(t *testing.T) {
	about := &x509.Certificate{SerialNumber: big.NewInt(0x5157f09e), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, &wechatKey.PublicKey, wechatKey)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	p := open(t, s, func(o *wechatpay.Options) {
		o.PublicID, o.PublicKey = "", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	})
	h, body := message(paytest.Refund{ID: "5030", Key: "payout_1", Amount: "100"}, wechatKey, time.Now(), merchant, apiKey)
	h.Set("Wechatpay-Serial", "5157F09E")
	if err := p.Hook(t.Context(), "shop", h, body); err != nil {
		t.Error(err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*wechatpay.Options){
		"merchant id":         func(o *wechatpay.Options) { o.Merchant = "shop" },
		"serial number":       func(o *wechatpay.Options) { o.Serial = "no" },
		"private key":         func(o *wechatpay.Options) { o.PrivateKey = "geheim" },
		"32 characters":       func(o *wechatpay.Options) { o.APIKey = "geheim" },
		"needs its id":        func(o *wechatpay.Options) { o.PublicID = "" },
		"public key of":       func(o *wechatpay.Options) { o.PublicKey = "geheim" },
		"merchant's own":      func(o *wechatpay.Options) { o.PublicKey = public(merchantKey) },
		"is not a URL":        func(o *wechatpay.Options) { o.Endpoint = "wechat" },
		"the merchant's priv": func(o *wechatpay.Options) { o.PrivateKey = "" },
	} {
		o := options(newServer(t))
		change(&o)
		if _, err := wechatpay.New(o); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
