// Package event is how a change becomes known: a fact appended to one log in
// the transaction of the change, and read from there by everybody else.
//
// It owns the log, the tail that reads it, the relay that copies it to NATS
// JetStream, and followers with their own cursor. It does not know what any
// fact means. Every committed change has exactly one row; positions are given
// in commit order of a subject, without gaps, and never change.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

// Fact is what happened, in the words of the package that announces it. It is
// stored as JSON; fields are only ever added.
type Fact interface {
	// Type is "noun.past", such as "case.approved".
	Type() string
}

// Event is one entry of the log.
type Event struct {
	ID       string          `json:"id"`
	Position int64           `json:"position"` // order in the log, from 1; 0 before it is given: see Relay
	Tenant   string          `json:"tenant"`
	Stream   string          `json:"stream"`  // kind of thing it is about: "case", "order"
	Subject  string          `json:"subject"` // id of that thing
	Version  int64           `json:"version"` // version of the thing after the change
	Type     string          `json:"type"`
	Actor    actor.Kind      `json:"actor"`
	ActorID  string          `json:"actor_id,omitempty"`
	Name     string          `json:"actor_name,omitempty"`
	At       time.Time       `json:"at"`
	Data     json.RawMessage `json:"data"`
}

// About names the thing that changed.
type About struct {
	Stream  string
	Subject string
	Version int64
}

// Append writes a fact to the log. It is the only way to announce a change.
func Append(ctx context.Context, tx *db.Tx, by actor.Actor, about About, fact Fact) error {
	data, err := json.Marshal(fact)
	if err != nil {
		return fmt.Errorf("event %s: %w", fact.Type(), err)
	}
	e := Event{
		ID: id.New("evt"), Tenant: by.Tenant, Stream: about.Stream, Subject: about.Subject, Version: about.Version,
		Type: fact.Type(), Actor: by.Kind, ActorID: by.ID, Name: by.Name, At: tx.Now, Data: data,
	}
	if err := insert(ctx, tx, e); err != nil {
		return fmt.Errorf("event %s of %s: %w", e.Type, e.Subject, err)
	}
	return nil
}

// History returns the events of one thing, oldest first: those of some types, or
// all where none is named. Whoever wants few of a long history names them.
func History(ctx context.Context, tx *db.Tx, tenant, stream, subject string, types ...string) ([]Event, error) {
	return history(ctx, tx, tenant, stream, subject, types)
}

// Page reads a tenant's events behind a position in the log's order: the feed
// that a program follows. Types are exact or families ("case.*"); none: all.
// Events that have no position yet do not show.
func Page(ctx context.Context, tx *db.Tx, tenant string, after int64, types []string, limit int) ([]Event, error) {
	return page(ctx, tx, tenant, after, types, limit)
}

// At reads a tenant's events at some positions, in no order; those that are not
// there are left out.
func At(ctx context.Context, tx *db.Tx, tenant string, positions []int64) ([]Event, error) {
	return at(ctx, tx, tenant, positions)
}

// After reads all tenants' events behind a position, for the platform itself.
func After(ctx context.Context, tx *db.Tx, position int64, limit int) ([]Event, error) {
	return after(ctx, tx, position, limit)
}

// Last is the newest position of the log.
func Last(ctx context.Context, tx *db.Tx) (int64, error) { return top(ctx, tx) }
