package message

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
)

// Service is the verbs of conversations.
type Service struct {
	Files *evidence.Service
}

const stream = "message"

// sideOf is the side an actor speaks for.
func sideOf(by actor.Actor) Side {
	if by.Kind == actor.Customer {
		return Customer
	}
	return Shop
}

// Write adds a message to a case that the actor may see. Who writes has read
// what was on the screen; of the shop, that also answers it.
func (s *Service) Write(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, in New) (Message, error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return Message{}, err
	}
	if c.Customer == "" {
		return Message{}, ErrNobody
	}
	if in.Text, err = tidy(in.Text, len(in.Files)); err != nil {
		return Message{}, err
	}
	t, err := lock(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return Message{}, err
	}
	all, err := history(ctx, tx, by, c)
	if err != nil {
		return Message{}, err
	}
	if in.Seen < 0 || in.Seen > t.Last {
		return Message{}, ErrPlace.At("body.seen", "is behind the newest message", fmt.Sprintf("0 to %d", t.Last))
	}
	mine := sideOf(by)
	if err := room(all, mine, tx.Now); err != nil {
		return Message{}, err
	}
	if err := s.Files.Attach(ctx, tx, by, in.Files, c.ID); err != nil {
		return Message{}, err
	}
	t.Last++
	t.see(mine, in.Seen, tx.Now)
	if mine == Shop {
		t.Answered = max(t.Answered, in.Seen)
	}
	fact := Written{Case: c.ID, Seq: t.Last, By: mine, Language: in.Language, Text: in.Text, Files: in.Files, Reply: in.Reply}
	m, err := s.change(ctx, tx, by, c, t, fact)
	if err != nil {
		return Message{}, err
	}
	// Last, because the case is held now: who erases its customer was before, or
	// finds this message.
	if there, err := reaches(ctx, tx, c); err != nil || !there {
		return Message{}, cmp.Or(err, error(ErrNobody))
	}
	return m, nil
}

// reaches reports whether a case has a customer who could read a message.
func reaches(ctx context.Context, tx *db.Tx, c cases.Case) (bool, error) {
	if c.Customer == "" {
		return false, nil
	}
	at, err := customer.ErasedAt(ctx, tx, c.Tenant, c.Customer)
	return at.IsZero(), err
}

// room refuses what is too much at once, or altogether.
func room(all []Message, mine Side, now time.Time) error {
	if len(all) >= mostAll {
		return ErrFull.With("limit", mostAll)
	}
	lately := 0
	for _, m := range all {
		if m.Side == mine && now.Sub(m.At) < within {
			lately++
		}
	}
	if lately >= fastest[mine] {
		return ErrFast.With("limit", fastest[mine]).With("seconds", int64(within/time.Second))
	}
	return nil
}

// see moves how far a side has read, never back. It tells whether it moved.
func (t *Thread) see(who Side, to int64, at time.Time) bool {
	if to <= t.Read[who] {
		return false
	}
	t.Read[who], t.ReadAt[who] = to, at
	return true
}

// change saves a conversation, announces why, and tells the list of cases. It
// answers the newest message.
func (s *Service) change(ctx context.Context, tx *db.Tx, by actor.Actor, c cases.Case, t Thread, fact event.Fact) (Message, error) {
	if err := save(ctx, tx, t); err != nil {
		return Message{}, err
	}
	if err := event.Append(ctx, tx, by, event.About{Stream: stream, Subject: c.ID, Version: t.Version}, fact); err != nil {
		return Message{}, err
	}
	all, err := history(ctx, tx, by, c)
	if err != nil || len(all) == 0 {
		return Message{}, err
	}
	return all[len(all)-1], cases.Talked(ctx, tx, c.Tenant, c.ID, t.talk(all))
}

// talk is what the list of cases shows of a conversation.
func (t Thread) talk(all []Message) (sum cases.Talk) {
	for _, m := range all {
		switch {
		case m.Side == Shop && m.Seq > t.Read[Customer]:
			sum.News++
		case m.Side == Customer && m.Seq > t.Read[Shop]:
			sum.Unread++
		}
		if m.Side == Customer && m.Seq > t.Answered && sum.WroteAt.IsZero() {
			sum.WroteAt = m.At
		}
	}
	return sum
}

