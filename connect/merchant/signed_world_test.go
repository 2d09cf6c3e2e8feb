package merchant_test

import (
	"bytes"
	"crypto/rsa"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/merchant"
	"github.com/aftercare/aftercare/connect/paytest"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
)

// till is one account at a company whose messages and requests are signed, with
// the keys of both sides and the payments it took.
type till struct {
	*paytest.Books
	id       string // how the company knows it
	own      *rsa.PrivateKey
	theirs   *rsa.PrivateKey // the company's, for this account
	api      string          // WeChat Pay's shared key
	undecide bool            // refunds are taken and not decided
}

func newTill(id, api string) *till {
	return &till{Books: paytest.NewBooks(), id: id, own: paytest.NewKey(), theirs: paytest.NewKey(), api: api}
}

// state is what becomes of a refund that the company takes now.
func (a *till) state() paytest.Trouble {
	if a.undecide {
		return paytest.Pending
	}
	return paytest.None
}

// paidBack lists what was paid back from the payments of the till, by payout.
func (a *till) paidBack() map[string]string {
	found := map[string]string{}
	for _, r := range a.Refunds(func(r paytest.Refund) bool { return r.State == paytest.None }) {
		found[r.Key] += r.Amount
	}
	return found
}

// protocol is how one company speaks; a request that the key of no till of it
// has signed pays nothing.
type protocol struct {
	name, kind string
	forged     error
	till       func(n int) *till
	account    func(a *till) (settings, secrets map[string]string)
	answer     func(a *till, w http.ResponseWriter, r *http.Request, body []byte)
	who        func(r *http.Request, body []byte) string // the account it says it is of
	genuine    func(a *till, r *http.Request, body []byte) bool
	message    func(a *till, payout string) (http.Header, []byte)
	hook       func(t *testing.T, opened any, shop string, header http.Header, body []byte) error
	amount     func(minor int64) string
}

// bank is a company with all its tills. It counts what was signed by nobody it
// knows.
type bank struct {
	protocol
	*httptest.Server
	mu      sync.Mutex
	tills   map[string]*till
	strange int
}

func (p protocol) open(t *testing.T, tills ...*till) *bank {
	b := &bank{protocol: p, tills: map[string]*till{}}
	for _, a := range tills {
		b.tills[a.id] = a
	}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		b.mu.Lock()
		defer b.mu.Unlock()
		a := b.tills[b.who(r, body)]
		if a == nil || !b.genuine(a, r, body) {
			b.strange++
			http.Error(w, `{"code":"SIGN_ERROR"}`, http.StatusUnauthorized)
			return
		}
		b.answer(a, w, r, body)
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *bank) set(change func()) { b.mu.Lock(); defer b.mu.Unlock(); change() }

// open gives a shop an account that is a till of a company.
func (x *house) open(shop, name string, b *bank, a *till) (made merchant.Account) {
	x.Helper()
	settings, secrets := b.account(a)
	x.write(func(tx *db.Tx) (err error) {
		made, err = x.merchants.Add(x.Context(), tx, actor.Of(shop), merchant.Account{Provider: b.name, Name: name, Settings: settings}, secrets, nil)
		return err
	})
	return made
}

// back makes a payout of an order that was paid through a company.
func (x *house) back(shop, order string, b *bank, reference string, minor int64) (p settlement.Payout) {
	x.Helper()
	x.write(func(tx *db.Tx) error {
		all, err := x.payouts.Reserve(x.Context(), tx, actor.Of(shop), settlement.Plan{Case: "case_" + shop + order + reference, Order: order, Currency: "CNY", Parts: []settlement.Part{
			{Purpose: settlement.Goods, Tender: "t1", Kind: b.kind, Provider: b.name, Reference: reference, Amount: minor}}})
		if err == nil {
			p = all[0]
		}
		return err
	})
	return p
}

// tell has a message come to the address of an account.
func (x *house) tell(b *bank, shop, account string, header http.Header, body []byte) error {
	x.Helper()
	opened, err := x.merchants.Opened(x.Context(), shop, b.name, account)
	if err != nil || opened == nil {
		x.Fatalf("account %s: opened %v, %v", account, opened, err)
	}
	return b.hook(x.T, opened, shop, header, body)
}
