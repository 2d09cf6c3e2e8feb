package cases_test

import (
	"fmt"
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

// Who erases while a name is being learned waits for that, and takes it out.
func TestANameThatIsErasedWhileItIsLearnedIsNotFound(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("E-1", 19900)
		c := s.open(s.buyer, o, 1, "no_longer_needed")
		s.act(s.buyer, c, cases.Input{Action: cases.Withdraw})
		learned, erased := make(chan struct{}), make(chan error, 1)
		go func() {
			<-learned
			erased <- s.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := s.cases.Erase(t.Context(), tx, s.boss, o.Customer)
				return err
			})
		}()
		s.write(func(tx *db.Tx) error {
			if err := cases.LearnNames(t.Context(), tx, "main"); err != nil {
				return err
			}
			close(learned)
			select {
			case err := <-erased:
				erased <- err
			case <-time.After(300 * time.Millisecond): // it waits for this transaction
			}
			return nil
		})
		if err := <-erased; err != nil {
			t.Fatal(err)
		}
		var left int
		s.stored(func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from cases_term where field = 'name' and value like '%林晓雯%'`).Scan(&left)
		})
		if left != 0 {
			t.Errorf("%d pieces of the name are left", left)
		}
	})
}
