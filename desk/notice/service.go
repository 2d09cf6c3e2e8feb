package notice

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/message"
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

	kept string // Text without what signs its reader in
}

// Service writes and sends messages.
type Service struct {
	Store  *db.DB
	Queue  *job.Queue
	Proofs *proof.Service
	// Send hands a message to the mail server. An error wrapped by job.Dead is
	// a refusal for good. nil: mail is off, and no messages are made.
	Send func(ctx context.Context, e Envelope) error
	// Words are a shop's own words for a message, where it has any; nil: none has.
	Words func(ctx context.Context, tx *db.Tx, tenant, kind, lang string) (Words, bool, error)
	// Look is a shop's accent, and the path and height of its logo, where it
	// has any; nil: none has.
	Look func(ctx context.Context, tx *db.Tx, tenant string) (accent, logo string, height int, err error)
	Base string // address of the portal, without a slash at the end
	// Patience is how long what staff wrote to a customer may stay unread before
	// an e-mail tells of it.
	Patience time.Duration
}

const sendKind = "notice.send"

var (
	errUnknown = errors.New("no such message")
	errNobody  = errors.New("the customer has no e-mail address")
	errTelling = errors.New("another e-mail tells of this conversation at the moment")
)

// Events writes a message for each event that customers are told about.
func (s *Service) Events() (types []string, follow event.Reaction) {
	if s.Send == nil {
		return nil, nil
	}
	return slices.Sorted(maps.Keys(templates)), s.follow
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, e event.Event) error {
	kind, err := templateOf(e)
	if err != nil || kind == "" {
		return err
	}
	c, err := cases.ByID(ctx, tx, actor.Of(e.Tenant), caseOf(e))
	if err != nil {
		return err
	}
	kind = variant(kind, c)
	if _, err := addressee(ctx, tx, c); errors.Is(err, errNobody) {
		return nil
	} else if err != nil {
		return err
	}
	m := Message{ID: id.New("msg"), Tenant: e.Tenant, Case: c.ID, Event: e.ID, Template: kind, State: Waiting, At: tx.Now}
	fresh, err := insert(ctx, tx, m)
	if err != nil || !fresh {
		return err
	}
	send := job.New{Tenant: m.Tenant, Kind: sendKind, Key: m.ID, Args: sendArgs{m.ID}}
	if kind == talk {
		send.RunAt = tx.Now.Add(s.Patience)
	}
	return s.Queue.Enqueue(ctx, tx, send)
}

// templateOf names the message that an event makes; empty: none. An inspection
// is worth one only where it ended the case without money, an offer where the
// shop made it, and a payment that nobody has to wait for is none.
func templateOf(e event.Event) (string, error) {
	var fact struct {
		Accepted int64  `json:"accepted"`
		Side     string `json:"side"`
		By       string `json:"by"`
	}
	if err := json.Unmarshal(e.Data, &fact); err != nil && len(e.Data) > 0 {
		return "", err
	}
	switch {
	case e.Type == "case.graded" && fact.Accepted > 0:
		return "", nil
	case e.Type == "case.offered" && fact.Side == "customer", e.Type == (message.Written{}).Type() && fact.By == string(message.Customer):
		return "", nil
	case e.Type == "case.convert" && e.Actor == actor.Customer, e.Type == "case.confirm":
		return "", nil
	}
	return templates[e.Type], nil
}

// caseOf is the case that an event is about.
func caseOf(e event.Event) string {
	var fact struct {
		Case string `json:"case"`
	}
	if e.Stream != "case" && json.Unmarshal(e.Data, &fact) == nil {
		return fact.Case
	}
	return e.Subject
}

// variant chooses the words for cases in which nothing comes back, or in which
// no money is paid.
func variant(kind string, c cases.Case) string {
	switch {
	case kind == "approved" && c.Tracking == "":
		return "granted"
	case kind == "completed" && c.Refunded == 0:
		return "done"
	}
	return kind
}

