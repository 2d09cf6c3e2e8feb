package mention

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/customer"
)

// Letter is an e-mail about a mention. It has no text of the note: an inbox is
// no place for what is between colleagues.
type Letter struct {
	Key    string // the same for each attempt
	To     account.Account
	By     string
	Number string
	Case   string
}

// Service follows notes and writes to people.
type Service struct {
	Store *db.DB
	Queue *job.Queue
	// Send hands a letter to the mail server. nil: mail is off.
	Send func(ctx context.Context, l Letter) error
}

const sendKind = "mention.send"

// Events tells whom notes name.
func (s *Service) Events() ([]string, event.Reaction) {
	return []string{cases.Noted{}.Type(), cases.NoteTakenBack{}.Type()}, s.follow
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, e event.Event) error {
	if e.Type == (cases.NoteTakenBack{}).Type() {
		var fact cases.NoteTakenBack
		if err := json.Unmarshal(e.Data, &fact); err != nil {
			return err
		}
		return forget(ctx, tx, e.Tenant, fact.Note)
	}
	var fact cases.Noted
	if err := json.Unmarshal(e.Data, &fact); err != nil {
		return err
	}
	for _, who := range fact.Mentions {
		if !who.Told {
			continue
		}
		if err := s.tell(ctx, tx, e, who.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, e event.Event, person string) error {
	m := Mention{Tenant: e.Tenant, Person: person, ID: e.ID, Case: e.Subject, At: e.At}
	fresh, err := insert(ctx, tx, m)
	if err != nil || !fresh {
		return err
	}
	about := event.About{Stream: "mention", Subject: person, Version: 1}
	if err := event.Append(ctx, tx, actor.Of(e.Tenant), about, Made{Case: m.Case, Note: m.ID}); err != nil {
		return err
	}
	wanted, err := Wants(ctx, tx, m.Tenant, person)
	if err != nil || !wanted || s.Send == nil {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: m.Tenant, Kind: sendKind, Key: m.ID + "/" + person, Args: sendArgs{m.ID, person}, RunAt: tx.Now.Add(patience)})
}

type sendArgs struct {
	Note   string `json:"note"`
	Person string `json:"person"`
}

// Jobs registers the sending.
func (s *Service) Jobs(q *job.Queue) { q.HandleOutside(sendKind, s.send) }

// send writes where the mention is still news to somebody who may see it.
func (s *Service) send(ctx context.Context, j job.Job) error {
	var args sendArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	var l Letter
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		m, err := byID(ctx, tx, j.Tenant, args.Person, args.Note)
		if err != nil || !m.ReadAt.IsZero() {
			return errors.Join(err, errRead)
		}
		to, err := account.ByID(ctx, tx, j.Tenant, args.Person)
		if err != nil {
			return err
		}
		c, err := cases.ByID(ctx, tx, actor.Of(j.Tenant), m.Case)
		if err != nil {
			return err
		}
		note, err := cases.NoteOf(ctx, tx, c, m.ID)
		if err != nil || !cases.MaySee(to, c) {
			return errors.Join(err, errRead)
		}
		l = Letter{Key: "mention-" + m.ID + "-" + m.Person, To: to, By: note.By, Number: c.Number, Case: c.ID}
		return nil
	})
	switch {
	case errors.Is(err, errRead), errors.Is(err, ErrUnknown), errors.Is(err, account.ErrUnknown), errors.Is(err, cases.ErrUnknown):
		return nil // nothing to tell any more
	case err != nil:
		return err
	}
	return s.Send(ctx, l)
}

var errRead = errors.New("the mention is no news any more")

// Page lists the mentions of a person that the person may still see, the newest
// first, behind one of them. next is where to go on; empty at the end.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, unread bool, after string, limit int) (all []Shown, next string, err error) {
	rows, err := page(ctx, tx, by.Tenant, by.ID, unread, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	all = []Shown{}
	texts := customer.ReaderFor(by)
	for _, m := range rows {
		c, err := cases.ByID(ctx, tx, by, m.Case)
		if errors.Is(err, cases.ErrUnknown) {
			continue // may not be seen any more
		}
		if err != nil {
			return nil, "", err
		}
		note, err := cases.NoteOf(ctx, tx, c, m.ID)
		if errors.Is(err, cases.ErrNoteUnknown) {
			continue // taken back, and not yet forgotten here
		}
		if err != nil {
			return nil, "", err
		}
		if note.Text, err = texts.Text(ctx, tx, c.Tenant, c.Customer, note.Text); err != nil {
			return nil, "", err
		}
		all = append(all, Shown{Mention: m, Number: c.Number, Title: c.Title, By: note.By, Text: note.Text})
	}
	return all, next, nil
}

// Read marks mentions as read; without ids, all of the person's.
func Read(ctx context.Context, tx *db.Tx, by actor.Actor, ids []string) error {
	if len(ids) == 0 {
		return readAll(ctx, tx, by)
	}
	for _, id := range ids {
		if err := read(ctx, tx, by, id); err != nil {
			return err
		}
	}
	return nil
}

// Unread counts what a person has not read, up to MostCounted.
func Unread(ctx context.Context, tx *db.Tx, by actor.Actor) (int64, error) {
	return unread(ctx, tx, by)
}

// Wants tells whether a person gets e-mails about mentions; who never said
// anything does.
func Wants(ctx context.Context, tx *db.Tx, tenant, person string) (bool, error) {
	return wants(ctx, tx, tenant, person)
}

// Choose keeps whether the actor gets e-mails.
func Choose(ctx context.Context, tx *db.Tx, by actor.Actor, email bool) error {
	return choose(ctx, tx, by, email)
}
