package charge_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/job"
)

var (
	schemas = []db.Schema{httpapi.Schema, event.Schema, job.Schema, charge.Schema}
	shop    = actor.Of("shop")
	boss    = actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: role.Supervisor}
	buyer   = actor.Actor{Tenant: "shop", Kind: actor.Customer, ID: "cus_1"}
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	owed    = money.Of(2500, "CNY")
)

// till is one store with any number of processes.
type till struct {
	t     *testing.T
	d     *db.DB
	clock *dbtest.Clock
	desk  *desk
}

func each(t *testing.T, test func(t *testing.T, f till)) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		test(t, till{t, d, clock, newDesk()})
	})
}

func (f till) process() (*charge.Service, *job.Queue) {
	log := slog.New(slog.DiscardHandler)
	q := job.NewQueue(f.d, log)
	s := charge.NewService(f.d, q, log, f.desk)
	s.Jobs(q)
	return s, q
}

// run lets a fresh process do all that is due. It may die on the way.
func (f till) run() {
	var wg sync.WaitGroup
	wg.Go(func() {
		_, q := f.process()
		if _, err := q.RunDue(context.Background()); err != nil {
			f.t.Error(err)
		}
	})
	wg.Wait()
}

func (f till) demand(n charge.New) (c charge.Charge, err error) {
	if n.Case == "" {
		n.Case = "case_1"
	}
	if n.Purpose == "" {
		n.Purpose = charge.ExchangeDifference
	}
	if n.Amount.Minor == 0 {
		n.Amount = owed
	}
	if n.Due.IsZero() {
		n.Due = monday.Add(72 * time.Hour)
	}
	n.Order, n.Customer = "ord_1", "cus_1"
	s, _ := f.process()
	err = f.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		c, err = s.Demand(context.Background(), tx, shop, n)
		return err
	})
	return c, err
}

func (f till) owed(n charge.New) charge.Charge {
	f.t.Helper()
	c, err := f.demand(n)
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

// pay is what a customer's request does. The process may die on the way.
func (f till) pay(c charge.Charge, means string) (got charge.Charge, err error) {
	err = errors.New("died")
	var wg sync.WaitGroup
	wg.Go(func() {
		s, _ := f.process()
		got, err = s.Collect(context.Background(), buyer, c.ID, charge.With{Provider: "desk", Means: means, Return: "https://shop.example"})
	})
	wg.Wait()
	return got, err
}

func (f till) act(c charge.Charge, in charge.Input) (got charge.Charge, err error) {
	s, _ := f.process()
	err = f.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		got, err = s.Act(context.Background(), tx, boss, c.ID, 0, in)
		return err
	})
	return got, err
}

func (f till) notice(key string, got charge.Session) {
	f.t.Helper()
	s, _ := f.process()
	if err := f.d.Write(context.Background(), func(tx *db.Tx) error { return s.Notice(context.Background(), tx, "shop", key, got) }); err != nil {
		f.t.Error(err)
	}
}

// expect compares state, events and what was really taken, over all keys.
func (f till) expect(c charge.Charge, state charge.State, taken int, events string) charge.Charge {
	f.t.Helper()
	var types []string
	err := f.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		if c, err = charge.ByID(context.Background(), tx, shop, c.ID); err != nil {
			return err
		}
		all, err := event.History(context.Background(), tx, "shop", "charge", c.ID)
		for _, e := range all {
			types = append(types, strings.TrimPrefix(e.Type, "charge."))
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	if got := strings.Join(types, " "); c.State != state || f.desk.taken(c.ID) != taken || got != events {
		f.t.Errorf("%s, taken %d times, after %q; want %s, %d, after %q", c.State, f.desk.taken(c.ID), got, state, taken, events)
	}
	return c
}

func TestAChargeIsDemandedOnce(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		c := f.owed(charge.New{})
		if again := f.owed(charge.New{}); again.ID != c.ID {
			t.Errorf("the same twice: %s and %s", c.ID, again.ID)
		}
		f.expect(c, charge.Due, 0, "demanded")
		tests := []struct {
			n    charge.New
			want error
		}{
			{charge.New{Amount: money.Of(1, "CNY")}, charge.ErrDemanded},
			{charge.New{Amount: money.Of(-1, "CNY")}, charge.ErrInvalid},
			{charge.New{Amount: money.Of(1, "XYZ")}, charge.ErrInvalid},
			{charge.New{Purpose: "gift"}, charge.ErrInvalid},
			{charge.New{Due: monday}, charge.ErrInvalid},
			{charge.New{Key: "case_1 second", Amount: money.Of(1, "CNY")}, nil},
			{charge.New{Purpose: charge.Adjustment}, nil},
		}
		for _, test := range tests {
			if _, err := f.demand(test.n); !errors.Is(err, test.want) {
				t.Errorf("%+v: %v, want %v", test.n, err, test.want)
			}
		}
	})
}

