package notice_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// tells writes to the other side of a case, and lets the notices hear of it.
func (s *shop) tells(by actor.Actor, c cases.Case, text string, seen int64) {
	s.Helper()
	var e event.Event
	s.write(func(tx *db.Tx) error {
		talk := &message.Service{Files: &evidence.Service{}}
		if _, err := talk.Write(s.Context(), tx, by, c.ID, message.New{Text: text, Seen: seen}); err != nil {
			return err
		}
		all, err := event.History(s.Context(), tx, c.Tenant, "message", c.ID)
		e = all[len(all)-1]
		return err
	})
	_, react := s.notices.Events()
	for range 2 {
		s.write(func(tx *db.Tx) error { return react(s.Context(), tx, e) })
	}
}

// later lets time pass and answers the e-mails that went out.
func (s *shop) later(d time.Duration) (all []notice.Envelope) {
	s.Helper()
	s.outbox = nil
	s.clock.Add(d)
	s.work()
	return s.outbox
}

func TestWhatStaffWriteIsMailedOnceUnlessItWasRead(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.notices.Patience = 3 * time.Minute
		c := s.open(s.order("SO-1", 89900, ann), "en")
		s.later(0) // the request itself
		buyer := actor.Actor{Tenant: "main", Kind: actor.Customer, ID: c.Customer}
		read := func(to int64) {
			s.write(func(tx *db.Tx) error {
				return (&message.Service{}).Read(s.Context(), tx, buyer, c.ID, to)
			})
		}

		s.tells(buyer, c, "Where is it?", 0)
		if got := s.later(time.Hour); len(got) != 0 {
			t.Errorf("the customer is mailed what the customer wrote: %q", got[0].Text)
		}
		s.tells(agent, c, "On its <way>.\nTomorrow.", 1)
		if got := s.later(2 * time.Minute); len(got) != 0 {
			t.Error("there was no time to read it")
		}
		s.tells(agent, c, "Or today.", 1)
		got := s.later(61 * time.Second)
		if len(got) != 1 || !strings.Contains(got[0].Text, "On its <way>.\nTomorrow.\n\nOr today.") || !strings.Contains(got[0].Text, c.Number) ||
			!strings.Contains(got[0].HTML, "On its &lt;way&gt;.") || strings.Contains(got[0].Text, "{message}") {
			t.Fatalf("one e-mail tells both: %+v", got)
		}
		if got := s.later(time.Hour); len(got) != 0 {
			t.Errorf("what was told is told again: %q", got[0].Text)
		}
		s.tells(agent, c, "It is there.", 1)
		read(4)
		if got := s.later(time.Hour); len(got) != 0 {
			t.Errorf("what was read is mailed: %q", got[0].Text)
		}
		s.tells(agent, c, "Anything else?", 1)
		if got := s.later(time.Hour); len(got) != 1 || strings.Contains(got[0].Text, "It is there.") {
			t.Errorf("only what is new is mailed: %+v", got)
		}
	})
}

func TestWhatCouldNotBeMailedIsToldByTheNext(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("SO-1", 89900, ann), "en")
		s.later(0) // the request itself
		s.refusal = job.Dead(errors.New("mailbox full"))
		s.tells(agent, c, "Send it to the other address.", 0)
		s.later(time.Hour)
		s.refusal = nil
		s.tells(agent, c, "Did you see it?", 0)
		if got := s.later(time.Hour); len(got) != 1 || !strings.Contains(got[0].Text, "Send it to the other address.\n\nDid you see it?") {
			t.Errorf("what nobody received counts as told: %+v", got)
		}
	})
}

func TestTwoMessagesAtOnceMakeOneEmail(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("SO-1", 89900, ann), "en")
		s.later(0) // the request itself
		s.tells(agent, c, "On its way.", 0)
		s.tells(agent, c, "Tomorrow.", 0)
		s.before = func() { // another worker, while the mail server thinks about the first
			s.before = nil
			s.work()
		}
		if got := s.later(time.Hour); len(got) != 1 || !strings.Contains(got[0].Text, "On its way.\n\nTomorrow.") {
			t.Errorf("%d e-mails: %+v", len(got), got)
		}
		if got := s.later(time.Hour); len(got) != 0 {
			t.Errorf("told again: %+v", got)
		}
		all, _ := s.messages(c)
		if n := len(all); n != 2 || all[n-2][1] != "sent" || all[n-1][1] != "idle" {
			t.Errorf("messages: %v", all)
		}
	})
}

func TestAMessageIsFilledInFromItsCase(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.order("SO-1", 19900, ann), "en")
		s.write(func(tx *db.Tx) error {
			text, err := s.notices.Fill(s.Context(), tx, agent, c.ID, "en", "{name}, {number} of {order}: {amount}, {shop} {number}{x}")
			if want := c.Name + ", " + c.Number + " of " + c.OrderNumber + ": CN¥189.00, Nadel & <Faden> " + c.Number + "{x}"; text != want {
				t.Errorf("got  %s\nwant %s", text, want)
			}
			return err
		})
	})
}
