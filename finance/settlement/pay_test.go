package settlement_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

var (
	schemas = []db.Schema{event.Schema, job.Schema, settlement.Schema}
	shop    = actor.Of("shop")
	person  = actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Name: "Mei"}
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

// office is one store with any number of worker processes.
type office struct {
	t     *testing.T
	d     *db.DB
	clock *dbtest.Clock
	bank  *bank
}

func each(t *testing.T, test func(t *testing.T, f office)) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		test(t, office{t, d, clock, newBank()})
	})
}

// worker is a process: its queue has its own name.
func (f office) worker() (*settlement.Service, *job.Queue) {
	log := slog.New(slog.DiscardHandler)
	q := job.NewQueue(f.d, log)
	s := settlement.New(f.d, q, log, f.bank)
	s.Jobs(q)
	return s, q
}

// run lets a fresh worker do all that is due. It may die on the way.
func (f office) run() {
	_, q := f.worker()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := q.RunDue(context.Background()); err != nil {
			f.t.Error(err)
		}
	})
	wg.Wait()
}

// finish lets workers run until nothing is left to do, hours later if need be.
func (f office) finish() {
	f.t.Helper()
	for range 40 {
		f.run()
		f.clock.Add(65 * time.Minute) // longer than any lease or back-off
	}
}

func (f office) write(fn func(tx *db.Tx) error) error { return f.d.Write(context.Background(), fn) }

