package alipay

import (
	"strings"

	"github.com/aftercare/aftercare/finance/settlement"
)

// status is what every answer says first. As an error it is one line.
type status struct {
	Code    string `json:"code"`
	Msg     string `json:"msg"`
	SubCode string `json:"sub_code"`
	SubMsg  string `json:"sub_msg"`
}

func (s status) Error() string {
	return strings.Join(strings.Fields("alipay answered "+s.Code+" "+s.Msg+" "+s.SubCode+" "+s.SubMsg), " ")
}

// meanings are the refusals of alipay.trade.refund after which no money moved,
// from its list of codes. What is not here leaves open what happened:
// ACQ.SYSTEM_ERROR and ACQ.REFUND_CHARGE_ERROR say so, and after
// ACQ.DISCORDANT_REPEAT_REQUEST the key has paid another amount.
var meanings = map[string]settlement.Outcome{
	// Somebody corrects something, such as filling the account, and tries anew.
	"ACQ.SELLER_BALANCE_NOT_ENOUGH":              settlement.Declined,
	"ACQ.INVALID_PARAMETER":                      settlement.Declined,
	"ACQ.TRADE_NOT_EXIST":                        settlement.Declined,
	"ACQ.TRADE_STATUS_ERROR":                     settlement.Declined,
	"ACQ.TRADE_HAS_CLOSE":                        settlement.Declined,
	"ACQ.TRADE_NOT_ALLOW_REFUND":                 settlement.Declined,
	"ACQ.REASON_TRADE_STATUS_INVALID":            settlement.Declined,
	"ACQ.REASON_TRADE_REFUND_FEE_ERR":            settlement.Declined,
	"ACQ.REASON_TRADE_BEEN_FREEZEN":              settlement.Declined,
	"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL":             settlement.Declined,
	"ACQ.REFUND_FEE_ERROR":                       settlement.Declined,
	"ACQ.NOT_ALLOW_PARTIAL_REFUND":               settlement.Declined,
	"ACQ.CURRENCY_NOT_SUPPORT":                   settlement.Declined,
	"ACQ.USER_NOT_MATCH_ERR":                     settlement.Declined,
	"ACQ.REFUND_ACCOUNT_NOT_EXIST":               settlement.Declined,
	"ACQ.OVERDRAFT_AGREEMENT_NOT_MATCH":          settlement.Declined,
	"ACQ.OVERDRAFT_ASSIGN_ACCOUNT_INVALID":       settlement.Declined,
	"ACQ.ALLOC_AMOUNT_VALIDATE_ERROR":            settlement.Declined,
	"ACQ.REFUNDALLOC_UNAUTH_LIMIT":               settlement.Declined,
	"ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST": settlement.Declined,

	// The customer's account cannot take the money, or the time for refunds is
	// over: it has to be paid in another way.
	"ACQ.BUYER_ERROR":                           settlement.ByHand,
	"ACQ.BUYER_NOT_EXIST":                       settlement.ByHand,
	"ACQ.BUYER_ENABLE_STATUS_FORBID":            settlement.ByHand,
	"ACQ.CUSTOMER_VALIDATE_ERROR":               settlement.ByHand,
	"ACQ.ENTERPRISE_PAY_BIZ_ERROR":              settlement.ByHand,
	"ACQ.TRADE_HAS_FINISHED":                    settlement.ByHand,
	"ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND": settlement.ByHand,
}

// refused is the meaning of an answer to a refund that is no success.
func (s status) refused() (settlement.Result, error) {
	outcome, certain := meanings[s.SubCode]
	if s.Code != "40004" || !certain { // 40004: the business refused; others: the gateway, or nobody knows
		return settlement.Result{}, s
	}
	return settlement.Result{Outcome: outcome, Reason: strings.TrimSpace("Alipay: " + s.SubMsg + " (" + s.SubCode + ")")}, nil
}
