package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// prober asks the server and holds the answers against what they should be.
type prober struct {
	ctx         context.Context
	server, key string
	run         string // makes order numbers new on each run
	orders      int
	wrong       int
}

func newProber(ctx context.Context, server, key string) *prober {
	return &prober{ctx: ctx, server: server, key: key, run: strconv.FormatUint(rand.Uint64(), 36)[:6]}
}

type object = map[string]any

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   object
}

func (a answer) code() string { return fmt.Sprint(a.status, " ", a.text("code")) }

func (a answer) text(name string) string {
	if v, ok := a.body[name].(string); ok {
		return v
	}
	return ""
}

// ask sends a request. Each has an idempotency key of its own unless one is
// given.
func (p *prober) ask(method, path string, body any, headers ...string) (answer, error) {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(p.ctx, method, p.server+path, content)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+p.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", strconv.FormatUint(rand.Uint64(), 36)+"-probe")
		req.Header.Set("If-Match", "*")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	if resp.StatusCode == http.StatusNoContent {
		return a, nil
	}
	return a, json.NewDecoder(resp.Body).Decode(&a.body)
}

// must asks for what has to work for the probe to mean anything.
func (p *prober) must(method, path string, body any) (answer, error) {
	a, err := p.ask(method, path, body)
	if err == nil && a.status >= 300 {
		err = fmt.Errorf("%s %s: %d %v", method, path, a.status, a.body)
	}
	return a, err
}

// check prints one answer beside the expected one.
func (p *prober) check(request, expected, got string) {
	verdict := "right"
	if got != expected {
		verdict = "WRONG"
		p.wrong++
	}
	fmt.Printf("   %-66s expected %-28s got %-28s %s\n", request, expected, got, verdict)
}

// prepare tells the shop where parcels go.
func (p *prober) prepare() error {
	_, err := p.must("PUT", "/v1/shop/settings", object{"name": "Probes", "zone": "Europe/Berlin", "language": "en", "currency": "EUR",
		"return_address": object{"name": "Returns", "lines": []string{"1 Harbour Street"}, "city": "Hamburg", "country": "DE"}})
	return err
}

// order imports one that was delivered yesterday and paid by card.
func (p *prober) order(draft object) (id string, err error) {
	p.orders++
	now := time.Now().UTC()
	draft["source"], draft["number"], draft["country"], draft["zone"] = "probe", fmt.Sprintf("P-%s-%d", p.run, p.orders), "DE", "Europe/Berlin"
	draft["placed_at"], draft["delivered_at"] = now.Add(-72*time.Hour).Format(time.RFC3339), now.Add(-24*time.Hour).Format(time.RFC3339)
	a, err := p.must("POST", "/v1/orders", draft)
	return a.text("id"), err
}

func line(quantity, unit, tax int) object {
	return object{"sku": "P-1", "title": "Probe", "quantity": quantity, "unit_price": unit, "tax": tax}
}

func card(amount int) []object {
	return []object{{"kind": "card", "provider": "test", "reference": "pay_probe", "amount": amount}}
}

func wish(order string, quantity int, reason string) object {
	return object{"order": order, "language": "en", "items": []object{{"line": 1, "quantity": quantity, "reason": reason}}}
}

// open asks for a return, approved if the rules leave that to a person.
func (p *prober) open(order string, quantity int, reason string) (answer, error) {
	a, err := p.must("POST", "/v1/cases", wish(order, quantity, reason))
	if err == nil && a.text("state") == "submitted" {
		a, err = p.act(a, object{"action": "approve"})
	}
	return a, err
}

func (p *prober) act(c answer, body object) (answer, error) {
	return p.must("POST", "/v1/cases/"+c.text("id")+"/actions", body)
}

func grades(count int) object {
	return object{"action": "grade", "items": []object{{"line": 1, "count": count, "grade": "A", "disposition": "restock"}}}
}

// received is a case whose parcel has been counted.
func (p *prober) received(order string, quantity int, reason string) (answer, error) {
	c, err := p.open(order, quantity, reason)
	if err != nil {
		return c, err
	}
	return p.act(c, object{"action": "receive", "items": []object{{"line": 1, "quantity": quantity}}})
}

// paid waits until a case is over and tells what was paid, in minor units, and
// in how many payouts.
func (p *prober) paid(c answer) (amount int64, payouts int, err error) {
	for range 600 {
		a, err := p.must("GET", "/v1/cases/"+c.text("id"), nil)
		if err != nil {
			return 0, 0, err
		}
		if a.text("state") == "completed" {
			money := a.body["money"].(object)
			return int64(money["paid"].(object)["minor"].(float64)), len(money["payouts"].([]any)), nil
		}
		select {
		case <-p.ctx.Done():
			return 0, 0, p.ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return 0, 0, fmt.Errorf("case %s was not paid within 30 s", c.text("number"))
}

// whole does a return from the request to the money.
func (p *prober) whole(order string, quantity int, reason string) (amount int64, payouts int, err error) {
	c, err := p.received(order, quantity, reason)
	if err != nil {
		return 0, 0, err
	}
	if c, err = p.act(c, grades(quantity)); err != nil {
		return 0, 0, err
	}
	return p.paid(c)
}
