package wechatpay

import (
	"context"
	"errors"
	"net/http"
)

// probe is a refund that nobody made.
const probe = "aftercare-connection-test"

// Check asks for a refund that never was, signed with the merchant's key: an
// answer with WeChat Pay's signature shows that both keys are right. The API v3
// key is shown by the first message only. no is WeChat Pay's refusal in its
// words; an error means that there was no clear answer.
func (p *Provider) Check(ctx context.Context) (who, no string, err error) {
	var answer refund
	err = p.call(ctx, http.MethodGet, "/v3/refund/domestic/refunds/"+probe, nil, &answer)
	var problem *problem
	var bare unsigned
	switch {
	case err == nil:
		return p.o.Merchant, "", nil
	case errors.As(err, &bare) && bare == http.StatusUnauthorized: // to whom it does not know it signs nothing
		return "", bare.Error(), nil
	case !errors.As(err, &problem):
		return "", "", err
	case problem.status == http.StatusNotFound && problem.code == "RESOURCE_NOT_EXISTS":
		return p.o.Merchant, "", nil
	case problem.status >= http.StatusInternalServerError || problem.status == http.StatusTooManyRequests:
		return "", "", err
	}
	return "", problem.Error(), nil
}
