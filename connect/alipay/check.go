package alipay

import (
	"context"
	"errors"
)

// probe is a trade that nobody made.
const probe = "aftercare-connection-test"

// Check asks for a refund that never was, signed with the application's key: an
// answer with Alipay's signature shows that both keys are right. no is Alipay's
// refusal in its words; an error means that there was no clear answer.
func (p *Provider) Check(ctx context.Context) (who, no string, err error) {
	var answer query
	err = p.call(ctx, "alipay.trade.fastpay.refund.query", trade{OutTradeNo: probe, OutRequestNo: probe}, &answer)
	var said status
	if errors.As(err, &said) { // not signed: the gateway does not know the application, or not its key
		return "", said.Error(), nil
	}
	if err != nil {
		return "", "", err
	}
	switch answer.Code {
	case success, "40004": // there is no such trade
		return p.o.AppID, "", nil
	case "20000": // not available
		return "", "", answer.status
	}
	return "", answer.status.Error(), nil
}
