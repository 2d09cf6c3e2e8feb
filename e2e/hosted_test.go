package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"
)

const hookSecret = "whsec_of_the_walk"

// till is a payment company with a page of its own, which answers as Stripe
// does: a session for what is asked, the page, and a message once it is paid.
type till struct {
	*httptest.Server
	shop string // where the messages go

	mu       sync.Mutex
	sessions map[string]map[string]any
	leads    map[string]string // where the page of a session leads back to
}

const tillPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Till</title></head>
<body><h1>Till</h1><form method="post"><button>Pay %s</button></form></body></html>`

func newTill(t *testing.T) *till {
	t.Helper()
	p := &till{sessions: map[string]map[string]any{}, leads: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/account", func(w http.ResponseWriter, _ *http.Request) { tell(w, map[string]any{"id": "acct_walk"}) })
	mux.HandleFunc("POST /v1/checkout/sessions", p.make)
	mux.HandleFunc("GET /v1/checkout/sessions/{id}", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		tell(w, p.sessions[r.PathValue("id")])
	})
	mux.HandleFunc("GET /pay/{id}", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
		fmt.Fprintf(w, tillPage, p.sessions[r.PathValue("id")]["amount_total"])
	})
	mux.HandleFunc("POST /pay/{id}", p.pay)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		tell(w, map[string]any{"object": "list", "url": r.URL.Path, "data": []any{}})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func tell(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *till) make(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	p.mu.Lock()
	defer p.mu.Unlock()
	id := "cs_" + strconv.Itoa(len(p.sessions)+1)
	amount, _ := strconv.ParseInt(r.PostForm.Get("line_items[0][price_data][unit_amount]"), 10, 64)
	p.sessions[id] = map[string]any{
		"object": "checkout.session", "id": id, "status": "open", "payment_status": "unpaid", "url": p.URL + "/pay/" + id,
		"currency": r.PostForm.Get("line_items[0][price_data][currency]"), "amount_total": amount,
		"metadata": map[string]string{"aftercare_charge": r.PostForm.Get("metadata[aftercare_charge]"), "aftercare_tenant": r.PostForm.Get("metadata[aftercare_tenant]")},
	}
	p.leads[id] = r.PostForm.Get("success_url")
	tell(w, p.sessions[id])
}

// pay takes the money, tells the shop, and leads the customer back.
func (p *till) pay(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	id := r.PathValue("id")
	session := p.sessions[id]
	session["status"], session["payment_status"], session["url"] = "complete", "paid", nil
	session["payment_intent"] = map[string]any{"object": "payment_intent", "id": "pi_" + id}
	raw, err := json.Marshal(map[string]any{"id": "evt_" + id, "object": "event", "type": "checkout.session.completed", "data": map[string]any{"object": session}})
	shop, to := session["metadata"].(map[string]string)["aftercare_tenant"], p.leads[id]
	p.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: raw, Secret: hookSecret, Timestamp: time.Now()})
	ask, err := http.NewRequestWithContext(r.Context(), http.MethodPost, p.shop+"/v1/hooks/stripe/"+shop, bytes.NewReader(raw))
	if err == nil {
		ask.Header.Set("Stripe-Signature", signed.Header)
		ask.Header.Set("Content-Type", "application/json")
		var told *http.Response
		if told, err = http.DefaultClient.Do(ask); err == nil {
			told.Body.Close() //nolint:errcheck // only read
			if told.StatusCode != http.StatusOK {
				err = fmt.Errorf("the shop answers %d", told.StatusCode)
			}
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
