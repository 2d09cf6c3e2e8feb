package stripe

import (
	"context"
	"fmt"

	"github.com/stripe/stripe-go/v85"

	"github.com/aftercare/aftercare/base/money"
)

// Bill is money that a customer owes, to be paid on a page of Stripe.
type Bill struct {
	Key    string // our charge: the same key gives the same page for a day
	Tenant string
	Case   string
	Order  string
	Title  string // what the customer reads
	Amount money.Amount
	Return string // where the page leads back to
}

// Session is a page on which a customer pays.
type Session struct {
	URL       string
	Reference string // Stripe's id of the session
}

// Collect makes the page. What is paid there is told by the webhook.
func (p *Provider) Collect(ctx context.Context, b Bill) (Session, error) {
	minor, refusal := minorOf(b.Amount)
	if refusal != "" {
		return Session{}, fmt.Errorf("collecting %s: %s", b.Key, refusal)
	}
	meta := map[string]string{metaCharge: b.Key, metaTenant: b.Tenant, metaCase: b.Case, metaOrder: b.Order}
	params := &stripe.CheckoutSessionCreateParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		ClientReferenceID: stripe.String(b.Key),
		SuccessURL:        stripe.String(b.Return),
		CancelURL:         stripe.String(b.Return),
		Metadata:          meta,
		PaymentIntentData: &stripe.CheckoutSessionCreatePaymentIntentDataParams{Metadata: meta},
		LineItems: []*stripe.CheckoutSessionCreateLineItemParams{{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionCreateLineItemPriceDataParams{
				Currency:    stripe.String(lower(b.Amount.Currency)),
				UnitAmount:  stripe.Int64(minor),
				ProductData: &stripe.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: stripe.String(b.Title)},
			},
		}},
	}
	params.SetIdempotencyKey(b.Key)
	session, err := p.api.V1CheckoutSessions.Create(ctx, params)
	if err != nil {
		return Session{}, fmt.Errorf("collecting %s: %w", b.Key, plain(err))
	}
	return Session{URL: session.URL, Reference: session.ID}, nil
}
