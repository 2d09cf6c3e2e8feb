package wechatpay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aftercare/aftercare/finance/settlement"
)

// ErrSignature says that a message is not WeChat Pay's, too old, or not for
// this merchant.
var ErrSignature = errors.New("wechatpay: the signature of the message is wrong")

// message is what the ciphertext of a message about a refund holds.
type message struct {
	Merchant    string `json:"mchid"`
	OutRefundNo string `json:"out_refund_no"`
	RefundID    string `json:"refund_id"`
	Status      string `json:"refund_status"`
}

// Hook takes a message that WeChat Pay sent to the address of a tenant. It
// fails with ErrSignature when WeChat Pay did not sign it for this merchant
// within the last five minutes. Messages that are not about refunds are
// accepted and ignored.
func (p *Provider) Hook(ctx context.Context, tenant string, header http.Header, body []byte) error {
	// A probe with a false signature must be refused like any other.
	r, err := request(ctx, header, body)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	var m message
	told, err := p.messages.ParseNotifyRequest(ctx, r, &m)
	if err != nil {
		return ErrSignature // the cause would repeat the whole message
	}
	if !strings.HasPrefix(told.EventType, "REFUND.") || p.o.Notice == nil {
		return nil
	}
	if m.Merchant != p.o.Merchant {
		return fmt.Errorf("%w: it is for another merchant", ErrSignature)
	}
	result, err := meaning(m.Status, m.RefundID)
	if err != nil {
		return err
	}
	if result.Outcome == settlement.Pending {
		return nil
	}
	return p.o.Notice(ctx, tenant, m.OutRefundNo, result)
}
