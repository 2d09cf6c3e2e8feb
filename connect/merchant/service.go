package merchant

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

// Options are what accounts need of the rest of the program.
type Options struct {
	Store *db.DB
	Queue *job.Queue
	Keys  *secret.Keys
	Log   *slog.Logger

	Base      string            // address of the installation, without a slash at its end
	Endpoints map[string]string // addresses of companies other than their own, by provider
	Guarded   *http.Client      // for addresses that a shop names
	Plain     bool              // those may begin with http://
	Default   func(provider string) bool
	Home      func(ctx context.Context, tenant string) string // where a shop's customers come back to after paying

	// UnderWay counts what began with an account and has not ended.
	UnderWay func(ctx context.Context, tx *db.Tx, tenant, account string) (int64, error)
	// What messages of companies tell; see the adapters.
	Notice  func(ctx context.Context, tenant, payout string, r settlement.Result) error
	Dispute func(ctx context.Context, tenant string, d stripe.Dispute) error
	Charged func(ctx context.Context, tenant, key string, got charge.Session) error
}

// Service holds the verbs of accounts.
type Service struct {
	o Options

	mu   sync.Mutex
	open map[string]opened // by place
}

// New makes the service.
func New(o Options) *Service { return &Service{o: o, open: map[string]opened{}} }

// Add gives a shop an account and has it tried. A carrier's takes the place of
// the shop's other account at it. Without since, a first account of a company
// that the installation is not connected to took all payments, and another one
// those from now on. Refusals: session.ErrStepUp, ErrInvalid and ErrMany.
func (s *Service) Add(ctx context.Context, tx *db.Tx, by actor.Actor, a Account, given map[string]string, since *time.Time) (Account, error) {
	if err := session.Fresh(ctx, tx, by); err != nil {
		return Account{}, err
	}
	spec, ok := specOf(a.Provider)
	if !ok {
		return Account{}, ErrInvalid.At("body.provider", "is not known", "one of GET /v1/accounts/providers")
	}
	a.ID, a.Tenant, a.State, a.Version, a.CreatedAt, a.UpdatedAt, a.Marks = id.New("acc"), by.Tenant, Enabled, 1, tx.Now, tx.Now, nil
	a, kept, err := s.checked(spec, a, given, tx.Now)
	if err != nil {
		return Account{}, err
	}
	known, err := all(ctx, tx, by.Tenant)
	if err != nil {
		return Account{}, err
	}
	known = slices.DeleteFunc(known, func(k Account) bool { return k.State == Removed })
	if len(known) >= mostAccounts {
		return Account{}, ErrMany.With("most", mostAccounts)
	}
	switch {
	case since != nil:
		a.Since = since.UTC()
	case s.isDefault(a.Provider) || slices.ContainsFunc(known, func(k Account) bool { return k.Provider == a.Provider }):
		a.Since = tx.Now
	}
	if a, err = seal(s.o.Keys, a, kept, tx.Now); err != nil {
		return Account{}, err
	}
	if err := s.alone(ctx, tx, by, spec, a, known); err != nil {
		return Account{}, err
	}
	if a, err = s.ask(ctx, tx, a); err != nil {
		return Account{}, err
	}
	if err := insert(ctx, tx, a); err != nil {
		return Account{}, fmt.Errorf("adding an account of %s: %w", a.Provider, err)
	}
	return a, announce(ctx, tx, by, a, AddedFact{about(a)})
}

// checked is an account and its secrets as they are stored, or ErrInvalid.
func (s *Service) checked(spec Spec, a Account, given map[string]string, now time.Time) (Account, map[string]string, error) {
	a, kept, err := spec.tidy(a, given)
	if err != nil {
		return a, nil, err
	}
	if strings.HasPrefix(a.Settings["url"], "http://") && !s.o.Plain {
		return a, nil, ErrInvalid.At("body.settings.url", "is not encrypted", "an address that begins with https://")
	}
	if _, err := s.build(a, kept); err != nil { // its texts name what is wrong and repeat nothing
		return a, nil, ErrInvalid.At(blame(spec, err.Error()), err.Error(), "")
	}
	return a, kept, nil
}

