package paytest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/settlement"
)

var behaviours = []struct {
	name    string
	needs   Trouble
	notices bool
	check   func(t *testing.T, s Subject)
}{
	{"a key is paid once though asked for 32 times at once", None, false, once},
	{"what was never asked for is absent", None, false, absent},
	{"a decline has a reason and pays nothing", Decline, false, declined},
	{"a payment that the provider does not know is declined", Missing, false, missing},
	{"pending becomes paid, and a lookup tells", Pending, false, pendingThenPaid},
	{"pending becomes paid, and a message tells", Pending, true, pendingThenNotice},
	{"pending is turned down later, and a lookup tells", TurnedDown, false, turnedDown},
	{"a lost request paid nothing and may be sent again", LostRequest, false, notSent},
	{"out of order is not an answer", Failing, false, failing},
	{"out of order does not mean absent", Failing, false, failingLookup},
	{"a lost answer is found by lookup and not paid again", LostAnswer, false, lostAnswer},
	{"a lost lookup does not mean absent", LostRequest, false, lostLookup},
	{"a slow answer is found by lookup and not paid again", Slow, false, slow},
	{"a forged answer is not an answer", Forged, false, forged},
	{"a forged lookup does not mean absent", Forged, false, forgedLookup},
	{"an answer told three times is the same each time", None, true, thrice},
	{"a forged message is refused and not heard", None, true, forgedNotice},
}

func (s Subject) request(trouble Trouble) settlement.Request {
	return s.Request(id.New("payout"), money.Of(9900, s.Currency), trouble)
}

func (s Subject) refund(t *testing.T, r settlement.Request, want settlement.Outcome) settlement.Result {
	t.Helper()
	got, err := s.Provider.Refund(t.Context(), r)
	if err != nil || got.Outcome != want {
		t.Fatalf("refund: %+v, %v, want %s", got, err, want)
	}
	return got
}

func (s Subject) lookup(t *testing.T, r settlement.Request, want settlement.Outcome) settlement.Result {
	t.Helper()
	got, err := s.Provider.Lookup(t.Context(), r)
	if err != nil || got.Outcome != want {
		t.Fatalf("lookup: %+v, %v, want %s", got, err, want)
	}
	return got
}

// unknown checks that an answer is none.
func unknown(t *testing.T, got settlement.Result, err error) {
	t.Helper()
	if err == nil || got != (settlement.Result{}) {
		t.Fatalf("%+v, %v, want an error and nothing else", got, err)
	}
}

func (s Subject) paid(t *testing.T, key string, want int) {
	t.Helper()
	if books := s.Paid(key); len(books) != want {
		t.Fatalf("the books have %q, want %d payments", books, want)
	}
}

func once(t *testing.T, s Subject) {
	r := s.request(None)
	var mu sync.Mutex
	references := map[string]int{}
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			got, err := s.Provider.Refund(t.Context(), r)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil: // the provider is at it: the caller asks again
			case got.Outcome == settlement.Paid:
				references[got.Reference]++
			default:
				t.Errorf("answer %+v", got)
			}
		})
	}
	wg.Wait()
	s.paid(t, r.Key, 1)
	if got := s.lookup(t, r, settlement.Paid); len(references) != 1 || references[got.Reference] == 0 || got.Reference == "" {
		t.Errorf("answers by reference %v, looked up %+v", references, got)
	}
}

func absent(t *testing.T, s Subject) {
	s.lookup(t, s.request(None), settlement.Absent)
}

func declined(t *testing.T, s Subject) {
	r := s.request(Decline)
	if got := s.refund(t, r, settlement.Declined); got.Reason == "" {
		t.Error("no reason")
	}
	s.paid(t, r.Key, 0)
	got, err := s.Provider.Lookup(t.Context(), r)
	if err != nil || got.Outcome != settlement.Absent && got.Outcome != settlement.Declined {
		t.Errorf("lookup: %+v, %v", got, err)
	}
}

func missing(t *testing.T, s Subject) {
	r := s.request(Missing)
	if got := s.refund(t, r, settlement.Declined); got.Reason == "" {
		t.Error("no reason")
	}
	s.paid(t, r.Key, 0)
}

func pendingThenPaid(t *testing.T, s Subject) {
	r := s.request(Pending)
	s.refund(t, r, settlement.Pending)
	s.Decide(r.Key, true)
	want := s.lookup(t, r, settlement.Paid)
	s.paid(t, r.Key, 1)
	if got := s.refund(t, r, settlement.Paid); got != want {
		t.Errorf("asked again: %+v, want %+v", got, want)
	}
	s.paid(t, r.Key, 1)
}

func pendingThenNotice(t *testing.T, s Subject) {
	r := s.request(Pending)
	s.refund(t, r, settlement.Pending)
	s.Decide(r.Key, true)
	if status := s.Notify(r.Key, true); status/100 != 2 {
		t.Fatalf("the message was answered with %d", status)
	}
	want := []Notice{{r.Tenant, r.Key, s.lookup(t, r, settlement.Paid)}}
	if diff := cmp.Diff(want, s.Heard()); diff != "" {
		t.Error(diff)
	}
}

