package cases

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Refusals of taking a note back.
var (
	ErrNoteUnknown = fault.New(fault.Missing, "cases.note_unknown", "There is no such note that you wrote.")
	ErrNoteOld     = fault.New(fault.Conflict, "cases.note_old", "The note has been there too long to be taken back. Write another one.")
)

// TakeBackTime is how long the writer of a note can take it back.
const TakeBackTime = 10 * time.Minute

// mentioned looks the colleagues up whom a note names. Who may not see the case
// is kept with the note, so that its writer learns it, and hears nothing.
func mentioned(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, ids []string) (all []Mentioned, err error) {
	for _, id := range ids {
		if id == by.ID || slices.ContainsFunc(all, func(m Mentioned) bool { return m.ID == id }) {
			continue
		}
		a, err := account.ByID(ctx, tx, c.Tenant, id)
		if errors.Is(err, account.ErrUnknown) {
			return nil, ErrPeople.At("mentions", "names nobody of this shop", "ids of members of staff")
		}
		if err != nil {
			return nil, err
		}
		if by.Seller != "" && a.Seller != by.Seller { // a seller's people do not know the shop's
			return nil, ErrPeople.At("mentions", "names nobody of this shop", "ids of members of staff")
		}
		all = append(all, Mentioned{ID: a.ID, Name: a.Name, Told: MaySee(a, *c)})
	}
	return all, nil
}

// MaySee tells whether a member of staff can sign in and look at a case.
func MaySee(a account.Account, c Case) bool {
	return a.State == account.Active && slices.Contains(role.Permissions(a.Role), role.CaseRead) && (a.Seller == "" || a.Seller == c.Seller)
}

// TakeBack withdraws a note of the actor's own, named by its event, within
// TakeBackTime. The log keeps what was written; no screen shows it any more.
func (s *Service) TakeBack(ctx context.Context, tx *db.Tx, by actor.Actor, id, note string) (Case, error) {
	c, err := ByID(ctx, tx, by, id)
	if err != nil {
		return Case{}, err
	}
	events, err := event.History(ctx, tx, c.Tenant, "case", c.ID, Noted{}.Type(), NoteTakenBack{}.Type())
	if err != nil {
		return Case{}, err
	}
	at := slices.IndexFunc(events, func(e event.Event) bool {
		return e.ID == note && e.Type == (Noted{}).Type() && e.Actor == by.Kind && e.ActorID == by.ID
	})
	switch {
	case at < 0:
		return Case{}, ErrNoteUnknown
	case takenBack(events)[note]: // once is enough
		return c, nil
	case tx.Now.Sub(events[at].At) > TakeBackTime:
		return Case{}, ErrNoteOld.With("written_at", events[at].At)
	}
	return c, event.Append(ctx, tx, by, about(&c), NoteTakenBack{Note: note})
}

// takenBack lists the notes that are shown no more, by their events.
func takenBack(events []event.Event) map[string]bool {
	gone := map[string]bool{}
	for _, e := range events {
		var fact NoteTakenBack
		if e.Type == fact.Type() && json.Unmarshal(e.Data, &fact) == nil {
			gone[fact.Note] = true
		}
	}
	return gone
}

// lookNotes adds to the entries of notes who was told, and takes the words of
// those away that were taken back.
func lookNotes(by actor.Actor, events []event.Event, all []TimelineView, now time.Time) {
	gone, places := takenBack(events), make(map[string]int, len(all))
	for i := range all {
		places[all[i].ID] = i
	}
	for _, e := range events {
		at, shown := places[e.ID]
		if !shown || e.Type != (Noted{}).Type() {
			continue
		}
		if gone[e.ID] {
			all[at].Note, all[at].TakenBack = "", true
			continue
		}
		var fact Noted
		if json.Unmarshal(e.Data, &fact) == nil {
			all[at].Mentions = fact.Mentions
		}
		all[at].Mine = e.Actor == by.Kind && e.ActorID == by.ID && now.Sub(e.At) <= TakeBackTime
	}
}

// NoteText is a remark as those see it who may see its case.
type NoteText struct {
	Text string
	By   string // name
	At   time.Time
}

// NoteOf reads a remark by its event; ErrNoteUnknown where it was taken back.
func NoteOf(ctx context.Context, tx *db.Tx, c Case, id string) (NoteText, error) {
	events, err := event.History(ctx, tx, c.Tenant, "case", c.ID, Noted{}.Type(), NoteTakenBack{}.Type())
	if err != nil {
		return NoteText{}, err
	}
	at := slices.IndexFunc(events, func(e event.Event) bool { return e.ID == id && e.Type == (Noted{}).Type() })
	if at < 0 || takenBack(events)[id] {
		return NoteText{}, ErrNoteUnknown
	}
	var fact Noted
	if err := json.Unmarshal(events[at].Data, &fact); err != nil {
		return NoteText{}, err
	}
	return NoteText{Text: fact.Text, By: events[at].Name, At: events[at].At}, nil
}