// Change gives an account another name, other settings or secrets; secrets that
// are not given stay, and an empty one is forgotten. What says whose account it
// is cannot change. Refusals: session.ErrStepUp, ErrUnknown, ErrStale, ErrMove,
// ErrInvalid and ErrIdentity.
func (s *Service) Change(ctx context.Context, tx *db.Tx, by actor.Actor, to Account, given map[string]string, since *time.Time) (Account, error) {
	a, err := s.held(ctx, tx, by, to.ID, to.Version)
	if err != nil {
		return Account{}, err
	}
	spec, _ := specOf(a.Provider)
	for _, f := range spec.Fields {
		if f.Fixed && strings.TrimSpace(to.Settings[f.Name]) != a.Settings[f.Name] {
			return Account{}, ErrIdentity.With("field", f.Name)
		}
	}
	kept, err := secrets(s.o.Keys, a)
	if err != nil {
		kept = map[string]string{} // sealed with a lost key: all are given anew, or it is not complete
	}
	maps.Copy(kept, given)
	a.Name, a.Settings = to.Name, to.Settings
	if a, kept, err = s.checked(spec, a, kept, tx.Now); err != nil {
		return Account{}, err
	}
	if since != nil {
		a.Since = since.UTC()
	}
	if a, err = seal(s.o.Keys, a, kept, tx.Now); err != nil {
		return Account{}, err
	}
	a.Version++ // the test is of what is saved now
	if a, err = s.ask(ctx, tx, a); err != nil {
		return Account{}, err
	}
	a.Version--
	if err := update(ctx, tx, &a); err != nil {
		return Account{}, err
	}
	return a, announce(ctx, tx, by, a, ChangedFact{about(a), "updated", slices.Sorted(maps.Keys(given))})
}

// held reads an account that somebody who has just confirmed wants to change.
func (s *Service) held(ctx context.Context, tx *db.Tx, by actor.Actor, account string, version int64) (Account, error) {
	if err := session.Fresh(ctx, tx, by); err != nil {
		return Account{}, err
	}
	a, err := byID(ctx, tx, by.Tenant, account)
	if err != nil {
		return Account{}, err
	}
	if version != 0 && version != a.Version {
		return Account{}, ErrStale.With("version", a.Version)
	}
	if a.State == Removed {
		return Account{}, ErrMove.With("state", string(a.State))
	}
	return a, nil
}

// Enable has new things begin with an account. Refusals: session.ErrStepUp,
// ErrUnknown and ErrMove.
func (s *Service) Enable(ctx context.Context, tx *db.Tx, by actor.Actor, account string) (Account, error) {
	a, err := s.held(ctx, tx, by, account, 0)
	if err != nil {
		return Account{}, err
	}
	if a.State != Disabled {
		return Account{}, ErrMove.With("state", string(a.State))
	}
	known, err := all(ctx, tx, by.Tenant)
	if err != nil {
		return Account{}, err
	}
	spec, _ := specOf(a.Provider)
	if err := s.alone(ctx, tx, by, spec, a, known); err != nil {
		return Account{}, err
	}
	return s.turn(ctx, tx, by, a, Enabled)
}

// Disable has nothing new begin with an account; what is under way ends with it,
// and what it took is left to people until it is enabled again. Refusals as
// Enable.
func (s *Service) Disable(ctx context.Context, tx *db.Tx, by actor.Actor, account string) (Account, error) {
	a, err := s.held(ctx, tx, by, account, 0)
	if err != nil {
		return Account{}, err
	}
	if a.State != Enabled {
		return Account{}, ErrMove.With("state", string(a.State))
	}
	return s.turn(ctx, tx, by, a, Disabled)
}

func (s *Service) turn(ctx context.Context, tx *db.Tx, by actor.Actor, a Account, to State) (Account, error) {
	a.State, a.Until = to, time.Time{}
	if to != Enabled {
		a.Until = tx.Now
	}
	if err := update(ctx, tx, &a); err != nil {
		return Account{}, err
	}
	return a, announce(ctx, tx, by, a, ChangedFact{about(a), string(to), nil})
}

// alone disables the other accounts of a carrier: a shop books with one.
func (s *Service) alone(ctx context.Context, tx *db.Tx, by actor.Actor, spec Spec, a Account, known []Account) error {
	if spec.Kind != Carrier {
		return nil
	}
	for _, other := range known {
		if other.Provider == a.Provider && other.ID != a.ID && other.State == Enabled {
			if _, err := s.turn(ctx, tx, by, other, Disabled); err != nil {
				return err
			}
		}
	}
	return nil
}

// Remove takes an account away. Its secrets are forgotten at once, or with the
// last thing that is under way with it; that it was there is kept. Refusals:
// session.ErrStepUp, ErrUnknown and ErrMove.
func (s *Service) Remove(ctx context.Context, tx *db.Tx, by actor.Actor, account string) (Account, error) {
	a, err := s.held(ctx, tx, by, account, 0)
	if err != nil {
		return Account{}, err
	}
	n, err := s.o.UnderWay(ctx, tx, a.Tenant, a.ID)
	if err != nil {
		return Account{}, err
	}
	if a.State == Enabled { // else its time ended before
		a.Until = tx.Now
	}
	a.State = Removed
	if n == 0 {
		a = wiped(a)
	}
	if err := update(ctx, tx, &a); err != nil {
		return Account{}, err
	}
	s.forget(a)
	return a, announce(ctx, tx, by, a, RemovedFact{about(a), n})
}

// wiped is an account without its secrets.
func wiped(a Account) Account {
	a.sealed, a.key, a.Marks = []byte{}, "", []Mark{}
	return a
}

func (s *Service) isDefault(provider string) bool { return s.o.Default != nil && s.o.Default(provider) }

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, a Account, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: "account", Subject: a.ID, Version: a.Version}, fact)
}
