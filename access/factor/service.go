package factor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

// Options are what the service is made from.
type Options struct {
	Store *db.DB
	Keys  *secret.Keys
	Queue *job.Queue // nil: nobody is written to
	// Person finds a member of staff; account.NewService sets it.
	Person func(ctx context.Context, tx *db.Tx, tenant, staff string) (Person, error)
	// Deliver sends a letter. It may run more than once for a letter.
	Deliver func(ctx context.Context, l Letter) error
	Base    string // address of the installation, which is a place for passkeys too
	Demo    bool   // sign-ins are public: whoever added a factor would shut everybody else out
}

// Service holds the verbs of factors.
type Service struct{ o Options }

// New makes the service.
func New(o Options) *Service { return &Service{o: o} }

// Know tells the service how to find members of staff.
func (s *Service) Know(person func(ctx context.Context, tx *db.Tx, tenant, staff string) (Person, error)) {
	s.o.Person = person
}

// Of lists somebody's factors, the oldest first.
func Of(ctx context.Context, tx *db.Tx, tenant, staff string) ([]Factor, error) {
	all, err := of(ctx, tx, tenant, staff)
	list := make([]Factor, 0, len(all))
	for _, r := range all {
		list = append(list, r.Factor)
	}
	return list, err
}

// Ways lists the kinds that somebody can show; nothing without a factor.
func Ways(ctx context.Context, tx *db.Tx, tenant, staff string) (ways []string, err error) {
	all, err := of(ctx, tx, tenant, staff)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	for _, kind := range []Kind{Passkey, TOTP} {
		if slices.ContainsFunc(all, func(r record) bool { return r.Kind == kind }) {
			ways = append(ways, string(kind))
		}
	}
	left, err := codesLeft(ctx, tx, tenant, staff)
	if left > 0 {
		ways = append(ways, string(Recovery))
	}
	return ways, err
}

// Left counts the recovery codes that can still be used.
func Left(ctx context.Context, tx *db.Tx, tenant, staff string) (int64, error) {
	return codesLeft(ctx, tx, tenant, staff)
}

// Required reports whether a role must have a second factor.
func Required(ctx context.Context, tx *db.Tx, tenant, roleName string) (bool, error) {
	return required(ctx, tx, tenant, roleName)
}

// Require says which roles must have a second factor. Whoever has none is held
// at the place where it is set up, from the next request on. It fails with
// ErrRoles, in a demonstration with ErrDemo, and with session.ErrStepUp.
func (s *Service) Require(ctx context.Context, tx *db.Tx, by actor.Actor, names []string) error {
	if s.o.Demo && len(names) > 0 {
		return ErrDemo
	}
	if err := session.Fresh(ctx, tx, by); err != nil {
		return err
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		if !role.Known(name) {
			return ErrRoles.At("body.roles", "is not a role", strings.Join(role.Roles, ", "))
		}
	}
	old, err := roles(ctx, tx, by.Tenant)
	if err != nil || slices.Equal(old, names) {
		return err
	}
	if err := unrequire(ctx, tx, by.Tenant); err != nil {
		return err
	}
	for _, name := range names {
		if err := require(ctx, tx, by.Tenant, name); err != nil {
			return err
		}
	}
	return event.Append(ctx, tx, by, event.About{Stream: "tenant", Subject: by.Tenant, Version: 1}, RequiredFact{Roles: names})
}

// ready refuses to change somebody's own factors from a console that was left
// open: password or factor must have been given within minutes, or, where the
// first factor is being set up, the session must be that new.
func ready(ctx context.Context, tx *db.Tx, by actor.Actor) error {
	if by.Half {
		now, err := session.ByID(ctx, tx, by)
		if err != nil || tx.Now.Before(now.CreatedAt.Add(session.Confirmed)) {
			return err
		}
	}
	return session.Fresh(ctx, tx, by)
}

// apart refuses a factor where many share a sign-in.
func (s *Service) apart() error {
	if s.o.Demo {
		return ErrDemo
	}
	return nil
}

// named checks a name that somebody gives a factor.
func named(name string) (string, error) {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > longName {
		return name, ErrName.At("body.name", "is missing or too long", "1 to 60 characters")
	}
	return name, nil
}

// BeginTOTP makes a key for an app. Nothing is stored before AddTOTP. In a
// demonstration it fails with ErrDemo.
func (s *Service) BeginTOTP(ctx context.Context, tx *db.Tx, by actor.Actor) (Setup, error) {
	if err := s.apart(); err != nil {
		return Setup{}, err
	}
	if err := ready(ctx, tx, by); err != nil {
		return Setup{}, err
	}
	who, err := s.o.Person(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return Setup{}, err
	}
	shop, err := tenant.ByID(ctx, tx, by.Tenant)
	if err != nil {
		return Setup{}, err
	}
	out := Setup{Secret: newSecret()}
	out.URI = appURI(shop.Name, who.Email, out.Secret)
	out.Ticket, _, err = s.seal(tx, by.Tenant, forTOTP, ticket{Staff: by.ID, Secret: out.Secret})
	return out, err
}

