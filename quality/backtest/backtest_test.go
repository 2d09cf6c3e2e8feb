package backtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/rules/policy"
)

func TestADraftIsTriedOnEverythingThatWasAsked(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		r := s.ask(backtest.Wish{Policy: policy.Standard, Rules: generous()})
		if r.State != backtest.Queued || r.Total != 14 {
			t.Fatalf("%s %d", r.State, r.Total)
		}
		s.work()
		r = s.run(r.ID)
		if r.State != backtest.Done || r.Done != 14 || r.Figures.Decided != 14 || len(r.Figures.Skipped) != 0 {
			t.Fatalf("%s: %d done, %+v", r.State, r.Done, r.Figures)
		}
		// A: approve before and after. B and two of history: refused then, approved
		// now. C: for a person then, approved now.
		want := map[string]int64{"approve>approve": 8, "refuse>approve": 4, "review>approve": 2}
		if diff := cmp.Diff(want, r.Figures.Matrix); diff != "" {
			t.Errorf("matrix: %s", diff)
		}
		if r.Figures.Better != 6 || r.Figures.Worse != 0 || r.Figures.AtOnce != 2 || r.Figures.ToPerson != 0 {
			t.Errorf("%+v", r.Figures)
		}
		// 6 × (100.00 − 10.00) + 2 × (100.00 − 10.00) before; the labels are the
		// customer's.
		money := r.Figures.Money["CNY"]
		if diff := cmp.Diff(backtest.Money{
			Before: backtest.Sum{Paid: 8 * 9000, Open: 2 * 88900, Refused: 4 * 9000, Fees: 8 * 1000, Customer: 8 * 1000},
			After:  backtest.Sum{Paid: 12*9000 + 2*88900, Fees: 14 * 1000, Customer: 14 * 1000},
		}, *money); diff != "" {
			t.Errorf("money: %s", diff)
		}
		if diff := cmp.Diff(map[string]int64{"reason": 4}, r.Figures.Assumed); diff != "" {
			t.Errorf("assumed: %s", diff)
		}
		if r.Figures.People["approve"] != 1 || len(r.Figures.Waits) != 1 {
			t.Errorf("people: %v, waits %v", r.Figures.People, r.Figures.Waits)
		}
		if diff := cmp.Diff(map[string]int64{"refuse>approve": 4, "review>approve": 2}, r.Figures.Samples); diff != "" {
			t.Errorf("samples: %s", diff)
		}
		s.read(func(tx *db.Tx) error {
			all, err := event.History(t.Context(), tx, "main", "backtest", r.ID)
			if len(all) != 2 || all[0].Type != "backtest.asked" || all[1].Type != "backtest.ended" {
				t.Errorf("events: %+v", all)
			}
			return err
		})
	})
}

func TestTheSameRulesChangeNothing(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		for _, against := range []string{backtest.Then, backtest.Live} {
			r := s.ask(backtest.Wish{Policy: policy.Standard, Version: 1, Scope: backtest.Scope{Against: against}})
			s.work()
			r = s.run(r.ID)
			f := r.Figures
			if r.State != backtest.Done || f.Decided != 14 || f.Better+f.Worse+f.Other != 0 || len(f.Samples) != 0 || f.Money["CNY"].Before != f.Money["CNY"].After {
				t.Errorf("%s: %s %+v", against, r.State, f)
			}
		}
	})
}

func TestAScopeIsKept(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		tests := []struct {
			name  string
			scope backtest.Scope
			want  int64
		}{
			{"cases", backtest.Scope{Sources: []string{backtest.Cases}}, 10},
			{"history", backtest.Scope{Sources: []string{backtest.History}}, 4},
			{"latest three", backtest.Scope{Limit: 3}, 3},
			{"more than a step", backtest.Scope{Limit: 7}, 7},
			{"one seller", backtest.Scope{Sellers: []string{"south"}}, 2},
			{"another kind", backtest.Scope{Kinds: []string{policy.Exchange}}, 0},
			{"first five minutes", backtest.Scope{From: monday, To: monday.Add(5 * time.Minute)}, 5},
		}
		for _, x := range tests {
			r := s.ask(backtest.Wish{Policy: policy.Standard, Rules: generous(), Scope: x.scope})
			s.work()
			if got := s.run(r.ID); got.State != backtest.Done || got.Figures.Decided != x.want || got.Done != x.want || got.Total != x.want {
				t.Errorf("%s: %s, %d of %d, %d decided, want %d", x.name, got.State, got.Done, got.Total, got.Figures.Decided, x.want)
			}
		}
	})
}

