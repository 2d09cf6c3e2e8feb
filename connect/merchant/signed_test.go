package merchant_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
)

// signed runs a test for each company that signs, on both engines, with tills
// that are opened with it.
func signed(t *testing.T, tills int, test func(x *house, b *bank, tills []*till)) {
	for _, p := range []protocol{byAlipay, byWeChatPay} {
		t.Run(p.name, func(t *testing.T) {
			all := make([]*till, tills)
			var wg sync.WaitGroup
			for n := range all { // making keys is slow
				wg.Go(func() { all[n] = p.till(n + 1) })
			}
			wg.Wait()
			each(t, func(x *house) {
				for _, a := range all {
					a.Books, a.undecide = paytest.NewBooks(), false
				}
				b := p.open(x.T, all...)
				x.others[b.name] = b.URL
				if b.name == "alipay" {
					x.others[b.name] += "/gateway.do"
				}
				x.wire()
				test(x, b, all)
			})
		})
	}
}

// sold has a till take a payment.
func (a *till) sold(reference string) string {
	a.Sell(paytest.Payment{Reference: reference, Currency: "CNY"}, paytest.None)
	return reference
}

func (x *house) settled(shop string, p settlement.Payout, account string) {
	x.Helper()
	if got := x.payout(shop, p.ID); got.State != settlement.Succeeded || got.Account != account {
		x.Errorf("%s: %s through %q (%s), want it paid through %s", shop, got.State, got.Account, got.LastError, account)
	}
}

func TestTwoShopsPayBackAtOnceEachThroughTheAccountThatTookThePayment(t *testing.T) {
	signed(t, 2, func(x *house, b *bank, tills []*till) {
		red, blue := tills[0], tills[1]
		accounts := map[string]merchant.Account{"red": x.open("red", "Red", b, red), "blue": x.open("blue", "Blue", b, blue)}
		owed := map[string][]settlement.Payout{}
		want := map[string]map[string]string{"red": {}, "blue": {}}
		for n := range 4 {
			for shop, a := range map[string]*till{"red": red, "blue": blue} {
				minor := int64(100*(n+1) + len(shop))
				p := x.back(shop, fmt.Sprint("o", n), b, a.sold(fmt.Sprintf("%s-%d", shop, n)), minor)
				owed[shop] = append(owed[shop], p)
				want[shop][p.ID] = b.amount(minor)
			}
		}
		// What another shop's account took is not there to be paid back.
		foreign := x.back("red", "o9", b, blue.sold("blue-9"), 500)
		var wg sync.WaitGroup
		for range 3 { // as several processes
			wg.Go(func() {
				for range 20 {
					if n, err := x.queue.RunDue(x.Context()); err != nil || n == 0 {
						return
					}
				}
			})
		}
		wg.Wait()
		x.run()
		for shop, all := range owed {
			for _, p := range all {
				x.settled(shop, p, accounts[shop].ID)
			}
		}
		if p := x.payout("red", foreign.ID); p.State == settlement.Succeeded || p.Account != accounts["red"].ID || p.LastError == "" {
			t.Errorf("a payment that another account took: %s (%s)", p.State, p.LastError)
		}
		if diff := cmp.Diff(want, map[string]map[string]string{"red": red.paidBack(), "blue": blue.paidBack()}); diff != "" {
			t.Error(diff)
		}
		b.set(func() {
			if b.strange != 0 {
				t.Errorf("%d requests that no account had signed", b.strange)
			}
		})
		for shop, a := range map[string]*till{"red": red, "blue": blue} {
			for _, r := range a.Refunds(func(r paytest.Refund) bool { return r.Tenant != "" }) { // where it shall tell what became of it
				if !strings.HasSuffix(r.Tenant, accounts[shop].Hook()) {
					t.Errorf("%s is to be told at %s", shop, r.Tenant)
				}
			}
		}
	})
}

