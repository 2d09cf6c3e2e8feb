// Package wechatpay pays back by WeChat Pay (API v3, mainland merchants), with
// the signing, checking and decryption of Tencent's own client.
//
// It owns how a payout becomes a refund, what WeChat Pay's states and codes mean
// to us, and the check of its messages. It does not own payouts (package
// settlement). A payout's id is the out_refund_no, under which WeChat Pay pays
// once; an answer that WeChat Pay has not signed is none, a refusal neither.
package wechatpay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/validators"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/notify"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"

	"github.com/aftercare/aftercare/connect/rsakey"
	"github.com/aftercare/aftercare/finance/settlement"
)

// Name is what tenders call this provider.
const Name = "wechatpay"

// Host is where WeChat Pay listens.
const Host = "https://api.mch.weixin.qq.com"

// Options connect the adapter to one merchant.
type Options struct {
	Merchant   string // mchid
	Serial     string // serial number of the merchant's API certificate
	PrivateKey string // of that certificate, as text
	APIKey     string // "API v3 key", 32 characters; messages are encrypted with it
	PublicID   string // PUB_KEY_ID_…; with a platform certificate its serial number, or empty
	PublicKey  string // WeChat Pay's public key or platform certificate, as text
	Endpoint   string // Host when empty
	Client     *http.Client

	// NotifyURL is where WeChat Pay shall send messages about a tenant's refunds;
	// without it, to the address set in the merchant's console.
	NotifyURL func(tenant string) string
	// Notice passes on what messages tell of payouts, perhaps more than once;
	// after an error WeChat Pay sends the message again. Nil ignores.
	Notice func(ctx context.Context, tenant, payout string, r settlement.Result) error
}

// Provider implements settlement.Provider.
type Provider struct {
	o        Options
	api      *core.Client
	answers  *validators.WechatPayResponseValidator
	messages *notify.Handler
}

var _ settlement.Provider = (*Provider)(nil)

var (
	merchantShape = regexp.MustCompile(`^[0-9]{8,32}$`)
	serialShape   = regexp.MustCompile(`^[0-9A-Fa-f]{8,64}$`)
)

// New makes the adapter, or says what is wrong with the options.
func New(o Options) (*Provider, error) {
	private, err := rsakey.Private(o.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("the merchant's private key: %w", err)
	}
	public, serial, err := rsakey.Public(o.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("the public key of WeChat Pay: %w", err)
	}
	if o.PublicID == "" {
		o.PublicID = serial
	}
	if o.Endpoint == "" {
		o.Endpoint = Host
	}
	o.Endpoint = strings.TrimSuffix(o.Endpoint, "/")
	switch at, err := url.Parse(o.Endpoint); {
	case !merchantShape.MatchString(o.Merchant):
		return nil, errors.New("the merchant id of WeChat Pay is a number of 8 digits or more")
	case !serialShape.MatchString(o.Serial):
		return nil, errors.New("the serial number of the merchant's certificate is hexadecimal")
	case len(o.APIKey) != 32:
		return nil, errors.New("the API v3 key has 32 characters")
	case o.PublicID == "":
		return nil, errors.New("a public key of WeChat Pay needs its id (PUB_KEY_ID_…)")
	case private.PublicKey.Equal(public):
		return nil, errors.New("the public key is the merchant's own: copy WeChat Pay's from its console")
	case err != nil || at.Host == "":
		return nil, errors.New("the address of WeChat Pay is not a URL")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 15 * time.Second}
	}
	client := *o.Client
	client.Transport = limited{cmp.Or[http.RoundTripper](client.Transport, http.DefaultTransport)}
	verifier := verifiers.NewSHA256WithRSAPubkeyVerifier(o.PublicID, *public)
	p := &Provider{o: o, answers: validators.NewWechatPayResponseValidator(verifier)}
	if p.messages, err = notify.NewRSANotifyHandler(o.APIKey, verifier); err != nil {
		return nil, err
	}
	p.api, err = core.NewClient(context.Background(),
		option.WithMerchantCredential(o.Merchant, o.Serial, private), option.WithVerifier(verifier), option.WithHTTPClient(&client))
	return p, err
}

