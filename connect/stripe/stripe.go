// Package stripe pays back to cards and wallets by Stripe, with Stripe's own
// client.
//
// It owns how a payout becomes a Stripe refund, how amounts are written there,
// what Stripe's states mean to us, and the check of Stripe's webhooks. It does
// not own payouts or charges (package settlement, charge): it tells them by
// functions. A payout is found again by its id, which each refund carries as
// metadata; whatever is not a clear answer is an error, never "nothing paid".
package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"

	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
)

// Name is what tenders call this provider.
const Name = "stripe"

// Names of the metadata that our refunds and sessions carry at Stripe.
const (
	metaPayout  = "aftercare_payout"
	metaCharge  = "aftercare_charge"
	metaTenant  = "aftercare_tenant"
	metaCase    = "aftercare_case"
	metaOrder   = "aftercare_order"
	metaPurpose = "aftercare_purpose"
)

// Options connect the adapter to one Stripe account.
type Options struct {
	Key           string // secret or restricted key: sk_…, rk_…
	WebhookSecret string // whsec_…; empty: webhooks are refused
	Endpoint      string // address of the API; Stripe's own when empty
	Client        *http.Client

	// What webhooks tell. Each may be called more than once with the same
	// message; an error has Stripe send it again. A nil function ignores.
	Notice  func(ctx context.Context, tenant, payout string, r settlement.Result) error
	Dispute func(ctx context.Context, tenant string, d Dispute) error
	Charged func(ctx context.Context, tenant, key string, got charge.Session) error
	// Return is where pages lead back to that are asked for without an address.
	Return func(ctx context.Context, tenant string) string
}

// Provider implements settlement.Provider.
type Provider struct {
	o   Options
	api *stripe.Client
}

// New makes the adapter, or says what is wrong with the options.
func New(o Options) (*Provider, error) {
	if !strings.HasPrefix(o.Key, "sk_") && !strings.HasPrefix(o.Key, "rk_") {
		return nil, errors.New("the key is not a secret key of Stripe (sk_… or rk_…)")
	}
	if o.WebhookSecret != "" && !strings.HasPrefix(o.WebhookSecret, "whsec_") {
		return nil, errors.New("the webhook secret is not one of Stripe (whsec_…)")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 15 * time.Second}
	}
	config := &stripe.BackendConfig{
		HTTPClient:        o.Client,
		MaxNetworkRetries: stripe.Int64(0), // the job asks again, after looking
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull}, // answers hold personal data
	}
	if o.Endpoint != "" {
		config.URL = stripe.String(strings.TrimSuffix(o.Endpoint, "/"))
	}
	backends := stripe.NewBackendsWithConfig(config)
	return &Provider{o: o, api: stripe.NewClient(o.Key, stripe.WithBackends(backends))}, nil
}

// Name is what tenders call the provider.
func (p *Provider) Name() string { return Name }

// anew is how often a payout can be tried anew within a day. Stripe answers a
// key for a day as it did the first time, also after it failed, so each try
// after a certain failure needs a key of its own.
const anew = 9

// Refund pays back to a PaymentIntent or charge, once per key.
func (p *Provider) Refund(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	minor, refusal := minorOf(r.Amount)
	if refusal != "" {
		return settlement.Result{Outcome: settlement.ByHand, Reason: refusal}, nil
	}
	currency, err := p.currencyOf(ctx, r.Reference)
	if err != nil {
		return refused(err)
	}
	if currency != lower(r.Amount.Currency) {
		return settlement.Result{Outcome: settlement.Declined, Reason: fmt.Sprintf("The payment at Stripe is in %s, not in %s.", strings.ToUpper(currency), r.Amount.Currency)}, nil
	}
	for n := range anew {
		refund, again, err := p.create(ctx, r, minor, n)
		if err != nil {
			if got, absent := refused(err); again && absent == nil && got.Outcome == settlement.Declined {
				continue // what failed under this key did not pay, and will be answered so all day
			}
			return p.afterRefusal(ctx, r, err)
		}
		if again {
			if refund, err = p.api.V1Refunds.Retrieve(ctx, refund.ID, nil); err != nil {
				return settlement.Result{}, fmt.Errorf("reading refund: %w", err)
			}
			if dead(refund) {
				continue
			}
		}
		if refund.Amount != minor {
			return settlement.Result{}, wrongAmount(refund, minor)
		}
		return resultOf(refund), nil
	}
	return settlement.Result{Outcome: settlement.Declined, Reason: "Stripe has refused this refund several times today. Try again tomorrow."}, nil
}

