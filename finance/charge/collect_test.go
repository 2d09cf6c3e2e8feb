package charge_test

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/charge"
)

func TestACustomerPaysAtOnceAndOnce(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		c := f.owed(charge.New{})
		var wg sync.WaitGroup
		for range 32 {
			wg.Go(func() {
				if _, err := f.pay(c, ""); err != nil && !errors.Is(err, charge.ErrMove) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		c = f.expect(c, charge.Paid, 1, "demanded paid")
		if c.Reference != "ref-"+c.ID || c.Attempt.State != "paid" {
			t.Errorf("%+v", c)
		}
		f.notice(c.ID, charge.Session{Outcome: charge.Collected, Reference: "ref-" + c.ID, Amount: owed}) // said again
		f.expect(c, charge.Paid, 1, "demanded paid")
	})
}

func TestADeclinedAttemptIsFollowedByAnother(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		c := f.owed(charge.New{})
		got, err := f.pay(c, "closed")
		if err != nil || got.State != charge.Due || got.Attempt.Reason != "the card is closed" {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := f.pay(c, "another card"); err != nil {
			t.Error(err)
		}
		c = f.expect(c, charge.Paid, 1, "demanded declined paid")
		if c.Attempt.Key() != c.ID+"-2" {
			t.Errorf("%+v", c.Attempt)
		}
	})
}

func TestALostAnswerIsAskedForAndNotCollectedAgain(t *testing.T) {
	for _, test := range []struct {
		step string
		die  bool
	}{{"before", false}, {"after", false}, {"before", true}, {"after", true}} {
		for _, who := range []string{"the customer again", "the job"} {
			t.Run(test.step+" "+who, func(t *testing.T) {
				each(t, func(t *testing.T, f till) {
					broken := false
					f.desk.at = func(step string) error {
						if step != test.step || broken {
							return nil
						}
						broken = true
						if test.die {
							runtime.Goexit()
						}
						return errWire
					}
					c := f.owed(charge.New{})
					if _, err := f.pay(c, ""); err == nil || !test.die && !errors.Is(err, charge.ErrNoAnswer) {
						t.Errorf("got %v", err)
					}
					if _, err := f.pay(c, ""); err != nil { // too early: somebody may still be sending
						t.Error(err)
					}
					if _, err := f.act(c, charge.Input{Do: charge.Waive, Reason: "x"}); !errors.Is(err, charge.ErrUnderway) {
						t.Errorf("waived during a payment: %v", err)
					}
					f.clock.Add(50 * time.Second)
					if who == "the job" {
						f.run()
					}
					if test.step == "before" || who != "the job" {
						if _, err := f.pay(c, ""); err != nil {
							t.Error(err)
						}
					}
					f.expect(c, charge.Paid, 1, "demanded paid")
				})
			})
		}
	}
}

func TestAPageIsPaidLater(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		c := f.owed(charge.New{})
		for range 3 { // the same page each time
			got, err := f.pay(c, "page")
			if err != nil || got.Attempt.URL != "https://desk.example/"+c.ID || got.State != charge.Due {
				t.Errorf("%+v %v", got.Attempt, err)
			}
		}
		f.desk.arrive(c.ID, owed)
		f.clock.Add(time.Hour)
		f.run()
		f.expect(c, charge.Paid, 1, "demanded paid")
	})
}

func TestMoneyThatDoesNotFitIsReported(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		wrong := f.owed(charge.New{Case: "case_wrong"})
		if _, err := f.pay(wrong, "page"); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			f.notice(wrong.ID, charge.Session{Outcome: charge.Collected, Reference: "r1", Amount: money.Of(2499, "CNY")})
		}
		f.expect(wrong, charge.Due, 0, "demanded overpaid")

		late := f.owed(charge.New{Case: "case_late"})
		if _, err := f.pay(late, "page"); err != nil {
			t.Fatal(err)
		}
		f.clock.Set(monday.Add(72 * time.Hour))
		f.run()
		f.expect(late, charge.Due, 0, "demanded") // the page may still be paid
		f.clock.Set(monday.Add(76 * time.Hour))
		f.run()
		f.expect(late, charge.Expired, 0, "demanded expired")
		f.notice(late.ID, charge.Session{Outcome: charge.Collected, Reference: "r2", Amount: owed})
		f.notice(late.ID, charge.Session{Outcome: charge.Collected, Reference: "r2", Amount: owed})
		f.expect(late, charge.Expired, 0, "demanded expired overpaid")
	})
}

func TestAPaymentInTheLastMinuteCounts(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		f.desk.at = func(step string) error {
			if step == "after" {
				f.clock.Set(monday.Add(73 * time.Hour))
				f.desk.at = func(string) error { return nil }
				runtime.Goexit()
			}
			return nil
		}
		c := f.owed(charge.New{})
		f.clock.Set(monday.Add(72*time.Hour - time.Second))
		_, _ = f.pay(c, "")
		f.run()
		f.expect(c, charge.Paid, 1, "demanded paid")
	})
}

// Processes die and wires break at random while 32 requests pay; the provider
// knows no keys. Each charge is collected once.
func TestRandomDeathsCollectOnce(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		var mu sync.Mutex
		r := rand.New(rand.NewPCG(4, 4))
		f.desk.at = func(string) error {
			mu.Lock()
			n := r.IntN(5)
			mu.Unlock()
			switch n {
			case 0:
				runtime.Goexit()
			case 1:
				return errWire
			}
			return nil
		}
		var all []charge.Charge
		for i := range 8 {
			all = append(all, f.owed(charge.New{Case: "case_" + string(rune('a'+i))}))
		}
		for range 6 {
			var wg sync.WaitGroup
			for i := range 32 {
				wg.Go(func() {
					if i%8 == 0 {
						f.run()
						return
					}
					_, _ = f.pay(all[i%len(all)], "")
				})
			}
			wg.Wait()
			f.clock.Add(50 * time.Second)
		}
		f.desk.at = func(string) error { return nil }
		for _, c := range all {
			_, _ = f.pay(c, "")
		}
		f.clock.Add(time.Hour)
		f.run()
		for _, c := range all {
			f.expect(c, charge.Paid, 1, "demanded paid")
		}
	})
}
