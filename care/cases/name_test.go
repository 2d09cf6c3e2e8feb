package cases_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

// found counts the cases that staff find by a name.
func (s *shop) found(name string) (n int) {
	s.t.Helper()
	s.stored(func(tx *db.Tx) error {
		page, _, err := cases.Page(s.t.Context(), tx, s.agent, cases.Filter{Query: name, Limit: 50})
		n = len(page)
		return err
	})
	return n
}

func (s *shop) stored(f func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.d.Read(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

func TestNamesAreFoundAMomentLater(t *testing.T) {
	eachShop(t, func(s *shop) {
		for i := range 3 {
			s.open(s.agent, s.order(fmt.Sprint("N-", i), 19900), 1, "no_longer_needed")
		}
		s.clock.Add(time.Second)
		s.work()
		if n := s.found("晓雯"); n != 3 {
			t.Errorf("%d cases are found by the name, want 3", n)
		}
		var waiting int
		s.stored(func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from cases_fresh`).Scan(&waiting)
		})
		if waiting != 0 {
			t.Errorf("%d cases still wait to be learned", waiting)
		}
	})
}

// Whoever comes first, erasing or learning, no piece of the name is left.
func TestANameThatIsErasedWhileItIsLearnedIsNotFound(t *testing.T) {
	eachShop(t, func(s *shop) {
		for i := range 12 {
			o := s.order(fmt.Sprint("E-", i), 19900)
			c := s.open(s.buyer, o, 1, "no_longer_needed")
			s.act(s.buyer, c, cases.Input{Action: cases.Withdraw})
			s.clock.Add(time.Second)
			var both sync.WaitGroup
			both.Go(func() {
				if _, err := s.queue.RunDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
			both.Go(func() {
				err := s.d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := s.cases.Erase(t.Context(), tx, s.boss, o.Customer)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
			both.Wait()
		}
		s.clock.Add(time.Second)
		s.work()
		var left int
		s.stored(func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from cases_term where field = 'name' and value like '%林晓雯%'`).Scan(&left)
		})
		if left != 0 {
			t.Errorf("%d pieces of the name are left", left)
		}
	})
}
