// Package alipaytest is an Alipay for tests, of one application: it checks
// signatures, answers and sends messages as the open platform does.
//
// It owns the protocol as it is seen from Alipay. It does not own what becomes of
// payments (paytest.Books). All of it is written out anew and none taken from the
// adapter, so that a mistake of the adapter shows.
package alipaytest

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/connect/paytest"
)

// Forger is the key of nobody: what makes forged answers.
var Forger = paytest.NewKey()

// Application is what Alipay knows of one.
type Application struct {
	*paytest.Books
	ID     string
	Own    *rsa.PrivateKey // of the application
	Theirs *rsa.PrivateKey // that Alipay signs with for it

	Refuse string // code that every refund is refused with, when not empty
	Wait   bool   // refunds are taken and not decided
}

// Text is what is signed of a form: all that has a value, in order, but the
// parameters that are left out.
func Text(form url.Values, without ...string) string {
	var all []string
	for name, values := range form {
		if !slices.Contains(without, name) && values[0] != "" {
			all = append(all, name+"="+values[0])
		}
	}
	slices.Sort(all)
	return strings.Join(all, "&")
}

// Genuine tells whether the application signed a request.
func (a *Application) Genuine(form url.Values) bool {
	return paytest.Signed(a.Own, Text(form, "sign"), form.Get("sign"))
}

// node is what an answer holds.
type node map[string]string

func invalid(code, message string) node {
	return node{"code": "40002", "msg": "Invalid Arguments", "sub_code": code, "sub_msg": message}
}

func refused(code, message string) node {
	return node{"code": "40004", "msg": "Business Failed", "sub_code": code, "sub_msg": message}
}

// content is what a request asks for.
type content struct {
	TradeNo      string `json:"trade_no"`
	OutTradeNo   string `json:"out_trade_no"`
	OutRequestNo string `json:"out_request_no"`
	Amount       string `json:"refund_amount"`
}

// ServeHTTP is the gateway.
func (a *Application) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.URL.Query().Get("charset") != "utf-8" || r.URL.Path != "/gateway.do" {
		http.Error(w, "what?", http.StatusBadRequest)
		return
	}
	form := r.PostForm
	at, err := time.ParseInLocation(time.DateTime, form.Get("timestamp"), time.FixedZone("", 8*3600))
	var in content
	switch {
	case form.Get("app_id") != a.ID || form.Get("sign_type") != "RSA2" || form.Get("version") != "1.0" || form.Get("format") != "JSON":
		raw, _ := json.Marshal(map[string]node{"error_response": invalid("isv.invalid-app-id", "无效的AppID参数")})
		_, _ = w.Write(raw) // to whom it does not know it signs nothing
	case !a.Genuine(form):
		reply(w, form, a.Theirs, invalid("isv.invalid-signature", "验签出错"))
	case err != nil || time.Since(at).Abs() > 5*time.Minute:
		reply(w, form, a.Theirs, invalid("isv.invalid-timestamp", ""))
	case json.Unmarshal([]byte(form.Get("biz_content")), &in) != nil:
		reply(w, form, a.Theirs, invalid("isv.invalid-parameter", ""))
	default:
		a.serve(w, r, in)
	}
}

// serve does what a genuine request asks for, and the trouble of its payment.
func (a *Application) serve(w http.ResponseWriter, r *http.Request, in content) {
	form, key := r.PostForm, a.Theirs
	p, trouble, ok := a.Payment(in.TradeNo + in.OutTradeNo)
	if trouble == paytest.Forged {
		key = Forger
	}
	switch {
	case trouble == paytest.LostRequest:
		paytest.Cut(w)
	case trouble == paytest.Failing:
		reply(w, form, key, node{"code": "20000", "msg": "Service Currently Unavailable", "sub_code": "isp.unknow-error", "sub_msg": "系统繁忙"})
	case !ok:
		reply(w, form, key, refused("ACQ.TRADE_NOT_EXIST", "交易不存在"))
	case form.Get("method") == "alipay.trade.fastpay.refund.query":
		reply(w, form, key, a.query(p, in.OutRequestNo))
	case form.Get("method") != "alipay.trade.refund":
		http.NotFound(w, r)
	case trouble == paytest.Decline:
		reply(w, form, key, refused("ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足"))
	case a.Refuse != "":
		reply(w, form, key, refused(a.Refuse, "卖家余额不足"))
	default:
		answer := a.refund(p, in, a.Wait || trouble == paytest.Pending)
		switch trouble {
		case paytest.LostAnswer:
			paytest.Cut(w)
		case paytest.Slow:
			paytest.Wait(r)
		default:
			reply(w, form, key, answer)
		}
	}
}

func (a *Application) refund(p paytest.Payment, in content, wait bool) node {
	state := paytest.None
	if wait {
		state = paytest.Pending
	}
	_, fresh := a.Pay(paytest.Refund{Key: in.OutRequestNo, Payment: p.Reference, Amount: in.Amount, State: state})
	change := "N"
	if fresh && !wait {
		change = "Y"
	}
	return node{"code": "10000", "msg": "Success", "trade_no": number(p), "fund_change": change, "refund_fee": "1234.00"}
}

func (a *Application) query(p paytest.Payment, request string) node {
	answer := node{"code": "10000", "msg": "Success"}
	if refund, ok := a.ByKey(request); ok && refund.State != paytest.TurnedDown {
		answer["trade_no"], answer["out_request_no"], answer["refund_amount"] = number(p), request, refund.Amount
		if refund.State == paytest.None {
			answer["refund_status"] = "REFUND_SUCCESS"
		}
	}
	return answer
}

// number is Alipay's own of a trade.
func number(p paytest.Payment) string {
	return "2026112222001" + fmt.Sprintf("%015d", len(p.Reference))
}

// reply signs the bytes of the node, in which slashes are escaped as Alipay does.
func reply(w http.ResponseWriter, form url.Values, key *rsa.PrivateKey, answer node) {
	raw, _ := json.Marshal(answer)
	text := strings.ReplaceAll(string(raw), "/", `\/`)
	name := strings.ReplaceAll(form.Get("method"), ".", "_") + "_response"
	_, _ = fmt.Fprintf(w, `{"%s":%s,"alipay_cert_sn":"x","sign":"%s"}`, name, text, paytest.Sign(key, text))
}

// Message is what Alipay sends by itself after a refund. change may change what
// it says before it is signed.
func (a *Application) Message(refund paytest.Refund, key *rsa.PrivateKey, change func(url.Values)) []byte {
	p, _, _ := a.Payment(refund.Payment)
	form := url.Values{
		"app_id": {a.ID}, "notify_type": {"trade_status_sync"}, "trade_status": {"TRADE_SUCCESS"}, "trade_no": {number(p)}, "subject": {"茶壶 a+b=c"},
		"out_biz_no": {refund.Key}, "refund_fee": {"1234.00"}, "gmt_refund": {"2026-11-22 09:00:00.123"}, "charset": {"utf-8"}, "passback": {""},
	}
	if change != nil {
		change(form)
	}
	form.Set("sign", paytest.Sign(key, Text(form)))
	form.Set("sign_type", "RSA2")
	return []byte(form.Encode())
}
