package paytest

import (
	"fmt"
	"net/http"
	"sync"
)

// Books are those of a provider's server: payments and their refunds.
type Books struct {
	mu       sync.Mutex
	payments map[string]*Payment
	refunds  []*Refund
	heard    []Notice
}

// Payment is an original payment.
type Payment struct {
	Reference string
	Tenant    string
	Amount    string // as the provider writes it
	Currency  string
	trouble   Trouble
}

// Refund is one refund, also one that failed.
type Refund struct {
	ID      string // the provider's own
	Key     string
	Tenant  string
	Payment string // reference of the payment
	Amount  string // as it was sent
	State   Trouble
}

// NewBooks are empty.
func NewBooks() *Books { return &Books{payments: map[string]*Payment{}} }

// Sell writes a payment down. A Missing one is left out.
func (b *Books) Sell(p Payment, trouble Trouble) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p.trouble = trouble
	if trouble != Missing {
		b.payments[p.Reference] = &p
	}
}

// Payment finds a payment and takes the trouble it makes, which is over then.
// only limits the trouble that is taken; without it any is.
func (b *Books) Payment(reference string, only ...Trouble) (Payment, Trouble, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.payments[reference]
	if !ok {
		return Payment{}, None, false
	}
	trouble := p.trouble
	for i, one := range only {
		if one == trouble {
			break
		}
		if i == len(only)-1 {
			return *p, None, true
		}
	}
	p.trouble = None
	return *p, trouble, true
}

// Pay writes a refund down, unless its key has one that did not fail.
func (b *Books) Pay(r Refund) (written Refund, fresh bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, old := range b.refunds {
		if old.Key == r.Key && old.State != TurnedDown {
			return *old, false
		}
	}
	return b.add(r), true
}

// Add writes a refund down, whatever others there are of its key.
func (b *Books) Add(r Refund) Refund {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.add(r)
}

func (b *Books) add(r Refund) Refund {
	r.ID = fmt.Sprintf("re_%06d", len(b.refunds)+1)
	b.refunds = append(b.refunds, &r)
	return r
}

// Decide ends the pending refund of a key.
func (b *Books) Decide(key string, paid bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.refunds {
		if r.Key == key {
			r.State = None
			if !paid {
				r.State = TurnedDown
			}
		}
	}
}

// Refunds lists those that match, oldest first.
func (b *Books) Refunds(match func(Refund) bool) (found []Refund) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.refunds {
		if match(*r) {
			found = append(found, *r)
		}
	}
	return found
}

// ByKey finds the newest refund of a key.
func (b *Books) ByKey(key string) (Refund, bool) {
	all := b.Refunds(func(r Refund) bool { return r.Key == key })
	if len(all) == 0 {
		return Refund{}, false
	}
	return all[len(all)-1], true
}

// Paid lists the amounts that were paid under a key.
func (b *Books) Paid(key string) (amounts []string) {
	for _, r := range b.Refunds(func(r Refund) bool { return r.Key == key && r.State == None }) {
		amounts = append(amounts, r.Amount)
	}
	return amounts
}

// Hear notes what an adapter passes on.
func (b *Books) Hear(n Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = append(b.heard, n)
}

// Heard lists what was passed on.
func (b *Books) Heard() []Notice {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Notice(nil), b.heard...)
}

// Cut breaks the connection in place of an answer.
func Cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// Wait holds an answer back until the caller has gone.
func Wait(r *http.Request) { <-r.Context().Done() }
