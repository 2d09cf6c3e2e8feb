// Package alipay pays back by Alipay, with its open platform's protocol: signed
// form requests, signed JSON answers (RSA2, which is RSA with SHA-256).
//
// It owns how a payout becomes a refund request, the signatures of requests,
// answers and messages, and what Alipay's codes mean to us. It does not own
// payouts (package settlement). A payout is Alipay's out_request_no, under which
// one trade pays back once; an answer that Alipay has not signed is none.
package alipay

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/connect/rsakey"
	"github.com/aftercare/aftercare/finance/settlement"
)

// Name is what tenders call this provider.
const Name = "alipay"

// Gateway is where Alipay listens.
const Gateway = "https://openapi.alipay.com/gateway.do"

// Options connect the adapter to one application of Alipay's open platform.
type Options struct {
	AppID      string
	PrivateKey string // the application's, as text
	PublicKey  string // Alipay's (not the application's), as text
	Endpoint   string // Gateway when empty
	Client     *http.Client

	// Notice passes on what Alipay's messages tell of payouts, perhaps more than
	// once; after an error Alipay sends the message again. Nil ignores.
	Notice func(ctx context.Context, tenant, payout string, r settlement.Result) error
}

// Provider implements settlement.Provider.
type Provider struct {
	o       Options
	gateway *url.URL
	private *rsa.PrivateKey
	public  *rsa.PublicKey
}

var _ settlement.Provider = (*Provider)(nil)

var digits = regexp.MustCompile(`^[0-9]{16,32}$`)

// New makes the adapter, or says what is wrong with the options.
func New(o Options) (*Provider, error) {
	if !digits.MatchString(o.AppID) {
		return nil, errors.New("the application id of Alipay is a number of 16 digits or more")
	}
	private, err := rsakey.Private(o.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("the application's private key: %w", err)
	}
	public, _, err := rsakey.Public(o.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("the public key of Alipay: %w", err)
	}
	if private.PublicKey.Equal(public) {
		return nil, errors.New("the public key is the application's own: copy Alipay's from its console")
	}
	if o.Endpoint == "" {
		o.Endpoint = Gateway
	}
	gateway, err := url.Parse(o.Endpoint)
	if err != nil || gateway.Host == "" {
		return nil, errors.New("the address of Alipay's gateway is not a URL")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 15 * time.Second}
	}
	return &Provider{o, gateway, private, public}, nil
}

// Name is what tenders call the provider.
func (p *Provider) Name() string { return Name }

// trade names the original payment: by Alipay's number, which has 28 digits and
// begins with its date, or else by the shop's own.
type trade struct {
	TradeNo      string `json:"trade_no,omitempty"`
	OutTradeNo   string `json:"out_trade_no,omitempty"`
	OutRequestNo string `json:"out_request_no"`
}

var tradeNo = regexp.MustCompile(`^20[0-9]{26}$`)

func tradeOf(r settlement.Request) trade {
	if tradeNo.MatchString(r.Reference) {
		return trade{TradeNo: r.Reference, OutRequestNo: r.Key}
	}
	return trade{OutTradeNo: r.Reference, OutRequestNo: r.Key}
}

// keyShape is what Alipay takes as out_request_no.
var keyShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// refusal says why a request cannot be sent; empty when it can.
func refusal(r settlement.Request) string {
	switch {
	case r.Amount.Currency != "CNY":
		return "Alipay is connected for CNY only, not for " + r.Amount.Currency + "."
	case r.Amount.Minor <= 0:
		return r.Amount.String() + " cannot be paid."
	case r.Reference == "":
		return "The tender has no reference of the payment at Alipay."
	case !keyShape.MatchString(r.Key):
		return "The payout's id is not one that Alipay takes."
	}
	return ""
}

// refund is Alipay's answer to alipay.trade.refund. refund_fee is the sum of
// all refunds of the trade and says nothing of this one.
type refund struct {
	status
	TradeNo    string `json:"trade_no"`
	OutTradeNo string `json:"out_trade_no"`
	FundChange string `json:"fund_change"`
}

// Refund pays back once per key: a trade pays an out_request_no once.
func (p *Provider) Refund(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	if why := refusal(r); why != "" {
		return settlement.Result{Outcome: settlement.ByHand, Reason: why}, nil
	}
	var answer refund
	err := p.call(ctx, "alipay.trade.refund", struct {
		trade
		Amount string `json:"refund_amount"`
	}{tradeOf(r), r.Amount.Decimal()}, &answer)
	if err != nil {
		return settlement.Result{}, err
	}
	if answer.Code != success {
		return answer.refused()
	}
	if answer.FundChange == "Y" {
		return settlement.Result{Outcome: settlement.Paid, Reference: reference(answer.TradeNo, r.Key)}, nil
	}
	// No money moved with this call: it did with an earlier one, or it will, or
	// not at all. Only the refund itself tells.
	got, err := p.Lookup(ctx, r)
	if err == nil && got.Outcome == settlement.Absent {
		return settlement.Result{Outcome: settlement.Pending}, nil
	}
	return got, err
}

// query is Alipay's answer to alipay.trade.fastpay.refund.query.
type query struct {
	status
	TradeNo      string `json:"trade_no"`
	OutRequestNo string `json:"out_request_no"`
	Amount       string `json:"refund_amount"`
	Status       string `json:"refund_status"`
}

// Lookup asks for the refund of a trade by its out_request_no.
func (p *Provider) Lookup(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	if refusal(r) != "" { // never sent
		return settlement.Result{Outcome: settlement.Absent}, nil
	}
	var answer query
	if err := p.call(ctx, "alipay.trade.fastpay.refund.query", tradeOf(r), &answer); err != nil {
		return settlement.Result{}, err
	}
	switch {
	case answer.Code != success: // a query that fails says nothing about the refund
		return settlement.Result{}, answer.status
	case answer.Amount == "" && answer.Status == "":
		return settlement.Result{Outcome: settlement.Absent}, nil
	case answer.OutRequestNo != "" && answer.OutRequestNo != r.Key:
		return settlement.Result{}, fmt.Errorf("alipay answered about refund %s, not %s", answer.OutRequestNo, r.Key)
	case answer.Status != "REFUND_SUCCESS":
		return settlement.Result{Outcome: settlement.Pending, Reference: reference(answer.TradeNo, r.Key)}, nil
	}
	if paid, err := money.Parse(answer.Amount, "CNY"); err != nil || paid != r.Amount {
		return settlement.Result{}, fmt.Errorf("alipay paid %s CNY for %s, not %s", answer.Amount, r.Key, r.Amount)
	}
	return settlement.Result{Outcome: settlement.Paid, Reference: reference(answer.TradeNo, r.Key)}, nil
}

// reference names a refund, for which Alipay has no number of its own.
func reference(tradeNo, key string) string { return tradeNo + "/" + key }
