package settlement_test

import (
	"context"
	"errors"
	"sync"

	"github.com/aftercare/aftercare/finance/settlement"
)

// bank is a payment company on the other side of the wire. It counts what it
// really pays, per key, and does at each step what a test tells it to.
type bank struct {
	mu        sync.Mutex
	paid      map[string][]settlement.Request // by key
	declined  map[string]bool
	sent      map[string]int
	forgetful bool // pays a key again when asked again: only asking first protects

	// at is called before and after paying and before looking up. An error is
	// what the caller sees instead of an answer; runtime.Goexit in it is the
	// death of the worker.
	at func(step, key string) error
	// answer replaces payment when it gives an outcome.
	answer func(r settlement.Request) settlement.Result
}

var errWire = errors.New("connection lost")

func newBank() *bank {
	return &bank{paid: map[string][]settlement.Request{}, declined: map[string]bool{}, sent: map[string]int{},
		at:     func(string, string) error { return nil },
		answer: func(settlement.Request) settlement.Result { return settlement.Result{} }}
}

func (b *bank) Name() string { return "bank" }

func (b *bank) Refund(_ context.Context, r settlement.Request) (settlement.Result, error) {
	b.mu.Lock()
	b.sent[r.Key]++
	b.mu.Unlock()
	if err := b.at("before", r.Key); err != nil {
		return settlement.Result{}, err
	}
	answer := b.pay(r)
	if err := b.at("after", r.Key); err != nil {
		return settlement.Result{}, err
	}
	return answer, nil
}

func (b *bank) pay(r settlement.Request) settlement.Result {
	b.mu.Lock()
	defer b.mu.Unlock()
	if answer := b.answer(r); answer.Outcome != "" {
		b.declined[r.Key] = answer.Outcome == settlement.Declined
		return answer
	}
	if len(b.paid[r.Key]) == 0 || b.forgetful {
		b.paid[r.Key] = append(b.paid[r.Key], r)
	}
	return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}
}

func (b *bank) Lookup(_ context.Context, r settlement.Request) (settlement.Result, error) {
	if err := b.at("lookup", r.Key); err != nil {
		return settlement.Result{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case len(b.paid[r.Key]) > 0:
		return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
	case b.declined[r.Key]:
		return settlement.Result{Outcome: settlement.Declined, Reason: "closed"}, nil
	}
	return settlement.Result{Outcome: settlement.Absent}, nil
}
