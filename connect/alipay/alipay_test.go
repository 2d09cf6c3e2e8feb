package alipay_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/finance/settlement"
)

func open(t *testing.T, s *server, change func(*alipay.Options)) *alipay.Provider {
	t.Helper()
	o := alipay.Options{
		AppID: app, PrivateKey: paytest.Private(applicationKey), PublicKey: paytest.Public(alipayKey), Endpoint: s.URL, Client: &http.Client{Timeout: 5 * time.Second},
		Notice: func(_ context.Context, tenant, payout string, r settlement.Result) error {
			s.Hear(paytest.Notice{Tenant: tenant, Key: payout, Result: r})
			return nil
		},
	}
	if change != nil {
		change(&o)
	}
	p, err := alipay.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *server) request(payout string, amount money.Amount, trouble paytest.Trouble) settlement.Request {
	reference := "shop-" + payout
	s.Sell(paytest.Payment{Reference: reference, Tenant: "shop"}, trouble)
	return settlement.Request{Key: payout, Tenant: "shop", Kind: "alipay", Reference: reference, Amount: amount}
}

func TestTheAdapterKeepsTheContract(t *testing.T) {
	paytest.Run(t, func(t *testing.T) paytest.Subject {
		s := newServer(t)
		p := open(t, s, nil)
		return paytest.Subject{
			Provider: p, Currency: "CNY", Request: s.request, Paid: s.Paid, Decide: s.Decide, Heard: s.Heard,
			Notify: func(payout string, genuine bool) int {
				key := alipayKey
				if !genuine {
					key = forgerKey
				}
				refund, _ := s.ByKey(payout)
				if err := p.Hook(t.Context(), "shop", s.Message(refund, key, nil)); errors.Is(err, alipay.ErrSignature) {
					return http.StatusUnauthorized
				} else if err != nil {
					return http.StatusInternalServerError
				}
				return http.StatusOK
			},
			Unable: []paytest.Trouble{paytest.TurnedDown}, // what fails later is gone from Alipay's books: absent
			Amounts: []paytest.Amount{
				{Amount: money.Of(9899, "CNY"), Books: "98.99"},
				{Amount: money.Of(9890, "CNY"), Books: "98.90"},
				{Amount: money.Of(100, "CNY"), Books: "1.00"},
				{Amount: money.Of(1, "CNY"), Books: "0.01"},
				{Amount: money.Of(10000000001, "CNY"), Books: "100000000.01"},
				{Amount: money.Of(0, "CNY")},
				{Amount: money.Of(966, "JPY")},
				{Amount: money.Of(1500, "KWD")},
				{Amount: money.Of(9899, "USD")},
			},
		}
	})
}

func TestCodesOfAlipay(t *testing.T) {
	tests := []struct {
		code string
		want settlement.Outcome // empty: not known
	}{
		{"ACQ.SELLER_BALANCE_NOT_ENOUGH", settlement.Declined},
		{"ACQ.REASON_TRADE_REFUND_FEE_ERR", settlement.Declined},
		{"ACQ.TRADE_HAS_CLOSE", settlement.Declined},
		{"ACQ.TRADE_HAS_FINISHED", settlement.ByHand},
		{"ACQ.BUYER_NOT_EXIST", settlement.ByHand},
		{"ACQ.SYSTEM_ERROR", ""},
		{"ACQ.REFUND_CHARGE_ERROR", ""},
		{"ACQ.DISCORDANT_REPEAT_REQUEST", ""},
		{"ACQ.INVENTED_TOMORROW", ""},
	}
	for _, test := range tests {
		t.Run(test.code, func(t *testing.T) {
			s := newServer(t)
			s.Refuse = test.code
			r := s.request("payout_1", money.Of(100, "CNY"), paytest.None)
			got, err := open(t, s, nil).Refund(t.Context(), r)
			if got.Outcome != test.want || (err == nil) != (test.want != "") {
				t.Fatalf("%+v, %v, want %q", got, err, test.want)
			}
			if text := got.Reason; err == nil && !strings.Contains(text, test.code) || err != nil && !strings.Contains(err.Error(), test.code) {
				t.Errorf("the code is not told: %+v, %v", got, err)
			}
		})
	}
}