// reserve plans payouts of a case; the amounts fall on tenders of their own.
func (f office) reserve(caseID, provider string, amounts ...int64) (all []settlement.Payout) {
	f.t.Helper()
	plan := settlement.Plan{Case: caseID, Order: "ord_1", Currency: "JPY"}
	for i, amount := range amounts {
		plan.Parts = append(plan.Parts, settlement.Part{Purpose: settlement.Goods, Tender: "t" + string(rune('1'+i)), Kind: "card",
			Label: "Visa", Provider: provider, Reference: "pi_1", Amount: amount})
	}
	s, _ := f.worker()
	err := f.write(func(tx *db.Tx) (err error) {
		all, err = s.Reserve(f.t.Context(), tx, shop, plan)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return all
}

func (f office) payout(id string) (p settlement.Payout) {
	f.t.Helper()
	err := f.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		p, err = settlement.ByID(f.t.Context(), tx, "shop", id)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return p
}

func (f office) events(id string) (types []string, settled int) {
	f.t.Helper()
	err := f.d.Read(context.Background(), func(tx *db.Tx) error {
		all, err := event.History(f.t.Context(), tx, "shop", "payout", id)
		for _, e := range all {
			types = append(types, strings.TrimPrefix(e.Type, "payout."))
			var fact settlement.SucceededFact
			if err := json.Unmarshal(e.Data, &fact); err != nil {
				return err
			}
			if fact.AllSettled {
				settled++
			}
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return types, settled
}

func (f office) act(id string, version int64, do settlement.Event, reference string) (settlement.Payout, error) {
	s, _ := f.worker()
	var p settlement.Payout
	err := f.write(func(tx *db.Tx) (err error) {
		p, err = s.Act(f.t.Context(), tx, person, id, version, do, reference)
		return err
	})
	return p, err
}

// expect compares state, payments of the bank, and events of a payout.
func (f office) expect(id string, state settlement.State, payments int, events string) settlement.Payout {
	f.t.Helper()
	p := f.payout(id)
	types, _ := f.events(id)
	if p.State != state || len(f.bank.paid[id]) != payments || strings.Join(types, " ") != events {
		f.t.Errorf("%s with %d payments after %v (%s), want %s with %d after %s", p.State, len(f.bank.paid[id]), types, p.LastError, state, payments, events)
	}
	return p
}

func TestAPayoutIsPaidExactlyAsPlanned(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		p := f.reserve("case_a", "bank", 9899)[0]
		f.run()
		got := f.expect(p.ID, settlement.Succeeded, 1, "reserved succeeded")
		want := settlement.Request{Key: p.ID, Tenant: "shop", Case: "case_a", Order: "ord_1", Purpose: "goods", Tender: "t1", Kind: "card",
			Reference: "pi_1", Amount: money.Of(9899, "JPY")}
		if diff := cmp.Diff([]settlement.Request{want}, f.bank.paid[p.ID]); diff != "" {
			t.Error(diff)
		}
		if got.ProviderRef != "ref-"+p.ID || got.Attempts != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheLastPayoutOfACaseSaysSo(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		all := f.reserve("case_a", "bank", 10, 20, 30)
		s, _ := f.worker()
		var wg sync.WaitGroup
		for _, p := range all { // at once, as workers on several machines
			wg.Go(func() {
				err := f.write(func(tx *db.Tx) error {
					return s.Notice(context.Background(), tx, "shop", p.ID, settlement.Result{Outcome: settlement.Paid, Reference: "x"})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		last := 0
		for _, p := range all {
			_, settled := f.events(p.ID)
			last += settled
		}
		if last != 1 {
			t.Errorf("%d payouts say that all is settled", last)
		}
	})
}

func TestAPlanIsReservedOnce(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.reserve("case_a", "bank", 10, 20)
		s, _ := f.worker()
		err := f.write(func(tx *db.Tx) error {
			_, err := s.Reserve(t.Context(), tx, shop, settlement.Plan{Case: "case_a", Order: "ord_1", Currency: "JPY",
				Parts: []settlement.Part{{Purpose: "goods", Tender: "t2", Provider: "bank", Amount: 5}}})
			return err
		})
		if !errors.Is(err, settlement.ErrReserved) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnUnknownOutcomeIsLookedUpBeforeSendingAgain(t *testing.T) {
	tests := []struct {
		name     string
		step     string // where the wire breaks, once
		payments int
		sent     int
	}{
		{"the request was lost", "before", 1, 2},
		{"the answer was lost", "after", 1, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			each(t, func(t *testing.T, f office) {
				f.bank.forgetful = true
				broken := false
				f.bank.at = func(step, _ string) error {
					if step == test.step && !broken {
						broken = true
						return errWire
					}
					return nil
				}
				p := f.reserve("case_a", "bank", 10)[0]
				f.run()
				f.clock.Add(time.Second / 2)
				if got := f.payout(p.ID); got.State != settlement.Submitted || !strings.Contains(got.LastError, "connection lost") {
					t.Errorf("%+v", got)
				}
				f.finish()
				f.expect(p.ID, settlement.Succeeded, test.payments, "reserved submitted succeeded")
				if f.bank.sent[p.ID] != test.sent {
					t.Errorf("sent %d times", f.bank.sent[p.ID])
				}
			})
		})
	}
}

func TestADeadWorkerNeverMakesAPayoutTwice(t *testing.T) {
	for _, step := range []string{"before", "after"} {
		t.Run("dies "+step+" paying", func(t *testing.T) {
			each(t, func(t *testing.T, f office) {
				f.bank.forgetful = true
				dead := false
				f.bank.at = func(at, _ string) error {
					if at == step && !dead {
						dead = true
						runtime.Goexit()
					}
					return nil
				}
				p := f.reserve("case_a", "bank", 10)[0]
				f.run()
				if got := f.payout(p.ID); got.State != settlement.Reserved {
					t.Errorf("%+v", got)
				}
				f.run() // the lease still holds: nobody touches it
				if f.bank.sent[p.ID] != 1 {
					t.Errorf("sent %d times under a lease", f.bank.sent[p.ID])
				}
				f.clock.Add(61 * time.Second)
				f.run()
				p = f.payout(p.ID)
				if p.State != settlement.Succeeded || len(f.bank.paid[p.ID]) != 1 {
					t.Errorf("%s, %d payments", p.State, len(f.bank.paid[p.ID]))
				}
			})
		})
	}
}

// The bank declined, and the worker died before it was written down: nobody
// counted that it was sent. A person can nevertheless have it tried again.
func TestADeclineThatADeadWorkerHeardCanBeRetried(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		no := true
		f.bank.answer = func(settlement.Request) (r settlement.Result) {
			if no {
				r = settlement.Result{Outcome: settlement.Declined, Reason: "closed"}
			}
			return r
		}
		f.bank.at = func(at, _ string) error {
			if at == "after" && no {
				runtime.Goexit()
			}
			return nil
		}
		p := f.reserve("case_a", "bank", 10)[0]
		f.run()
		f.clock.Add(61 * time.Second)
		f.run()
		if got := f.payout(p.ID); got.State != settlement.Failed || got.Attempts != 0 {
			t.Fatalf("%+v", got)
		}
		no = false
		if _, err := f.act(p.ID, 0, settlement.Retry, ""); err != nil {
			t.Fatal(err)
		}
		f.run()
		if got := f.payout(p.ID); got.State != settlement.Succeeded || len(f.bank.paid[p.ID]) != 1 {
			t.Errorf("%s, %d payments", got.State, len(f.bank.paid[p.ID]))
		}
	})
}

// A worker that is not dead but slow wakes up after another took over: then the
// key protects, and the second answer changes nothing.
func TestASlowWorkerBesideAnotherPaysOnce(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		first := true
		f.bank.at = func(step, _ string) error {
			if step == "before" && first {
				first = false
				f.clock.Add(61 * time.Second)
				f.run()
			}
			return nil
		}
		p := f.reserve("case_a", "bank", 10)[0]
		f.run()
		f.finish()
		f.expect(p.ID, settlement.Succeeded, 1, "reserved submitted succeeded")
		if f.bank.sent[p.ID] != 2 {
			t.Errorf("sent %d times", f.bank.sent[p.ID])
		}
	})
}

// Workers die, wires break and answers are lost at random steps; the bank does
// not even know idempotency keys. Every payout is still paid exactly once.
func TestRandomDeathsPayOnce(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		r := rand.New(rand.NewPCG(7, 7))
		f.bank.forgetful = true
		f.bank.at = func(string, string) error {
			switch r.IntN(6) {
			case 0:
				runtime.Goexit()
			case 1:
				return errWire
			}
			return nil
		}
		var all []settlement.Payout
		for i := range 30 {
			all = append(all, f.reserve("case_"+string(rune('A'+i)), "bank", 10, 20)...)
		}
		for range 400 {
			f.run()
			f.clock.Add(time.Duration(r.IntN(120)) * time.Second)
		}
		f.bank.at = func(string, string) error { return nil }
		f.finish()
		settled := 0
		for _, p := range all {
			if got := f.payout(p.ID); got.State != settlement.Succeeded || len(f.bank.paid[p.ID]) != 1 {
				t.Errorf("%s %s, %d payments", p.ID, got.State, len(f.bank.paid[p.ID]))
			}
			_, last := f.events(p.ID)
			settled += last
		}
		if settled != 30 {
			t.Errorf("%d of 30 cases settled", settled)
		}
	})
}
