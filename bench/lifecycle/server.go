package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/rules/policy"
)

// server is the program under measurement with its orders.
type server struct {
	*child.Server
	orders []string
}

// ordersPerRun is how many one-line orders are imported: each has 40 units, so
// 40 returns.
const (
	ordersPerRun  = 6000
	unitsPerOrder = 40
	unitPrice     = 59900
	scopes        = "order.read,order.write,case.read,case.open,case.decide,case.receive,case.note,parcel.scan,payout.read,payout.manage,event.read,shop.manage,policy.read,policy.write,policy.publish"
)

func startServer(ctx context.Context, o options) (s *server, err error) {
	install := child.Install{Binary: o.binary, Data: filepath.Join(o.dir, "data"), Database: o.database}
	var more []string
	if o.email {
		more = []string{"--mail", "folder"}
	}
	process, err := install.Serve(ctx, more...)
	if err != nil {
		return nil, err
	}
	s = &server{Server: process}
	defer func() {
		if err != nil {
			_ = s.Stop()
		}
	}()
	if err := s.Authorize(ctx, scopes); err != nil {
		return s, err
	}
	if err := s.found(ctx, o); err != nil {
		return s, err
	}
	file := filepath.Join(o.dir, "orders.jsonl")
	if err := writeOrders(file, o.email); err != nil {
		return s, err
	}
	_, used, err := install.Run(ctx, "import", "orders", file)
	if err != nil {
		return s, err
	}
	fmt.Printf("imported %d orders in %.1f s\n", ordersPerRun, used.Wall.Seconds())
	return s, s.loadOrders(ctx)
}

// found sets up the shop: without a return address no return can be approved,
// and lower prices and compensations are offered where rules say so.
func (s *server) found(ctx context.Context, o options) error {
	_, err := s.call(ctx, "PUT", "/v1/shop/settings", map[string]any{
		"name": "Bench", "zone": "Asia/Shanghai", "language": "zh-CN", "currency": "CNY",
		"return_address": map[string]any{"name": "Returns", "lines": []string{"1 Jiangnan Avenue"}, "city": "Hangzhou", "country": "CN"},
	}, nil)
	if err != nil || slices.Equal(o.kinds, []string{policy.ReturnRefund}) {
		return err
	}
	rules := policy.Default()
	rules.PriceProtectionDays, rules.Compensation = 30, map[string]map[string]int64{"goodwill": {"CNY": 5000}}
	_, err = s.call(ctx, "PUT", "/v1/policies/"+policy.Standard, map[string]any{"name": "Standard", "rules": rules}, nil)
	return err
}

// writeOrders makes orders of one line with many units; each unit costs more
// than the limit of instant approval, so that every return is approved by hand.
func writeOrders(file string, email bool) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	delivered := time.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)
	placed := time.Now().Add(-72 * time.Hour).UTC().Format(time.RFC3339)
	w := json.NewEncoder(f)
	for i := range ordersPerRun {
		who := map[string]any{"ref": "c" + strconv.Itoa(i), "name": "Customer " + strconv.Itoa(i), "phone": fmt.Sprintf("+86138%08d", i)}
		if email {
			who["email"] = fmt.Sprintf("c%d@example.com", i)
		}
		err := w.Encode(map[string]any{
			"number": fmt.Sprintf("B%06d", i), "currency": "CNY", "country": "CN", "placed_at": placed, "delivered_at": delivered, "tax_included": true,
			"customer":  who,
			"lines":     []any{map[string]any{"sku": "SKU1", "title": "Headphones", "quantity": unitsPerOrder, "unit_price": unitPrice, "tax": unitPrice * unitsPerOrder * 13 / 113}},
			"discounts": []any{map[string]any{"code": "TEN", "amount": unitPrice * unitsPerOrder / 10}},
			"shipping":  map[string]any{"amount": 1200},
			"tenders":   []any{map[string]any{"kind": "card", "provider": "test", "reference": "pay" + strconv.Itoa(i), "amount": unitPrice*unitsPerOrder*9/10 + 1200}},
		})
		if err != nil {
			return err
		}
	}
	return f.Close()
}

func (s *server) loadOrders(ctx context.Context) error {
	cursor := ""
	for {
		var page struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
			Next string `json:"next"`
		}
		if _, err := s.call(ctx, "GET", "/v1/orders?limit=200&cursor="+cursor, nil, &page); err != nil {
			return err
		}
		for _, o := range page.Items {
			s.orders = append(s.orders, o.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(s.orders) != ordersPerRun {
		return fmt.Errorf("%d orders found, %d imported", len(s.orders), ordersPerRun)
	}
	return nil
}

// call does one request, as a program would that wants no more than it needs,
// and tells how long it took.
func (s *server) call(ctx context.Context, method, path string, body, out any) (time.Duration, error) {
	var more []child.Header
	if body != nil {
		more = []child.Header{{Name: "Idempotency-Key", Value: newKey()}, {Name: "Prefer", Value: "return=minimal"}}
	}
	began := time.Now()
	err := s.Call(ctx, method, path, body, out, more...)
	return time.Since(began), err
}

// usage is what the server has used up to now.
type usage struct{ cpu, memory, writes float64 }

func (s *server) usage() (u usage, err error) {
	cpu, memory, err := s.Load()
	if err != nil {
		return u, err
	}
	u.cpu, u.memory = cpu.Seconds(), memory
	raw, err := s.metrics()
	for line := range strings.Lines(raw) {
		if strings.HasPrefix(line, "aftercare_db_group_writes_sum") {
			fields := strings.Fields(line)
			n, _ := strconv.ParseFloat(fields[len(fields)-1], 64)
			u.writes += n
		}
	}
	return u, err
}

func (s *server) metrics() (string, error) {
	resp, err := http.Get(s.URL + "/metrics")
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return string(raw), err
}
