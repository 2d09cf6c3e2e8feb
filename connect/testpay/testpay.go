// Package testpay is a payment provider that moves no money: for tests, the
// demo and load measurements.
//
// It owns a journal file of what it paid, as a real provider has its own books,
// so that payouts can be compared with it line by line. It fails, loses answers
// and answers late or twice when the reference of the original payment says so.
// A key is paid at most once, also over restarts and by several processes.
package testpay

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
)

var (
	ErrUnavailable = errors.New("testpay: not available")
	ErrNoAnswer    = errors.New("testpay: no answer in time")
)

// Payment is one line of the provider's books.
type Payment struct {
	At       time.Time `json:"at"`
	Key      string    `json:"key"` // idempotency key
	Tenant   string    `json:"tenant"`
	Case     string    `json:"case"`
	Purpose  string    `json:"purpose"`  // "collect …" where the customer paid
	Original string    `json:"original"` // reference of the payment that is paid back, or the customer's means
	Outcome  string    `json:"outcome"`  // paid, accepted, declined, unavailable, lost
	Refund   string    `json:"refund"`   // the provider's own id
	Minor    int64     `json:"minor"`
	Currency string    `json:"currency"`
}

// Options change the provider; the zero value is fine.
type Options struct {
	// Notice is called with answers that the provider sends by itself, for the
	// markers "twice" and "late". It may be nil.
	Notice func(tenant, key string, r settlement.Result)
	// Collected is the same for money that is taken from customers.
	Collected func(tenant, key string, got charge.Session)
}

// Provider implements settlement.Provider.
type Provider struct {
	o     Options
	mu    sync.Mutex
	file  *os.File
	read  int64 // bytes of the journal known here
	lines int64
	keys  map[string]*known
}

// known is what the books say about a key.
type known struct {
	calls   int // that left a line
	last    Payment
	paid    bool
	decided time.Time // of an accepted payment: when it is paid
}

// Open reads the journal, which it makes if there is none. A line that a crash
// cut off is removed.
func Open(path string, o Options) (*Provider, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("folder of the test provider: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal of the test provider: %w", err)
	}
	p := &Provider{o: o, file: file, keys: map[string]*known{}}
	if err := p.alone(func() error { return nil }); err != nil {
		return nil, errors.Join(fmt.Errorf("journal of the test provider: %w", err), file.Close())
	}
	return p, nil
}

// Close closes the journal.
func (p *Provider) Close() error { return p.file.Close() }

// Name is what tenders call the provider.
func (p *Provider) Name() string { return "test" }

// Payments lists what was paid to customers, in order.
func (p *Provider) Payments() ([]Payment, error) { return p.paid(false) }

// Collections lists what customers have paid, in order.
func (p *Provider) Collections() ([]Payment, error) { return p.paid(true) }

func (p *Provider) paid(byCustomers bool) (paid []Payment, err error) {
	err = p.alone(func() error {
		all, err := p.lookBack()
		for _, one := range all {
			if one.Outcome == "paid" && strings.HasPrefix(one.Purpose, taken) == byCustomers {
				paid = append(paid, one)
			}
		}
		return err
	})
	return paid, err
}

// marker is the behaviour that a reference such as "test:slow-500/8213" asks
// for: its name, and its number or the given one.
func marker(reference string, number int64) (string, int64) {
	text, ok := strings.CutPrefix(reference, "test:")
	if !ok {
		return "", number
	}
	text, _, _ = strings.Cut(text, "/")
	if i := strings.LastIndexByte(text, '-'); i > 0 {
		if n, err := strconv.ParseInt(text[i+1:], 10, 32); err == nil {
			return text[:i], n
		}
	}
	return text, number
}

