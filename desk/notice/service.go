package notice

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
)

// Envelope is a message ready for a mail server. Key is the same for each
// attempt.
type Envelope struct {
	Key      string
	To       string
	Subject  string
	Text     string
	HTML     string
	Language string
}

// Service writes and sends messages.
type Service struct {
	Store  *db.DB
	Queue  *job.Queue
	Proofs *proof.Service
	// Send hands a message to the mail server. An error wrapped by job.Dead is
	// a refusal for good. nil: mail is off, and no messages are made.
	Send func(ctx context.Context, e Envelope) error
	Base string // address of the portal, without a slash at the end
}

const sendKind = "notice.send"

var errUnknown = errors.New("no such message")

// linkLife is how long the link in a message signs its reader in.
const linkLife = 30 * 24 * time.Hour

// Events writes a message for each event that customers are told about.
func (s *Service) Events() (types []string, follow event.Reaction) {
	if s.Send == nil {
		return nil, nil
	}
	for t := range templates {
		types = append(types, t)
	}
	return types, func(ctx context.Context, tx *db.Tx, e event.Event) error {
		c, err := cases.ByID(ctx, tx, actor.Of(e.Tenant), e.Subject)
		if err != nil || c.Customer == "" {
			return err
		}
		who, err := customer.ByID(ctx, tx, e.Tenant, c.Customer)
		if err != nil || who.Email == "" {
			return err
		}
		m := Message{ID: id.New("msg"), Tenant: e.Tenant, Case: c.ID, Event: e.ID, Template: templates[e.Type], State: Waiting, At: tx.Now}
		fresh, err := insert(ctx, tx, m)
		if err != nil || !fresh {
			return err
		}
		return s.Queue.Enqueue(ctx, tx, job.New{Tenant: m.Tenant, Kind: sendKind, Key: m.ID, Args: sendArgs{m.ID}})
	}
}

type sendArgs struct {
	Message string `json:"message"`
}

// Jobs registers the sending.
func (s *Service) Jobs(q *job.Queue) { q.HandleOutside(sendKind, s.send) }

// send words a message as things are now and hands it over. It may run again
// after a crash; the key lets the receiver recognise the repeat.
func (s *Service) send(ctx context.Context, j job.Job) error {
	var args sendArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	var m Message
	var e Envelope
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		if m, err = byID(ctx, tx, j.Tenant, args.Message); err != nil || m.State != Waiting {
			return err
		}
		e, err = s.compose(ctx, tx, m)
		return err
	})
	if errors.Is(err, errUnknown) {
		return job.Dead(err)
	}
	if err != nil || m.State != Waiting {
		return err
	}
	problem := s.Send(ctx, e)
	if problem != nil && !job.Hopeless(problem) && j.Attempt < j.MaxAttempts {
		return problem
	}
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		about := event.About{Stream: "notice", Subject: m.ID}
		if problem != nil {
			if err := finish(ctx, tx, m, Failed, problem.Error()); err != nil {
				return err
			}
			return event.Append(ctx, tx, actor.Of(m.Tenant), about, FailedFact{Case: m.Case, Template: m.Template, Reason: problem.Error()})
		}
		if err := finish(ctx, tx, m, Sent, ""); err != nil {
			return err
		}
		return event.Append(ctx, tx, actor.Of(m.Tenant), about, SentFact{Case: m.Case, Template: m.Template})
	})
}

// compose words a message for its customer.
func (s *Service) compose(ctx context.Context, tx *db.Tx, m Message) (Envelope, error) {
	c, err := cases.ByID(ctx, tx, actor.Of(m.Tenant), m.Case)
	if err != nil {
		return Envelope{}, err
	}
	who, err := customer.ByID(ctx, tx, m.Tenant, c.Customer)
	if err != nil {
		return Envelope{}, err
	}
	shop, err := tenant.ByID(ctx, tx, m.Tenant)
	if err != nil {
		return Envelope{}, err
	}
	amount := c.Quoted
	if c.Refunded > 0 {
		amount = c.Refunded
	}
	lang := c.Language
	var grounds []string
	for _, g := range c.Decision.Grounds {
		grounds = append(grounds, locale.Text(lang, "ground."+g.Code, g.Args))
	}
	if c.Decision.Comment != "" {
		grounds = append(grounds, c.Decision.Comment)
	}
	l := write(lang, who.Name, m.Template, locale.Args{
		"number": c.Number, "order": c.OrderNumber, "amount": money.Of(amount, c.Currency).String(),
		"grounds": strings.Join(grounds, locale.Text(lang, "list.separator", nil)), "next": nextStep(c, lang),
	})
	l.Shop = shop.Name
	l.Link = s.Base + "/link/" + s.Proofs.Link(m.Tenant, c.Customer, c.Order, tx.Now.Add(linkLife)) + "?to=/cases/" + c.ID
	return l.envelope(m.ID, who.Email)
}

// nextStep says what happens next, as the case page does.
func nextStep(c cases.Case, lang string) string {
	zone, err := calendar.Zone(c.Terms.Zone)
	if err != nil {
		zone = time.UTC
	}
	by := "—"
	if c.Timer != "" {
		by = c.Deadline.In(zone).Format("2006-01-02 15:04")
	}
	return locale.Text(lang, "next."+string(c.State), locale.Args{"by": by})
}

// Code sends a sign-in code. It fits proof.Options.Deliver.
func (s *Service) Code(ctx context.Context, to proof.Contact, code, lang string) error {
	if s.Send == nil {
		return errors.New("mail is off: codes cannot be sent")
	}
	if to.Channel != proof.Email {
		return job.Dead(errors.New("no way to reach a telephone is set up"))
	}
	var name string
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		shop, err := tenant.ByID(ctx, tx, to.Tenant)
		name = shop.Name
		return err
	})
	if err != nil {
		return err
	}
	l := write(lang, "", "code", locale.Args{"code": code})
	l.Shop = name
	e, err := l.envelope(id.New("code"), to.Address)
	if err != nil {
		return err
	}
	return s.Send(ctx, e)
}

func (l letter) envelope(key, to string) (Envelope, error) {
	html, err := l.html()
	return Envelope{Key: key, To: to, Subject: l.Subject, Text: l.text(), HTML: html, Language: l.Language}, err
}
