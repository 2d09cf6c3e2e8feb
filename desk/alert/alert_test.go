package alert_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
)

// heads are the addresses and subjects of what arrived.
func (d *desk) heads() (all []string) {
	for _, l := range d.post.taken() {
		all = append(all, strings.TrimSuffix(l.to, "@shop.example")+": "+l.subject)
	}
	return all
}

func (d *desk) want(when string, want ...string) {
	d.Helper()
	if diff := cmp.Diff(want, d.heads()); diff != "" {
		d.Errorf("%s: %s", when, diff)
	}
}

func TestSupervisorsAreToldOnceOfACaseThatWaitsForThem(t *testing.T) {
	each(t, func(d *desk) {
		d.overdue("1", "", 5, silent)
		d.later(59 * time.Second)
		d.want("at once: more may come")
		d.later(time.Second)
		got := d.post.taken()
		if len(got) != 2 || got[0].to != "sup@shop.example" || got[0].subject != "Waiting past the deadline: R-1" || got[1].subject != "已超时，等待处理：R-1" {
			t.Fatalf("%+v", got)
		}
		for _, words := range []string{"https://shop.example/console/cases/case_1", "R-1: the request was not answered by Mar 2, 2026 11:55", "Hello sup"} {
			if !strings.Contains(got[0].text, words) {
				t.Errorf("no %q in\n%s", words, got[0].text)
			}
		}
		if strings.Contains(got[0].text, "Zyxmark") {
			t.Error("the customer is named")
		}
		d.hear("case_1")
		d.later(3 * time.Hour)
		d.want("heard again")
	})
}

func TestManyCasesOfAnHourAreOneLetter(t *testing.T) {
	each(t, func(d *desk) {
		d.overdue("1", "", 1, silent)
		d.overdue("2", "sel_1", 9, cases.Overdue{Timer: cases.TimerPayout})
		d.later(time.Minute)
		d.want("two at once, the oldest first", "sup: Waiting past the deadline: R-2, R-1", "two: 已超时，等待处理：R-2, R-1")
		for i := range 30 {
			d.overdue(fmt.Sprint(100+i), "", 30-i, silent)
			d.later(time.Minute)
		}
		d.want("within the hour")
		d.later(30 * time.Minute)
		got := d.post.taken()
		if len(got) != 2 || got[0].subject != "Waiting past the deadline: R-100, R-101, R-102 …" {
			t.Fatalf("%+v", got)
		}
		for _, words := range []string{"and 10 more", "R-119: ", "console/cases?overdue=true&sort=deadline"} {
			if !strings.Contains(got[0].text, words) {
				t.Errorf("no %q in\n%s", words, got[0].text)
			}
		}
		if strings.Contains(got[0].text, "R-120: ") {
			t.Error("a letter of any length")
		}
	})
}

func TestALetterSaysWhatIsStillTrue(t *testing.T) {
	each(t, func(d *desk) {
		for _, name := range []string{"1", "2", "3"} {
			d.overdue(name, "", 1, silent)
		}
		d.write(func(tx *db.Tx) error {
			for _, change := range []string{
				"update cases_case set state = 'rejected', timer = 'escalate' where id = 'case_1'", // done meanwhile
				"delete from cases_case where id = 'case_3'",
				"update account_staff set role = 'warehouse', seller = 'sel_9' where id = 'two'", // sees it no more
			} {
				if _, err := tx.Exec(t.Context(), change); err != nil {
					return err
				}
			}
			return nil
		})
		d.later(time.Minute)
		d.want("after a minute", "sup: Waiting past the deadline: R-2")
	})
}

func TestALetterThatMayHaveArrivedIsTheSameAgain(t *testing.T) {
	each(t, func(d *desk) {
		d.overdue("1", "", 1, silent)
		d.lost = errors.New("the process ended here")
		d.later(time.Minute)
		d.overdue("2", "", 1, silent) // is none of that letter
		d.lost = nil
		d.later(30 * time.Minute)
		got := d.post.taken()
		if len(got) != 4 || got[0].key == "" || got[0].key != got[1].key || got[2].key != got[3].key || got[0].key == got[2].key || got[1].subject != got[0].subject {
			t.Fatalf("%+v", got)
		}
		d.later(time.Hour)
		d.want("the next", "sup: Waiting past the deadline: R-2", "two: 已超时，等待处理：R-2")
	})
}

func TestAShopWithoutSupervisorsTellsItsAdministrators(t *testing.T) {
	each(t, func(d *desk) {
		d.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `update account_staff set state = 'disabled' where role = 'supervisor'`)
			return err
		})
		d.overdue("1", "", 1, silent)
		d.later(time.Minute)
		d.want("the only one", "adm: Waiting past the deadline: R-1")
	})
}

func (d *desk) chosen(email, called bool, who apitest.Option) {
	d.Helper()
	got := apitest.Do(d, d.h, "GET", "/v1/alerts/choice", who).Want(d, 200, "")
	if got.At("email") != email || got.At("called") != called {
		d.Errorf("%s", got.Raw)
	}
}

func (d *desk) choose(email bool, who apitest.Option) {
	d.Helper()
	apitest.Do(d, d.h, "PUT", "/v1/alerts/choice", apitest.Body(map[string]any{"email": email}), who).Want(d, 204, "")
}

func TestWhoDoesNotWantLettersGetsNone(t *testing.T) {
	each(t, func(d *desk) {
		d.chosen(true, true, d.as("sup", role.Supervisor))
		d.chosen(true, false, d.as("agt", role.Agent))
		d.choose(false, d.as("sup", role.Supervisor))
		d.overdue("1", "", 1, silent)
		d.choose(false, d.as("two", role.Supervisor))
		d.later(time.Minute) // nor who says so before it goes out
		d.want("nobody")
		d.choose(true, d.as("sup", role.Supervisor))
		d.overdue("2", "", 1, silent)
		d.later(time.Minute)
		d.want("changed back", "sup: Waiting past the deadline: R-2")
	})
}

func TestWithoutAMailServerNobodyIsCalled(t *testing.T) {
	each(t, func(d *desk) {
		d.calls.Send = nil
		if types, react := d.calls.Events(); types != nil || react != nil {
			t.Errorf("%v", types)
		}
	})
}

func TestCallsAreForgottenAfterAMonth(t *testing.T) {
	each(t, func(d *desk) {
		count := func() (n int64) {
			d.write(func(tx *db.Tx) error {
				return tx.QueryRow(d.Context(), `select count(*) from alert_call`).Scan(&n)
			})
			return n
		}
		d.overdue("1", "", 5, silent)
		d.later(time.Minute)
		if d.post.taken(); count() != 2 {
			t.Fatalf("%d calls", count())
		}
		d.later(29 * 24 * time.Hour)
		d.overdue("2", "", 5, silent)
		if count() != 4 {
			t.Errorf("%d calls after four weeks", count())
		}
		d.clock.Add(25 * time.Hour)
		d.write(func(tx *db.Tx) error {
			return d.queue.Enqueue(d.Context(), tx, job.New{Tenant: "system", Kind: "alert.sweep"})
		})
		d.later(0)
		if count() != 2 {
			t.Errorf("%d calls after a month, of them 2 new", count())
		}
		if got := d.heads(); len(got) != 2 {
			t.Errorf("the new ones were not sent: %v", got)
		}
	})
}