func TestASignedMessageCountsOnlyAtTheAddressOfItsAccount(t *testing.T) {
	signed(t, 3, func(x *house, b *bank, tills []*till) {
		red, blue, second := tills[0], tills[1], tills[2]
		b.set(func() { red.undecide = true })
		a := x.open("red", "Red", b, red)
		p := x.back("red", "o1", b, red.sold("red-1"), 9900)
		x.run()
		if got := x.payout("red", p.ID); got.State != settlement.Submitted {
			t.Fatalf("taken and not decided: %s (%s)", got.State, got.LastError)
		}
		other, theirs := x.open("red", "Second", b, second), x.open("blue", "Blue", b, blue)
		red.Decide(p.ID, true)
		header, body := b.message(red, p.ID)
		for _, to := range []struct{ shop, account string }{{"red", other.ID}, {"blue", theirs.ID}} {
			if err := x.tell(b, to.shop, to.account, header, body); !errors.Is(err, b.forged) {
				t.Errorf("to the address of %s of %s: %v", to.account, to.shop, err)
			}
		}
		for from, to := range map[*till]struct{ shop, account string }{second: {"red", other.ID}, blue: {"blue", theirs.ID}} {
			header, body := b.message(from, p.ID) // signed rightly, about what is not theirs
			if err := x.tell(b, to.shop, to.account, header, body); !errors.Is(err, settlement.ErrUnknown) {
				t.Errorf("%s about a payout of another account: %v", from.id, err)
			}
		}
		if got := x.payout("red", p.ID); got.State != settlement.Submitted {
			t.Fatalf("after messages of others: %s", got.State)
		}
		if err := x.tell(b, "red", a.ID, header, body); err != nil {
			t.Fatal(err)
		}
		x.settled("red", p, a.ID)
		if err := x.tell(b, "red", a.ID, header, body); err != nil || len(red.paidBack()) != 1 {
			t.Errorf("told twice: %v, %v", err, red.paidBack())
		}
	})
}

func TestAfterAChangeOfSignedAccountsTheOldOnePaysBackWhatItTook(t *testing.T) {
	signed(t, 2, func(x *house, b *bank, tills []*till) {
		before, after := tills[0], tills[1]
		b.set(func() { before.undecide = true })
		old := x.open("red", "Old", b, before)
		x.placed["before"] = x.clock.Now()
		x.clock.Add(time.Hour)
		under := x.back("red", "before", b, before.sold("old-1"), 100)
		x.run() // taken, not decided
		fresh := x.open("red", "New", b, after)
		x.clock.Add(time.Hour)
		x.placed["after"] = x.clock.Now()
		late, next := x.back("red", "before", b, before.sold("old-2"), 200), x.back("red", "after", b, after.sold("new-1"), 300)
		if late.Account != old.ID || next.Account != fresh.ID {
			t.Errorf("chosen %s and %s, want %s and %s", late.Account, next.Account, old.ID, fresh.ID)
		}
		x.change(func(tx *db.Tx) (merchant.Account, error) {
			return x.merchants.Remove(x.Context(), tx, actor.Of("red"), old.ID)
		})
		x.wire() // another process
		b.set(func() { before.undecide = false })
		before.Decide(under.ID, true)
		x.clock.Add(2 * time.Hour)
		x.run()
		x.settled("red", under, old.ID)
		x.settled("red", late, old.ID)
		x.settled("red", next, fresh.ID)
		want := []map[string]string{{under.ID: b.amount(100), late.ID: b.amount(200)}, {next.ID: b.amount(300)}}
		if diff := cmp.Diff(want, []map[string]string{before.paidBack(), after.paidBack()}); diff != "" {
			t.Error(diff)
		}
		// A key that the company does not take for the account pays nothing.
		x.clock.Add(time.Hour)
		b.set(func() { after.own, before.own = before.own, after.own })
		defer func() { after.own, before.own = before.own, after.own }()
		wrong := x.back("red", "after", b, after.sold("new-2"), 400)
		x.run()
		if p := x.payout("red", wrong.ID); p.State == settlement.Succeeded || len(after.paidBack()) != 1 {
			t.Errorf("signed with another account's key: %s, paid back %v", p.State, after.paidBack())
		}
	})
}