func TestATradeIsNamedByWhoseNumberItIs(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	for _, reference := range []string{"2026112222001400000000000001", "ORDER-1", "20261122"} {
		s.Sell(paytest.Payment{Reference: reference}, paytest.None)
		r := settlement.Request{Key: "payout_" + reference, Reference: reference, Amount: money.Of(100, "CNY")}
		if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.Paid || !strings.HasSuffix(got.Reference, "/payout_"+reference) {
			t.Errorf("%s: %+v, %v", reference, got, err)
		}
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

func TestWhatCannotBeSentIsLeftToAPerson(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	for _, r := range []settlement.Request{
		{Key: "payout_1", Amount: money.Of(100, "CNY")},
		{Key: "payout 1", Reference: "x", Amount: money.Of(100, "CNY")},
		{Key: strings.Repeat("a", 65), Reference: "x", Amount: money.Of(100, "CNY")},
	} {
		if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.ByHand || got.Reason == "" {
			t.Errorf("%+v: %+v, %v", r, got, err)
		}
	}
}

func TestWrongSettingsAreNoAnswer(t *testing.T) {
	s := newServer(t)
	r := s.request("payout_1", money.Of(100, "CNY"), paytest.None)
	for name, change := range map[string]func(*alipay.Options){
		"invalid-app-id":    func(o *alipay.Options) { o.AppID = "2021000000000002" },
		"invalid-signature": func(o *alipay.Options) { o.PrivateKey = paytest.Private(forgerKey) },
		"signature of":      func(o *alipay.Options) { o.PublicKey = paytest.Public(forgerKey) },
	} {
		p := open(t, s, change)
		if got, err := p.Refund(t.Context(), r); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if got, err := p.Lookup(t.Context(), r); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What a proxy or a broken gateway answers is never a result.
func TestAnswersThatAreNotAlipaysAreErrors(t *testing.T) {
	for _, body := range []string{
		"", "<html>", "{}", `{"alipay_trade_refund_response":{"code":"10000","fund_change":"Y"}}`,
		`{"alipay_trade_refund_response":{"code":"10000","fund_change":"Y"},"sign":""}`,
		`{"alipay_trade_refund_response":{"code":"10000","fund_change":"Y"},"sign":"c2ln"}`,
		`{"alipay_trade_refund_response":{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}}`,
	} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		p := open(t, newServer(t), func(o *alipay.Options) { o.Endpoint = h.URL })
		if got, err := p.Refund(t.Context(), settlement.Request{Key: "k", Reference: "x", Amount: money.Of(100, "CNY")}); err == nil {
			t.Errorf("%s: %+v", body, got)
		}
		h.Close()
	}
}

func TestMessagesOfAlipay(t *testing.T) {
	tests := []struct {
		name   string
		change func(url.Values)
		heard  int
		wrong  bool
	}{
		{"a refund", nil, 1, false},
		{"a payment", func(f url.Values) { f.Del("out_biz_no"); f.Del("gmt_refund") }, 0, false},
		{"another application", func(f url.Values) { f.Set("app_id", "2021000000000009") }, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			p := open(t, s, nil)
			r := s.request("payout_1", money.Of(100, "CNY"), paytest.None)
			if _, err := p.Refund(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			refund, _ := s.ByKey(r.Key)
			body := s.Message(refund, alipayKey, test.change)
			if err := p.Hook(t.Context(), "shop", body); errors.Is(err, alipay.ErrSignature) != test.wrong {
				t.Errorf("%v", err)
			}
			changed := strings.Replace(string(body), "1234.00", "4321.00", 1)
			if err := p.Hook(t.Context(), "shop", []byte(changed)); !errors.Is(err, alipay.ErrSignature) {
				t.Errorf("a changed message was taken: %v", err)
			}
			if got := len(s.Heard()); got != test.heard {
				t.Errorf("heard %d", got)
			}
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	good := alipay.Options{AppID: app, PrivateKey: paytest.Private(applicationKey), PublicKey: paytest.Public(alipayKey)}
	for name, change := range map[string]func(*alipay.Options){
		"application id":    func(o *alipay.Options) { o.AppID = "shop" },
		"private key":       func(o *alipay.Options) { o.PrivateKey = "geheim" },
		"public key of":     func(o *alipay.Options) { o.PublicKey = "geheim" },
		"application's own": func(o *alipay.Options) { o.PublicKey = paytest.Public(applicationKey) },
		"URL":               func(o *alipay.Options) { o.Endpoint = "gateway" },
	} {
		o := good
		change(&o)
		if _, err := alipay.New(o); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := alipay.New(good); err != nil {
		t.Error(err)
	}
}