// addressee finds the customer of a case, or errNobody when there is no
// address to write to.
func addressee(ctx context.Context, tx *db.Tx, c cases.Case) (customer.Customer, error) {
	if c.Customer == "" {
		return customer.Customer{}, errNobody
	}
	who, err := customer.ByID(ctx, tx, c.Tenant, c.Customer)
	if errors.Is(err, customer.ErrUnknown) || err == nil && who.Email == "" {
		err = errNobody
	}
	return who, err
}

// longestTelling is how long an e-mail that should be out by now holds up the
// next one of its conversation.
const longestTelling = time.Hour

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
	var place int64 // in a conversation
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		if m, err = byID(ctx, tx, j.Tenant, args.Message); err != nil || m.State != Waiting {
			return err
		}
		if m.Template == talk {
			if place, err = message.Unmailed(ctx, tx, m.Tenant, m.Case); err != nil || place == 0 {
				return err
			}
			if before, err := waitsBefore(ctx, tx, m, tx.Now.Add(-s.Patience-longestTelling)); err != nil || before && j.Attempt < j.MaxAttempts {
				return cmp.Or(err, errTelling) // it tells of this as well, or this is tried again
			}
		}
		e, err = s.compose(ctx, tx, m)
		return err
	})
	switch {
	case errors.Is(err, errUnknown):
		return job.Dead(err)
	case errors.Is(err, errNobody):
		return s.record(ctx, m, e, 0, err)
	case err != nil || m.State != Waiting:
		return err
	case m.Template == talk && place == 0:
		return s.idle(ctx, m)
	}
	problem := s.Send(ctx, e)
	if problem != nil && !job.Hopeless(problem) && j.Attempt < j.MaxAttempts {
		return problem
	}
	return s.record(ctx, m, e, place, problem)
}

// record ends a message: sent, with what it said, or failed where there is a
// problem. A message
// that another attempt has ended stays as it is. Of a conversation it told
// everything up to a place.
func (s *Service) record(ctx context.Context, m Message, e Envelope, place int64, problem error) error {
	return s.Store.Write(ctx, func(tx *db.Tx) error {
		state, why := Sent, ""
		var fact event.Fact = SentFact{Case: m.Case, Template: m.Template, Language: e.Language, Subject: e.Subject, Text: e.kept}
		if problem != nil {
			state, why = Failed, problem.Error()
			fact = FailedFact{Case: m.Case, Template: m.Template, Reason: why}
		}
		mine, err := finish(ctx, tx, m, state, why)
		if err != nil || !mine {
			return err
		}
		if place > 0 && problem == nil { // what did not arrive is told by the next
			if err := message.Mailed(ctx, tx, m.Tenant, m.Case, place); err != nil {
				return err
			}
		}
		return event.Append(ctx, tx, actor.Of(m.Tenant), event.About{Stream: "notice", Subject: m.ID}, fact)
	})
}

// Code sends a sign-in code. It fits proof.Options.Deliver.
func (s *Service) Code(ctx context.Context, to proof.Contact, code, lang string) error {
	if s.Send == nil {
		return errors.New("mail is off: codes cannot be sent")
	}
	if to.Channel != proof.Email {
		return job.Dead(errors.New("no way to reach a telephone is set up"))
	}
	l := write(lang, "", "code", locale.Args{"code": code})
	if err := s.Store.Read(ctx, func(tx *db.Tx) error { return s.dress(ctx, tx, to.Tenant, &l) }); err != nil {
		return err
	}
	e, err := l.envelope(id.New("code"), to.Address)
	if err != nil {
		return err
	}
	return s.Send(ctx, e)
}

// Things names the messages about a case, for its evidence.
func Things(ctx context.Context, tx *db.Tx, tenant, caseID string) (all []event.About, err error) {
	ids, err := idsOf(ctx, tx, tenant, caseID)
	for _, one := range ids {
		all = append(all, event.About{Stream: "notice", Subject: one})
	}
	return all, err
}
