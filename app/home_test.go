package app_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// Who pays on the company's page comes back to the shop, also where the browser
// did not say from where it came.
func TestAPaymentLeadsBackToTheShopsOwnHost(t *testing.T) {
	company := &stripeOf{}
	var back []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_ = r.ParseForm()
			back = append(back, r.PostForm.Get("success_url")+" "+r.PostForm.Get("cancel_url"))
		}
		company.ServeHTTP(w, r)
	}))
	defer server.Close()
	args := []string{"--nats", "off", "--base-url", "https://care.example", "--stripe-key", "sk_test_1", "--stripe-webhook-secret", "whsec_1", "--stripe-endpoint", server.URL}
	eachHouse(t, args, func(t *testing.T, cfg *config.Config) {
		back = nil
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		address, stop := start(t, h)
		quiet := slog.New(slog.DiscardHandler)
		charges := charge.NewService(h.DB, job.NewQueue(h.DB, quiet), quiet)
		for _, one := range []struct{ host, want string }{{"", "https://care.example"}, {"silk.example", "https://silk.example"}} {
			var owed charge.Charge
			var token string
			err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
				shop, err := tenant.ByID(t.Context(), tx, tenant.Default)
				if err != nil {
					return err
				}
				shop.Host = one.host
				by := actor.Of(shop.ID)
				if _, err = tenant.Update(t.Context(), tx, by, shop); err != nil {
					return err
				}
				owed, err = charges.Demand(t.Context(), tx, by, charge.New{
					Case: "case_" + one.host, Order: "ord_1", Customer: "cus_1", Purpose: charge.ExchangeDifference, Amount: money.Of(1500, "CNY"), Due: tx.Now.Add(time.Hour),
				})
				if err != nil {
					return err
				}
				token, _, err = session.Begin(t.Context(), tx, actor.Actor{Tenant: shop.ID, Kind: actor.Customer, ID: "cus_1"}, session.New{Order: "ord_1"})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/v1/my/charges/"+owed.ID+"/pay", strings.NewReader(`{"provider":"stripe"}`))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			r.AddCookie(&http.Cookie{Name: "aftercare_customer", Value: token})
			w, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(w.Body)
			_ = w.Body.Close()
			if len(back) == 0 || back[len(back)-1] != one.want+" "+one.want {
				t.Errorf("a shop at %q: %d %s, the page leads back to %q, want %q", one.host, w.StatusCode, text, back, one.want)
			}
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}
