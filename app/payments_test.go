package app_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// reserve makes a payout that the running house pays.
func reserve(t *testing.T, h *app.House, provider, reference, caseID string) settlement.Payout {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	payouts := settlement.New(h.DB, job.NewQueue(h.DB, quiet), quiet)
	plan := settlement.Plan{Case: caseID, Order: "ord_1", Currency: "CNY", Parts: []settlement.Part{
		{Purpose: settlement.Goods, Tender: "t1", Kind: "card", Provider: provider, Reference: reference, Amount: 9900},
	}}
	var all []settlement.Payout
	err := h.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		all, err = payouts.Reserve(t.Context(), tx, actor.Of("main"), plan)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// becomes waits until a payout is in a state.
func becomes(t *testing.T, h *app.House, payout string, want settlement.State) (p settlement.Payout) {
	t.Helper()
	for until := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			p, err = settlement.ByID(t.Context(), tx, "main", payout)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if p.State == want {
			return p
		}
		if time.Now().After(until) {
			t.Fatalf("the payout is %s (%s), want %s", p.State, p.LastError, want)
		}
	}
}

// tell posts a message and returns the status and the answer.
func tell(t *testing.T, address, path string, header http.Header, body []byte) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+path, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	text, _ := io.ReadAll(w.Body)
	return w.StatusCode, string(text)
}

// stripeOf answers as Stripe does about one payment, its refund and a dispute.
type stripeOf struct {
	mu      sync.Mutex
	refund  map[string]any
	page    map[string]any
	dispute string
}

func (s *stripeOf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var answer any
	switch {
	case strings.HasPrefix(r.URL.Path, "/v1/payment_intents/"):
		answer = map[string]any{"id": "pi_1", "currency": "cny"}
	case strings.HasPrefix(r.URL.Path, "/v1/disputes/"):
		answer = map[string]any{"id": "dp_1", "status": s.dispute, "payment_intent": "pi_1", "charge": "ch_1", "amount": 9900, "currency": "cny", "reason": "fraudulent"}
	case strings.HasPrefix(r.URL.Path, "/v1/checkout/sessions"):
		if r.Method == http.MethodPost {
			_ = r.ParseForm()
			s.page = map[string]any{
				"id": "cs_1", "status": "open", "payment_status": "unpaid", "url": "https://checkout.example/cs_1", "currency": "cny", "amount_total": 1500,
				"metadata": map[string]string{"aftercare_charge": r.PostForm.Get("metadata[aftercare_charge]"), "aftercare_tenant": r.PostForm.Get("metadata[aftercare_tenant]")},
			}
		}
		answer = s.page
	case r.Method == http.MethodPost:
		_ = r.ParseForm()
		s.refund = map[string]any{
			"id": "re_1", "status": "pending", "amount": 9900, "currency": "cny",
			"metadata": map[string]string{"aftercare_payout": r.PostForm.Get("metadata[aftercare_payout]"), "aftercare_tenant": r.PostForm.Get("metadata[aftercare_tenant]")},
		}
		answer = s.refund
	case r.URL.Path == "/v1/refunds":
		answer = map[string]any{"object": "list", "url": "/v1/refunds", "data": []any{s.refund}}
	default:
		answer = s.refund
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *stripeOf) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func stripeEvent(kind string, object any, secret string) (http.Header, []byte) {
	raw, _ := json.Marshal(map[string]any{"id": "evt_1", "object": "event", "type": kind, "data": map[string]any{"object": object}})
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: raw, Secret: secret})
	return http.Header{"Stripe-Signature": {signed.Header}}, raw
}

