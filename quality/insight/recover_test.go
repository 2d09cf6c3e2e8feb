package insight_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/quality/insight"
)

func (s *shop) exec(text string) {
	s.Helper()
	s.write(func(tx *db.Tx) error { _, err := tx.Exec(s.Context(), text); return err })
}

// later lets an hour pass, in steps, and runs what is due.
func (s *shop) later() {
	s.Helper()
	for range 12 {
		s.clock.Add(5 * time.Minute)
		if _, err := s.queue.RunDue(s.Context()); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *shop) watch() {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		return s.queue.Enqueue(s.Context(), tx, job.New{Tenant: "system", Kind: "insight.watch", Key: "every"})
	})
	if _, err := s.queue.RunDue(s.Context()); err != nil {
		s.Fatal(err)
	}
}

func TestAnEventThatCannotBeCountedIsSetAsideSeenAndCountedLater(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(7, 7)), 12)
		want := s.ask(admin, wide)
		s.exec(`update insight_shop set position = 0`)
		s.exec(`update event_log set data = '{' || data where type = 'payout.succeeded'`)
		s.watch()
		if behind := s.ask(admin, wide).Counting; behind.Since == nil || behind.Aside != 0 {
			s.Errorf("counting fails, and says %+v", behind)
		}
		for range 12 { // each of them fails a few times first
			s.later()
		}
		got := s.ask(admin, wide)
		if got.Counting.Aside == 0 || got.Counting.Since != nil {
			s.Errorf("what cannot be counted is told as %+v", got.Counting)
		}
		got.Counting = insight.Counting{}
		if diff := cmp.Diff(want, got); diff != "" {
			s.Errorf("everything else is counted (-want +got) %s", diff)
		}
		s.exec(`update event_log set data = substr(data, 2) where type = 'payout.succeeded'`)
		for range 3 {
			s.watch() // the jobs that tried it again may have given up
			s.later()
		}
		if diff := cmp.Diff(want, s.ask(admin, wide)); diff != "" {
			s.Errorf("when it can be counted (-want +got) %s", diff)
		}
	})
}

func TestCountingThatGaveUpBeginsAgain(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(8, 8)), 6)
		want := s.ask(admin, wide)
		s.exec(`update insight_shop set recount = true`) // a job of counting anew died
		s.exec(`delete from insight_sum`)
		if !s.ask(admin, wide).Counting.Recounting {
			s.Error("nobody is told that everything is counted anew")
		}
		s.watch()
		s.later()
		if diff := cmp.Diff(want, s.ask(admin, wide)); diff != "" {
			s.Errorf("(-before +counted anew) %s", diff)
		}
	})
}

// Pages of the log end where they end: between the events of a case, and exactly
// at the last event.
func TestPagesOfAnySizeCountTheSame(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.live(rand.New(rand.NewPCG(9, 9)), 10)
		want := s.ask(admin, wide)
		for _, size := range []int{1, 2, 3, 7, 50} {
			s.exec(`delete from insight_sum`)
			s.exec(`delete from insight_units`)
			s.exec(`delete from insight_entry`)
			s.exec(`delete from insight_open`)
			s.exec(`update insight_shop set position = 0`)
			s.write(func(tx *db.Tx) error {
				return s.queue.Enqueue(s.Context(), tx, job.New{Tenant: "main", Kind: "insight.count", Key: "main", Args: map[string]int{"size": size}})
			})
			if _, err := s.queue.RunDue(s.Context()); err != nil {
				s.Fatal(err)
			}
			if diff := cmp.Diff(want, s.ask(admin, wide)); diff != "" {
				s.Errorf("pages from %d events on (-want +got) %s", size, diff)
			}
		}
	})
}