// history are the messages of a case that are not erased, the oldest first.
func history(ctx context.Context, tx *db.Tx, by actor.Actor, c cases.Case) (all []Message, err error) {
	events, err := event.History(ctx, tx, c.Tenant, stream, c.ID)
	if err != nil {
		return nil, fmt.Errorf("messages of case %s: %w", c.ID, err)
	}
	for _, e := range events {
		var fact Written
		if e.Type != fact.Type() || json.Unmarshal(e.Data, &fact) != nil || fact.Seq == 0 {
			continue
		}
		m := Message{ID: e.ID, Seq: fact.Seq, Side: fact.By, At: e.At, Language: fact.Language, Text: fact.Text, Files: fact.Files,
			Mine: e.Actor == by.Kind && e.ActorID == by.ID}
		if e.Actor == actor.Staff {
			m.Name = e.Name
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Message) int { return int(a.Seq - b.Seq) })
	return all, nil
}

// Page reads the messages of a case before a place (0: from the end), the oldest
// first, and how far the conversation is. more tells whether there are older ones.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, before int64, limit int) (t Thread, some []Message, more bool, err error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return t, nil, false, err
	}
	if t, err = byCase(ctx, tx, c.Tenant, c.ID); err != nil {
		return t, nil, false, err
	}
	all, err := history(ctx, tx, by, c)
	if err != nil {
		return t, nil, false, err
	}
	if before > 0 {
		all = slices.DeleteFunc(all, func(m Message) bool { return m.Seq >= before })
	}
	if len(all) > limit {
		return t, all[len(all)-limit:], true, nil
	}
	return t, all, false, nil
}

// Read notes that the actor's side has read a conversation up to a place. What
// was read before changes nothing.
func (s *Service) Read(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, to int64) error {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return err
	}
	t, err := byCase(ctx, tx, c.Tenant, c.ID)
	mine := sideOf(by)
	switch {
	case err != nil:
		return err
	case to < 1 || to > t.Last:
		return ErrPlace.At("body.to", "is no place in the conversation", fmt.Sprintf("1 to %d", t.Last))
	case to <= t.Read[mine]:
		return nil
	}
	if t, err = lock(ctx, tx, c.Tenant, c.ID); err != nil || !t.see(mine, to, tx.Now) {
		return err
	}
	_, err = s.change(ctx, tx, by, c, t, ReadFact{Case: c.ID, By: mine, To: to})
	return err
}

// Settle notes that what the customer wrote up to a place needs no answer.
func (s *Service) Settle(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, to int64) error {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return err
	}
	t, err := lock(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return err
	}
	if to < 1 || to > t.Last {
		return ErrPlace.At("body.to", "is no place in the conversation", fmt.Sprintf("1 to %d", t.Last))
	}
	if to <= t.Answered {
		return nil
	}
	t.Answered = to
	t.see(Shop, to, tx.Now)
	_, err = s.change(ctx, tx, by, c, t, SettledFact{Case: c.ID, To: to})
	return err
}

// Unmailed is the place up to which the customer has to be told by e-mail; 0
// where everything was read or told.
func Unmailed(ctx context.Context, tx *db.Tx, tenant, caseID string) (int64, error) {
	c, err := cases.ByID(ctx, tx, actor.Of(tenant), caseID)
	if err != nil {
		return 0, err
	}
	news, err := News(ctx, tx, c)
	if err != nil || len(news) == 0 {
		return 0, err
	}
	return news[len(news)-1].Seq, nil
}

// News are the messages of the shop that the customer has not read and that no
// e-mail has told.
func News(ctx context.Context, tx *db.Tx, c cases.Case) ([]Message, error) {
	t, err := byCase(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return nil, err
	}
	all, err := history(ctx, tx, actor.Of(c.Tenant), c)
	return slices.DeleteFunc(all, func(m Message) bool {
		return m.Side != Shop || m.Seq <= max(t.Read[Customer], t.Mailed)
	}), err
}

// Mailed notes that an e-mail told the customer of the conversation up to a
// place.
func Mailed(ctx context.Context, tx *db.Tx, tenant, caseID string, to int64) error {
	return mailed(ctx, tx, tenant, caseID, to)
}
