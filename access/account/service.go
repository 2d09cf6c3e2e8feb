package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/secret"
)

// Service holds the verbs of accounts.
type Service struct {
	store     *db.DB // for what must not hash inside a transaction
	passwords *secret.Passwords
	factors   *factor.Service
	shared    []string // e-mails whose password everybody is told
	setUp     bool     // whether those may set the shop up too
}

// NewService makes the service on an open store. factors is told how to find
// members of staff.
func NewService(store *db.DB, passwords *secret.Passwords, factors *factor.Service) *Service {
	factors.Know(func(ctx context.Context, tx *db.Tx, tenant, staff string) (factor.Person, error) {
		a, err := ByID(ctx, tx, tenant, staff)
		return factor.Person{Email: a.Email, Name: a.Name, Language: a.Language}, err
	})
	return &Service{store: store, passwords: passwords, factors: factors}
}

// New is somebody who joins the staff.
type New struct {
	Email    string
	Name     string
	Role     string
	Seller   string
	Language string
	Password Password
}

// Create adds a member of staff. It fails with ErrInvalid, or with ErrTaken
// where the e-mail is in use, in upper or lower case.
func (s *Service) Create(ctx context.Context, tx *db.Tx, by actor.Actor, n New) (Account, error) {
	a := Account{
		ID: id.New("stf"), Tenant: by.Tenant, Email: strings.TrimSpace(n.Email), Name: strings.TrimSpace(n.Name), Role: n.Role,
		Seller: n.Seller, Language: n.Language, State: Active, Version: 1, CreatedAt: tx.Now,
	}
	if err := a.check(); err != nil {
		return a, err
	}
	if n.Password.phc == "" {
		return a, ErrPassword.At("password", "is missing", "")
	}
	if err := insert(ctx, tx, a, n.Password.phc); err != nil {
		return a, fmt.Errorf("create staff: %w", err)
	}
	return a, event.Append(ctx, tx, by, about(a), Created{Role: a.Role, Seller: a.Seller})
}

// Change is what of an account is to be different; nil keeps what it is.
type Change struct {
	Email, Name, Role, Seller, Language *string
	State                               *State
	Password                            *Password
}

// Update changes an account. Disabling it, or giving it a new password, ends
// its sessions (but the one that asks), so that whoever had the old password is
// out. A role that is not a seller's takes the seller away. It fails with
// ErrUnknown, ErrInvalid, ErrTaken, or with ErrLast when no administrator would
// be left, and in a demonstration with ErrDemo.
func (s *Service) Update(ctx context.Context, tx *db.Tx, by actor.Actor, staff string, c Change) (Account, error) {
	a, err := lock(ctx, tx, by.Tenant, staff)
	if err != nil {
		return a, err
	}
	old := a
	changed := apply(&a, c)
	if len(changed) == 0 {
		return a, nil
	}
	if err := s.spare(by, old, changed); err != nil {
		return old, err
	}
	if err := a.check(); err != nil {
		return old, err
	}
	a.Version++
	if err := update(ctx, tx, a, c.Password); err != nil {
		return old, fmt.Errorf("update staff %s: %w", staff, err)
	}
	if rules(old) && !rules(a) {
		left, err := administrators(ctx, tx, by.Tenant)
		if err != nil {
			return old, err
		}
		if left == 0 {
			return old, ErrLast
		}
	}
	if a.State == Disabled || c.Password != nil {
		if _, err := session.EndAll(ctx, tx, by, a.ID, keep(a, by), session.Withdrawn); err != nil {
			return old, err
		}
	}
	if c.Password != nil { // whoever guesses at the old one need not keep the owner out
		if err := forgive(ctx, tx, by.Tenant, subject(a.Email)); err != nil {
			return old, err
		}
	}
	return a, event.Append(ctx, tx, by, about(a), Updated{Changed: changed, Role: a.Role, Seller: a.Seller, State: a.State})
}

// SetPassword gives an account a new password and ends its other sessions.
func (s *Service) SetPassword(ctx context.Context, tx *db.Tx, by actor.Actor, staff string, p Password) error {
	_, err := s.Update(ctx, tx, by, staff, Change{Password: &p})
	return err
}

// ByID finds an account, or ErrUnknown.
func ByID(ctx context.Context, tx *db.Tx, tenant, staff string) (Account, error) {
	return byID(ctx, tx, tenant, staff)
}

// Page lists accounts, the newest first. after is the id of the last one seen.
func Page(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Account, error) {
	return page(ctx, tx, tenant, after, limit)
}

// Colleagues lists those who can be given cases, the newest first, and unless
// active those who could before they left: they still stand in old cases.
// Somebody who works for a seller sees only those of the same seller.
func Colleagues(ctx context.Context, tx *db.Tx, by actor.Actor, active bool, after string, limit int) ([]Account, error) {
	return colleagues(ctx, tx, by.Tenant, by.Seller, active, after, limit)
}

// Holding lists who has a role and can sign in.
func Holding(ctx context.Context, tx *db.Tx, tenant, role string) ([]Account, error) {
	return holding(ctx, tx, tenant, role)
}

// Bootstrap makes the first administrator of a tenant that has no staff, with a
// random password that is shown once. It does nothing where there is staff.
func (s *Service) Bootstrap(ctx context.Context, tenant, email, language string) (password string, created bool, err error) {
	password = id.Readable(20)
	hashed, err := s.Password(ctx, email, password)
	if err != nil {
		return "", false, err
	}
	err = s.store.Write(ctx, func(tx *db.Tx) error {
		created = false
		some, err := page(ctx, tx, tenant, "", 1)
		if err != nil || len(some) > 0 {
			return err
		}
		_, err = s.Create(ctx, tx, actor.Of(tenant), New{Email: email, Name: "Administrator", Role: role.Administrator, Language: language, Password: hashed})
		created = err == nil
		return err
	})
	if err != nil || !created {
		return "", false, err
	}
	return password, true, nil
}

// rules reports whether the account can manage the shop.
func rules(a Account) bool { return a.Role == role.Administrator && a.State == Active }

// keep is the session that survives a change: the one that asks for it.
func keep(a Account, by actor.Actor) string {
	if a.State == Disabled || by.ID != a.ID {
		return ""
	}
	return by.Session
}

// apply writes a change into the account and names what is different.
func apply(a *Account, c Change) (changed []string) {
	set := func(name string, field *string, value *string) {
		if value != nil && *field != strings.TrimSpace(*value) {
			*field = strings.TrimSpace(*value)
			changed = append(changed, name)
		}
	}
	set("email", &a.Email, c.Email)
	set("name", &a.Name, c.Name)
	set("role", &a.Role, c.Role)
	if a.Role != role.Seller && c.Seller == nil && slices.Contains(changed, "role") {
		none := ""
		c.Seller = &none
	}
	set("seller", &a.Seller, c.Seller)
	set("language", &a.Language, c.Language)
	if c.State != nil && a.State != *c.State {
		a.State = *c.State
		changed = append(changed, "state")
	}
	if c.Password != nil {
		changed = append(changed, "password")
	}
	return changed
}

func about(a Account) event.About {
	return event.About{Stream: "staff", Subject: a.ID, Version: a.Version}
}
