package stripe_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/finance/settlement"
)

func open(t *testing.T, s *server, change func(*stripe.Options)) *stripe.Provider {
	t.Helper()
	o := stripe.Options{Key: key, WebhookSecret: secret, Endpoint: s.URL, Client: &http.Client{Timeout: 5 * time.Second}}
	o.Notice = func(_ context.Context, tenant, payout string, r settlement.Result) error {
		s.Hear(paytest.Notice{Tenant: tenant, Key: payout, Result: r})
		return nil
	}
	if change != nil {
		change(&o)
	}
	p, err := stripe.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *server) request(payout string, amount money.Amount, trouble paytest.Trouble) settlement.Request {
	reference := "pi_" + payout
	s.Sell(paytest.Payment{Reference: reference, Tenant: "shop", Currency: strings.ToLower(amount.Currency)}, trouble)
	return settlement.Request{Key: payout, Tenant: "shop", Case: "case_1", Order: "ord_1", Purpose: "goods", Tender: "t1", Kind: "card", Reference: reference, Amount: amount}
}

func (s *server) notify(p *stripe.Provider, payout string, genuine bool) int {
	refund, _ := s.ByKey(payout)
	with := secret
	if !genuine {
		with = "whsec_forger"
	}
	header, body := event("refund.updated", object(refund), time.Now(), with)
	err := p.Hook(context.Background(), "shop", header, body)
	switch {
	case errors.Is(err, stripe.ErrSignature):
		return http.StatusUnauthorized
	case err != nil:
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

func TestTheAdapterKeepsTheContract(t *testing.T) {
	paytest.Run(t, func(t *testing.T) paytest.Subject {
		s := newServer(t)
		p := open(t, s, nil)
		return paytest.Subject{
			Provider: p, Currency: "CNY", Request: s.request, Paid: s.Paid, Decide: s.Decide, Heard: s.Heard,
			Notify: func(payout string, genuine bool) int { return s.notify(p, payout, genuine) },
			Unable: []paytest.Trouble{paytest.Forged}, // answers come by TLS and are not signed
			Amounts: []paytest.Amount{
				{Amount: money.Of(9899, "USD"), Books: "9899 usd"},
				{Amount: money.Of(12345, "HUF"), Books: "12345 huf"},
				{Amount: money.Of(12345, "TWD"), Books: "12345 twd"},
				{Amount: money.Of(966, "JPY"), Books: "966 jpy"},
				{Amount: money.Of(5, "KRW"), Books: "5 krw"},
				{Amount: money.Of(1500, "KWD"), Books: "1500 kwd"},
				{Amount: money.Of(1505, "KWD")},
				{Amount: money.Of(20, "TND"), Books: "20 tnd"},
				{Amount: money.Of(25, "BHD")},
				{Amount: money.Of(5, "ISK"), Books: "500 isk"},
				{Amount: money.Of(5, "UGX"), Books: "500 ugx"},
				{Amount: money.Of(500, "MGA"), Books: "5 mga"},
				{Amount: money.Of(520, "MGA")},
				{Amount: money.Of(1000, "IQD")},
				{Amount: money.Of(0, "USD")},
				{Amount: money.Of(-5, "USD")},
			},
		}
	})
}

// Stripe answers a key for a day as it did at first. A person who tries a
// declined payout anew must not get yesterday's answer, and must not pay twice.
func TestADeclinedPayoutCanBeTriedAnewWithinTheDay(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	r := s.request("payout_1", money.Of(9900, "USD"), paytest.Decline)
	for i, want := range []settlement.Outcome{settlement.Declined, settlement.Paid, settlement.Paid} {
		if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != want {
			t.Fatalf("try %d: %+v, %v, want %s", i+1, got, err, want)
		}
	}
	if books := s.Paid(r.Key); len(books) != 1 {
		t.Errorf("the books have %q", books)
	}
}

func TestARefundThatFailedLaterCanBeTriedAnewWithinTheDay(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	r := s.request("payout_1", money.Of(9900, "USD"), paytest.None)
	if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.Paid {
		t.Fatal(got, err)
	}
	s.Decide(r.Key, false) // the bank sends it back
	if got, err := p.Lookup(t.Context(), r); err != nil || got.Outcome != settlement.Returned {
		t.Fatal(got, err)
	}
	for range 2 {
		if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.Paid {
			t.Fatal(got, err)
		}
	}
	if got, err := p.Lookup(t.Context(), r); err != nil || got.Outcome != settlement.Paid || len(s.Paid(r.Key)) != 1 {
		t.Errorf("%+v, %v, the books have %q", got, err, s.Paid(r.Key))
	}
}

func TestARefundIsFoundOnALaterPage(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	r := s.request("payout_1", money.Of(100, "USD"), paytest.None)
	first := r
	for _, payout := range []string{"payout_1", "payout_2", "payout_3", "payout_4", "payout_5"} {
		r.Key = payout
		if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.Paid {
			t.Fatal(got, err)
		}
	}
	if got, err := p.Lookup(t.Context(), first); err != nil || got != (settlement.Result{Outcome: settlement.Paid, Reference: "re_000001"}) || s.pages != 3 {
		t.Errorf("%+v, %v after %d pages", got, err, s.pages)
	}
}

func TestAPaymentInAnotherCurrencyIsNotPaidBack(t *testing.T) {
	s := newServer(t)
	r := s.request("payout_1", money.Of(9900, "JPY"), paytest.None)
	r.Amount = money.Of(9900, "USD")
	got, err := open(t, s, nil).Refund(t.Context(), r)
	if err != nil || got.Outcome != settlement.Declined || !strings.Contains(got.Reason, "JPY") || s.made != 0 {
		t.Errorf("%+v, %v, %s", got, err, s.asked())
	}
}

func TestAnAmountThatIsNotOursIsNoAnswer(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	r := s.request("payout_1", money.Of(9900, "USD"), paytest.None)
	if _, err := p.Refund(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	r.Amount.Minor++
	if got, err := p.Lookup(t.Context(), r); err == nil {
		t.Errorf("%+v", got)
	}
}

func TestAChargeIsPaidBackAsACharge(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	r := s.request("payout_1", money.Of(9900, "USD"), paytest.None)
	r.Reference = "ch_1"
	s.Sell(paytest.Payment{Reference: "ch_1", Currency: "usd"}, paytest.None)
	if got, err := p.Refund(t.Context(), r); err != nil || got.Outcome != settlement.Paid {
		t.Fatal(got, err)
	}
	if got, err := p.Lookup(t.Context(), r); err != nil || got.Outcome != settlement.Paid {
		t.Error(got, err)
	}
}

func TestAWrongKeyIsNoAnswer(t *testing.T) {
	s := newServer(t)
	p := open(t, s, func(o *stripe.Options) { o.Key = "sk_test_other" })
	r := s.request("payout_1", money.Of(9900, "USD"), paytest.None)
	if got, err := p.Refund(t.Context(), r); err == nil {
		t.Errorf("refund: %+v", got)
	}
	if got, err := p.Lookup(t.Context(), r); err == nil {
		t.Errorf("lookup: %+v", got)
	}
	r.Reference = "pi_unknown"
	if got, err := open(t, s, nil).Lookup(t.Context(), r); err == nil {
		t.Errorf("lookup of an unknown payment: %+v", got)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []stripe.Options{{}, {Key: "pk_test_1"}, {Key: "sk_test_1", WebhookSecret: "secret"}} {
		if _, err := stripe.New(o); err == nil || strings.Contains(err.Error(), "pk_test_1") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestMessagesOfStripe(t *testing.T) {
	dispute := map[string]any{"object": "dispute", "id": "dp_1", "status": "an old event may say anything"}
	disputed := func(standing stripe.Standing) []any {
		return []any{stripe.Dispute{ID: "dp_1", Payments: []string{"pi_1", "ch_1"}, Amount: money.Of(5, "ISK"), Reason: "fraudulent", Standing: standing}}
	}
	tests := []struct {
		name, kind string
		object     any
		at         time.Duration
		want       []any
		status     string // of the dispute, now
	}{
		{"a dispute is opened", "charge.dispute.created", dispute, 0, disputed(stripe.Open), "needs_response"},
		{"an inquiry became a dispute", "charge.dispute.updated", dispute, 0, disputed(stripe.Open), "under_review"},
		{"an inquiry", "charge.dispute.created", dispute, 0, nil, "warning_needs_response"},
		{"an inquiry ended", "charge.dispute.closed", dispute, 0, disputed(stripe.Withdrawn), "warning_closed"},
		{"a dispute is won", "charge.dispute.closed", dispute, 0, disputed(stripe.Won), "won"},
		{"the beginning is told after the end", "charge.dispute.created", dispute, 0, disputed(stripe.Lost), "lost"},
		{"a refund made by hand", "refund.updated", map[string]any{"id": "re_1", "status": "succeeded"}, 0, nil, ""},
		{"another shop's refund", "refund.updated", map[string]any{"id": "re_1", "metadata": map[string]string{"aftercare_payout": "p", "aftercare_tenant": "other"}}, 0, nil, ""},
		{"something else", "customer.created", map[string]any{"id": "cus_1"}, 0, nil, ""},
		{"a message kept for six minutes", "charge.dispute.created", dispute, -6 * time.Minute, []any{"wrong signature"}, "needs_response"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var heard []any
			s := newServer(t)
			s.disputes = map[string]string{"dp_1": test.status}
			p := open(t, s, func(o *stripe.Options) {
				o.Dispute = func(_ context.Context, _ string, d stripe.Dispute) error { heard = append(heard, d); return nil }
			})
			h, body := event(test.kind, test.object, time.Now().Add(test.at), secret)
			if err := p.Hook(t.Context(), "shop", h, body); errors.Is(err, stripe.ErrSignature) {
				heard = append(heard, "wrong signature")
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, heard); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWithoutASecretNoMessageIsBelieved(t *testing.T) {
	p := open(t, newServer(t), func(o *stripe.Options) { o.WebhookSecret = "" })
	h, body := event("customer.created", map[string]any{}, time.Now(), "")
	if err := p.Hook(t.Context(), "shop", h, body); !errors.Is(err, stripe.ErrSignature) {
		t.Error(err)
	}
}

// A message that cannot be taken now is sent again by Stripe, which needs an error.
func TestAMessageThatIsNotTakenIsAnError(t *testing.T) {
	s := newServer(t)
	p := open(t, s, func(o *stripe.Options) {
		o.Notice = func(context.Context, string, string, settlement.Result) error { return errors.New("no database") }
	})
	r := s.request("payout_1", money.Of(100, "USD"), paytest.None)
	if _, err := p.Refund(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if status := s.notify(p, r.Key, true); status != http.StatusInternalServerError {
		t.Error(status)
	}
}
