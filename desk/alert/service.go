package alert

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// Service follows what went past its time and writes to people.
type Service struct {
	Store *db.DB
	Queue *job.Queue
	// Send hands a letter to the mail server. nil: mail is off, and nobody is called.
	Send func(ctx context.Context, m notice.Called) error
}

const (
	gatherKind = "alert.gather"
	sendKind   = "alert.send"
	sweepKind  = "alert.sweep"

	escalated = "case.escalated"
)

// Events calls people when a case waits for them past its time.
func (s *Service) Events() ([]string, event.Reaction) {
	if s.Send == nil {
		return nil, nil
	}
	return []string{escalated, cases.Overdue{}.Type()}, s.follow
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, e event.Event) error {
	fact := cases.Overdue{Timer: cases.TimerAnswer}
	if e.Type != escalated {
		if err := json.Unmarshal(e.Data, &fact); err != nil {
			return err
		}
	}
	c, err := cases.ByID(ctx, tx, actor.Of(e.Tenant), e.Subject)
	if err != nil {
		return err
	}
	people, err := responsible(ctx, tx, c)
	if err != nil {
		return err
	}
	for _, who := range people {
		if err := s.call(ctx, tx, call{c.Tenant, who.ID, e.ID, c.ID, fact.Timer}); err != nil {
			return err
		}
	}
	return nil
}

// responsible are the supervisors who may see a case; where there is none, the
// administrators: in the smallest shop there is nobody else.
func responsible(ctx context.Context, tx *db.Tx, c cases.Case) ([]account.Account, error) {
	for _, name := range called {
		all, err := account.Holding(ctx, tx, c.Tenant, name)
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(a account.Account) bool { return !cases.MaySee(a, c) })
		if len(all) > 0 {
			return all, nil
		}
	}
	return nil, nil
}

// called are the roles that are called, the first that a shop has.
var called = []string{role.Supervisor, role.Administrator}

// call notes that a person is called, who wants it, and when the next letter goes.
func (s *Service) call(ctx context.Context, tx *db.Tx, c call) error {
	wanted, err := wants(ctx, tx, c.Tenant, c.Person)
	if err != nil || !wanted {
		return err
	}
	fresh, err := insert(ctx, tx, c)
	if err != nil || !fresh {
		return err
	}
	return s.plan(ctx, tx, c.Tenant, c.Person)
}

// plan has what waits for a person gathered, in a minute or when the pause since
// the last letter is over. One that is planned stays as it is.
func (s *Service) plan(ctx context.Context, tx *db.Tx, tenant, person string) error {
	last, err := lastLetter(ctx, tx, tenant, person)
	if err != nil {
		return err
	}
	at := tx.Now.Add(patience)
	if next := last.Add(pause); !last.IsZero() && next.After(at) {
		at = next
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: tenant, Kind: gatherKind, Key: person, Args: gatherArgs{person}, RunAt: at, Keep: true})
}

type gatherArgs struct {
	Person string `json:"person"`
}

type sendArgs struct {
	Letter string `json:"letter"`
}

// Jobs registers gathering, sending and forgetting. The first are two, so that a
// letter is the same one however often sending it is tried.
func (s *Service) Jobs(q *job.Queue) {
	q.Handle(gatherKind, s.gather)
	q.HandleOutside(sendKind, s.send)
	q.Handle(sweepKind, func(ctx context.Context, tx *db.Tx, _ job.Job) error { return sweep(ctx, tx) })
	q.Every(sweepKind, 24*time.Hour)
}

func (s *Service) gather(ctx context.Context, tx *db.Tx, j job.Job) error {
	var args gatherArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	letter := id.New("alt")
	n, err := gather(ctx, tx, j.Tenant, args.Person, letter)
	if err != nil || n == 0 {
		return err
	}
	if n == most { // the rest is for the next letter
		if err := s.plan(ctx, tx, j.Tenant, args.Person); err != nil {
			return err
		}
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: sendKind, Key: letter, Args: sendArgs{letter}})
}

func (s *Service) send(ctx context.Context, j job.Job) error {
	var args sendArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	var m notice.Called
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = write(ctx, tx, j.Tenant, args.Letter)
		return err
	})
	if err != nil || len(m.Cases) == 0 {
		return err
	}
	return s.Send(ctx, m)
}

// write fills a letter with what is still true; without cases it is not to be sent.
func write(ctx context.Context, tx *db.Tx, tenant, letter string) (m notice.Called, err error) {
	calls, err := of(ctx, tx, tenant, letter)
	if err != nil || len(calls) == 0 {
		return m, err
	}
	to, err := account.ByID(ctx, tx, tenant, calls[0].Person)
	if errors.Is(err, account.ErrUnknown) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	wanted, err := wants(ctx, tx, tenant, to.ID)
	if err != nil || !wanted {
		return m, err
	}
	m = notice.Called{Key: "alert-" + letter, Tenant: tenant, To: to.Email, Name: to.Name, Language: to.Language}
	for _, one := range calls {
		c, err := cases.ByID(ctx, tx, actor.Of(tenant), one.Case)
		if errors.Is(err, cases.ErrUnknown) {
			continue
		}
		if err != nil {
			return m, err
		}
		if c.Called() && cases.MaySee(to, c) {
			m.Cases = append(m.Cases, notice.Overdue{Case: c, Why: one.Why})
		}
	}
	slices.SortStableFunc(m.Cases, func(a, b notice.Overdue) int { return a.Case.Deadline.Compare(b.Case.Deadline) })
	return m, nil
}
