package order

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
)

var (
	ErrUnknown = fault.New(fault.Missing, "order.unknown", "There is no such order.")
	ErrInvalid = fault.New(fault.Invalid, "order.invalid", "The order is not described correctly.")
	ErrDiffers = fault.New(fault.Conflict, "order.differs", "An order with this number is stored and says something else.")
	ErrStale   = fault.New(fault.Stale, "order.stale", "The order has changed since you read it.")
)

// Terms is what a shop assumes where a draft is silent.
type Terms struct {
	Zone      string // IANA
	Policy    string // id of the policy in force
	PolicyVer int64
	Past      []Span // versions in force before
}

// Span is the time in which a version of a policy was in force.
type Span struct {
	Version  int64
	From, To time.Time // To is the first moment in which it was not
}

// version is the one in force when something was bought: orders may come late,
// after another version went live. What was bought before there was any gets
// the present one.
func (t Terms) version(bought time.Time) int64 {
	for _, s := range t.Past {
		if !bought.Before(s.From) && bought.Before(s.To) {
			return s.Version
		}
	}
	return t.PolicyVer
}

// TermsOf finds the terms of a tenant. policy is the id that a draft names, or
// empty; a policy that does not exist is an error.
type TermsOf func(ctx context.Context, tx *db.Tx, tenant, policy string) (Terms, error)

// Options are what the composition knows and this package does not.
type Options struct {
	// Terms of a tenant; without it the zone is UTC and the policy is
	// "default", version 1.
	Terms TermsOf
	// Returned is told about units that came back before Aftercare knew the
	// order, in the transaction that stores them, once each.
	Returned func(ctx context.Context, tx *db.Tx, by actor.Actor, o Order, r []Returned) error
	// Laws of articles in the catalogue, asked once for many orders; without it
	// orders say only what they say themselves.
	Laws LawsOf
}

// Service stores orders.
type Service struct {
	o    Options
	kept kept
}

// New makes the service.
func New(o Options) *Service {
	if o.Terms == nil {
		o.Terms = func(_ context.Context, _ *db.Tx, _, policy string) (Terms, error) {
			if policy == "" {
				policy = "default"
			}
			return Terms{Zone: "UTC", Policy: policy, PolicyVer: 1}, nil
		}
	}
	return &Service{o: o}
}

// ByID finds an order with its lines. ErrUnknown if it does not exist or the
// actor may not see it: a customer sees only own orders, a seller only orders
// with a line of that seller.
func ByID(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Order, error) {
	o, err := byID(ctx, tx, by.Tenant, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, ErrUnknown
	}
	if err != nil {
		return Order{}, fmt.Errorf("reading order %s: %w", id, err)
	}
	if !o.visible(by) {
		return Order{}, ErrUnknown
	}
	return o, nil
}

func (o Order) visible(by actor.Actor) bool {
	if mine, limited := by.Mine(); limited && (mine == "" || o.Customer != mine) {
		return false
	}
	if by.Seller == "" {
		return true
	}
	for _, l := range o.Lines {
		if l.Seller == by.Seller {
			return true
		}
	}
	return false
}

// Seen is the part of an order to show to an actor: a seller sees neither the
// lines of other sellers nor how the whole order was shipped and paid.
func (o Order) Seen(by actor.Actor) Order {
	if by.Seller == "" {
		return o
	}
	var own []Line
	for _, l := range o.Lines {
		if l.Seller == by.Seller {
			own = append(own, l)
		}
	}
	o.Lines, o.Shipping, o.Tenders = own, Shipping{}, nil
	return o
}

// ByNumber finds the orders with a number: one of each source that used it.
func ByNumber(ctx context.Context, tx *db.Tx, tenant, number string) ([]Order, error) {
	all, err := byNumber(ctx, tx, tenant, number)
	if err != nil {
		return nil, fmt.Errorf("reading orders with number %s: %w", number, err)
	}
	return all, nil
}