func TestPeopleRecordExactPaymentsOrGiveUpForAReason(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		refused := []struct {
			in   charge.Input
			want error
		}{
			{charge.Input{Do: charge.Pay, Amount: owed}, charge.ErrReference},
			{charge.Input{Do: charge.Pay, Amount: money.Of(2499, "CNY"), Reference: "r"}, charge.ErrAmount},
			{charge.Input{Do: charge.Pay, Amount: money.Of(2501, "CNY"), Reference: "r"}, charge.ErrAmount},
			{charge.Input{Do: charge.Pay, Amount: money.Of(2500, "JPY"), Reference: "r"}, charge.ErrAmount},
			{charge.Input{Do: charge.Waive}, charge.ErrReason},
			{charge.Input{Do: charge.WriteOff, Reason: " "}, charge.ErrReason},
			{charge.Input{Do: "expire"}, charge.ErrMove},
		}
		c := f.owed(charge.New{})
		for _, test := range refused {
			if _, err := f.act(c, test.in); !errors.Is(err, test.want) {
				t.Errorf("%+v: %v, want %v", test.in, err, test.want)
			}
		}
		f.expect(c, charge.Due, 0, "demanded")
		ways := map[charge.Action]charge.State{charge.Pay: charge.Paid, charge.Waive: charge.Waived, charge.WriteOff: charge.WrittenOff}
		for do, state := range ways {
			one := f.owed(charge.New{Case: "case_" + string(do)})
			if _, err := f.act(one, charge.Input{Do: do, Amount: owed, Reference: "SEPA 1", Reason: "because"}); err != nil {
				t.Error(err)
			}
			f.expect(one, state, 0, "demanded "+string(state))
			for next := range ways {
				if _, err := f.act(one, charge.Input{Do: next, Amount: owed, Reference: "SEPA 2", Reason: "because"}); !errors.Is(err, charge.ErrMove) {
					t.Errorf("%s after %s: %v", next, do, err)
				}
			}
			if _, err := f.pay(one, ""); !errors.Is(err, charge.ErrMove) {
				t.Errorf("collected after %s: %v", do, err)
			}
		}
	})
}

func TestAChargeExpiresAtItsTime(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		exchange, advance := f.owed(charge.New{}), f.owed(charge.New{Purpose: charge.AdvanceRecovery})
		f.clock.Set(monday.Add(72*time.Hour - time.Second))
		f.run()
		f.expect(exchange, charge.Due, 0, "demanded")
		f.clock.Set(monday.Add(72 * time.Hour))
		if _, err := f.pay(exchange, ""); !errors.Is(err, charge.ErrOverdue) {
			t.Errorf("paid at the last moment: %v", err)
		}
		f.run()
		f.run()
		f.expect(exchange, charge.Expired, 0, "demanded expired")
		by := charge.Input{Do: charge.Pay, Amount: owed, Reference: "SEPA 1"}
		if _, err := f.act(exchange, by); !errors.Is(err, charge.ErrMove) {
			t.Errorf("an exchange that is off was paid: %v", err)
		}
		if _, err := f.act(advance, by); err != nil {
			t.Error(err)
		}
		f.expect(advance, charge.Paid, 0, "demanded expired paid")
	})
}
