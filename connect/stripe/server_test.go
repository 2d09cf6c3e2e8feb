package stripe_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/aftercare/aftercare/connect/paytest"
)

const (
	key    = "sk_test_aftercare"
	secret = "whsec_aftercare"
)

// server is a Stripe of our own that remembers, which Stripe's mock does not:
// idempotency keys as documented, refunds page by page, failures.
type server struct {
	*paytest.Books
	URL string

	mu       sync.Mutex
	keys     map[string]*kept
	disputes map[string]string // their states
	sessions map[string]map[string]any
	made     int // refunds asked for, repetitions included
	pages    int
}

// kept is what a key was answered with; nil while it is being worked on.
type kept struct {
	form   string
	status int
	body   []byte
}

func newServer(t *testing.T) *server {
	s := &server{Books: paytest.NewBooks(), keys: map[string]*kept{}, sessions: map[string]map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/refunds", s.create)
	mux.HandleFunc("GET /v1/refunds", s.list)
	mux.HandleFunc("GET /v1/refunds/{id}", s.read)
	mux.HandleFunc("GET /v1/payment_intents/{id}", s.payment)
	mux.HandleFunc("GET /v1/charges/{id}", s.payment)
	mux.HandleFunc("GET /v1/disputes/{id}", s.dispute)
	mux.HandleFunc("POST /v1/checkout/sessions", s.makeSession)
	mux.HandleFunc("GET /v1/checkout/sessions/{id}", s.readSession)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+key {
			problem(w, http.StatusUnauthorized, "invalid_request_error", "", "Invalid API Key provided")
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func problem(w http.ResponseWriter, status int, kind, code, message string) {
	reply(w, status, map[string]any{"error": map[string]string{"type": kind, "code": code, "message": message}})
}

func (s *server) payment(w http.ResponseWriter, r *http.Request) {
	p, trouble, ok := s.Payment(r.PathValue("id"), paytest.LostRequest, paytest.Failing)
	switch {
	case !ok:
		problem(w, http.StatusNotFound, "invalid_request_error", "resource_missing", "No such payment_intent: '"+r.PathValue("id")+"'")
	case trouble == paytest.LostRequest:
		paytest.Cut(w)
	case trouble == paytest.Failing:
		problem(w, http.StatusServiceUnavailable, "api_error", "", "We are out of order.")
	default:
		reply(w, http.StatusOK, map[string]any{"id": p.Reference, "currency": p.Currency})
	}
}

// create answers each key as it did the first time, failures included.
func (s *server) create(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	name := r.Header.Get("Idempotency-Key")
	s.mu.Lock()
	s.made++
	old, known := s.keys[name]
	if !known {
		s.keys[name] = nil
	}
	s.mu.Unlock()
	if known {
		s.repeat(w, old, r.PostForm.Encode())
		return
	}
	reference := r.PostForm.Get("payment_intent") + r.PostForm.Get("charge")
	p, trouble, _ := s.Payment(reference)
	rec := httptest.NewRecorder()
	s.work(rec, r, p, trouble)
	s.mu.Lock()
	s.keys[name] = &kept{r.PostForm.Encode(), rec.Code, rec.Body.Bytes()}
	s.mu.Unlock()
	switch trouble {
	case paytest.LostAnswer:
		paytest.Cut(w)
	case paytest.Slow:
		paytest.Wait(r)
	default:
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}
}

func (s *server) repeat(w http.ResponseWriter, old *kept, form string) {
	switch {
	case old == nil:
		problem(w, http.StatusConflict, "invalid_request_error", "idempotency_key_in_use", "There is another request under way with this key.")
	case old.form != form:
		problem(w, http.StatusBadRequest, "idempotency_error", "", "Keys can only be used with the same parameters.")
	default:
		w.Header().Set("Idempotent-Replayed", "true")
		w.WriteHeader(old.status)
		_, _ = w.Write(old.body)
	}
}

func (s *server) work(w http.ResponseWriter, r *http.Request, p paytest.Payment, trouble paytest.Trouble) {
	if trouble == paytest.Decline {
		problem(w, http.StatusBadRequest, "invalid_request_error", "charge_disputed", "Charge has been charged back.")
		return
	}
	state := paytest.None
	if trouble == paytest.Pending {
		state = paytest.Pending
	}
	// Metadata is nothing that Stripe looks at: only the key keeps it from paying twice.
	refund := s.Add(paytest.Refund{
		Key: r.PostForm.Get("metadata[aftercare_payout]"), Tenant: r.PostForm.Get("metadata[aftercare_tenant]"),
		Payment: p.Reference, Amount: r.PostForm.Get("amount") + " " + p.Currency, State: state,
	})
	time.Sleep(5 * time.Millisecond) // so that others meet the key in use
	reply(w, http.StatusOK, object(refund))
}

func object(r paytest.Refund) map[string]any {
	status := map[paytest.Trouble]string{paytest.None: "succeeded", paytest.Pending: "pending", paytest.TurnedDown: "failed"}[r.State]
	minor, currency, _ := strings.Cut(r.Amount, " ")
	o := map[string]any{
		"object": "refund", "id": r.ID, "status": status, "payment_intent": r.Payment, "currency": currency, "amount": json.Number(minor),
		"metadata": map[string]string{"aftercare_payout": r.Key, "aftercare_tenant": r.Tenant},
	}
	if status == "failed" {
		o["failure_reason"] = "expired_or_canceled_card"
	}
	return o
}

// list gives pages of two, newest first, whatever is asked for.
func (s *server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	reference := q.Get("payment_intent") + q.Get("charge")
	_, trouble, ok := s.Payment(reference, paytest.LostRequest, paytest.Failing)
	switch {
	case !ok:
		problem(w, http.StatusNotFound, "invalid_request_error", "resource_missing", "No such payment_intent: '"+reference+"'")
		return
	case trouble == paytest.LostRequest:
		paytest.Cut(w)
		return
	case trouble == paytest.Failing:
		problem(w, http.StatusInternalServerError, "api_error", "", "We are out of order.")
		return
	}
	all := s.Refunds(func(r paytest.Refund) bool { return r.Payment == reference })
	page := []map[string]any{}
	after := q.Get("starting_after")
	more := false
	for i := len(all) - 1; i >= 0; i-- {
		switch {
		case after != "":
			if all[i].ID == after {
				after = ""
			}
		case len(page) == 2:
			more = true
		default:
			page = append(page, object(all[i]))
		}
	}
	s.mu.Lock()
	s.pages++
	s.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"object": "list", "url": "/v1/refunds", "has_more": more, "data": page})
}

func (s *server) read(w http.ResponseWriter, r *http.Request) {
	for _, refund := range s.Refunds(func(one paytest.Refund) bool { return one.ID == r.PathValue("id") }) {
		reply(w, http.StatusOK, object(refund))
		return
	}
	problem(w, http.StatusNotFound, "invalid_request_error", "resource_missing", "No such refund")
}

func (s *server) dispute(w http.ResponseWriter, r *http.Request) {
	status, ok := s.disputes[r.PathValue("id")]
	if !ok {
		problem(w, http.StatusNotFound, "invalid_request_error", "resource_missing", "No such dispute")
		return
	}
	reply(w, http.StatusOK, map[string]any{
		"object": "dispute", "id": r.PathValue("id"), "charge": "ch_1", "payment_intent": "pi_1", "amount": 500, "currency": "isk",
		"reason": "fraudulent", "status": status,
	})
}

// makeSession gives the same page for a key, as it was when it was made.
func (s *server) makeSession(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	key := r.Header.Get("Idempotency-Key")
	s.mu.Lock()
	defer s.mu.Unlock()
	id := "cs_" + key
	fresh := map[string]any{
		"object": "checkout.session", "id": id, "status": "open", "payment_status": "unpaid", "url": "https://checkout.example/" + id,
		"currency": r.PostForm.Get("line_items[0][price_data][currency]"), "amount_total": json.Number(r.PostForm.Get("line_items[0][price_data][unit_amount]")),
		"metadata": map[string]string{"aftercare_charge": r.PostForm.Get("metadata[aftercare_charge]"), "aftercare_tenant": r.PostForm.Get("metadata[aftercare_tenant]")},
	}
	if _, known := s.sessions[id]; known {
		w.Header().Set("Idempotent-Replayed", "true")
	} else {
		s.sessions[id] = maps.Clone(fresh)
	}
	if r.PostForm.Get("success_url") == "" {
		problem(w, http.StatusBadRequest, "invalid_request_error", "parameter_missing", "Missing required param: success_url.")
		return
	}
	reply(w, http.StatusOK, fresh)
}

func (s *server) readSession(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if session, ok := s.sessions[r.PathValue("id")]; ok {
		reply(w, http.StatusOK, session)
		return
	}
	problem(w, http.StatusNotFound, "invalid_request_error", "resource_missing", "No such session")
}

// change is what happens to a page.
func (s *server) change(id string, to map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.sessions[id], to)
}

// event signs a message as Stripe does.
func event(kind string, object any, at time.Time, secret string) (http.Header, []byte) {
	raw, _ := json.Marshal(map[string]any{
		"id": "evt_1", "object": "event", "type": kind, "api_version": "2020-08-27", "data": map[string]any{"object": object},
	})
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: raw, Secret: secret, Timestamp: at})
	return http.Header{"Stripe-Signature": {signed.Header}}, raw
}

func (s *server) asked() string { return fmt.Sprint(s.made, " refunds asked for") }
