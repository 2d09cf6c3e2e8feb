package wechatpay_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/connect/paytest"
)

const (
	merchant = "1900009191"
	serial   = "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C"
	apiKey   = "0123456789abcdef0123456789abcdef"
	publicID = "PUB_KEY_ID_0000000000000024101100397200000006"
	whole    = 20000000 // of every payment here
)

// The keys of the merchant, of WeChat Pay and of a forger.
var merchantKey, wechatKey, forgerKey = paytest.NewKey(), paytest.NewKey(), paytest.NewKey()

func private(key *rsa.PrivateKey) string { return paytest.PEM("PRIVATE KEY", paytest.Private(key)) }

func public(key *rsa.PrivateKey) string { return paytest.PEM("PUBLIC KEY", paytest.Public(key)) }

// server is a WeChat Pay of our own: it checks signatures, and signs with its key.
type server struct {
	*paytest.Books
	URL string

	status int // of every refund, when not 0
	code   string

	mu     sync.Mutex
	bodies []string // of refund requests
}

func newServer(t *testing.T) *server {
	s := &server{Books: paytest.NewBooks()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v3/pay/transactions/{by}/{id}", s.payment)
	mux.HandleFunc("POST /v3/refund/domestic/refunds", s.create)
	mux.HandleFunc("GET /v3/refund/domestic/refunds/{key}", s.read)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if unauthorized(r, body) != "" {
			w.WriteHeader(http.StatusUnauthorized) // to whom it does not know it signs nothing
			_, _ = w.Write([]byte(`{"code":"SIGN_ERROR","message":"签名错误"}`))
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

var authorization = regexp.MustCompile(`^WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",nonce_str="(\w+)",timestamp="(\d+)",serial_no="(\w+)",signature="(.+)"$`)

// unauthorized is the check of a request's signature, by the protocol.
func unauthorized(r *http.Request, body []byte) string {
	m := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil || m[1] != merchant || m[4] != serial {
		return "header " + r.Header.Get("Authorization")
	}
	at, _ := strconv.ParseInt(m[3], 10, 64)
	if time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return "time"
	}
	if r.Header.Get("Wechatpay-Serial") != publicID {
		return "the key that shall sign the answer"
	}
	text := r.Method + "\n" + r.URL.RequestURI() + "\n" + m[3] + "\n" + m[2] + "\n" + string(body) + "\n"
	if !paytest.Signed(merchantKey, text, m[5]) {
		return "signature"
	}
	return ""
}

// signed are the headers of a signed answer or message.
func signed(h http.Header, body []byte, key *rsa.PrivateKey, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	h.Set("Wechatpay-Timestamp", stamp)
	h.Set("Wechatpay-Nonce", "nonce")
	h.Set("Wechatpay-Serial", publicID)
	h.Set("Wechatpay-Signature", paytest.Sign(key, stamp+"\nnonce\n"+string(body)+"\n"))
	h.Set("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048")
}

func reply(w http.ResponseWriter, key *rsa.PrivateKey, status int, v any) {
	body, _ := json.Marshal(v)
	signed(w.Header(), body, key, time.Now())
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func problem(code string) map[string]string {
	return map[string]string{"code": code, "message": "抱歉"}
}

// early makes the trouble that comes before any work, and says so.
func early(w http.ResponseWriter, trouble paytest.Trouble) bool {
	switch trouble {
	case paytest.LostRequest:
		paytest.Cut(w)
	case paytest.Failing:
		reply(w, wechatKey, http.StatusInternalServerError, problem("SYSTEM_ERROR"))
	default:
		return false
	}
	return true
}

func (s *server) payment(w http.ResponseWriter, r *http.Request) {
	p, trouble, ok := s.Payment(r.PathValue("id"), paytest.LostRequest, paytest.Failing)
	byID := len(r.PathValue("id")) == 28
	switch {
	case !ok || r.URL.Query().Get("mchid") != merchant || byID != (r.PathValue("by") == "id"):
		reply(w, wechatKey, http.StatusNotFound, problem("ORDER_NOT_EXIST"))
	case early(w, trouble):
	default:
		reply(w, wechatKey, http.StatusOK, map[string]any{"out_trade_no": "x", "trade_state": "REFUND", "amount": map[string]any{"total": whole, "currency": p.Currency}})
	}
}

func (s *server) create(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.bodies = append(s.bodies, string(raw))
	s.mu.Unlock()
	var in struct {
		TransactionID string `json:"transaction_id"`
		OutTradeNo    string `json:"out_trade_no"`
		OutRefundNo   string `json:"out_refund_no"`
		NotifyURL     string `json:"notify_url"`
		Amount        struct {
			Refund, Total int64
			Currency      string
		} `json:"amount"`
	}
	err := json.Unmarshal(raw, &in)
	p, trouble, ok := s.Payment(in.TransactionID + in.OutTradeNo)
	switch {
	case err != nil || in.Amount.Total != whole || in.Amount.Currency != "CNY" || strings.Contains(in.NotifyURL, "?"):
		reply(w, wechatKey, http.StatusBadRequest, problem("PARAM_ERROR"))
		return
	case !ok:
		reply(w, wechatKey, http.StatusNotFound, problem("RESOURCE_NOT_EXISTS"))
		return
	case early(w, trouble):
		return
	case trouble == paytest.Decline:
		reply(w, wechatKey, http.StatusForbidden, problem("NOT_ENOUGH"))
		return
	case s.status != 0:
		reply(w, wechatKey, s.status, problem(s.code))
		return
	}
	state := paytest.None
	if trouble == paytest.Pending {
		state = paytest.Pending
	}
	refund, _ := s.Pay(paytest.Refund{Key: in.OutRefundNo, Payment: p.Reference, Amount: fmt.Sprint(in.Amount.Refund), State: state})
	switch trouble {
	case paytest.LostAnswer:
		paytest.Cut(w)
	case paytest.Slow:
		paytest.Wait(r)
	case paytest.Forged:
		reply(w, forgerKey, http.StatusOK, object(refund))
	default:
		reply(w, wechatKey, http.StatusOK, object(refund))
	}
}

func object(r paytest.Refund) map[string]any {
	status := map[paytest.Trouble]string{paytest.None: "SUCCESS", paytest.Pending: "PROCESSING", paytest.TurnedDown: "ABNORMAL"}[r.State]
	return map[string]any{"refund_id": r.ID, "out_refund_no": r.Key, "status": status, "amount": map[string]any{"refund": json.Number(r.Amount), "currency": "CNY"}}
}

// read knows refunds by key only, so the trouble is that of the payment with
// the same key.
func (s *server) read(w http.ResponseWriter, r *http.Request) {
	_, trouble, _ := s.Payment("shop-"+r.PathValue("key"), paytest.LostRequest, paytest.Failing, paytest.Forged)
	key := wechatKey
	if trouble == paytest.Forged {
		key = forgerKey
	}
	if early(w, trouble) {
		return
	}
	if refund, ok := s.ByKey(r.PathValue("key")); ok {
		reply(w, key, http.StatusOK, object(refund))
		return
	}
	reply(w, key, http.StatusNotFound, problem("RESOURCE_NOT_EXISTS"))
}

// message is what WeChat Pay sends by itself, encrypted with the API key.
func message(refund paytest.Refund, key *rsa.PrivateKey, at time.Time, to, with string) (http.Header, []byte) {
	state := object(refund)
	plain, _ := json.Marshal(map[string]any{"mchid": to, "out_refund_no": refund.Key, "refund_id": refund.ID, "refund_status": state["status"]})
	block, _ := aes.NewCipher([]byte(with))
	seal, _ := cipher.NewGCM(block)
	nonce := []byte("fdasflkja484")
	body, _ := json.Marshal(map[string]any{
		"id": "EV-1", "event_type": "REFUND." + fmt.Sprint(state["status"]), "resource_type": "encrypt-resource", "resource": map[string]string{
			"algorithm": "AEAD_AES_256_GCM", "original_type": "refund", "nonce": string(nonce), "associated_data": "refund",
			"ciphertext": base64.StdEncoding.EncodeToString(seal.Seal(nil, nonce, plain, []byte("refund"))),
		},
	})
	h := http.Header{}
	signed(h, body, key, at)
	return h, body
}