func TestStripesMessagesSettlePayoutsAndBlockDisputedOnes(t *testing.T) {
	company := &stripeOf{dispute: "needs_response"}
	server := httptest.NewServer(company)
	defer server.Close()
	args := []string{"--nats", "off", "--stripe-key", "sk_test_1", "--stripe-webhook-secret", "whsec_1", "--stripe-endpoint", server.URL}
	eachHouse(t, args, func(t *testing.T, cfg *config.Config) {
		company.set(func() { company.dispute = "needs_response" })
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		address, stop := start(t, h)
		const path = "/v1/hooks/stripe/main"
		p := reserve(t, h, "stripe", "pi_1", "case_1")
		becomes(t, h, p.ID, settlement.Submitted)

		header, body := stripeEvent("refund.updated", company.refund, "whsec_other")
		if status, text := tell(t, address, path, header, body); status != http.StatusForbidden || !strings.Contains(text, "payments.hook_forged") {
			t.Errorf("a forged message: %d %s", status, text)
		}
		company.set(func() { company.refund["status"] = "succeeded" })
		header, body = stripeEvent("refund.updated", company.refund, "whsec_1")
		for range 2 {
			if status, text := tell(t, address, path, header, body); status != http.StatusOK {
				t.Errorf("a message: %d %s", status, text)
			}
		}
		if p = becomes(t, h, p.ID, settlement.Succeeded); p.ProviderRef != "re_1" {
			t.Errorf("paid as %s", p.ProviderRef)
		}

		disputes := func() (open int) {
			err := h.DB.Read(t.Context(), func(tx *db.Tx) error {
				all, err := settlement.ChargebacksOf(t.Context(), tx, "main", "stripe", "dp_1")
				for _, c := range all {
					if c.State == settlement.Open {
						open++
					}
				}
				if len(all) != 2 {
					t.Errorf("%d chargebacks, want one for each name of the payment", len(all))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return open
		}
		for _, kind := range []string{"charge.dispute.created", "charge.dispute.created", "charge.dispute.updated"} {
			header, body = stripeEvent(kind, map[string]string{"id": "dp_1"}, "whsec_1")
			if status, text := tell(t, address, path, header, body); status != http.StatusOK || disputes() != 2 {
				t.Errorf("%s: %d %s, %d are open", kind, status, text, disputes())
			}
		}
		blocked := reserve(t, h, "stripe", "pi_1", "case_2")
		becomes(t, h, blocked.ID, settlement.Blocked)
		company.set(func() { company.dispute = "won" })
		for _, kind := range []string{"charge.dispute.closed", "charge.dispute.closed", "charge.dispute.created"} {
			header, body = stripeEvent(kind, map[string]string{"id": "dp_1"}, "whsec_1")
			if status, text := tell(t, address, path, header, body); status != http.StatusOK || disputes() != 0 {
				t.Errorf("%s: %d %s, %d are open", kind, status, text, disputes())
			}
		}
		becomes(t, h, blocked.ID, settlement.Submitted)
		company.set(func() { company.dispute = "under_review" }) // as after a person has ended it here
		header, body = stripeEvent("charge.dispute.updated", map[string]string{"id": "dp_1"}, "whsec_1")
		if status, text := tell(t, address, path, header, body); status != http.StatusOK || disputes() != 0 {
			t.Errorf("a dispute that was ended here: %d %s, %d are open", status, text, disputes())
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestACustomersPaymentAtStripeEndsACharge(t *testing.T) {
	company := &stripeOf{}
	server := httptest.NewServer(company)
	defer server.Close()
	args := []string{"--nats", "off", "--stripe-key", "sk_test_1", "--stripe-webhook-secret", "whsec_1", "--stripe-endpoint", server.URL}
	eachHouse(t, args, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		address, stop := start(t, h)
		quiet := slog.New(slog.DiscardHandler)
		collector, err := stripe.New(stripe.Options{Key: "sk_test_1", Endpoint: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		charges := charge.NewService(h.DB, job.NewQueue(h.DB, quiet), quiet, collector)
		by := actor.Of("main")
		var owed charge.Charge
		err = h.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
			owed, err = charges.Demand(t.Context(), tx, by, charge.New{
				Case: "case_1", Order: "ord_1", Customer: "cus_1", Purpose: charge.ExchangeDifference, Amount: money.Of(1500, "CNY"), Due: tx.Now.Add(time.Hour),
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		owed, err = charges.Collect(t.Context(), by, owed.ID, charge.With{Provider: "stripe", Return: "https://shop.example/x"})
		if err != nil || owed.Attempt == nil || owed.Attempt.URL != "https://checkout.example/cs_1" {
			t.Fatalf("%+v, %v", owed.Attempt, err)
		}
		company.set(func() {
			company.page["payment_status"], company.page["status"], company.page["payment_intent"] = "paid", "complete", "pi_9"
		})
		for range 2 {
			header, body := stripeEvent("checkout.session.completed", company.page, "whsec_1")
			if status, text := tell(t, address, "/v1/hooks/stripe/main", header, body); status != http.StatusOK {
				t.Errorf("%d %s", status, text)
			}
		}
		err = h.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
			owed, err = charge.ByID(t.Context(), tx, by, owed.ID)
			return err
		})
		if err != nil || owed.State != charge.Paid || owed.Reference != "pi_9" {
			t.Errorf("the charge is %s by %s (%v)", owed.State, owed.Reference, err)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// alipayFiles makes the files of the settings and returns Alipay's own key.
func alipayFiles(t *testing.T) (args []string, key *rsa.PrivateKey) {
	t.Helper()
	folder := t.TempDir()
	ours, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	private, _ := x509.MarshalPKCS8PrivateKey(ours)
	public, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	for name, raw := range map[string][]byte{"private": private, "public": public} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(base64.StdEncoding.EncodeToString(raw)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"--alipay-app-id", "2021000000000001", "--alipay-private-key-file", filepath.Join(folder, "private"), "--alipay-public-key-file", filepath.Join(folder, "public")}, key
}

func alipayMessage(key *rsa.PrivateKey, payout string) []byte {
	form := url.Values{"app_id": {"2021000000000001"}, "trade_no": {"2026112222001400000000000001"}, "out_biz_no": {payout}, "gmt_refund": {"2026-11-22 09:00:00"}}
	var parts []string
	for name := range form {
		parts = append(parts, name+"="+form.Get(name))
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "&")))
	raw, _ := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	form.Set("sign", base64.StdEncoding.EncodeToString(raw))
	form.Set("sign_type", "RSA2")
	return []byte(form.Encode())
}

func TestAMessageSettlesWhatTheCompanyDoesNotAnswer(t *testing.T) {
	args, key := alipayFiles(t)
	eachHouse(t, append(args, "--nats", "off", "--alipay-endpoint", "http://127.0.0.1:1/gateway.do"), func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		address, stop := start(t, h)
		p := reserve(t, h, "alipay", "ORDER-1", "case_1")
		becomes(t, h, p.ID, settlement.Submitted)
		form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		tests := []struct {
			name, path string
			body       []byte
			want       int
			text       string
		}{
			{"of another shop", "/v1/hooks/alipay/nowhere", alipayMessage(key, p.ID), http.StatusNotFound, "tenant."},
			{"changed", "/v1/hooks/alipay/main", append(alipayMessage(key, p.ID), "&x=y"...), http.StatusForbidden, "payments.hook_forged"},
			{"too large", "/v1/hooks/alipay/main", make([]byte, 300<<10), http.StatusRequestEntityTooLarge, "request.too_large"},
			{"to a company that is not connected", "/v1/hooks/wechatpay/main", nil, http.StatusNotFound, "payments.hook_off"},
			{"of a payout that is not here", "/v1/hooks/alipay/main", alipayMessage(key, "payout_unknown"), http.StatusOK, "success"},
			{"right", "/v1/hooks/alipay/main", alipayMessage(key, p.ID), http.StatusOK, "success"},
		}
		for _, test := range tests {
			if status, text := tell(t, address, test.path, form, test.body); status != test.want || !strings.Contains(text, test.text) {
				t.Errorf("a message %s: %d %s, want %d %s", test.name, status, text, test.want, test.text)
			}
		}
		if p = becomes(t, h, p.ID, settlement.Succeeded); p.ProviderRef != "2026112222001400000000000001/"+p.ID {
			t.Errorf("paid as %s", p.ProviderRef)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestWrongPaymentSettingsStopTheStartAndAreNotRepeated(t *testing.T) {
	good, _ := alipayFiles(t)
	tests := []struct{ args, want []string }{
		{[]string{"--stripe-key", "pk_geheim"}, []string{"stripe", "secret key"}},
		{[]string{"--stripe-webhook-secret", "whsec_geheim"}, []string{"stripe", "secret key"}},
		{good[:4], []string{"alipay", "alipay_public_key_file is missing"}},
		{[]string{"--alipay-app-id", "2021000000000001", "--alipay-private-key-file", "/nonexistent"}, []string{"alipay", "/nonexistent"}},
		{[]string{"--wechatpay-mchid", "1900009191"}, []string{"wechatpay", "wechatpay_private_key_file is missing"}},
		{append(good[2:6:6], "--wechatpay-private-key-file", good[3], "--wechatpay-public-key-file", good[5], "--wechatpay-api-v3-key", "geheim"), []string{"wechatpay", "merchant id"}},
	}
	for _, test := range tests {
		cfg := settings(t, append(test.args, "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--nats", "off")...)
		err := open(t, cfg).Run(t.Context(), func(string) {})
		checked := app.CheckPayments(cfg)[test.want[0]]
		for _, got := range []error{err, checked} {
			if test.want[0] == "wechatpay" && got == err {
				continue // the first wrong company has stopped the start
			}
			if got == nil || !strings.Contains(got.Error(), test.want[1]) || strings.Contains(fmt.Sprint(got), "geheim") {
				t.Errorf("%q: %v, want %q", test.args, got, test.want[1])
			}
		}
	}
	if found := app.CheckPayments(settings(t, append(good, "--data", t.TempDir())...)); len(found) != 1 || found["alipay"] != nil {
		t.Errorf("%v", found)
	}
}
