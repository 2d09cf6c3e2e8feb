package account_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/secret"
)

func TestPasswordsThatAreGuessedFirstAreRefused(t *testing.T) {
	s := account.NewService(nil, secret.NewPasswords(cheap), factor.New(factor.Options{}))
	tests := []struct {
		password string
		want     bool
	}{
		{"short", false}, {"elevenchars", false}, {"twelve chars", true}, {strings.Repeat("ab9 xY-q", 16), true}, {"中文密码也可以很长很好记", true},
		{strings.Repeat("x1 Q", 32) + "!", false},
		{"aaaaaaaaaaaaaaaa", false}, {"abcabcabcabcabc", false}, {"123456789012", false}, {"987654321098765", false}, {"abcdefghijklmnop", false},
		{"password1234", false}, {"Password!!!!!!", false}, {"P@ssw0rd2024!!", false}, {"1234welcome1234", false}, {"qwertyuiop123", false}, {"1qaz2wsx3edc", false},
		{"iloveyou1234", false}, {"aftercare2026", false}, {"correcthorsebatterystaple", false}, {"woaini1314520", false},
		{"ann.lee@example.com", false}, {"xx-Ann.Lee@Example.com", false}, {"ann.lee12345!", false},
		{"a staple for the battery", true}, {"kT9#vq2Lm!xz", true}, {"we sell shoes in June", true},
	}
	for _, test := range tests {
		_, err := s.Password(t.Context(), "ann.lee@example.com", test.password)
		if got := err == nil; got != test.want || !got && !errors.Is(err, account.ErrPassword) {
			t.Errorf("%q: %v, want accepted %v", test.password, err, test.want)
		}
	}
}

func TestANewPasswordEndsOldSessionsAndABlock(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "ann@example.com", role.Agent)
		one, err := w.signIn("blue", "ann@example.com", right)
		if err != nil {
			w.Fatal(err)
		}
		two, _ := w.signIn("blue", "ann@example.com", right)
		for range account.Tries {
			_, _ = w.signIn("blue", "ann@example.com", "wrong")
		}
		p := w.password(a.Email, "another good sentence")
		self := a.Actor(one.Session.ID)
		err = w.store.Write(w.Context(), func(tx *db.Tx) error { return w.s.SetPassword(w.Context(), tx, self, a.ID, p) })
		if err != nil {
			w.Fatal(err)
		}
		if !w.alive("blue", one.Token) || w.alive("blue", two.Token) {
			w.Error("want the session that asked alive and the other dead")
		}
		if _, err := w.signIn("blue", "ann@example.com", right); !errors.Is(err, account.ErrWrong) {
			w.Errorf("the old password: %v, want ErrWrong", err)
		}
		if _, err := w.signIn("blue", "ann@example.com", "another good sentence"); err != nil {
			w.Errorf("the new password: %v", err)
		}
	})
}

func TestNothingThatIsStoredShowsAPassword(t *testing.T) {
	each(t, func(w world) {
		a := w.must(blue, "ann@example.com", role.Agent)
		err := w.store.Read(w.Context(), func(tx *db.Tx) error {
			var phc string
			if err := tx.QueryRow(w.Context(), `select password from account_staff where id = $1`, a.ID).Scan(&phc); err != nil {
				return err
			}
			if !strings.HasPrefix(phc, "$argon2id$") {
				w.Errorf("stored %q", phc)
			}
			return nil
		})
		if err != nil {
			w.Fatal(err)
		}
		if raw, _ := json.Marshal(a); strings.Contains(string(raw), "argon2") {
			w.Error("an account carries its hash")
		}
	})
}
