package account_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

const right = "a staple for the battery"

var (
	schemas = []db.Schema{event.Schema, job.Schema, session.Schema, factor.Schema, account.Schema}
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	cheap   = secret.Cost{Memory: 64, Passes: 1, Lanes: 1}
	blue    = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_admin", Role: role.Administrator}
	red     = actor.Actor{Tenant: "red", Kind: actor.Staff, ID: "stf_admin", Role: role.Administrator}
)

func keys(t *testing.T) *secret.Keys {
	t.Helper()
	k, err := secret.New([]byte("thirty-two bytes for these tests"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

type world struct {
	*testing.T
	store *db.DB
	clock *dbtest.Clock
	s     *account.Service
}

func each(t *testing.T, test func(w world)) {
	t.Helper()
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		test(world{t, d, clock, account.NewService(d, secret.NewPasswords(cheap), factor.New(factor.Options{Store: d, Keys: keys(t)}))})
	})
}

func (w world) password(email, text string) account.Password {
	w.Helper()
	p, err := w.s.Password(w.Context(), email, text)
	if err != nil {
		w.Fatal(err)
	}
	return p
}

func (w world) create(by actor.Actor, email, roleName string) (a account.Account, err error) {
	w.Helper()
	p := w.password(email, right)
	err = w.store.Write(w.Context(), func(tx *db.Tx) (err error) {
		n := account.New{Email: email, Name: "Ann", Role: roleName, Language: "en", Password: p}
		if roleName == role.Seller {
			n.Seller = "sel_1"
		}
		a, err = w.s.Create(w.Context(), tx, by, n)
		return err
	})
	return a, err
}

func (w world) must(by actor.Actor, email, roleName string) account.Account {
	w.Helper()
	a, err := w.create(by, email, roleName)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

func (w world) update(by actor.Actor, id string, c account.Change) (a account.Account, err error) {
	err = w.store.Write(w.Context(), func(tx *db.Tx) (err error) {
		a, err = w.s.Update(w.Context(), tx, by, id, c)
		return err
	})
	return a, err
}

func (w world) signIn(tenant, email, password string) (account.Signed, error) {
	return w.s.Authenticate(w.Context(), tenant, account.SignIn{Email: email, Password: password, Session: session.New{IP: "192.0.2.1"}})
}

func (w world) alive(tenant, token string) bool {
	w.Helper()
	err := w.store.Read(w.Context(), func(tx *db.Tx) error {
		_, err := session.ByToken(w.Context(), tx, tenant, actor.Staff, token)
		return err
	})
	if err != nil && !errors.Is(err, session.ErrUnknown) {
		w.Fatal(err)
	}
	return err == nil
}

func (w world) events(tenant, staff string) (types []string) {
	w.Helper()
	err := w.store.Read(w.Context(), func(tx *db.Tx) error {
		all, err := event.History(w.Context(), tx, tenant, "staff", staff)
		for _, e := range all {
			types = append(types, e.Type)
			if strings.Contains(string(e.Data), "@") {
				w.Errorf("event %s carries an e-mail: %s", e.Type, e.Data)
			}
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return types
}

func TestTheRightPasswordStartsASession(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "Ann@Example.com", role.Agent)
		signed, err := w.signIn("blue", " ann@example.COM", right)
		if err != nil {
			w.Fatal(err)
		}
		if signed.Account.ID != a.ID || !w.alive("blue", signed.Token) || signed.Session.Subject != a.ID {
			w.Errorf("signed in as %+v", signed)
		}
		for name, try := range map[string][3]string{
			"wrong password": {"blue", "ann@example.com", right + "x"},
			"empty password": {"blue", "ann@example.com", ""},
			"nobody's":       {"blue", "bob@example.com", right},
			"other tenant":   {"red", "ann@example.com", right},
			"no tenant":      {"", "ann@example.com", right},
		} {
			if _, err := w.signIn(try[0], try[1], try[2]); !errors.Is(err, account.ErrWrong) {
				w.Errorf("%s: %v, want ErrWrong", name, err)
			}
		}
	})
}

func TestADisabledAccountLooksLikeNone(t *testing.T) {
	each(t, func(w world) {
		w.must(blue, "boss@example.com", role.Administrator)
		a := w.must(blue, "ann@example.com", role.Agent)
		signed, err := w.signIn("blue", "ann@example.com", right)
		if err != nil {
			w.Fatal(err)
		}
		off := account.Disabled
		if _, err := w.update(blue, a.ID, account.Change{State: &off}); err != nil {
			w.Fatal(err)
		}
		if w.alive("blue", signed.Token) {
			w.Error("a disabled account still has a session")
		}
		if _, err := w.signIn("blue", "ann@example.com", right); !errors.Is(err, account.ErrWrong) {
			w.Errorf("sign in: %v, want ErrWrong", err)
		}
		if diff := cmp.Diff([]string{"staff.created", "staff.updated"}, w.events("blue", a.ID)); diff != "" {
			w.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestEightWrongPasswordsBlockLongerEachTimeForEverybodyAlike(t *testing.T) {
	for _, email := range []string{"ann@example.com", "nobody@example.com"} {
		t.Run(email, func(t *testing.T) {
			each(t, func(w world) {
				a := w.must(blue, "ann@example.com", role.Agent)
				for _, want := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 16 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
					for i := range account.Tries {
						if _, err := w.signIn("blue", email, "wrong"); !errors.Is(err, account.ErrWrong) {
							w.Fatalf("guess %d before a block of %v: %v, want ErrWrong", i+1, want, err)
						}
					}
					// A new service is a restarted process: nothing is in memory.
					w.s = account.NewService(w.store, secret.NewPasswords(cheap), factor.New(factor.Options{Store: w.store, Keys: keys(w.T)}))
					_, err := w.signIn("blue", email, right)
					var f *fault.Fault
					if !errors.As(err, &f) || f.Code != account.ErrLocked.Code {
						w.Fatalf("the right password when blocked: %v, want ErrLocked", err)
					}
					if got := f.Facts["until"]; got != w.clock.Now().Add(want) {
						w.Fatalf("blocked until %v, want %v", got, w.clock.Now().Add(want))
					}
					w.clock.Add(want - time.Millisecond)
					if _, err := w.signIn("blue", email, right); !errors.Is(err, account.ErrLocked) {
						w.Fatalf("just before the end of %v: %v, want ErrLocked", want, err)
					}
					w.clock.Add(time.Millisecond)
				}
				if email != "ann@example.com" {
					if n := len(w.events("blue", "unknown")); n != 9 {
						w.Errorf("%d events, want 9 staff.locked", n)
					}
					return
				}
				if n := len(w.events("blue", a.ID)); n != 1+9 {
					w.Errorf("%d events, want staff.created and 9 staff.locked", n)
				}
				if _, err := w.signIn("blue", email, right); err != nil {
					w.Fatalf("the right password after the block: %v", err)
				}
				for range account.Tries - 1 {
					_, _ = w.signIn("blue", email, "wrong")
				}
				if _, err := w.signIn("blue", email, right); err != nil {
					w.Errorf("a right password did not start the count over: %v", err)
				}
			})
		})
	}
}

// However many guesses arrive at once, eight are judged.
func TestGuessesAtTheSameTimeAreNotMoreThanTheLimit(t *testing.T) {
	each(t, func(w world) {
		w.must(blue, "ann@example.com", role.Agent)
		var all sync.WaitGroup
		var mu sync.Mutex
		judged, refused := 0, 0
		for range 32 {
			all.Go(func() {
				_, err := w.signIn("blue", "ann@example.com", "wrong")
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errors.Is(err, account.ErrWrong):
					judged++
				case errors.Is(err, account.ErrLocked):
					refused++
				default:
					w.Errorf("sign in: %v", err)
				}
			})
		}
		all.Wait()
		if judged != account.Tries || refused != 32-account.Tries {
			w.Errorf("%d guesses judged and %d refused of 32, want %d and %d", judged, refused, account.Tries, 32-account.Tries)
		}
	})
}

func TestANetworkThatGuessesAtManyIsBlocked(t *testing.T) {
	each(t, func(w world) {
		w.must(blue, "ann@example.com", role.Agent)
		from := func(ip, email, password string) error {
			_, err := w.s.Authenticate(w.Context(), "blue", account.SignIn{Email: email, Password: password, Session: session.New{IP: ip}})
			return err
		}
		for i := range account.NetTries {
			if i%10 == 0 {
				if err := from("2001:db8::2", "ann@example.com", right); err != nil {
					w.Fatalf("a right one after %d wrong ones: %v", i, err)
				}
			}
			if err := from("2001:db8::1", "x"+string(rune('a'+i%26))+string(rune('a'+i/26))+"@example.com", "wrong"); !errors.Is(err, account.ErrWrong) {
				w.Fatalf("guess %d: %v", i, err)
			}
		}
		if err := from("2001:db8::2", "ann@example.com", right); !errors.Is(err, account.ErrCrowd) {
			w.Errorf("from the same network: %v, want ErrCrowd", err)
		}
		if err := from("2001:db8:0:1::1", "ann@example.com", right); err != nil {
			w.Errorf("from another network: %v", err)
		}
		w.clock.Add(account.NetWindow + time.Millisecond)
		if err := from("2001:db8::2", "ann@example.com", right); err != nil {
			w.Errorf("after the block: %v", err)
		}
	})
}

func TestAnEmailBelongsToOneAccountOfATenant(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "ann@example.com", role.Agent)
		b := w.must(blue, "bob@example.com", role.Agent)
		w.must(red, "ann@example.com", role.Agent)
		if _, err := w.create(blue, "ANN@example.com", role.Agent); !errors.Is(err, account.ErrTaken) {
			w.Errorf("create: %v, want ErrTaken", err)
		}
		taken, own := "Ann@Example.com", "ANN@EXAMPLE.COM"
		if _, err := w.update(blue, b.ID, account.Change{Email: &taken}); !errors.Is(err, account.ErrTaken) {
			w.Errorf("update: %v, want ErrTaken", err)
		}
		if got, err := w.update(blue, a.ID, account.Change{Email: &own}); err != nil || got.Email != own || got.Version != 2 {
			w.Errorf("the own one in capitals: %+v, %v", got, err)
		}
		if got, err := w.update(blue, a.ID, account.Change{Email: &own}); err != nil || got.Version != 2 {
			w.Errorf("no change: version %d, %v; want 2", got.Version, err)
		}
	})
}

func TestAnotherTenantsStaffDoesNotExist(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "ann@example.com", role.Agent)
		w.must(red, "rot@example.com", role.Agent)
		name := "Eve"
		if _, err := w.update(red, a.ID, account.Change{Name: &name}); !errors.Is(err, account.ErrUnknown) {
			w.Errorf("update: %v, want ErrUnknown", err)
		}
		err := w.store.Read(w.Context(), func(tx *db.Tx) error {
			if _, err := account.ByID(w.Context(), tx, "red", a.ID); !errors.Is(err, account.ErrUnknown) {
				w.Errorf("ByID: %v, want ErrUnknown", err)
			}
			all, err := account.Page(w.Context(), tx, "red", "", 10)
			if len(all) != 1 || all[0].Email != "rot@example.com" {
				w.Errorf("page of red: %+v", all)
			}
			got, _ := account.ByID(w.Context(), tx, "blue", a.ID)
			if got.Name != "Ann" {
				w.Errorf("name became %q", got.Name)
			}
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
		for range account.Tries {
			_, _ = w.signIn("red", "ann@example.com", "wrong")
		}
		if _, err := w.signIn("blue", "ann@example.com", right); err != nil {
			w.Errorf("guesses in red block blue: %v", err)
		}
	})
}

