package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// A server that is told to stop while many write answers each request or none:
// what it acknowledged is stored, and nobody's request is cut off half way.
func TestStoppingUnderLoadLosesNothing(t *testing.T) {
	eachHouse(t, []string{"--rate-limit", "0"}, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		key := programKey(t, h)
		address, stop := start(t, h)
		var (
			wg    sync.WaitGroup
			mu    sync.Mutex
			acked []string
		)
		for w := range 8 {
			wg.Go(func() {
				for i := 0; ; i++ {
					number := fmt.Sprintf("S%d-%d", w, i)
					status, err := post(address, key, number)
					if err != nil { // refused at the door: the server has stopped listening
						if !strings.Contains(err.Error(), "connection refused") && !strings.Contains(err.Error(), "connection reset") && !strings.Contains(err.Error(), "EOF") {
							t.Errorf("order %s: %v", number, err)
						}
						return
					}
					if status != http.StatusCreated {
						t.Errorf("order %s: status %d", number, status)
						return
					}
					mu.Lock()
					acked = append(acked, number)
					mu.Unlock()
				}
			})
		}
		for accepted := 0; accepted < 50 && t.Context().Err() == nil; time.Sleep(5 * time.Millisecond) { // in full swing
			mu.Lock()
			accepted = len(acked)
			mu.Unlock()
		}
		if err := stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
		wg.Wait()
		err := h.DB.Read(t.Context(), func(tx *db.Tx) error {
			for _, number := range acked {
				if found, err := order.ByNumber(t.Context(), tx, "main", number); err != nil || len(found) != 1 {
					t.Errorf("order %s was acknowledged and is stored %d times: %v", number, len(found), err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func programKey(t *testing.T, h *app.House) (secret string) {
	t.Helper()
	err := h.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		_, secret, err = apikey.Create(t.Context(), tx, actor.Of("main"), apikey.New{Name: "shop", Scopes: []actor.Permission{role.OrderWrite}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func post(address, key, number string) (int, error) {
	body := fmt.Sprintf(`{"source":"shop","number":%q,"currency":"CNY","placed_at":"2026-11-01T08:00:00Z","lines":[{"sku":"A","title":"杯子","quantity":1,"unit_price":1000}],"tenders":[{"kind":"alipay","amount":1000}]}`, number)
	r, err := http.NewRequest(http.MethodPost, "http://"+address+"/v1/orders", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", number)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
