package wallet_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/finance/wallet"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

var (
	schemas = []db.Schema{httpapi.Schema, event.Schema, job.Schema, customer.Schema, order.Schema, settlement.Schema, wallet.Schema}
	shop    = actor.Of("shop")
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	boss    = actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: role.Supervisor}
	admin   = actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_2", Role: role.Administrator}
)

type purse struct {
	t     *testing.T
	d     *db.DB
	clock *dbtest.Clock
	s     *wallet.Service
}

func each(t *testing.T, test func(t *testing.T, p purse)) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		test(t, purse{t, d, clock, wallet.New(d, nil)})
	})
}

func (p purse) adjust(by actor.Actor, c wallet.Change) (e wallet.Entry, err error) {
	if c.Customer == "" {
		c.Customer = "cus_1"
	}
	if c.Unit == "" {
		c.Unit = "CNY"
	}
	if c.Kind == "" {
		c.Kind = wallet.StoreCredit
	}
	err = p.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		e, err = p.s.Adjust(context.Background(), tx, by, c)
		return err
	})
	return e, err
}

func (p purse) spend(n int64, key string) error {
	return p.d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := p.s.Spend(context.Background(), tx, shop, wallet.Change{Key: key, Customer: "cus_1", Kind: wallet.StoreCredit, Unit: "CNY", Amount: n})
		return err
	})
}

