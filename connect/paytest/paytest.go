// Package paytest holds what every payment adapter must do, as one table of
// behaviours that each adapter runs against a local server of its provider.
//
// It owns the behaviours, the books that such servers keep and signing. It does
// not own the servers: they speak their provider's protocol and check its
// signatures, and live in the tests of the adapter, or beside it (alipaytest)
// where others need one. An adapter that passes pays once per
// key whatever breaks, and never says that nothing was paid when it cannot know.
package paytest

import (
	"testing"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/settlement"
)

// Trouble is what the server does the next time it is asked about a payment;
// after that it behaves.
type Trouble string

const (
	None        Trouble = ""
	Decline     Trouble = "decline"      // refuses the refund
	Pending     Trouble = "pending"      // accepts it and decides when told
	LostRequest Trouble = "lost request" // the connection breaks before the provider reads
	LostAnswer  Trouble = "lost answer"  // works, then the connection breaks
	Slow        Trouble = "slow"         // works, and answers when the caller has gone
	Failing     Trouble = "failing"      // is out of order and does nothing
	Forged      Trouble = "forged"       // works; the answer's signature is not the provider's
	Missing     Trouble = "missing"      // has never heard of the payment, ever
	TurnedDown  Trouble = "turned down"  // not for servers: a pending refund fails later
)

// Notice is an answer that the adapter passed on from a provider's message.
type Notice struct {
	Tenant, Key string
	Result      settlement.Result
}

// Subject is an adapter with the server it talks to.
type Subject struct {
	Provider settlement.Provider
	Currency string // of the behaviours that are not about currencies

	// Request makes a payment in the server's books, with trouble, and returns
	// a request to refund it.
	Request func(key string, amount money.Amount, trouble Trouble) settlement.Request
	// Paid tells what the books say was paid under a key, each as the provider
	// writes it: "9899 jpy", "98.99".
	Paid func(key string) []string
	// Decide ends a pending refund.
	Decide func(key string, paid bool)
	// Notify has the server send its message about a refund, signed by itself
	// or by a forger, and returns the status it was answered with. It is nil
	// where the provider sends none.
	Notify func(key string, genuine bool) int
	// Heard lists what the adapter passed on, oldest first.
	Heard func() []Notice

	Unable  []Trouble // what this provider cannot show
	Amounts []Amount
}

// Amount is what becomes of an amount of some currency.
type Amount struct {
	Amount money.Amount
	Books  string // as the provider writes it; empty: refused, and nothing is sent
}

// Run checks all behaviours, each with a subject of its own.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for _, b := range behaviours {
		t.Run(b.name, func(t *testing.T) {
			s := open(t)
			if s.can(b.needs) && (!b.notices || s.Notify != nil) {
				b.check(t, s)
			}
		})
	}
	t.Run("exact amounts", func(t *testing.T) {
		s := open(t)
		for _, a := range s.Amounts {
			t.Run(a.Amount.String(), func(t *testing.T) { amount(t, s, a) })
		}
	})
}

func (s Subject) can(needs Trouble) bool {
	for _, one := range s.Unable {
		if one == needs {
			return false
		}
	}
	return true
}
