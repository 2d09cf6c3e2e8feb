package wechatpay

import (
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/finance/settlement"
)

// refund is one of WeChat Pay, in an answer or a message.
type refund struct {
	RefundID    string `json:"refund_id"`
	OutRefundNo string `json:"out_refund_no"`
	Status      string `json:"status"`
	Amount      struct {
		Refund   int64  `json:"refund"`
		Currency string `json:"currency"`
	} `json:"amount"`
}

// result says what a refund's state means to the request that it should answer.
func (f refund) result(r settlement.Request) (settlement.Result, error) {
	if f.OutRefundNo != r.Key || f.Amount.Refund != r.Amount.Minor {
		return settlement.Result{}, fmt.Errorf("wechatpay answered about refund %s of %d, not %s of %s", f.OutRefundNo, f.Amount.Refund, r.Key, r.Amount)
	}
	return meaning(f.Status, f.RefundID)
}

// meaning of the state of a refund.
func meaning(status, reference string) (settlement.Result, error) {
	switch status {
	case "SUCCESS":
		return settlement.Result{Outcome: settlement.Paid, Reference: reference}, nil
	case "PROCESSING":
		return settlement.Result{Outcome: settlement.Pending, Reference: reference}, nil
	case "CLOSED":
		return settlement.Result{Outcome: settlement.Declined, Reference: reference, Reason: "WeChat Pay has closed the refund without paying."}, nil
	case "ABNORMAL":
		return settlement.Result{Outcome: settlement.ByHand, Reference: reference,
			Reason: "WeChat Pay cannot pay to the customer's card or account. Finish the refund in the merchant platform, then record it here."}, nil
	}
	return settlement.Result{}, fmt.Errorf("wechatpay says %q of refund %s", status, reference)
}

// meanings are the refusals after which no money moved. All others leave open
// what happened, or are about the merchant's settings: SYSTEM_ERROR,
// FREQUENCY_LIMITED, SIGN_ERROR, MCH_NOT_EXISTS …
var meanings = map[string]settlement.Outcome{
	"NOT_ENOUGH":            settlement.Declined, // a person fills the account and tries anew
	"INVALID_REQUEST":       settlement.Declined, // among others: more than is left of the payment, or a year is over
	"PARAM_ERROR":           settlement.Declined,
	"NO_AUTH":               settlement.Declined,
	"RESOURCE_NOT_EXISTS":   settlement.Declined, // the payment
	"ORDER_NOT_EXIST":       settlement.Declined, // the payment, when it is read
	"USER_ACCOUNT_ABNORMAL": settlement.ByHand,   // the customer's account cannot take it
}

// refused is the meaning of an error: of a signed refusal, or none.
func refused(err error) (settlement.Result, error) {
	var no *problem
	if !errors.As(err, &no) {
		return settlement.Result{}, err
	}
	outcome, certain := meanings[no.code]
	if no.status/100 != 4 || no.status == 429 || no.status == 401 || !certain {
		return settlement.Result{}, err
	}
	return settlement.Result{Outcome: outcome, Reason: "WeChat Pay: " + no.message + " (" + no.code + ")"}, nil
}
