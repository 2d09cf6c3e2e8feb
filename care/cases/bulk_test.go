package cases_test

import (
	"errors"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

func (s *shop) many(by actor.Actor, in cases.Input, all ...cases.Seen) (done []cases.Outcome, err error) {
	err = s.d.Write(s.t.Context(), func(tx *db.Tx) (err error) {
		done, err = s.cases.ActOnMany(s.t.Context(), tx, by, all, in)
		return err
	})
	return done, err
}

func seen(c cases.Case) cases.Seen { return cases.Seen{ID: c.ID, Version: c.Version} }

func TestManyCasesAreActedOnEachOnItsOwn(t *testing.T) {
	eachShop(t, func(s *shop) {
		program := actor.Actor{Tenant: "main", Kind: actor.Key, ID: "key_1", Name: "till"}
		o := s.order("B1", 89900)
		a, b, c := s.open(s.buyer, o, 1, "wrong_size"), s.open(s.buyer, o, 1, "wrong_size"), s.open(s.buyer, o, 1, "wrong_size")
		b = s.act(s.agent, b, cases.Input{Action: cases.Refuse, Reason: "other", Comment: "磨损"})
		stale := seen(c)
		s.act(s.agent, c, cases.Input{Action: cases.Approve})
		done, err := s.many(program, cases.Input{Action: cases.Approve}, seen(a), seen(b), stale, cases.Seen{ID: "case_none", Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []error{nil, cases.ErrMove, cases.ErrStale, cases.ErrUnknown} {
			if got := done[i].Refused; (got == nil) != (want == nil) || want != nil && !errors.Is(got, want) {
				t.Errorf("case %d: %v, want %v", i, got, want)
			}
		}
		if now := s.reload(a); now.State != cases.AwaitReturn || now.Tracking == "" || done[0].Case.Version != now.Version {
			t.Errorf("the first is %s, version %d", now.State, now.Version)
		}
		if now := s.reload(b); now.State != b.State || now.Version != b.Version {
			t.Errorf("the second changed: %s", now.State)
		}
	})
}

func TestMoreMoneyThanTheRulesAllowIsNotApprovedAtOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		program := actor.Actor{Tenant: "main", Kind: actor.Key, ID: "key_1"}
		rules := policy.Default()
		rules.Bulk = map[string]int64{"CNY": 170000} // two of these cases are worth 80910 less 1000 each, three more
		s.write(func(tx *db.Tx) error {
			_, err := policy.New(nil, policy.Alone).Save(t.Context(), tx, s.agent, policy.Standard, "Standard", rules, 1)
			return err
		})
		o := s.order("B2", 89900)
		a, b, c := s.open(s.buyer, o, 1, "wrong_size"), s.open(s.buyer, o, 1, "wrong_size"), s.open(s.buyer, o, 1, "wrong_size")
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `update cases_case set policy_version = 2`)
			return err
		})
		if _, err := s.many(program, cases.Input{Action: cases.Approve}, seen(a), seen(b), seen(c)); !errors.Is(err, cases.ErrBulk) {
			t.Errorf("three at once: %v, want ErrBulk", err)
		}
		if s.reload(a).State != cases.Submitted {
			t.Error("one was approved though all were refused")
		}
		if done, err := s.many(program, cases.Input{Action: cases.Approve}, seen(a), seen(b)); err != nil || done[0].Refused != nil || done[1].Refused != nil {
			t.Errorf("two: %v %v", done, err)
		}
		if done, err := s.many(s.agent, cases.Input{Action: cases.Note, Comment: "见电话记录"}, seen(a), seen(b), seen(c)); err != nil || len(done) != 3 {
			t.Errorf("a note has no limit: %v", err)
		}
	})
}