// Name is what tenders call the provider.
func (p *Provider) Name() string { return Name }

// keyShape is what WeChat Pay takes as out_refund_no. It also allows | * @,
// which our ids do not have.
var keyShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// refusal says why a request cannot be sent; empty when it can.
func refusal(r settlement.Request) string {
	switch {
	case r.Amount.Currency != "CNY":
		return "WeChat Pay is connected for CNY only, not for " + r.Amount.Currency + "."
	case r.Amount.Minor <= 0:
		return r.Amount.String() + " cannot be paid."
	case r.Reference == "":
		return "The tender has no reference of the payment at WeChat Pay."
	case !keyShape.MatchString(r.Key):
		return "The payout's id is not one that WeChat Pay takes."
	}
	return ""
}

// transactionID is WeChat Pay's number of a payment; others are the shop's own.
var transactionID = regexp.MustCompile(`^4[0-9]{27}$`)

// total reads what was paid in all, which every refund has to repeat.
func (p *Provider) total(ctx context.Context, reference string) (total int64, currency string, err error) {
	by := "out-trade-no"
	if transactionID.MatchString(reference) {
		by = "id"
	}
	var payment struct {
		Amount struct {
			Total    int64  `json:"total"`
			Currency string `json:"currency"`
		} `json:"amount"`
	}
	err = p.call(ctx, http.MethodGet, "/v3/pay/transactions/"+by+"/"+url.PathEscape(reference)+"?mchid="+p.o.Merchant, nil, &payment)
	return payment.Amount.Total, payment.Amount.Currency, err
}

type amount struct {
	Refund   int64  `json:"refund"`
	Total    int64  `json:"total"`
	Currency string `json:"currency"`
}

// Refund pays back once per key: an out_refund_no is paid once.
func (p *Provider) Refund(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	if why := refusal(r); why != "" {
		return settlement.Result{Outcome: settlement.ByHand, Reason: why}, nil
	}
	total, currency, err := p.total(ctx, r.Reference)
	if err != nil {
		return refused(err)
	}
	if currency != r.Amount.Currency {
		return settlement.Result{Outcome: settlement.Declined, Reason: "The payment at WeChat Pay is in " + currency + ", not in " + r.Amount.Currency + "."}, nil
	}
	body := struct {
		TransactionID string `json:"transaction_id,omitempty"`
		OutTradeNo    string `json:"out_trade_no,omitempty"`
		OutRefundNo   string `json:"out_refund_no"`
		NotifyURL     string `json:"notify_url,omitempty"`
		Amount        amount `json:"amount"`
	}{OutRefundNo: r.Key, Amount: amount{r.Amount.Minor, total, r.Amount.Currency}}
	if transactionID.MatchString(r.Reference) {
		body.TransactionID = r.Reference
	} else {
		body.OutTradeNo = r.Reference
	}
	if p.o.NotifyURL != nil {
		body.NotifyURL = p.o.NotifyURL(r.Tenant)
	}
	var answer refund
	if err := p.call(ctx, http.MethodPost, "/v3/refund/domestic/refunds", body, &answer); err != nil {
		return refused(err)
	}
	return answer.result(r)
}

// Lookup asks for a refund by its out_refund_no.
func (p *Provider) Lookup(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	if refusal(r) != "" { // never sent
		return settlement.Result{Outcome: settlement.Absent}, nil
	}
	var answer refund
	err := p.call(ctx, http.MethodGet, "/v3/refund/domestic/refunds/"+url.PathEscape(r.Key), nil, &answer)
	var no *problem
	if errors.As(err, &no) && no.status == http.StatusNotFound && no.code == "RESOURCE_NOT_EXISTS" {
		return settlement.Result{Outcome: settlement.Absent}, nil
	}
	if err != nil {
		return settlement.Result{}, err
	}
	return answer.result(r)
}
