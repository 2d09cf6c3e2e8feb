package account_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

func (w world) fresh(by actor.Actor) error {
	w.Helper()
	return w.store.Read(w.Context(), func(tx *db.Tx) error { return session.Fresh(w.Context(), tx, by) })
}

func TestAPasswordGivenOnceMoreCountsFiveMinutesInItsSession(t *testing.T) {
	each(t, func(w world) {
		w.must(blue, "ann@example.com", role.Supervisor)
		here, _ := w.signIn("blue", "ann@example.com", right)
		there, _ := w.signIn("blue", "ann@example.com", right)
		ann, other := here.Account.Actor(here.Session.ID), there.Account.Actor(there.Session.ID)
		if err := w.fresh(ann); !errors.Is(err, session.ErrStepUp) {
			t.Errorf("just signed in: %v, want ErrStepUp", err)
		}
		if _, err := w.s.Confirm(w.Context(), ann, "wrong", "192.0.2.1"); !errors.Is(err, account.ErrWrong) || w.fresh(ann) == nil {
			t.Errorf("a wrong password: %v", err)
		}
		until, err := w.s.Confirm(w.Context(), ann, right, "192.0.2.1")
		if err != nil || !until.Equal(noon.Add(session.Confirmed)) {
			t.Fatalf("confirm: until %s, %v", until, err)
		}
		if err := w.fresh(ann); err != nil {
			t.Errorf("after the password: %v", err)
		}
		if err := w.fresh(other); !errors.Is(err, session.ErrStepUp) {
			t.Errorf("another session of the same person: %v, want ErrStepUp", err)
		}
		_ = w.store.Read(w.Context(), func(tx *db.Tx) error {
			log, err := event.History(w.Context(), tx, "blue", "session", here.Session.ID)
			if err != nil || len(log) != 2 || log[1].Type != "session.confirmed" || log[1].ActorID != ann.ID {
				t.Errorf("events %+v, %v", log, err)
			}
			return nil
		})
		w.clock.Add(session.Confirmed - time.Millisecond)
		if err := w.fresh(ann); err != nil {
			t.Errorf("just before its end: %v", err)
		}
		w.clock.Add(time.Millisecond)
		if err := w.fresh(ann); !errors.Is(err, session.ErrStepUp) {
			t.Errorf("after five minutes: %v, want ErrStepUp", err)
		}
	})
}

func TestGuessingAtAnOpenConsoleIsBlockedAsSigningInIs(t *testing.T) {
	each(t, func(w world) {
		w.must(blue, "ann@example.com", role.Supervisor)
		here, _ := w.signIn("blue", "ann@example.com", right)
		ann := here.Account.Actor(here.Session.ID)
		for range account.Tries {
			if _, err := w.s.Confirm(w.Context(), ann, "wrong", "192.0.2.1"); !errors.Is(err, account.ErrWrong) {
				t.Fatal(err)
			}
		}
		if _, err := w.s.Confirm(w.Context(), ann, right, "192.0.2.1"); !errors.Is(err, account.ErrLocked) {
			t.Errorf("after %d wrong ones: %v, want ErrLocked", account.Tries, err)
		}
		if _, err := w.signIn("blue", "ann@example.com", right); !errors.Is(err, account.ErrLocked) {
			t.Errorf("signing in: %v, want ErrLocked", err)
		}
	})
}

func TestProgramsAreFreshAndWhoIsSignedOutIsNot(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "ann@example.com", role.Supervisor)
		for _, kind := range []actor.Kind{actor.Key, actor.System, actor.Timer} {
			if err := w.fresh(actor.Actor{Tenant: "blue", Kind: kind}); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
		}
		for name, by := range map[string]actor.Actor{"no session": a.Actor(""), "somebody else's": {Tenant: "blue", Kind: actor.Customer, ID: a.ID}, "nobody": {Tenant: "blue", Kind: actor.Nobody}} {
			if err := w.fresh(by); err == nil {
				t.Errorf("%s is fresh", name)
			}
		}
	})
}
