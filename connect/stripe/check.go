package stripe

import (
	"context"
	"errors"
	"net/http"

	"github.com/stripe/stripe-go/v85"
)

// Check tries the key without moving money: it reads what refunds need to read,
// and whose key it is, where the key may know that. no is Stripe's refusal of
// the key in its words; an error means that there was no clear answer.
func (p *Provider) Check(ctx context.Context) (who, no string, err error) {
	params := &stripe.RefundListParams{}
	params.Limit = stripe.Int64(1)
	params.Single = true
	for _, err := range p.api.V1Refunds.List(ctx, params).All(ctx) {
		if err != nil {
			return "", refusal(err), unclear(err)
		}
	}
	account, err := p.api.V1Accounts.Retrieve(ctx, nil)
	if refusal(err) != "" { // a restricted key need not know its account
		return "", "", nil
	}
	if err != nil {
		return "", "", unclear(err)
	}
	return account.ID, "", nil
}

// refusal is what Stripe says to a key that it does not take, or that may not.
func refusal(err error) string {
	var problem *stripe.Error
	if errors.As(err, &problem) && (problem.HTTPStatusCode == http.StatusUnauthorized || problem.HTTPStatusCode == http.StatusForbidden) {
		return problem.Msg
	}
	return ""
}

func unclear(err error) error {
	if refusal(err) != "" {
		return nil
	}
	return plain(err)
}
