package notice

import (
	"context"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

// Escalated is the one message about cases that staff read: their time is over,
// and a person has to look. It has words in the languages of staff only.
const Escalated = "escalated"

// Overdue is a case that a person is called to, and the deadline that passed.
type Overdue struct {
	Case cases.Case
	Why  string // one of cases.Timers
}

// Called is an e-mail that calls a member of staff to cases, the longest overdue
// first.
type Called struct {
	Key, Tenant, To, Name, Language string
	Cases                           []Overdue
}

// How much an e-mail tells; the button leads to all of it.
const (
	mostCases   = 20
	mostNumbers = 3 // in the subject
)

// Call writes to a member of staff that cases wait past their time. Without mail
// nobody is written to.
func (s *Service) Call(ctx context.Context, m Called) error {
	if s.Send == nil {
		return nil
	}
	var l letter
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		l, err = s.callOf(ctx, tx, m, nil)
		return err
	})
	if err != nil {
		return err
	}
	e, err := l.envelope(m.Key, m.To)
	if err != nil {
		return err
	}
	return s.Send(ctx, e)
}

// callOf words the call with the words given, else with the shop's own, else with
// the standard ones. No name and no amount of a customer is in it: whoever reads
// on signs in.
func (s *Service) callOf(ctx context.Context, tx *db.Tx, m Called, own *Words) (letter, error) {
	shop, err := tenant.ByID(ctx, tx, m.Tenant)
	if err != nil {
		return letter{}, err
	}
	if own == nil && s.Words != nil {
		words, found, err := s.Words(ctx, tx, m.Tenant, Escalated, m.Language)
		if err != nil {
			return letter{}, err
		}
		if found {
			own = &words
		}
	}
	args := callValues(m)
	l := write(m.Language, m.Name, Escalated, args)
	l.Shop, l.Footer = shop.Name, locale.Text(m.Language, "mail.escalated.footer", nil)
	l.Link, l.Button = shop.At(s.Base)+"/console/cases?overdue=true&sort=deadline", locale.Text(m.Language, "mail.escalated.button", nil)
	if len(m.Cases) == 1 {
		l.Link, l.Button = shop.At(s.Base)+"/console/cases/"+m.Cases[0].Case.ID, locale.Text(m.Language, "mail.escalated.button_one", nil)
	}
	if own != nil {
		args["name"], args["shop"] = m.Name, l.Shop
		l.own(*own, args)
	}
	return l, nil
}

// callValues are what a text that calls staff may be filled in with.
func callValues(m Called) locale.Args {
	var numbers, lines []string
	for i, one := range m.Cases {
		if i < mostNumbers {
			numbers = append(numbers, one.Case.Number)
		}
		if i < mostCases {
			lines = append(lines, one.line(m.Language))
		}
	}
	named := strings.Join(numbers, ", ")
	if len(m.Cases) > mostNumbers {
		named += " …"
	}
	if more := len(m.Cases) - mostCases; more > 0 {
		lines = append(lines, locale.Text(m.Language, "mail.escalated.more", locale.Args{"count": more}))
	}
	return locale.Args{"numbers": named, "cases": strings.Join(lines, "\n")}
}

// told are the deadlines that have a sentence of their own.
var told = []string{cases.TimerAnswer, cases.TimerPayout, cases.TimerTransit}

func (o Overdue) line(lang string) string {
	why, at := o.Why, o.Case.Deadline
	if !slices.Contains(told, why) {
		why = "other"
	}
	if zone, err := calendar.Zone(o.Case.Terms.Zone); err == nil {
		at = at.In(zone)
	}
	return locale.Text(lang, "mail.escalated."+why, locale.Args{"number": o.Case.Number, "by": locale.Moment(lang, at)})
}

// previewCall words the call with one case, as if its time were over.
func (s *Service) previewCall(ctx context.Context, tx *db.Tx, by actor.Actor, c cases.Case, lang string, w Words) (Envelope, error) {
	why := c.Timer
	if c.Deadline.IsZero() {
		c.Deadline = tx.Now
	}
	if !slices.Contains(told, why) {
		why = cases.TimerAnswer
	}
	l, err := s.callOf(ctx, tx, Called{Tenant: c.Tenant, Name: by.Name, Language: lang, Cases: []Overdue{{c, why}}}, &w)
	if err != nil {
		return Envelope{}, err
	}
	return l.envelope("", "")
}
