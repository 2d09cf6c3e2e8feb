package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aftercare/aftercare/platform/db"
)

// Money on somebody's word waits for a person, whoever is silent; and what was
// paid before for the same wrong is not paid once more.
func TestMoneyThatNobodyCheckedWaitsForAPerson(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.wish["publisher"] = s.server.key(t, "publisher", "policy.read", "policy.publish")
		s.wish["pass"] = s.hurry(t, database)
		s.walk(t, "silence")
		s.walk(t, "set-off")
	})
}

// hurry answers POST /?case=… by bringing the deadline of the case forward to
// now, in the database of the running server: nothing here waits for two days.
// POST /?letters=1 does so with what is being gathered for e-mails to staff.
func (s *shop) hurry(t *testing.T, database string) string {
	t.Helper()
	d := s.store(t, database)
	clock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := d.Write(r.Context(), func(tx *db.Tx) error {
			if r.FormValue("letters") != "" {
				n, err := tx.Exec(r.Context(), `update job_job set run_at = $1 where tenant = 'main' and kind = 'alert.gather' and state = 'waiting'`, db.Millis(tx.Now)-1)
				if err != nil || n == 0 {
					return fmt.Errorf("e-mails to staff: %d rows, %w", n, err)
				}
				return nil
			}
			for _, change := range []string{
				`update job_job set run_at = $1 where tenant = 'main' and kind = 'cases.timer' and key = $2 and state = 'waiting'`,
				`update cases_case set deadline = $1 where tenant = 'main' and id = $2 and state = 'submitted'`,
			} {
				if n, err := tx.Exec(r.Context(), change, db.Millis(tx.Now)-1, r.FormValue("case")); err != nil || n != 1 {
					return fmt.Errorf("deadline of %s: %d rows, %w", r.FormValue("case"), n, err)
				}
			}
			return nil
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	t.Cleanup(clock.Close)
	return clock.URL
}
