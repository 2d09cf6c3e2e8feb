package stripe_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/finance/charge"
)

func page(key string) charge.Request {
	return charge.Request{Key: key, Tenant: "shop", Case: "case_1", Order: "ord_1", Purpose: charge.ExchangeDifference, Return: "https://shop.example/x", Amount: money.Of(5, "ISK")}
}

func TestACustomerPaysOnAPageOfStripe(t *testing.T) {
	s := newServer(t)
	type told struct {
		Tenant, Key string
		Got         charge.Session
	}
	var heard []told
	p := open(t, s, func(o *stripe.Options) {
		o.Charged = func(_ context.Context, tenant, key string, got charge.Session) error {
			heard = append(heard, told{tenant, key, got})
			return nil
		}
	})
	r := page("charge_1")
	waiting := charge.Session{Outcome: charge.Pending, URL: "https://checkout.example/cs_charge_1", Reference: "cs_charge_1"}
	for range 2 {
		if got, err := p.Collect(t.Context(), r); err != nil || got != waiting {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if s.sessions["cs_charge_1"]["amount_total"].(interface{ String() string }).String() != "500" {
		t.Errorf("5 ISK is written as %v", s.sessions["cs_charge_1"]["amount_total"])
	}
	if got, err := p.Collected(t.Context(), r); err != nil || got.Outcome != charge.Absent {
		t.Errorf("without a reference: %+v, %v", got, err)
	}
	r.Reference = waiting.Reference
	if got, err := p.Collected(t.Context(), r); err != nil || got != waiting {
		t.Errorf("before: %+v, %v", got, err)
	}

	s.change("cs_charge_1", map[string]any{"status": "complete", "payment_status": "paid", "payment_intent": "pi_9", "url": nil})
	s.Sell(paytest.Payment{Reference: "pi_9", Currency: "isk"}, paytest.None)
	paid := charge.Session{Outcome: charge.Collected, Reference: "pi_9", Amount: money.Of(5, "ISK")}
	if got, err := p.Collected(t.Context(), r); err != nil || got != paid {
		t.Errorf("after: %+v, %v", got, err)
	}
	if got, err := p.Collect(t.Context(), r); err != nil || got != paid {
		t.Errorf("asked for again: %+v, %v", got, err)
	}
	for _, tenant := range []string{"shop", "other"} {
		header, body := event("checkout.session.completed", s.sessions["cs_charge_1"], time.Now(), secret)
		if err := p.Hook(t.Context(), tenant, header, body); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]told{{"shop", "charge_1", paid}}, heard); diff != "" {
		t.Error(diff)
	}
}

func TestAPageThatExpiresOrCannotBeMadeIsDeclined(t *testing.T) {
	s := newServer(t)
	p := open(t, s, nil)
	r := page("charge_1")
	if _, err := p.Collect(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	s.change("cs_charge_1", map[string]any{"status": "expired"})
	r.Reference = "cs_charge_1"
	if got, err := p.Collected(t.Context(), r); err != nil || got.Outcome != charge.Declined || got.Reason == "" {
		t.Errorf("expired: %+v, %v", got, err)
	}
	odd, nowhere := page("charge_2"), page("charge_3")
	odd.Amount, nowhere.Return = money.Of(1505, "KWD"), ""
	for _, r := range []charge.Request{odd, nowhere} {
		if got, err := p.Collect(t.Context(), r); err != nil || got.Outcome != charge.Declined || got.Reason == "" {
			t.Errorf("%s: %+v, %v", r.Key, got, err)
		}
	}
	r.Reference = "cs_unknown"
	if got, err := p.Collected(t.Context(), r); err == nil {
		t.Errorf("a page that Stripe does not know: %+v", got)
	}
}