func (p purse) accounts(customerID string) (all []wallet.Account) {
	p.t.Helper()
	err := p.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		all, err = wallet.ByCustomer(context.Background(), tx, "shop", customerID)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// sums compares a balance with its entries, its lots, and the facts announced.
func (p purse) sums() {
	p.t.Helper()
	err := p.d.Read(context.Background(), func(tx *db.Tx) error {
		all, err := wallet.ByCustomer(context.Background(), tx, "shop", "cus_1")
		if err != nil {
			return err
		}
		for _, a := range all {
			var entries, lots int64
			n := 0
			err := tx.QueryRow(context.Background(), `select cast(coalesce(sum(amount), 0) as bigint), count(*) from wallet_entry where tenant = $1 and account = $2`,
				"shop", a.ID).Scan(&entries, &n)
			if err != nil {
				return err
			}
			for _, l := range a.Lots {
				lots += l.Rest
			}
			history, err := event.History(context.Background(), tx, "shop", "wallet", a.ID)
			if err != nil {
				return err
			}
			if a.Balance < 0 || entries != a.Balance || lots != a.Balance || len(history) != n {
				p.t.Errorf("%s %s: balance %d, entries %d, lots %d; %d entries, %d events", a.Kind, a.Unit, a.Balance, entries, lots, n, len(history))
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p purse) queue() *job.Queue {
	q := job.NewQueue(p.d, slog.New(slog.DiscardHandler))
	p.s.Jobs(q)
	err := p.d.Write(context.Background(), func(tx *db.Tx) error {
		return q.Enqueue(context.Background(), tx, job.New{Tenant: "system", Kind: "wallet.expire", Key: "every", Keep: true})
	})
	if err != nil {
		p.t.Error(err)
	}
	return q
}

func (p purse) expire() {
	p.t.Helper()
	q := p.queue()
	if _, err := q.RunDue(context.Background()); err != nil {
		p.t.Error(err)
	}
}

// Random changes against a small model: a list of lots.
func TestABalanceIsTheSumOfItsEntriesAndNeverNegative(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		r := rand.New(rand.NewPCG(5, 5))
		type lot struct {
			rest int64
			ends time.Time
		}
		var model []lot
		left := func() (sum int64) {
			for _, l := range model {
				if l.ends.After(p.clock.Now()) {
					sum += l.rest
				}
			}
			return sum
		}
		for i := range 250 {
			n := r.Int64N(100) + 1
			switch r.IntN(4) {
			case 0, 1:
				ends := p.clock.Now().Add(time.Duration(r.IntN(100)+1) * time.Hour)
				if _, err := p.adjust(shop, wallet.Change{Amount: n, Reason: "r", ExpiresAt: ends}); err != nil {
					t.Fatal(err)
				}
				model = append(model, lot{n, ends})
			case 2:
				err := p.spend(n, fmt.Sprint("k", i))
				if enough := n <= left(); enough != (err == nil) || err != nil && !errors.Is(err, wallet.ErrNotSo) {
					t.Fatalf("step %d: spending %d of %d: %v", i, n, left(), err)
				}
				for n > 0 && err == nil { // the first to expire first
					first := -1
					for j, l := range model {
						if l.rest > 0 && l.ends.After(p.clock.Now()) && (first < 0 || l.ends.Before(model[first].ends)) {
							first = j
						}
					}
					took := min(n, model[first].rest)
					model[first].rest -= took
					n -= took
				}
			case 3:
				p.clock.Add(time.Duration(r.IntN(20)) * time.Hour)
				if r.IntN(2) == 0 {
					p.expire()
				}
			}
			p.sums()
		}
		p.expire()
		if a := p.accounts("cus_1")[0]; a.Balance != left() {
			t.Errorf("balance %d, model %d", a.Balance, left())
		}
		p.clock.Add(1000 * time.Hour)
		p.expire()
		p.sums()
		if a := p.accounts("cus_1")[0]; a.Balance != 0 || len(a.Lots) != 0 {
			t.Errorf("%+v", a)
		}
	})
}

func TestManySpendAtOnceAndNoneTooMuch(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		for range 4 {
			if _, err := p.adjust(shop, wallet.Change{Amount: 250, Reason: "r"}); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		spent := map[string]int{}
		for i := range 32 {
			wg.Go(func() {
				key := fmt.Sprint("order ", i%16) // each key comes twice
				err := p.spend(100, key)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					spent[key]++
				} else if !errors.Is(err, wallet.ErrNotSo) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if a := p.accounts("cus_1")[0]; a.Balance != 0 || len(spent) != 10 {
			t.Errorf("balance %d after %v", a.Balance, spent)
		}
		p.sums()
	})
}

func TestPeopleHaveALimitAndGiveAReason(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		tests := []struct {
			by     actor.Actor
			change wallet.Change
			want   error
		}{
			{boss, wallet.Change{Amount: 30000}, wallet.ErrReason},
			{boss, wallet.Change{Amount: 30000, Reason: "sorry"}, nil},
			{boss, wallet.Change{Amount: 30000, Reason: "sorry"}, wallet.ErrLimit}, // 600 in a day
			{boss, wallet.Change{Amount: 20000, Reason: "sorry", Key: "k"}, nil},
			{boss, wallet.Change{Amount: 20000, Reason: "sorry", Key: "k"}, nil}, // the same again
			{boss, wallet.Change{Amount: 19999, Reason: "sorry", Key: "k"}, wallet.ErrKeyTaken},
			{boss, wallet.Change{Amount: -40000, Reason: "mistake"}, nil},
			{boss, wallet.Change{Amount: -40000, Reason: "mistake"}, wallet.ErrNotSo},
			{admin, wallet.Change{Amount: 500000, Reason: "settled"}, nil},
			{shop, wallet.Change{Amount: 500000, Reason: "settled"}, nil},
			{boss, wallet.Change{Amount: 10001, Kind: wallet.Points, Reason: "sorry"}, wallet.ErrLimit},
			{boss, wallet.Change{Amount: 50001, Unit: "JPY", Reason: "sorry"}, wallet.ErrLimit},
			{boss, wallet.Change{Amount: 10, Unit: "XYZ", Reason: "sorry"}, wallet.ErrInvalid},
			{boss, wallet.Change{Amount: 10, Kind: "cash", Reason: "sorry"}, wallet.ErrInvalid},
			{boss, wallet.Change{Reason: "nothing"}, wallet.ErrInvalid},
			{boss, wallet.Change{Amount: 10, Reason: "late", ExpiresAt: monday}, wallet.ErrInvalid},
			{shop, wallet.Change{Amount: 1<<53 - 1, Reason: "too much"}, wallet.ErrInvalid},
		}
		for i, test := range tests {
			if _, err := p.adjust(test.by, test.change); !errors.Is(err, test.want) {
				t.Errorf("%d %+v: %v, want %v", i, test.change, err, test.want)
			}
		}
		p.clock.Add(25 * time.Hour)
		if _, err := p.adjust(boss, wallet.Change{Amount: 50000, Reason: "another day"}); err != nil {
			t.Error(err)
		}
		p.sums()
		got := map[string]int64{}
		for _, a := range p.accounts("cus_1") {
			got[string(a.Kind)+" "+a.Unit] = a.Balance
		}
		if diff := cmp.Diff(map[string]int64{"store_credit CNY": 1060000}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAPanicMidwayLeavesNoTrace(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		func() {
			defer func() { _ = recover() }()
			_ = p.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := p.s.Adjust(t.Context(), tx, shop, wallet.Change{Key: "k", Customer: "cus_1", Kind: wallet.StoreCredit, Unit: "CNY", Amount: 5, Reason: "r"})
				if err != nil {
					t.Error(err)
				}
				panic("dies")
			})
		}()
		if all := p.accounts("cus_1"); len(all) != 0 {
			t.Errorf("%+v", all)
		}
		if _, err := p.adjust(shop, wallet.Change{Key: "k", Amount: 5, Reason: "r"}); err != nil {
			t.Error(err)
		}
		p.sums()
	})
}
