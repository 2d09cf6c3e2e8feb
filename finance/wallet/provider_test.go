package wallet_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/finance/wallet"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// bought stores an order paid by gift card (40.00), store credit (30.00), 900
// points (20.00) and card (10.00).
func (p purse) bought(number string, who *customer.Draft) (o order.Order) {
	p.t.Helper()
	ends := monday.AddDate(0, 0, 10)
	draft := order.Draft{Source: "shop", Number: number, Currency: "CNY", Country: "CN", Zone: "Asia/Shanghai", PlacedAt: monday.AddDate(0, 0, -20), TaxIncluded: true,
		Customer: who, Lines: []order.DraftLine{{SKU: "MUG", Title: "Mug", Quantity: 2, UnitPrice: 5000}},
		Tenders: []order.DraftTender{
			{Kind: "gift_card", Provider: "wallet", Reference: "GC-12345678", Amount: 4000, ExpiresAt: &ends},
			{Kind: "store_credit", Provider: "wallet", Amount: 3000},
			{Kind: "points", Provider: "wallet", Amount: 2000, Points: 901},
			{Kind: "card", Provider: "test", Amount: 1000},
		}}
	err := p.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		o, _, err = order.New(order.Options{}).Put(context.Background(), tx, admin, draft)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return o
}

var lin = &customer.Draft{Ref: "c1", Name: "Lin Wei", Email: "lin@example.com"}

func request(o order.Order, key, tender, kind string, minor int64) settlement.Request {
	r := settlement.Request{Key: key, Tenant: "shop", Case: "case_" + key, Order: o.ID, Purpose: "goods", Tender: tender, Kind: kind, Amount: money.Of(minor, "CNY")}
	for _, t := range o.Tenders {
		if t.ID == tender {
			r.Reference = t.Reference
		}
	}
	return r
}

func (p purse) refund(r settlement.Request) settlement.Result {
	p.t.Helper()
	got, err := p.s.Refund(context.Background(), r)
	if err != nil {
		p.t.Error(err)
	}
	return got
}

func TestEachKindComesBackToItsAccountAndKeepsItsLife(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		o := p.bought("A-1", lin)
		for i, r := range []settlement.Request{
			request(o, "k1", "t1", "gift_card", 1500), request(o, "k2", "t2", "store_credit", 3000),
			request(o, "k3", "t3", "points", 999), request(o, "k4", "t3", "points", 1001),
			request(o, "k5", "t4", "store_credit", 500), // the card is closed
		} {
			if got := p.refund(r); got.Outcome != settlement.Paid || got.Reference == "" {
				t.Errorf("%d: %+v", i, got)
			}
			again := p.refund(r)
			found, err := p.s.Lookup(t.Context(), r)
			if diff := cmp.Diff(again, found); diff != "" || err != nil {
				t.Errorf("%d: asked again: %s %v", i, diff, err)
			}
		}
		got := map[string]string{}
		for _, a := range p.accounts(o.Customer) {
			text := fmt.Sprint(a.Balance)
			for _, l := range a.Lots {
				if !l.ExpiresAt.IsZero() {
					text += " until " + l.ExpiresAt.Format(time.DateOnly)
				}
			}
			got[string(a.Kind)+" "+a.Unit+" "+a.Reference] = text
		}
		want := map[string]string{
			"gift_card CNY GC-12345678": "1500 until 2026-04-01", // 30 days, as when it was spent
			"points points ":            "901",                   // 450 and 451: all that were spent
			"store_credit CNY ":         "3500",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatHasNoWalletIsPaidByAPerson(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		o := p.bought("A-1", lin)
		nobody := p.bought("A-2", nil)
		missing := o
		missing.ID = "ord_none"
		for _, r := range []settlement.Request{
			request(nobody, "k1", "t2", "store_credit", 10), request(missing, "k2", "t2", "store_credit", 10),
			request(o, "k3", "t4", "card", 10), request(o, "k4", "t4", "points", 10), request(o, "k5", "t3", "points", 1),
		} {
			if got := p.refund(r); got.Outcome != settlement.ByHand || got.Reason == "" {
				t.Errorf("%s: %+v", r.Key, got)
			}
			if got, err := p.s.Lookup(t.Context(), r); err != nil || got.Outcome != settlement.Absent {
				t.Errorf("%s: %+v %v", r.Key, got, err)
			}
		}
	})
}

func TestOneKeyPaysInOnceHoweverManyTryAtOnce(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		o := p.bought("A-1", lin)
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				n := i % 4
				r := request(o, fmt.Sprint("k", n), "t3", "points", 500)
				for try := 0; ; try++ {
					got, err := p.s.Refund(context.Background(), r)
					if err == nil && got.Outcome == settlement.Paid {
						return
					}
					if try > 5 {
						t.Errorf("%+v %v", got, err)
						return
					}
				}
			})
		}
		wg.Wait()
		if a := p.accounts(o.Customer)[0]; a.Balance != 901 {
			t.Errorf("%+v", a)
		}
	})
}

// dying is the wallet behind a wire that breaks and a worker that dies.
type dying struct {
	*wallet.Service
	at func(step string) error
}

func (d dying) Refund(ctx context.Context, r settlement.Request) (settlement.Result, error) {
	if err := d.at("before"); err != nil {
		return settlement.Result{}, err
	}
	got, err := d.Service.Refund(ctx, r)
	if err := d.at("after"); err != nil {
		return settlement.Result{}, err
	}
	return got, err
}

func TestPayoutsReachTheWalletOnceThoughWorkersDie(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		o := p.bought("A-1", lin)
		r := rand.New(rand.NewPCG(9, 9))
		alive := false
		provider := dying{p.s, func(string) error {
			switch n := r.IntN(4); {
			case alive:
			case n == 0:
				runtime.Goexit()
			case n == 1:
				return errors.New("no answer")
			}
			return nil
		}}
		run := func() {
			var wg sync.WaitGroup
			wg.Go(func() {
				log := slog.New(slog.DiscardHandler)
				q := job.NewQueue(p.d, log)
				settlement.New(p.d, q, log, provider).Jobs(q)
				if _, err := q.RunDue(context.Background()); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
		}
		log := slog.New(slog.DiscardHandler)
		q := job.NewQueue(p.d, log)
		s := settlement.New(p.d, q, log, provider)
		for i := range 20 {
			err := p.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := s.Reserve(t.Context(), tx, shop, settlement.Plan{Case: fmt.Sprint("case_", i), Order: o.ID, Currency: "CNY", Parts: []settlement.Part{
					{Purpose: settlement.Goods, Tender: "t2", Kind: "store_credit", Provider: "wallet", Amount: 100},
					{Purpose: settlement.Goods, Tender: "t3", Kind: "points", Provider: "wallet", Amount: 100}}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for range 60 {
			run()
			p.clock.Add(65 * time.Second)
		}
		alive = true
		for range 20 {
			run()
			p.clock.Add(65 * time.Minute)
		}
		var got []int64
		for _, a := range p.accounts(o.Customer) {
			got = append(got, a.Balance)
		}
		if diff := cmp.Diff([]int64{901, 2000}, got); diff != "" {
			t.Error(diff)
		}
	})
}