func TestOneAdministratorIsLeft(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "ann@example.com", role.Administrator)
		b := w.must(blue, "bob@example.com", role.Administrator)
		w.must(red, "rot@example.com", role.Administrator)
		off, agent := account.Disabled, role.Agent
		var all sync.WaitGroup
		errs := make([]error, 2)
		all.Go(func() { _, errs[0] = w.update(blue, a.ID, account.Change{State: &off}) })
		all.Go(func() { _, errs[1] = w.update(blue, b.ID, account.Change{Role: &agent}) })
		all.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), account.ErrLast) {
			w.Errorf("both at once: %v and %v, want one ErrLast", errs[0], errs[1])
		}
	})
}

func TestAccountsAreChecked(t *testing.T) {
	each(t, func(w world) {
		p := w.password("a@b.example", right)
		tests := []struct {
			name string
			n    account.New
			want []string
		}{
			{"nothing", account.New{}, []string{"email", "name", "role", "language"}},
			{"seller without one", account.New{Email: "a@b.example", Name: "A", Role: role.Seller, Language: "en"}, []string{"seller"}},
			{"agent with a seller", account.New{Email: "a@b.example", Name: "A", Role: role.Agent, Seller: "s", Language: "en"}, []string{"seller"}},
			{"a display name", account.New{Email: "A <a@b.example>", Name: "A", Role: role.Agent, Language: "en"}, []string{"email"}},
		}
		for _, test := range tests {
			test.n.Password = p
			err := w.store.Write(w.Context(), func(tx *db.Tx) error {
				_, err := w.s.Create(w.Context(), tx, blue, test.n)
				return err
			})
			var f *fault.Fault
			var got []string
			if errors.As(err, &f) && f.Code == account.ErrInvalid.Code {
				for _, field := range f.Fields {
					got = append(got, field.Field)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				w.Errorf("%s: %v (-want +got):\n%s", test.name, err, diff)
			}
		}
		a := w.must(blue, "sel@example.com", role.Seller)
		agent := role.Agent
		if got, err := w.update(blue, a.ID, account.Change{Role: &agent}); err != nil || got.Seller != "" {
			w.Errorf("a seller who becomes an agent: %+v, %v", got, err)
		}
		err := w.store.Write(w.Context(), func(tx *db.Tx) error {
			_, err := w.s.Create(w.Context(), tx, blue, account.New{Email: "n@b.example", Name: "N", Role: role.Agent, Language: "en"})
			return err
		})
		if !errors.Is(err, account.ErrPassword) {
			w.Errorf("without a password: %v, want ErrPassword", err)
		}
	})
}

func TestTheFirstAdministratorIsMadeOnce(t *testing.T) {
	each(t, func(w world) {
		var all sync.WaitGroup
		var mu sync.Mutex
		var password string
		made := 0
		for range 4 {
			all.Go(func() {
				p, created, err := w.s.Bootstrap(context.Background(), "blue", "admin@example.com", "zh-CN")
				mu.Lock()
				defer mu.Unlock()
				if created {
					made, password = made+1, p
				}
				if err != nil && !errors.Is(err, account.ErrTaken) {
					w.Errorf("bootstrap: %v", err)
				}
			})
		}
		all.Wait()
		if made != 1 {
			w.Fatalf("made %d administrators, want 1", made)
		}
		signed, err := w.signIn("blue", "admin@example.com", password)
		if err != nil || signed.Account.Role != role.Administrator {
			w.Errorf("sign in: %+v, %v", signed.Account, err)
		}
		if _, created, err := w.s.Bootstrap(w.Context(), "blue", "other@example.com", "zh-CN"); created || err != nil {
			w.Errorf("again: %v, %v", created, err)
		}
	})
}
