package stripe

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/stripe/stripe-go/v85"

	"github.com/aftercare/aftercare/finance/settlement"
)

// resultOf says what a refund's state means.
func resultOf(r *stripe.Refund) settlement.Result {
	switch r.Status {
	case stripe.RefundStatusSucceeded:
		return settlement.Result{Outcome: settlement.Paid, Reference: r.ID}
	case stripe.RefundStatusFailed:
		reason := "Stripe could not pay this refund"
		if r.FailureReason != "" {
			reason += " (" + string(r.FailureReason) + ")"
		}
		// Stripe had accepted it, perhaps as succeeded, and has the money again.
		return settlement.Result{Outcome: settlement.Returned, Reference: r.ID, Reason: reason + "."}
	case stripe.RefundStatusCanceled:
		return settlement.Result{Outcome: settlement.Declined, Reference: r.ID, Reason: "The refund was canceled at Stripe."}
	}
	// pending, requires_action (the customer has to tell Stripe an account), and
	// states that are yet to be invented.
	return settlement.Result{Outcome: settlement.Pending, Reference: r.ID}
}

// dead says that a refund has ended without paying.
func dead(r *stripe.Refund) bool {
	return r.Status == stripe.RefundStatusFailed || r.Status == stripe.RefundStatusCanceled
}

// refused tells a refusal of Stripe, after which nothing was paid, from
// everything else, after which nobody knows.
func refused(err error) (settlement.Result, error) {
	var problem *stripe.Error
	if !errors.As(err, &problem) {
		return settlement.Result{}, err
	}
	certain := problem.Type == stripe.ErrorTypeInvalidRequest || problem.Type == stripe.ErrorTypeCard
	switch problem.HTTPStatusCode {
	case http.StatusBadRequest, http.StatusPaymentRequired, http.StatusNotFound:
	default: // 401 and 403: our key; 409 and 429: later; 5xx: nobody knows
		certain = false
	}
	if !certain || problem.Code == stripe.ErrorCodeLockTimeout || problem.Code == stripe.ErrorCodeIdempotencyKeyInUse {
		return settlement.Result{}, plain(err)
	}
	return settlement.Result{Outcome: settlement.Declined, Reason: "Stripe: " + problem.Msg}, nil
}

// plain is an error of Stripe in one line.
func plain(err error) error {
	var problem *stripe.Error
	if !errors.As(err, &problem) {
		return err
	}
	return fmt.Errorf("stripe answered %d %s %s: %s (request %s)", problem.HTTPStatusCode, problem.Type, problem.Code, problem.Msg, problem.RequestID)
}
