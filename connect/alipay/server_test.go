package alipay_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/connect/paytest"
)

const app = "2021000000000001"

// The keys of the application, of Alipay and of a forger, as its tools print them.
var applicationKey, alipayKey, forgerKey = newKey(), newKey(), newKey()

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func private(key *rsa.PrivateKey) string {
	raw, _ := x509.MarshalPKCS8PrivateKey(key)
	return base64.StdEncoding.EncodeToString(raw)
}

func public(key *rsa.PrivateKey) string {
	raw, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	return base64.StdEncoding.EncodeToString(raw)
}

func sign(key *rsa.PrivateKey, text string) string {
	sum := sha256.Sum256([]byte(text))
	raw, _ := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return base64.StdEncoding.EncodeToString(raw)
}

// server is an Alipay of our own: it checks signatures, and signs with its key.
type server struct {
	*paytest.Books
	URL string

	subCode string // of every refund, when not empty
}

func newServer(t *testing.T) *server {
	s := &server{Books: paytest.NewBooks()}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL + "/gateway.do"
	return s
}

// signedText is written out anew here, so that a mistake of the adapter shows.
func signedText(form url.Values) string {
	var all []string
	for name, values := range form {
		if name != "sign" && values[0] != "" {
			all = append(all, name+"="+values[0])
		}
	}
	slices.Sort(all)
	return strings.Join(all, "&")
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	charset := r.URL.Query().Get("charset")
	if err := r.ParseForm(); err != nil || charset != "utf-8" || r.URL.Path != "/gateway.do" {
		http.Error(w, "what?", http.StatusBadRequest)
		return
	}
	form := r.PostForm
	raw, _ := base64.StdEncoding.DecodeString(form.Get("sign"))
	sum := sha256.Sum256([]byte(signedText(form)))
	at, err := time.ParseInLocation(time.DateTime, form.Get("timestamp"), time.FixedZone("", 8*3600))
	var content struct {
		TradeNo      string `json:"trade_no"`
		OutTradeNo   string `json:"out_trade_no"`
		OutRequestNo string `json:"out_request_no"`
		Amount       string `json:"refund_amount"`
	}
	switch {
	case form.Get("app_id") != app || form.Get("sign_type") != "RSA2" || form.Get("version") != "1.0" || form.Get("format") != "JSON":
		_, _ = w.Write([]byte(`{"error_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-app-id","sub_msg":"无效的AppID参数"}}`))
		return
	case rsa.VerifyPKCS1v15(&applicationKey.PublicKey, crypto.SHA256, sum[:], raw) != nil:
		s.reply(w, form, alipayKey, map[string]string{"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature", "sub_msg": "验签出错"})
		return
	case err != nil || time.Since(at).Abs() > 5*time.Minute:
		s.reply(w, form, alipayKey, map[string]string{"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-timestamp"})
		return
	case json.Unmarshal([]byte(form.Get("biz_content")), &content) != nil:
		s.reply(w, form, alipayKey, map[string]string{"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-parameter"})
		return
	}
	reference := content.TradeNo + content.OutTradeNo
	p, trouble, ok := s.Payment(reference)
	key := alipayKey
	if trouble == paytest.Forged {
		key = forgerKey
	}
	switch {
	case trouble == paytest.LostRequest:
		paytest.Cut(w)
		return
	case trouble == paytest.Failing:
		s.reply(w, form, key, map[string]string{"code": "20000", "msg": "Service Currently Unavailable", "sub_code": "isp.unknow-error", "sub_msg": "系统繁忙"})
		return
	case !ok:
		s.reply(w, form, key, map[string]string{"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST", "sub_msg": "交易不存在"})
		return
	case form.Get("method") == "alipay.trade.fastpay.refund.query":
		s.query(w, form, key, p, content.OutRequestNo)
		return
	case form.Get("method") != "alipay.trade.refund":
		http.NotFound(w, r)
		return
	}
	refusal := s.subCode
	if trouble == paytest.Decline {
		refusal = "ACQ.SELLER_BALANCE_NOT_ENOUGH"
	}
	if refusal != "" {
		s.reply(w, form, key, map[string]string{"code": "40004", "msg": "Business Failed", "sub_code": refusal, "sub_msg": "卖家余额不足"})
		return
	}
	state := paytest.None
	if trouble == paytest.Pending {
		state = paytest.Pending
	}
	_, fresh := s.Pay(paytest.Refund{Key: content.OutRequestNo, Payment: reference, Amount: content.Amount, State: state})
	change := "N"
	if fresh && state == paytest.None {
		change = "Y"
	}
	switch trouble {
	case paytest.LostAnswer:
		paytest.Cut(w)
	case paytest.Slow:
		paytest.Wait(r)
	default:
		s.reply(w, form, key, map[string]string{"code": "10000", "msg": "Success", "trade_no": number(p), "fund_change": change, "refund_fee": "1234.00"})
	}
}

// number is Alipay's own of a trade.
func number(p paytest.Payment) string {
	return "2026112222001" + fmt.Sprintf("%015d", len(p.Reference))
}

func (s *server) query(w http.ResponseWriter, form url.Values, key *rsa.PrivateKey, p paytest.Payment, request string) {
	answer := map[string]string{"code": "10000", "msg": "Success"}
	if refund, ok := s.ByKey(request); ok && refund.State != paytest.TurnedDown {
		answer["trade_no"], answer["out_request_no"], answer["refund_amount"] = number(p), request, refund.Amount
		if refund.State == paytest.None {
			answer["refund_status"] = "REFUND_SUCCESS"
		}
	}
	s.reply(w, form, key, answer)
}

// reply signs the bytes of the node, in which slashes are escaped as Alipay does.
func (s *server) reply(w http.ResponseWriter, form url.Values, key *rsa.PrivateKey, answer map[string]string) {
	node, _ := json.Marshal(answer)
	text := strings.ReplaceAll(string(node), "/", `\/`)
	name := strings.ReplaceAll(form.Get("method"), ".", "_") + "_response"
	_, _ = fmt.Fprintf(w, `{"%s":%s,"alipay_cert_sn":"x","sign":"%s"}`, name, text, sign(key, text))
}

// message is what Alipay sends by itself after a refund.
func (s *server) message(refund paytest.Refund, key *rsa.PrivateKey, change func(url.Values)) []byte {
	p, _, _ := s.Payment(refund.Payment)
	form := url.Values{
		"app_id": {app}, "notify_type": {"trade_status_sync"}, "trade_status": {"TRADE_SUCCESS"}, "trade_no": {number(p)}, "subject": {"茶壶 a+b=c"},
		"out_biz_no": {refund.Key}, "refund_fee": {"1234.00"}, "gmt_refund": {"2026-11-22 09:00:00.123"}, "charset": {"utf-8"}, "passback": {""},
	}
	if change != nil {
		change(form)
	}
	form.Set("sign", sign(key, signedText(form)))
	form.Set("sign_type", "RSA2")
	return []byte(form.Encode())
}
