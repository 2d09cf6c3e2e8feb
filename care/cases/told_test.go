package cases_test

import (
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
)

// What waits for the customer is said to the customer as "please" and "your";
// staff who read the same case are told whose turn it is.
func TestWhatHappensNextIsSaidToTheOneWhoReads(t *testing.T) {
	eachShop(t, func(s *shop) {
		said := func(c cases.Case, customer, staff string) {
			t.Helper()
			for by, want := range map[actor.Actor]string{s.buyer: customer, s.agent: staff} {
				if got := s.look(by, c).Next.Text; !strings.HasPrefix(got, want) {
					t.Errorf("%s: %s reads %q, want %q", c.State, by.Kind, got, want)
				}
			}
		}
		c := s.open(s.buyer2("T1", 89900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.agent, c, cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 20000})
		said(c, "Please answer the shop's offer", "The shop’s offer waits for the customer’s answer")
		c = s.act(s.buyer, c, cases.Input{Action: cases.Propose, Kind: cases.KindPartial, Amount: 30000})
		said(c, "Your offer waits", "The customer’s offer waits for the shop’s answer")
		c = s.act(s.agent, c, cases.Input{Action: cases.Decline})
		c = s.act(s.agent, c, cases.Input{Action: cases.Approve})
		said(c, "Please send the goods back", "The customer sends the goods back")
		c = s.act(s.buyer, c, cases.Input{Action: cases.Withdraw})
		said(c, "The request was withdrawn", "The request was withdrawn")
	})
}