// create asks for a refund under the n-th key of a payout. again says that
// Stripe repeats an answer it gave before.
func (p *Provider) create(ctx context.Context, r settlement.Request, minor int64, n int) (refund *stripe.Refund, again bool, err error) {
	params := &stripe.RefundCreateParams{
		Amount: stripe.Int64(minor),
		Metadata: map[string]string{
			metaPayout: r.Key, metaTenant: r.Tenant, metaCase: r.Case, metaOrder: r.Order, metaPurpose: r.Purpose,
		},
	}
	key := r.Key
	if n > 0 {
		key = fmt.Sprintf("%s/%d", r.Key, n+1) // never another payout's: ids have no slash
	}
	params.SetIdempotencyKey(key)
	if isCharge(r.Reference) {
		params.Charge = stripe.String(r.Reference)
	} else {
		params.PaymentIntent = stripe.String(r.Reference)
	}
	refund, err = p.api.V1Refunds.Create(ctx, params)
	answer := (*stripe.APIResponse)(nil)
	var problem *stripe.Error
	switch {
	case err == nil:
		answer = refund.LastResponse
	case errors.As(err, &problem):
		answer = problem.LastResponse
	}
	return refund, answer != nil && answer.Header.Get("Idempotent-Replayed") == "true", err
}

// afterRefusal looks whether a payment that has nothing left was paid back by
// this very payout, under a key that Stripe has forgotten.
func (p *Provider) afterRefusal(ctx context.Context, r settlement.Request, err error) (settlement.Result, error) {
	var problem *stripe.Error
	if errors.As(err, &problem) && problem.Code == stripe.ErrorCodeChargeAlreadyRefunded {
		if got, err := p.Lookup(ctx, r); err != nil || got.Outcome == settlement.Paid || got.Outcome == settlement.Pending {
			return got, err
		}
	}
	return refused(err)
}

// Lookup searches the refunds of the payment for the payout's.
func (p *Provider) Lookup(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	minor, refusal := minorOf(r.Amount)
	if refusal != "" { // never sent
		return settlement.Result{Outcome: settlement.Absent}, nil
	}
	params := &stripe.RefundListParams{}
	params.Limit = stripe.Int64(100)
	if isCharge(r.Reference) {
		params.Charge = stripe.String(r.Reference)
	} else {
		params.PaymentIntent = stripe.String(r.Reference)
	}
	best := settlement.Result{Outcome: settlement.Absent}
	for refund, err := range p.api.V1Refunds.List(ctx, params).All(ctx) {
		if err != nil {
			return settlement.Result{}, fmt.Errorf("listing refunds: %w", plain(err))
		}
		if refund.Metadata[metaPayout] != r.Key {
			continue
		}
		if refund.Amount != minor {
			return settlement.Result{}, wrongAmount(refund, minor)
		}
		if got := resultOf(refund); weight[got.Outcome] > weight[best.Outcome] {
			best = got
		}
	}
	return best, nil
}

func wrongAmount(r *stripe.Refund, want int64) error {
	return fmt.Errorf("refund %s at stripe is over %d, not %d", r.ID, r.Amount, want)
}

// weight orders what several tries of one payout came to.
var weight = map[settlement.Outcome]int{settlement.Absent: 0, settlement.Declined: 1, settlement.Returned: 1, settlement.Pending: 2, settlement.Paid: 3}

// currencyOf reads what a payment was made in: Stripe takes the amount of a
// refund to be in that, whatever we think.
func (p *Provider) currencyOf(ctx context.Context, reference string) (string, error) {
	if isCharge(reference) {
		charge, err := p.api.V1Charges.Retrieve(ctx, reference, nil)
		if err != nil {
			return "", err
		}
		return string(charge.Currency), nil
	}
	intent, err := p.api.V1PaymentIntents.Retrieve(ctx, reference, nil)
	if err != nil {
		return "", err
	}
	return string(intent.Currency), nil
}

// isCharge tells the ids of charges (ch_…, of old payments py_…) from those of
// PaymentIntents.
func isCharge(reference string) bool {
	return strings.HasPrefix(reference, "ch_") || strings.HasPrefix(reference, "py_")
}

func lower(currency string) string { return strings.ToLower(currency) }
