package proof

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

// Book is what proof asks about orders and customers, answered by sales. Rooms
// further up are not imported from here, so the composition hands it in.
type Book struct {
	// ByNumber finds the holders of the orders with a number, in any source.
	ByNumber func(ctx context.Context, tx *db.Tx, tenant, number string) ([]Holder, error)
	// ByCustomer finds a customer; found is false when he does not exist.
	ByCustomer func(ctx context.Context, tx *db.Tx, tenant, customer string) (h Holder, found bool, err error)
}

// Options are what the service is made from.
type Options struct {
	Store *db.DB
	Keys  *secret.Keys
	Queue *job.Queue
	Book  Book
	// Deliver sends a code. It may run more than once for a code.
	Deliver func(ctx context.Context, to Contact, code, language string) error
	// DeliverLink sends a link in place of one that has expired.
	DeliverLink func(ctx context.Context, to Contact, link, order, language string) error
	// Framed says whether the shop shows its portal inside other sites; nil: it does not.
	Framed     func(ctx context.Context, tx *db.Tx, tenant string) (bool, error)
	Base       string // where the portal is, for links on paper
	Demo       bool   // tell the code in the answer; never with real customers
	PerContact int64  // challenges of a contact in an hour; 6 when 0
	PerNetwork int64  // challenges of a network in an hour; 60 when 0
}

// Service holds the verbs of proofs.
type Service struct{ o Options }

// New makes the service.
func New(o Options) *Service {
	if o.PerContact == 0 {
		o.PerContact = 6
	}
	if o.PerNetwork == 0 {
		o.PerNetwork = 60
	}
	return &Service{o: o}
}

// Question is what a customer types.
type Question struct {
	Number   string
	Contact  string
	Language string
	Address  string // IP address he asks from
}

// LookUp makes a challenge, and has the code sent when the contact is that of
// an order with the number. The answer does not tell which. It fails with
// ErrContact when the input is neither, and with ErrLimited.
func (s *Service) LookUp(ctx context.Context, tx *db.Tx, by actor.Actor, q Question) (Challenge, error) {
	contact, channel, ok := normal(q.Contact)
	q.Number = number(q.Number)
	if !ok || q.Number == "" {
		return Challenge{}, ErrContact
	}
	c := challenge{
		Tenant: by.Tenant, ID: id.New("chl"), Channel: channel, Contact: s.mac(by.Tenant, contact),
		Language: q.Language, CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(Life),
	}
	if err := s.limit(ctx, tx, by.Tenant, c.Contact, q.Address); err != nil {
		return Challenge{}, err
	}
	holders, err := s.o.Book.ByNumber(ctx, tx, by.Tenant, q.Number)
	if err != nil {
		return Challenge{}, fmt.Errorf("look up order: %w", err)
	}
	for _, h := range holders {
		if h.Customer != "" && c.Customer == "" && s.address(h, c) != "" {
			c.Customer, c.Order = h.Customer, h.Order
		}
	}
	if err := insert(ctx, tx, c); err != nil {
		return Challenge{}, fmt.Errorf("store challenge: %w", err)
	}
	if c.Customer != "" {
		if err := s.enqueue(ctx, tx, c); err != nil {
			return Challenge{}, err
		}
	}
	out := Challenge{ID: c.ID, Channel: channel, SentTo: hidden(contact, channel), ExpiresAt: c.ExpiresAt}
	if s.o.Demo {
		out.DemoCode = s.code(c)
	}
	return out, nil
}

// limit counts a question before anything is looked up.
func (s *Service) limit(ctx context.Context, tx *db.Tx, tenant string, contact []byte, address string) error {
	subjects := []struct {
		of    []byte
		limit int64
	}{{contact, s.o.PerContact}}
	if address != "" {
		network := sha256.Sum256([]byte("network " + session.Network(address)))
		subjects = append(subjects, struct {
			of    []byte
			limit int64
		}{network[:], s.o.PerNetwork})
	}
	for _, subject := range subjects {
		asked, since, err := count(ctx, tx, tenant, subject.of)
		if err != nil {
			return fmt.Errorf("count questions: %w", err)
		}
		if asked > subject.limit {
			until := since.Add(Window)
			return ErrLimited.With("until", until).With("retry_after", int(until.Sub(tx.Now)/time.Second)+1)
		}
	}
	return nil
}

// Proved is a customer who has just proved who he is.
type Proved struct {
	Token   string
	Session session.Session
	Holder  Holder
}

// Redeem tries a code. What was tried stays counted, so a refusal comes back
// beside a nil error and the caller commits: ErrCode with the tries left, or
// ErrOver when the challenge is unknown, used, expired or has none left.
func (s *Service) Redeem(ctx context.Context, tx *db.Tx, by actor.Actor, challengeID, code string, n session.New) (Proved, *fault.Fault, error) {
	c, err := try(ctx, tx, by.Tenant, challengeID)
	if errors.Is(err, ErrOver) {
		return Proved{}, ErrOver, nil
	}
	if err != nil {
		return Proved{}, nil, fmt.Errorf("try a code: %w", err)
	}
	about := event.About{Stream: "proof", Subject: c.ID, Version: int64(c.Attempts)}
	h, found, err := s.holder(ctx, tx, c.Tenant, c.Customer)
	if err != nil {
		return Proved{}, nil, err
	}
	right := false
	for _, one := range s.codes(c) {
		right = secret.Equal(digits(code), one) || right
	}
	if !right || !found {
		nobody := actor.Actor{Tenant: by.Tenant, Kind: actor.Nobody}
		return Proved{}, ErrCode.With("attempts_left", Tries-c.Attempts), event.Append(ctx, tx, nobody, about, Failed{Attempts: c.Attempts})
	}
	if err := use(ctx, tx, c); err != nil {
		return Proved{}, nil, fmt.Errorf("use up challenge: %w", err)
	}
	p, err := s.begin(ctx, tx, about, Succeeded{By: "code", Order: c.Order}, c.Tenant, h, n)
	return p, nil, err
}

// Known finds the customer who is signed in and the order he came for.
func (s *Service) Known(ctx context.Context, tx *db.Tx, by actor.Actor) (Proved, error) {
	now, err := session.ByID(ctx, tx, by)
	if err != nil {
		return Proved{}, err
	}
	h, found, err := s.holder(ctx, tx, by.Tenant, by.ID)
	if err == nil && !found {
		err = session.ErrUnknown
	}
	return Proved{Session: now, Holder: h}, err
}

func (s *Service) begin(ctx context.Context, tx *db.Tx, about event.About, fact Succeeded, tenant string, h Holder, n session.New) (Proved, error) {
	who := actor.Actor{Tenant: tenant, Kind: actor.Customer, ID: h.Customer}
	if err := event.Append(ctx, tx, who, about, fact); err != nil {
		return Proved{}, err
	}
	n.Order = fact.Order
	token, begun, err := session.Begin(ctx, tx, who, n)
	return Proved{Token: token, Session: begun, Holder: h}, err
}

func (s *Service) holder(ctx context.Context, tx *db.Tx, tenant, customer string) (h Holder, found bool, err error) {
	if customer == "" {
		return h, false, nil
	}
	h, found, err = s.o.Book.ByCustomer(ctx, tx, tenant, customer)
	if err != nil {
		return h, false, fmt.Errorf("find customer %s: %w", customer, err)
	}
	h.Customer = customer
	return h, found, nil
}
