package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is the program under measurement, as a child process.
type server struct {
	cmd    *exec.Cmd
	url    string
	key    string
	client *http.Client
	log    *bytes.Buffer
	orders []string
}

// ordersPerRun is how many one-line orders are imported: each has 40 units, so
// 40 returns.
const (
	ordersPerRun  = 6000
	unitsPerOrder = 40
)

func startServer(ctx context.Context, o options) (s *server, err error) {
	data := filepath.Join(o.dir, "data")
	common := []string{"--data", data}
	if o.database != "" {
		common = append(common, "--database", o.database)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	_ = listener.Close()
	s = &server{url: "http://" + address, log: &bytes.Buffer{}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 60 * time.Second}}
	tool := func(args ...string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, o.binary, append(args, common...)...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, stderr.String())
		}
		return out, nil
	}
	mail := "off"
	if o.email {
		mail = "folder"
	}
	s.cmd = exec.Command(o.binary, append([]string{"serve", "--listen", address, "--rate-limit", "0", "--log-level", "warn", "--mail", mail}, common...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	if err := s.ready(ctx); err != nil {
		return s, fmt.Errorf("%w\n%s", err, s.log.String())
	}
	out, err := tool("key", "create", "bench", "--scope",
		"order.read,order.write,case.read,case.open,case.decide,case.receive,case.note,parcel.scan,payout.read,event.read,shop.manage", "--json")
	if err != nil {
		return s, err
	}
	var key struct {
		Secret string `json:"secret"`
	}
	if err := json.Unmarshal(out, &key); err != nil {
		return s, fmt.Errorf("key create answered %s: %w", out, err)
	}
	s.key = key.Secret
	if err := s.returnAddress(ctx); err != nil {
		return s, err
	}
	file := filepath.Join(o.dir, "orders.jsonl")
	if err := writeOrders(file, o.email); err != nil {
		return s, err
	}
	began := time.Now()
	if _, err := tool("import", "orders", file); err != nil {
		return s, err
	}
	fmt.Printf("imported %d orders in %.1f s\n", ordersPerRun, time.Since(began).Seconds())
	return s, s.loadOrders(ctx)
}

// returnAddress sets up the shop: without one no return can be approved.
func (s *server) returnAddress(ctx context.Context) error {
	_, err := s.call(ctx, "PUT", "/v1/shop/settings", map[string]any{
		"name": "Bench", "zone": "Asia/Shanghai", "language": "zh-CN", "currency": "CNY",
		"return_address": map[string]any{"name": "Returns", "lines": []string{"1 Jiangnan Avenue"}, "city": "Hangzhou", "country": "CN"},
	}, nil)
	return err
}

func (s *server) ready(ctx context.Context) error {
	for range 600 {
		if r, err := s.client.Get(s.url + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == 200 {
				return nil
			}
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fmt.Errorf("the server did not become ready")
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { _ = s.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		_ = s.cmd.Process.Kill()
	}
	if s.log.Len() > 0 {
		fmt.Fprintln(os.Stderr, "server said:", lastLines(s.log.String(), 15))
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
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
	const unit = 59900
	w := json.NewEncoder(f)
	for i := range ordersPerRun {
		who := map[string]any{"ref": "c" + strconv.Itoa(i), "name": "Customer " + strconv.Itoa(i), "phone": fmt.Sprintf("+86138%08d", i)}
		if email {
			who["email"] = fmt.Sprintf("c%d@example.com", i)
		}
		err := w.Encode(map[string]any{
			"number": fmt.Sprintf("B%06d", i), "currency": "CNY", "country": "CN", "placed_at": placed, "delivered_at": delivered, "tax_included": true,
			"customer":  who,
			"lines":     []any{map[string]any{"sku": "SKU1", "title": "Headphones", "quantity": unitsPerOrder, "unit_price": unit, "tax": unit * unitsPerOrder * 13 / 113}},
			"discounts": []any{map[string]any{"code": "TEN", "amount": unit * unitsPerOrder / 10}},
			"shipping":  map[string]any{"amount": 1200},
			"tenders":   []any{map[string]any{"kind": "card", "provider": "test", "reference": "pay" + strconv.Itoa(i), "amount": unit*unitsPerOrder*9/10 + 1200}},
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

// call does one request and tells how long it took.
func (s *server) call(ctx context.Context, method, path string, body, out any) (time.Duration, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, reader)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", newKey())
		req.Header.Set("If-Match", "*")
		req.Header.Set("Prefer", "return=minimal")
	}
	began := time.Now()
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	took := time.Since(began)
	if err != nil {
		return took, err
	}
	if resp.StatusCode >= 300 {
		return took, fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, raw)
	}
	if out != nil {
		return took, json.Unmarshal(raw, out)
	}
	return took, nil
}