func TestWhatIsNotDescribedWellIsRefused(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		wrong := policy.Default()
		wrong.Reasons = nil
		tests := []struct {
			name string
			wish backtest.Wish
			want error
		}{
			{"nothing to try", backtest.Wish{Policy: policy.Standard}, backtest.ErrInvalid},
			{"both", backtest.Wish{Policy: policy.Standard, Version: 1, Rules: generous()}, backtest.ErrInvalid},
			{"no such policy", backtest.Wish{Policy: "none", Rules: generous()}, policy.ErrUnknown},
			{"no such version", backtest.Wish{Policy: policy.Standard, Version: 9}, policy.ErrUnknown},
			{"rules without reasons", backtest.Wish{Policy: policy.Standard, Rules: &wrong}, policy.ErrInvalid},
			{"backwards", backtest.Wish{Policy: policy.Standard, Version: 1, Scope: backtest.Scope{From: monday, To: monday.Add(-time.Hour)}}, backtest.ErrInvalid},
			{"unknown source", backtest.Wish{Policy: policy.Standard, Version: 1, Scope: backtest.Scope{Sources: []string{"dreams"}}}, backtest.ErrInvalid},
			{"unknown kind", backtest.Wish{Policy: policy.Standard, Version: 1, Scope: backtest.Scope{Kinds: []string{"barter"}}}, backtest.ErrInvalid},
			{"too many", backtest.Wish{Policy: policy.Standard, Version: 1, Scope: backtest.Scope{Limit: backtest.MaxRequests + 1}}, backtest.ErrInvalid},
		}
		for _, x := range tests {
			err := s.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := s.trials.Ask(t.Context(), tx, admin, x.wish)
				return err
			})
			if !errors.Is(err, x.want) {
				t.Errorf("%s: %v, want %v", x.name, err, x.want)
			}
		}
	})
}

func TestRunsGoOneAfterTheOtherAndCanBeCancelled(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		wish := backtest.Wish{Policy: policy.Standard, Rules: generous()}
		var all []backtest.Run
		for range backtest.MaxWaiting {
			all = append(all, s.ask(wish))
		}
		err := s.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := s.trials.Ask(t.Context(), tx, admin, wish)
			return err
		})
		if !errors.Is(err, backtest.ErrWaiting) {
			t.Errorf("one more than may wait: %v", err)
		}
		cancel := func(by actor.Actor, id string) error {
			return s.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := s.trials.Cancel(t.Context(), tx, by, id)
				return err
			})
		}
		if err := cancel(admin, all[3].ID); err != nil {
			t.Fatal(err)
		}
		if err := cancel(actor.Of("other"), all[4].ID); !errors.Is(err, backtest.ErrUnknown) {
			t.Errorf("another shop cancelled: %v", err)
		}
		s.work()
		for i, r := range all {
			want := backtest.Done
			if i == 3 {
				want = backtest.Cancelled
			}
			if got := s.run(r.ID); got.State != want {
				t.Errorf("run %d: %s", i, got.State)
			}
		}
		if err := cancel(admin, all[0].ID); !errors.Is(err, backtest.ErrMove) {
			t.Errorf("cancelled what is done: %v", err)
		}
	})
}

// A run is cancelled at the moment at which its worker stores a step: on
// PostgreSQL both are under way at once.
func TestARunIsCancelledWhileAStepIsStored(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		r := s.ask(backtest.Wish{Policy: policy.Standard, Rules: generous()})
		cancelled := make(chan error, 1)
		s.write(func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `update backtest_run set done = done, version = version + 1 where id = $1`, r.ID); err != nil {
				return err
			}
			go func() {
				cancelled <- s.d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := s.trials.Cancel(t.Context(), tx, admin, r.ID)
					return err
				})
			}()
			for waits := 0; s.d.Path() == "" && waits == 0; {
				const held = `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%backtest_run%'`
				if _, err := tx.Exec(t.Context(), `select pg_stat_clear_snapshot()`); err != nil {
					return err
				}
				if err := tx.QueryRow(t.Context(), held).Scan(&waits); err != nil {
					return err
				}
			}
			return nil
		})
		if err := <-cancelled; err != nil {
			t.Errorf("cancelling: %v", err)
		}
		if got := s.run(r.ID); got.State != backtest.Cancelled {
			t.Errorf("it is %s", got.State)
		}
	})
}

func TestOldRunsAreForgotten(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		old := s.ask(backtest.Wish{Policy: policy.Standard, Rules: generous()})
		s.work()
		s.clock.Add(backtest.KeepDays * 24 * time.Hour / 2)
		young := s.ask(backtest.Wish{Policy: policy.Standard, Rules: generous()})
		s.work()
		s.clock.Add((backtest.KeepDays*24*time.Hour)/2 + time.Hour)
		s.write(func(tx *db.Tx) error { return backtest.Forget(t.Context(), tx) })
		s.read(func(tx *db.Tx) error {
			if _, err := backtest.ByID(t.Context(), tx, admin, old.ID); !errors.Is(err, backtest.ErrUnknown) {
				t.Errorf("the old run: %v", err)
			}
			_, err := backtest.ByID(t.Context(), tx, admin, young.ID)
			var left int
			for _, table := range []string{"backtest_sample", "backtest_group"} {
				if err := tx.QueryRow(t.Context(), "select count(*) from "+table+" where run = $1", old.ID).Scan(&left); err != nil || left != 0 {
					t.Errorf("%d rows of %s are left: %v", left, table, err)
				}
			}
			return err
		})
	})
}
