package stripe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
)

// ErrSignature says that a message is not from Stripe, or too old.
var ErrSignature = errors.New("stripe: the signature of the message is wrong")

// Dispute is a chargeback: the customer has asked the bank for the money. While
// it is open nothing should be paid back to the same payment.
type Dispute struct {
	ID       string
	Payments []string     // what tenders may call the payment: PaymentIntent, charge
	Amount   money.Amount // zero when the currency is none of ours
	Reason   string       // Stripe's word: fraudulent, product_not_received …
	Standing Standing
}

// Standing says how a dispute stands.
type Standing string

const (
	Open      Standing = "open"
	Won       Standing = "won"       // the shop keeps the payment
	Lost      Standing = "lost"      // the bank has taken the payment back
	Withdrawn Standing = "withdrawn" // nothing came of it
)

// standings leaves out inquiries (warning_…): the bank has only asked, and to
// pay back is a good answer.
var standings = map[stripe.DisputeStatus]Standing{
	stripe.DisputeStatusNeedsResponse: Open,
	stripe.DisputeStatusUnderReview:   Open,
	stripe.DisputeStatusWon:           Won,
	stripe.DisputeStatusLost:          Lost,
	stripe.DisputeStatusPrevented:     Withdrawn,
	stripe.DisputeStatusWarningClosed: Withdrawn,
}

// Hook takes a message that Stripe sent to the address of a tenant. It fails
// with ErrSignature when Stripe did not send it, or sent it over five minutes
// ago. Messages about things that are not ours are accepted and ignored.
func (p *Provider) Hook(ctx context.Context, tenant string, header http.Header, body []byte) error {
	if p.o.WebhookSecret == "" {
		return fmt.Errorf("%w: no webhook secret is set", ErrSignature)
	}
	e, err := webhook.ConstructEventWithOptions(body, header.Get("Stripe-Signature"), p.o.WebhookSecret, webhook.ConstructEventOptions{
		Tolerance:                webhook.DefaultTolerance,
		IgnoreAPIVersionMismatch: true, // what we read of an event is the same in all versions of the last years
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	switch e.Type {
	case "refund.created", "refund.updated", "refund.failed", "charge.refund.updated":
		return p.heardRefund(ctx, tenant, e)
	case "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed":
		return p.heardDispute(ctx, tenant, e)
	case "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "checkout.session.expired":
		return p.heardSession(ctx, tenant, e)
	}
	return nil
}

func (p *Provider) heardRefund(ctx context.Context, tenant string, e stripe.Event) error {
	var refund stripe.Refund
	if err := json.Unmarshal(e.Data.Raw, &refund); err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	payout := refund.Metadata[metaPayout]
	if p.o.Notice == nil || payout == "" || refund.Metadata[metaTenant] != tenant {
		return nil
	}
	// Events come in any order, and old ones again: what is true now is asked for.
	now, err := p.api.V1Refunds.Retrieve(ctx, refund.ID, nil)
	if err != nil {
		return fmt.Errorf("reading refund %s: %w", refund.ID, plain(err))
	}
	return p.o.Notice(ctx, tenant, payout, resultOf(now))
}

func (p *Provider) heardDispute(ctx context.Context, tenant string, e stripe.Event) error {
	var named stripe.Dispute
	if err := json.Unmarshal(e.Data.Raw, &named); err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	if p.o.Dispute == nil {
		return nil
	}
	d, err := p.api.V1Disputes.Retrieve(ctx, named.ID, nil) // as it is now
	if err != nil {
		return fmt.Errorf("reading dispute %s: %w", named.ID, plain(err))
	}
	standing, ours := standings[d.Status]
	if !ours {
		return nil
	}
	told := Dispute{ID: d.ID, Reason: string(d.Reason), Standing: standing}
	if told.Amount, err = moneyOf(d.Amount, string(d.Currency)); err != nil {
		told.Amount = money.Amount{}
	}
	if d.PaymentIntent != nil && d.PaymentIntent.ID != "" {
		told.Payments = append(told.Payments, d.PaymentIntent.ID)
	}
	if d.Charge != nil && d.Charge.ID != "" {
		told.Payments = append(told.Payments, d.Charge.ID)
	}
	return p.o.Dispute(ctx, tenant, told)
}

func (p *Provider) heardSession(ctx context.Context, tenant string, e stripe.Event) error {
	var named stripe.CheckoutSession
	if err := json.Unmarshal(e.Data.Raw, &named); err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	key := named.Metadata[metaCharge]
	if p.o.Charged == nil || key == "" || named.Metadata[metaTenant] != tenant {
		return nil
	}
	got, err := p.session(ctx, named.ID)
	if err != nil {
		return err
	}
	if e.Type == "checkout.session.async_payment_failed" && got.Outcome == charge.Pending {
		got = charge.Session{Outcome: charge.Declined, Reference: got.Reference, Reason: "The payment at Stripe has failed."}
	}
	return p.o.Charged(ctx, tenant, key, got)
}

var _ settlement.Provider = (*Provider)(nil)