// Put stores the order that a draft describes, its money frozen, and announces
// it. A draft that was stored before gives that order and false. ErrInvalid
// points at what is wrong; ErrDiffers if the number is stored with another
// content: the past does not change.
func (s *Service) Put(ctx context.Context, tx *db.Tx, by actor.Actor, d Draft) (Order, bool, error) {
	p, problem := prepare(newChecker(tx.Now), d)
	if problem != nil {
		return Order{}, false, invalid(problem)
	}
	o, outcome, err := s.put(ctx, tx, by, p)
	if err != nil {
		return Order{}, false, fmt.Errorf("storing order %s of %s: %w", d.Number, d.Source, err)
	}
	if outcome == differs {
		return Order{}, false, ErrDiffers.With("number", d.Number)
	}
	return o, outcome == created, nil
}

type outcome int

const (
	created outcome = iota
	same
	differs
)

func (s *Service) put(ctx context.Context, tx *db.Tx, by actor.Actor, p *prepared) (Order, outcome, error) {
	id, digest, err := stored(ctx, tx, by.Tenant, p.order.Source, p.order.Number)
	if err != nil {
		return Order{}, 0, err
	}
	if id != "" {
		if digest != p.digest {
			return Order{}, differs, nil
		}
		if p.shipTo != nil {
			if err := KeepAddress(ctx, tx, by.Tenant, id, *p.shipTo); err != nil {
				return Order{}, 0, err
			}
		}
		o, err := byID(ctx, tx, by.Tenant, id)
		return o, same, err
	}
	o, err := s.complete(ctx, tx, by, p)
	if err != nil {
		return Order{}, 0, err
	}
	if err := s.fillIn(ctx, tx, by.Tenant, []*prepared{p}); err != nil {
		return Order{}, 0, err
	}
	if err := insert(ctx, tx, []*prepared{p}); err != nil {
		return Order{}, 0, err
	}
	if err := keepAddresses(ctx, tx, []*prepared{p}); err != nil {
		return Order{}, 0, err
	}
	if err := announce(ctx, tx, by, o); err != nil {
		return Order{}, 0, err
	}
	if err := keepReturned(ctx, tx, by, o, p.returned); err != nil {
		return Order{}, 0, err
	}
	return *o, created, s.tell(ctx, tx, by, *o, p.returned)
}

// complete fills in what only the store knows: the customer and the terms.
func (s *Service) complete(ctx context.Context, tx *db.Tx, by actor.Actor, p *prepared) (*Order, error) {
	o := &p.order
	o.Tenant, o.Customer = by.Tenant, ""
	t, problem, err := s.termsOf(ctx, tx, by, p.policy)
	if err != nil {
		return nil, err
	}
	if problem != nil {
		return nil, invalid(problem)
	}
	o.apply(t, p.zone)
	if p.customer != nil {
		c, err := customer.Upsert(ctx, tx, by, *p.customer)
		if err != nil {
			return nil, err
		}
		o.Customer = c.ID
		return o, p.customer.Tell(ctx, tx, by, c.ID, o.PlacedAt)
	}
	return o, nil
}

// termsOf finds the terms; a policy that a draft names and nobody knows is the
// draft's problem.
func (s *Service) termsOf(ctx context.Context, tx *db.Tx, by actor.Actor, policy string) (Terms, *Problem, error) {
	t, err := s.o.Terms(ctx, tx, by.Tenant, policy)
	var f *fault.Fault
	if policy != "" && errors.As(err, &f) && (f.Kind == fault.Missing || f.Kind == fault.Invalid) {
		return t, &Problem{"policy", "unknown policy", policy}, nil
	}
	return t, nil, err
}

func invalid(p *Problem) error {
	return ErrInvalid.At(p.Field, p.Reason, "").With("value", p.Value)
}

// apply sets what the shop assumes; zone is the draft's.
func (o *Order) apply(t Terms, zone string) {
	o.Policy, o.PolicyVer = t.Policy, t.version(o.PlacedAt)
	if o.Zone = zone; o.Zone == "" {
		o.Zone = t.Zone
	}
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, o *Order) error {
	return event.Append(ctx, tx, by, event.About{Stream: "order", Subject: o.ID, Version: o.Version}, Imported{
		Source: o.Source, Number: o.Number, Customer: o.Customer, Currency: o.Currency, Paid: o.Paid(), Lines: len(o.Lines), PlacedAt: o.PlacedAt.UTC().Truncate(time.Millisecond),
	})
}