// Refund pays once per key, unless the reference asks for trouble.
func (p *Provider) Refund(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	var answer settlement.Result
	var trouble error
	err := p.alone(func() (err error) {
		answer, trouble, err = p.decide(r)
		return err
	})
	if err = errors.Join(trouble, err); err != nil {
		return settlement.Result{}, err
	}
	name, n := marker(r.Reference, 2000)
	if name == "slow" {
		if err := wait(ctx, time.Duration(n)*time.Millisecond); err != nil {
			return settlement.Result{}, err
		}
	}
	if name == "twice" {
		p.tell(r, answer)
		go p.tell(r, answer)
	}
	return answer, nil
}

// tell sends an answer by itself.
func (p *Provider) tell(r settlement.Request, answer settlement.Result) {
	switch {
	case strings.HasPrefix(r.Purpose, taken):
		if p.o.Collected != nil {
			p.o.Collected(r.Tenant, r.Key, collected(charge.Request{Amount: r.Amount}, answer))
		}
	case p.o.Notice != nil:
		p.o.Notice(r.Tenant, r.Key, answer)
	}
}

// decide writes what happens to the books and says what is answered: a result,
// or trouble for the caller.
func (p *Provider) decide(r settlement.Request) (answer settlement.Result, trouble, err error) {
	k := p.keys[r.Key]
	if k == nil {
		k = &known{}
	}
	name, n := marker(r.Reference, 1)
	if k.paid {
		if name == "timeout" {
			return answer, ErrNoAnswer, nil
		}
		return k.result(), nil, nil
	}
	outcome := "paid"
	switch {
	case name == "manual":
		return settlement.Result{Outcome: settlement.ByHand, Reason: "The test provider was told to leave it to a person."}, nil, nil
	case name == "decline", name == "decline-once" && k.calls == 0:
		outcome = "declined"
	case name == "unavailable" && int64(k.calls) < n:
		outcome, trouble = "unavailable", ErrUnavailable
	case name == "lost-once" && k.calls == 0:
		outcome, trouble = "lost", ErrNoAnswer
	case name == "timeout", name == "timeout-once":
		trouble = ErrNoAnswer
	case name == "late":
		return p.accept(r, k)
	}
	line, err := p.write(r, outcome)
	return resultOf(line), trouble, err
}

// accept takes a payment that is decided later.
func (p *Provider) accept(r settlement.Request, k *known) (settlement.Result, error, error) {
	if k.calls > 0 {
		return k.result(), nil, nil
	}
	line, err := p.write(r, "accepted")
	if err == nil && (p.o.Notice != nil || p.o.Collected != nil) {
		time.AfterFunc(time.Until(p.keys[r.Key].decided), func() {
			if answer, err := p.Lookup(context.Background(), r); err == nil {
				p.tell(r, answer)
			}
		})
	}
	return resultOf(line), nil, err
}

// Lookup tells what became of a key.
func (p *Provider) Lookup(_ context.Context, r settlement.Request) (answer settlement.Result, err error) {
	err = p.alone(func() error {
		k := p.keys[r.Key]
		if k == nil || k.last.Outcome == "unavailable" || k.last.Outcome == "lost" {
			answer.Outcome = settlement.Absent
			return nil
		}
		if !k.decided.IsZero() && !k.paid && !time.Now().Before(k.decided) {
			paid := k.last
			paid.Outcome = "paid"
			if _, err := p.append(paid); err != nil {
				return err
			}
		}
		answer = k.result()
		return nil
	})
	return answer, err
}

func (k *known) result() settlement.Result { return resultOf(k.last) }

func resultOf(line Payment) settlement.Result {
	switch line.Outcome {
	case "paid":
		return settlement.Result{Outcome: settlement.Paid, Reference: line.Refund}
	case "accepted":
		return settlement.Result{Outcome: settlement.Pending, Reference: line.Refund}
	case "declined":
		return settlement.Result{Outcome: settlement.Declined, Reason: "The test provider was told to decline."}
	}
	return settlement.Result{Outcome: settlement.Absent}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrNoAnswer, ctx.Err())
	}
}
