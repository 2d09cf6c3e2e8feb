package cases

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// streams are what screens want to hear about.
var streams = []string{"case", "payout", "parcel", talk, seats, erased}

// talk is the stream of messages between a customer and the shop about a case.
const talk = "message"

// seats is the stream of whispers about who is at a case; customers hear none.
const seats = "presence"

// erased is the stream that says of what the words are gone: whoever has it on the
// screen reads it again.
const erased = "erasure"

// live tells a member of staff what changes; a seller hears of the own cases
// only. With ?case= it is about that case alone, with ?type= only what is of
// one of these types: a program that waits for one thing reads nothing else.
func (s *Service) live(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	id, types := r.URL.Query().Get("case"), r.URL.Query()["type"]
	wanted := func(e event.Event) bool { return len(types) == 0 || slices.Contains(types, e.Type) }
	if id != "" || by.Kind == actor.Customer {
		if err := s.see(ctx, by, id); err != nil {
			return err
		}
		return s.Live.Serve(w, r, by, func(e event.Event) bool {
			return wanted(e) && caseOf(e) == id && (e.Stream != seats || by.Kind != actor.Customer)
		})
	}
	if by.Seller == "" {
		return s.Live.Serve(w, r, by, func(e event.Event) bool {
			return wanted(e) && (slices.Contains(streams, e.Stream) || own(by, e))
		})
	}
	theirs, err := s.ownCases(ctx, by)
	if err != nil {
		return err
	}
	return s.Live.Serve(w, r, by, func(e event.Event) bool {
		return (own(by, e) || theirs.includes(e)) && wanted(e) // in this order: what is not wanted may say which case is theirs
	})
}

// own tells whether an event is about this person: a mention in a note, or what
// the person may do from now on.
func own(by actor.Actor, e event.Event) bool {
	return (e.Stream == "mention" || e.Stream == "staff") && by.ID != "" && e.Subject == by.ID
}

func (s *Service) see(ctx context.Context, by actor.Actor, id string) error {
	return s.Store.Read(ctx, func(tx *db.Tx) error {
		_, err := ByID(ctx, tx, by, id)
		return err
	})
}

// caseOf is the case that an event is about, directly or through its payout or
// parcel; empty if none.
func caseOf(e event.Event) string {
	if e.Stream == "case" || e.Stream == talk || e.Stream == seats || e.Stream == erased {
		return e.Subject
	}
	var fact struct {
		Case string `json:"case"`
	}
	if !slices.Contains(streams, e.Stream) || json.Unmarshal(e.Data, &fact) != nil {
		return ""
	}
	return fact.Case
}

// sellersCases is what one seller may hear of: the cases there were at the
// start, and those opened since.
type sellersCases struct {
	seller string
	mu     sync.Mutex
	ids    map[string]bool
}

// mostOwn bounds the memory of a connection; a seller with more living cases
// reloads instead of hearing of the oldest.
const mostOwn = 20_000

func (s *Service) ownCases(ctx context.Context, by actor.Actor) (*sellersCases, error) {
	own := &sellersCases{seller: by.Seller, ids: map[string]bool{}}
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		living := slices.DeleteFunc(slices.Clone(States), State.Final)
		found, _, err := page(ctx, tx, by, Filter{States: living, Limit: mostOwn})
		for _, c := range found {
			own.ids[c.ID] = true
		}
		return err
	})
	return own, err
}

func (o *sellersCases) includes(e event.Event) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if e.Type == (Opened{}).Type() {
		var fact Opened
		if json.Unmarshal(e.Data, &fact) == nil && fact.Seller == o.seller {
			o.ids[e.Subject] = true
		}
	}
	return o.ids[caseOf(e)]
}
