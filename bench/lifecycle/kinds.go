package main

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aftercare/aftercare/rules/policy"
)

// lives are whole lives of a case, by kind.
var lives = map[string]func(l *life){
	policy.ReturnRefund: func(l *life) {
		l.open(policy.ReturnRefund, map[string]any{"reason": "not_as_described"}, nil)
		l.act("approve", nil)
		l.back()
		l.paid()
	},
	policy.RefundOnly: func(l *life) { // the goods are kept
		l.open(policy.RefundOnly, map[string]any{"reason": "not_as_described"}, nil)
		l.act("approve", nil)
		l.paid()
	},
	policy.Exchange: func(l *life) { // for the same article; a rule approves it, because it costs nothing
		l.open(policy.Exchange, map[string]any{"reason": "not_as_described"}, nil)
		l.back()
		l.sent()
	},
	policy.Reship: func(l *life) {
		l.open(policy.Reship, map[string]any{"reason": "missing_parts"}, nil)
		l.sent()
	},
	policy.PriceProtection: func(l *life) { // each time the price has fallen further
		l.open(policy.PriceProtection, map[string]any{"lower": unitPrice - 100*(l.nth+1)}, nil)
		l.act("approve", nil)
		l.paid()
	},
	policy.Compensation: func(l *life) {
		l.open(policy.Compensation, nil, map[string]any{"basis": "goodwill", "amount": 1000})
		l.act("approve", nil)
		l.byHand()
		l.paid()
	},
}

// life is one case on its way. After an error its steps do nothing.
type life struct {
	s        *server
	ctx      context.Context
	f        *finished
	order    string
	nth      int // case of this order, from 0
	id       string
	tracking string
	steps    []time.Duration
	err      error
}

func (l *life) do(method, path string, body, out any) {
	if l.err != nil {
		return
	}
	var took time.Duration
	took, l.err = l.s.call(l.ctx, method, path, body, out)
	l.steps = append(l.steps, took)
}

func (l *life) open(kind string, item, more map[string]any) {
	var c struct {
		ID       string `json:"id"`
		Tracking string `json:"tracking"`
	}
	wanted := map[string]any{"line": 1, "quantity": 1}
	maps.Copy(wanted, item)
	body := map[string]any{"kind": kind, "order": l.order, "items": []any{wanted}, "language": "zh-CN"}
	maps.Copy(body, more)
	l.do("POST", "/v1/cases", body, &c)
	l.id, l.tracking = c.ID, c.Tracking
}

func (l *life) act(action string, more map[string]any) {
	var c struct {
		Tracking string `json:"tracking"`
	}
	body := map[string]any{"action": action}
	maps.Copy(body, more)
	l.do("POST", "/v1/cases/"+l.id+"/actions", body, &c)
	if c.Tracking != "" {
		l.tracking = c.Tracking
	}
}

// back is the way of the goods to the shop, where they pass.
func (l *life) back() {
	for _, status := range []string{"handed_over", "delivered"} {
		l.do("POST", "/v1/scans", map[string]any{"tracking": l.tracking, "status": status, "at": time.Now().UTC().Format(time.RFC3339)}, nil)
	}
	l.act("receive", map[string]any{"items": []any{map[string]any{"line": 1, "quantity": 1}}})
	l.act("grade", map[string]any{"items": []any{map[string]any{"line": 1, "count": 1, "grade": "A", "disposition": "restock"}}})
}

// sent is the way of a replacement to the customer, who is content: the case
// ends with the answer.
func (l *life) sent() {
	l.act("ship", map[string]any{"carrier": "SF", "tracking": "SF" + strings.ToUpper(newKey())})
	l.act("confirm", nil)
}

// byHand pays what no provider of the order can pay, once it has been found out.
func (l *life) byHand() {
	var page struct {
		Items []struct {
			ID    string `json:"id"`
			State string `json:"state"`
		} `json:"items"`
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until) && l.err == nil; time.Sleep(2 * time.Millisecond) {
		_, l.err = l.s.call(l.ctx, "GET", "/v1/payouts?case="+l.id, nil, &page)
		if len(page.Items) == 1 && page.Items[0].State == "manual" {
			l.do("POST", "/v1/payouts/"+page.Items[0].ID+"/actions", map[string]any{"action": "mark_paid", "reference": "cash"}, nil)
			return
		}
	}
	if l.err == nil {
		l.err = fmt.Errorf("case %s has nothing to be paid by hand: %v", l.id, page.Items)
	}
}

// paid waits for the money.
func (l *life) paid() {
	if l.err != nil {
		return
	}
	select {
	case <-l.f.wait(l.id):
	case <-l.ctx.Done():
		l.err = l.ctx.Err()
	case <-time.After(60 * time.Second):
		l.err = fmt.Errorf("case %s was not paid within a minute", l.id)
	}
}