// AddTOTP adds the app of a setup, which a code proves to be one's own. With
// the first factor it returns recovery codes, which are shown once.
func (s *Service) AddTOTP(ctx context.Context, tx *db.Tx, by actor.Actor, sealed, code, name string) (Factor, []string, error) {
	name, err := named(name)
	if err != nil {
		return Factor{}, nil, err
	}
	t, err := s.open(tx, by.Tenant, forTOTP, sealed)
	if err != nil || t.Staff != by.ID {
		return Factor{}, nil, ErrOver
	}
	step, ok := stepOf(t.Secret, digits(code), tx.Now, 0)
	if !ok {
		return Factor{}, nil, ErrWrong
	}
	if err := t.spend(ctx, tx, by.Tenant); err != nil {
		return Factor{}, nil, err
	}
	r := s.fresh(tx, by, TOTP, name)
	r.step = step
	if r.secret, err = s.o.Keys.Seal(sealPurpose, place(r), []byte(t.Secret)); err != nil {
		return Factor{}, nil, err
	}
	return s.add(ctx, tx, by, r)
}

func (s *Service) fresh(tx *db.Tx, by actor.Actor, kind Kind, name string) record {
	return record{Factor: Factor{ID: id.New("fct"), Tenant: by.Tenant, Staff: by.ID, Kind: kind, Name: name, CreatedAt: tx.Now}, credential: []byte{}}
}

// sealPurpose names the key that secrets of factors are sealed with.
const sealPurpose = "factor.secret"

// place is where a sealed secret belongs: moved to another row it does not open.
func place(r record) string { return r.Tenant + "/" + r.Staff + "/" + r.ID }

// add stores a factor that has just been shown. The session that did it counts
// as signed in with it; with the first factor all others end, because they
// were begun with less.
func (s *Service) add(ctx context.Context, tx *db.Tx, by actor.Actor, r record) (Factor, []string, error) {
	if err := cmp.Or(s.apart(), ready(ctx, tx, by)); err != nil {
		return r.Factor, nil, err
	}
	version, err := lock(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return r.Factor, nil, err
	}
	old, err := of(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return r.Factor, nil, err
	}
	if len(old) >= Most {
		return r.Factor, nil, ErrMany
	}
	if err := insert(ctx, tx, r); err != nil {
		return r.Factor, nil, fmt.Errorf("add factor of %s: %w", by.ID, err)
	}
	if err := session.Strengthen(ctx, tx, by, string(r.Kind)); err != nil {
		return r.Factor, nil, err
	}
	var codes []string
	if len(old) == 0 {
		if _, err := session.EndAll(ctx, tx, by, by.ID, by.Session, session.Withdrawn); err != nil {
			return r.Factor, nil, err
		}
		if codes, err = s.codes(ctx, tx, by); err != nil {
			return r.Factor, nil, err
		}
	}
	if err := event.Append(ctx, tx, by, about(by.ID, version), Added{Kind: r.Kind}); err != nil {
		return r.Factor, nil, err
	}
	return r.Factor, codes, s.write(ctx, tx, by.Tenant, by.ID, "added", r.Name)
}

// Rename gives one of one's own factors another name.
func Rename(ctx context.Context, tx *db.Tx, by actor.Actor, factor, name string) (Factor, error) {
	name, err := named(name)
	if err != nil {
		return Factor{}, err
	}
	r, err := rename(ctx, tx, by.Tenant, by.ID, factor, name)
	return r.Factor, err
}

// Remove takes one of one's own factors away; with the last one the recovery
// codes go too. It fails with ErrUnknown, ErrLast where the role needs one, and
// session.ErrStepUp.
func (s *Service) Remove(ctx context.Context, tx *db.Tx, by actor.Actor, factor string) error {
	if err := session.Fresh(ctx, tx, by); err != nil {
		return err
	}
	version, err := lock(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return err
	}
	r, err := remove(ctx, tx, by.Tenant, by.ID, factor)
	if err != nil {
		return err
	}
	left, err := of(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		if must, err := required(ctx, tx, by.Tenant, by.Role); err != nil || must {
			return cmpErr(err, ErrLast)
		}
		if err := removeCodes(ctx, tx, by.Tenant, by.ID); err != nil {
			return err
		}
	}
	if err := event.Append(ctx, tx, by, about(by.ID, version), Removed{Kind: r.Kind}); err != nil {
		return err
	}
	return s.write(ctx, tx, by.Tenant, by.ID, "removed", r.Name)
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Reset takes all factors of a member of staff away, who has lost them, and
// ends the sessions. Whoever can ask for it could also set a new password; it
// is announced, written to the person, and asks for step-up.
func (s *Service) Reset(ctx context.Context, tx *db.Tx, by actor.Actor, staff string) error {
	if err := session.Fresh(ctx, tx, by); err != nil {
		return err
	}
	if _, err := s.o.Person(ctx, tx, by.Tenant, staff); err != nil {
		return err
	}
	version, err := lock(ctx, tx, by.Tenant, staff)
	if err != nil {
		return err
	}
	n, err := removeAll(ctx, tx, by.Tenant, staff)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNone
	}
	if err := forgive(ctx, tx, by.Tenant, staff); err != nil {
		return err
	}
	if _, err := session.EndAll(ctx, tx, by, staff, "", session.Withdrawn); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, by, about(staff, version), ResetFact{Factors: n}); err != nil {
		return err
	}
	return s.write(ctx, tx, by.Tenant, staff, "reset", "")
}

func about(staff string, version int64) event.About {
	return event.About{Stream: "factor", Subject: staff, Version: version}
}