func turnedDown(t *testing.T, s Subject) {
	r := s.request(Pending)
	s.refund(t, r, settlement.Pending)
	s.Decide(r.Key, false)
	got, err := s.Provider.Lookup(t.Context(), r)
	ended := got.Outcome == settlement.Declined || got.Outcome == settlement.Returned || got.Outcome == settlement.ByHand
	if err != nil || !ended || got.Reason == "" {
		t.Errorf("lookup: %+v, %v", got, err)
	}
	s.paid(t, r.Key, 0)
}

func notSent(t *testing.T, s Subject) {
	r := s.request(LostRequest)
	got, err := s.Provider.Refund(t.Context(), r)
	unknown(t, got, err)
	s.paid(t, r.Key, 0)
	s.lookup(t, r, settlement.Absent)
	s.refund(t, r, settlement.Paid)
	s.paid(t, r.Key, 1)
}

func failing(t *testing.T, s Subject) {
	r := s.request(Failing)
	got, err := s.Provider.Refund(t.Context(), r)
	unknown(t, got, err)
	s.paid(t, r.Key, 0)
	s.refund(t, r, settlement.Paid)
	s.paid(t, r.Key, 1)
}

func failingLookup(t *testing.T, s Subject) {
	r := s.request(None)
	s.refund(t, r, settlement.Paid)
	broken := s.Request(id.New("payout"), money.Of(1, s.Currency), Failing)
	got, err := s.Provider.Lookup(t.Context(), broken)
	if err == nil && !s.remembers(broken) {
		t.Fatalf("lookup while out of order: %+v", got)
	}
}

// remembers says whether the trouble waits for a refund: then this provider
// answers lookups from books of its own, which cannot be out of order.
func (s Subject) remembers(r settlement.Request) bool {
	_, err := s.Provider.Refund(context.Background(), r)
	return err != nil
}

func lostAnswer(t *testing.T, s Subject) {
	r := s.request(LostAnswer)
	got, err := s.Provider.Refund(t.Context(), r)
	if err != nil || got.Outcome != settlement.Paid { // net/http itself repeats requests that carry an Idempotency-Key
		unknown(t, got, err)
	}
	s.paidAfter(t, r)
}

func slow(t *testing.T, s Subject) {
	r := s.request(Slow)
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	got, err := s.Provider.Refund(ctx, r)
	unknown(t, got, err)
	s.paidAfter(t, r)
}

// paidAfter checks that an answer nobody got is found again.
func (s Subject) paidAfter(t *testing.T, r settlement.Request) {
	t.Helper()
	s.paid(t, r.Key, 1)
	want := s.lookup(t, r, settlement.Paid)
	if got := s.refund(t, r, settlement.Paid); got != want || got.Reference == "" {
		t.Errorf("asked again: %+v, looked up %+v", got, want)
	}
	s.paid(t, r.Key, 1)
}

func lostLookup(t *testing.T, s Subject) {
	r := s.request(LostRequest)
	got, err := s.Provider.Lookup(t.Context(), r)
	if err == nil && !s.remembers(r) {
		t.Fatalf("lookup that was cut off: %+v", got)
	}
}

func forged(t *testing.T, s Subject) {
	r := s.request(Forged)
	got, err := s.Provider.Refund(t.Context(), r)
	unknown(t, got, err)
	got, err = s.Provider.Refund(t.Context(), r)
	if err != nil || got.Outcome != settlement.Paid {
		t.Errorf("asked again: %+v, %v", got, err)
	}
	s.paid(t, r.Key, 1)
}

func forgedLookup(t *testing.T, s Subject) {
	r := s.request(Forged)
	got, err := s.Provider.Lookup(t.Context(), r)
	unknown(t, got, err)
	s.lookup(t, r, settlement.Absent)
}

func thrice(t *testing.T, s Subject) {
	r := s.request(None)
	want := s.refund(t, r, settlement.Paid)
	for range 2 {
		if status := s.Notify(r.Key, true); status/100 != 2 {
			t.Fatalf("the message was answered with %d", status)
		}
	}
	if diff := cmp.Diff([]Notice{{r.Tenant, r.Key, want}, {r.Tenant, r.Key, want}}, s.Heard()); diff != "" {
		t.Error(diff)
	}
}

func forgedNotice(t *testing.T, s Subject) {
	r := s.request(None)
	s.refund(t, r, settlement.Paid)
	if status := s.Notify(r.Key, false); status/100 != 4 {
		t.Errorf("a forged message was answered with %d", status)
	}
	if heard := s.Heard(); len(heard) != 0 {
		t.Errorf("heard %+v", heard)
	}
}

func amount(t *testing.T, s Subject, a Amount) {
	r := s.Request(id.New("payout"), a.Amount, None)
	got, err := s.Provider.Refund(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	books := s.Paid(r.Key)
	if a.Books != "" {
		if len(books) != 1 || books[0] != a.Books || got.Outcome != settlement.Paid {
			t.Errorf("the books have %q (%+v), want %q", books, got, a.Books)
		}
		return
	}
	refused := got.Outcome == settlement.Declined || got.Outcome == settlement.ByHand
	if !refused || got.Reason == "" || len(books) != 0 {
		t.Errorf("%+v, the books have %q, want it refused", got, books)
	}
}
