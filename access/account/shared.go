package account

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Share names accounts whose sign-ins everybody is told, by e-mail: those of a
// demonstration. Visitors work with them and change nothing that would keep the
// next one out; whoever runs the installation still may. It is called before
// the service is used.
func (s *Service) Share(emails ...string) {
	for _, e := range emails {
		s.shared = append(s.shared, key(e))
	}
}

// LetSetUp lets shared accounts change how the shop is set up as well: for a
// demonstration that somebody started for herself.
func (s *Service) LetSetUp() { s.setUp = true }

// isShared tells whether everybody knows the sign-in with this e-mail.
func (s *Service) isShared(email string) bool { return slices.Contains(s.shared, key(email)) }

// spare refuses with ErrDemo to change who can sign in with a shared account. Its
// language, which every visitor may choose, is all that may change.
func (s *Service) spare(by actor.Actor, a Account, changed []string) error {
	if !s.isShared(a.Email) || by.Kind == actor.System || slices.Equal(changed, []string{"language"}) {
		return nil
	}
	return ErrDemo
}

// held lists what a shared account may look at and not change.
func (s *Service) held(a Account) []actor.Permission {
	if s.setUp || !s.isShared(a.Email) {
		return nil
	}
	return role.Setup(a.Role)
}

// Hold refuses with ErrDemo that somebody with a shared account changes how the
// shop is set up: the next visitor shall find it as this one did. Where there are
// no shared accounts, or they may (LetSetUp), it refuses nothing.
func (s *Service) Hold(ctx context.Context, by actor.Actor, need actor.Permission) error {
	if s.setUp || len(s.shared) == 0 || by.Kind != actor.Staff || !slices.Contains(role.Setup(by.Role), need) {
		return nil
	}
	return s.store.Read(ctx, func(tx *db.Tx) error {
		a, err := ByID(ctx, tx, by.Tenant, by.ID)
		if err == nil && s.isShared(a.Email) {
			err = ErrDemo.With("permission", string(need))
		}
		return err
	})
}

// spareSessions refuses with ErrDemo to end sessions of others who use the same
// shared account.
func (s *Service) spareSessions(ctx context.Context, tx *db.Tx, by actor.Actor, staff string) error {
	if len(s.shared) == 0 || by.Kind == actor.System {
		return nil
	}
	a, err := ByID(ctx, tx, by.Tenant, staff)
	if err == nil && s.isShared(a.Email) {
		err = ErrDemo
	}
	return err
}
