package stripe

import (
	"context"
	"fmt"
	"strings"

	"github.com/stripe/stripe-go/v85"

	"github.com/aftercare/aftercare/finance/charge"
)

var _ charge.Collector = (*Provider)(nil)

// Collect makes a page of Stripe (a Checkout Session, which lives for a day) on
// which the customer pays. The same key gives the same page.
func (p *Provider) Collect(ctx context.Context, r charge.Request) (charge.Session, error) {
	minor, refusal := minorOf(r.Amount)
	if refusal != "" {
		return charge.Session{Outcome: charge.Declined, Reason: refusal}, nil
	}
	back := r.Return
	if back == "" && p.o.Return != nil {
		back = p.o.Return(ctx, r.Tenant)
	}
	meta := map[string]string{metaCharge: r.Key, metaTenant: r.Tenant, metaCase: r.Case, metaOrder: r.Order, metaPurpose: r.Purpose}
	params := &stripe.CheckoutSessionCreateParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		ClientReferenceID: stripe.String(r.Key),
		SuccessURL:        stripe.String(back),
		CancelURL:         stripe.String(back),
		Metadata:          meta,
		PaymentIntentData: &stripe.CheckoutSessionCreatePaymentIntentDataParams{Metadata: meta},
		LineItems: []*stripe.CheckoutSessionCreateLineItemParams{{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionCreateLineItemPriceDataParams{
				Currency:    stripe.String(lower(r.Amount.Currency)),
				UnitAmount:  stripe.Int64(minor),
				ProductData: &stripe.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: stripe.String(titles[r.Purpose])},
			},
		}},
	}
	if titles[r.Purpose] == "" {
		params.LineItems[0].PriceData.ProductData.Name = stripe.String(r.Order)
	}
	params.SetIdempotencyKey(r.Key)
	made, err := p.api.V1CheckoutSessions.Create(ctx, params)
	if err != nil {
		if no, unknown := refused(err); unknown == nil {
			return charge.Session{Outcome: charge.Declined, Reason: no.Reason}, nil
		}
		return charge.Session{}, plain(err)
	}
	if made.LastResponse != nil && made.LastResponse.Header.Get("Idempotent-Replayed") == "true" {
		return p.session(ctx, made.ID) // as it is now, not as it was made
	}
	return sessionOf(made)
}

// titles are what the page calls what is paid.
var titles = map[string]string{
	charge.ExchangeDifference: "Price difference of your exchange",
	charge.AdvanceRecovery:    "Refund paid in advance",
	charge.Adjustment:         "Adjustment of your refund",
}

// Collected tells what became of a key. A page whose address was lost on the
// way was seen by nobody, so a key without a reference is absent: asked for
// again within the day, Stripe gives the same page.
func (p *Provider) Collected(ctx context.Context, r charge.Request) (charge.Session, error) {
	switch {
	case r.Reference == "":
		return charge.Session{Outcome: charge.Absent}, nil
	case strings.HasPrefix(r.Reference, "pi_"):
		intent, err := p.api.V1PaymentIntents.Retrieve(ctx, r.Reference, nil)
		if err != nil {
			return charge.Session{}, plain(err)
		}
		if intent.Status != stripe.PaymentIntentStatusSucceeded {
			return charge.Session{Outcome: charge.Pending, Reference: r.Reference}, nil
		}
		paid, err := moneyOf(intent.AmountReceived, string(intent.Currency))
		return charge.Session{Outcome: charge.Collected, Reference: r.Reference, Amount: paid}, err
	}
	return p.session(ctx, r.Reference)
}

// session reads a page as it is now.
func (p *Provider) session(ctx context.Context, id string) (charge.Session, error) {
	s, err := p.api.V1CheckoutSessions.Retrieve(ctx, id, nil)
	if err != nil {
		return charge.Session{}, fmt.Errorf("reading session %s: %w", id, plain(err))
	}
	return sessionOf(s)
}

// sessionOf says what the state of a page means. What was paid is referred to by
// its PaymentIntent, to which it can be paid back.
func sessionOf(s *stripe.CheckoutSession) (charge.Session, error) {
	switch {
	case s.PaymentStatus == stripe.CheckoutSessionPaymentStatusPaid:
		paid, err := moneyOf(s.AmountTotal, string(s.Currency))
		if err != nil {
			return charge.Session{}, fmt.Errorf("session %s: %w", s.ID, err)
		}
		if s.PaymentIntent == nil || s.PaymentIntent.ID == "" {
			return charge.Session{}, fmt.Errorf("session %s is paid without a PaymentIntent", s.ID)
		}
		return charge.Session{Outcome: charge.Collected, Reference: s.PaymentIntent.ID, Amount: paid}, nil
	case s.Status == stripe.CheckoutSessionStatusExpired:
		return charge.Session{Outcome: charge.Declined, Reference: s.ID, Reason: "The page at Stripe has expired."}, nil
	}
	return charge.Session{Outcome: charge.Pending, URL: s.URL, Reference: s.ID}, nil
}
