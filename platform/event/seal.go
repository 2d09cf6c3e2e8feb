package event

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/seal/leaf"
)

// Seal is what the sealed log needs of an event.
type Seal struct {
	Position int64
	Kind     byte
	Content  leaf.Hash
	Previous leaf.Hash // content of the event before it in its stream; zero: it is the first
	Missing  bool      // the event was not written by Append: see Adopt
}

// Entry is the event's entry of the sealed log.
func (s Seal) Entry() []byte { return leaf.Entry(s.Kind, s.Content, s.Previous) }

// Sealed is an event with what proves it.
type Sealed struct {
	Event
	Seal
	Stored   string // data exactly as it is stored
	WhoSalt  []byte // opens who acted; nil once the body was erased
	DataSalt []byte // opens the data; nil once the body was erased
	Age      int    // how many keys of the installation are newer than the one it was written with
	erased   [2]leaf.Hash
}

// Gone tells whether the body was erased: who acted, and the data.
func (s Sealed) Gone() bool { return s.WhoSalt == nil }

// Leaf is what is sealed of the event.
func (s Sealed) Leaf() leaf.Event { return leafOf(s.Event, s.Stored) }

// Body is the commitments to who acted and to the data as they are now, or were
// before they were erased.
func (s Sealed) Body() (who, data leaf.Hash) {
	if s.Gone() {
		return s.erased[0], s.erased[1]
	}
	one := s.Leaf()
	return leaf.Who(s.WhoSalt, one), leaf.Data(s.DataSalt, one)
}

// True tells whether the event is what was committed to.
func (s Sealed) True() bool {
	who, data := s.Body()
	return !s.Missing && leaf.Content(s.Leaf(), who, data) == s.Content
}

func leafOf(e Event, data string) leaf.Event {
	return leaf.Event{
		Tenant: e.Tenant, ID: e.ID, Stream: e.Stream, Subject: e.Subject, Version: e.Version, Type: e.Type,
		ActorKind: string(e.Actor), At: db.Millis(e.At), ActorID: e.ActorID, ActorName: e.Name, Data: data,
	}
}

// stamp commits to an event with a fresh nonce. The salt cannot be had from the
// nonce without the installation's key: nobody who can only write to the
// database can make an event that passes for one of ours.
func stamp(tx *db.Tx, e Event) (nonce []byte, content leaf.Hash) {
	nonce = make([]byte, 16)
	_, _ = rand.Read(nonce) // crypto/rand never fails; it ends the process instead
	one := leafOf(e, string(e.Data))
	who, data := saltsOf(tx, 0, nonce)
	return nonce, leaf.Content(one, leaf.Who(who, one), leaf.Data(data, one))
}

func saltsOf(tx *db.Tx, key int, nonce []byte) (who, data []byte) {
	return tx.MACWith(key, append([]byte("aftercare/salt/1/who\n"), nonce...)), tx.MACWith(key, append([]byte("aftercare/salt/1/data\n"), nonce...))
}

// open finds the salts under the key that the event was written with; what fits
// none of them gets those of the newest, under which it is not true either.
func (s *Sealed) open(tx *db.Tx, nonce []byte) {
	for n := range tx.Keys() {
		if s.WhoSalt, s.DataSalt = saltsOf(tx, n, nonce); s.True() {
			s.Age = n
			return
		}
	}
	s.WhoSalt, s.DataSalt = saltsOf(tx, 0, nonce)
}

// Seals reads what is to be sealed behind a position.
func Seals(ctx context.Context, tx *db.Tx, position int64, limit int) ([]Seal, error) {
	return seals(ctx, tx, position, limit)
}

// SealedAfter reads events of all tenants behind a position with what proves them.
func SealedAfter(ctx context.Context, tx *db.Tx, position int64, limit int) ([]Sealed, error) {
	return sealedAfter(ctx, tx, position, limit)
}

// SealedHistory is History with what proves each event.
func SealedHistory(ctx context.Context, tx *db.Tx, tenant, stream, subject string) ([]Sealed, error) {
	return sealedHistory(ctx, tx, tenant, stream, subject)
}

// Adopt commits to an event that has no commitment: it is older than the log of
// seals, or was put into the database by something else than this program. Its
// entry says so for ever.
func Adopt(ctx context.Context, tx *db.Tx, position int64) error {
	s, err := sealedAt(ctx, tx, position)
	if err != nil {
		return fmt.Errorf("event at position %d: %w", position, err)
	}
	e := s.Event
	e.Data = []byte(s.Stored)
	nonce, content := stamp(tx, e)
	return adopt(ctx, tx, s.Event, nonce, content)
}

// Erased says that the bodies of events were erased: who acted, and the data.
// What is left proves when something of this type happened, and nothing more.
type Erased struct {
	Stream  string   `json:"stream"`
	Subject string   `json:"subject"`
	Events  []string `json:"events"`
	Reason  string   `json:"reason"`
}

// Type is described at Fact.
func (Erased) Type() string { return "data.erased" }

// Erase removes the bodies of all events of one thing, and the salts that could
// tell what they were. Every proof stays valid. It is announced, because a body
// that is gone without an announcement was removed by somebody else.
func Erase(ctx context.Context, tx *db.Tx, by actor.Actor, stream, subject, reason string) (int, error) {
	all, err := sealedHistory(ctx, tx, by.Tenant, stream, subject)
	if err != nil {
		return 0, err
	}
	return EraseThese(ctx, tx, by, About{Stream: stream, Subject: subject}, all, reason)
}

// EraseThese is Erase for single events of the actor's shop; about is what they
// have in common. Those that are erased already, or have no commitment yet, are
// left out.
func EraseThese(ctx context.Context, tx *db.Tx, by actor.Actor, about About, all []Sealed, reason string) (int, error) {
	fact := Erased{Stream: about.Stream, Subject: about.Subject, Reason: reason}
	for _, s := range all {
		if s.Gone() || s.Missing || s.Tenant != by.Tenant {
			continue
		}
		who, data := s.Body()
		if err := erase(ctx, tx, by.Tenant, s.ID, append(who[:], data[:]...)); err != nil {
			return 0, fmt.Errorf("erase event %s: %w", s.ID, err)
		}
		fact.Events = append(fact.Events, s.ID)
	}
	if len(fact.Events) == 0 {
		return 0, nil
	}
	return len(fact.Events), Append(ctx, tx, by, About{Stream: "erasure", Subject: about.Subject}, fact)
}
