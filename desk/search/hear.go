package search

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	hearKind  = "search.hear"
	hearSize  = 50                    // messages that are read in one transaction
	hearPause = 50 * time.Millisecond // between them, so that nobody waits for them
)

// Follower names who hears what people write. Words are cut as this version cuts
// them: another way of cutting is another follower, on an empty table.
const Follower = "search.said.1"

// Events is what to hear of and how: that something was written is noted, and
// read by a job. The log is heard from its beginning.
func Events(q *job.Queue) ([]string, event.Reaction) {
	types := []string{message.Written{}.Type(), cases.Noted{}.Type(), cases.NoteTakenBack{}.Type()}
	return types, func(ctx context.Context, tx *db.Tx, e event.Event) error {
		if err := hear(ctx, tx, e.Tenant, e.Position); err != nil {
			return err
		}
		return q.Enqueue(ctx, tx, job.New{Tenant: e.Tenant, Kind: hearKind, Key: "hear"})
	}
}

func hearJobs(q *job.Queue) {
	q.Handle(hearKind, func(ctx context.Context, tx *db.Tx, j job.Job) error {
		more, err := Hear(ctx, tx, j.Tenant, hearSize)
		if err != nil || !more {
			return err
		}
		return q.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: hearKind, Key: "hear", RunAt: tx.Now.Add(hearPause)})
	})
}

// said is what somebody wrote about a case.
type said struct {
	Text string `json:"text"`
	Seq  int64  `json:"seq"`  // of a message, its place in the conversation
	Side string `json:"by"`   // of a message
	Note string `json:"note"` // the note that is taken back
}

func saidIn(e event.Event) (s said, err error) {
	err = json.Unmarshal(e.Data, &s)
	return s, err
}

func isNote(e event.Event) bool { return e.Type == cases.Noted{}.Type() }

// words are places of words by whose they are and which.
type wordPlaces map[whose]map[string][]int64

func (w wordPlaces) add(tenant, seller, text string, place int64) {
	scopes := []string{""}
	if seller != "" {
		scopes = append(scopes, seller)
	}
	for _, term := range terms(text) {
		for _, scope := range scopes {
			of := whose{tenant, scope}
			if w[of] == nil {
				w[of] = map[string][]int64{}
			}
			w[of][term] = append(w[of][term], place)
		}
	}
}

// Hear makes the next messages and notes of a shop searchable. It tells whether
// there may be more. It reads them from the log, where what was erased is empty.
func Hear(ctx context.Context, tx *db.Tx, tenant string, limit int) (more bool, err error) {
	if err := lockSaid(ctx, tx, tenant); err != nil {
		return false, err
	}
	places, err := heard(ctx, tx, tenant, limit)
	if err != nil || len(places) == 0 {
		return false, err
	}
	events, err := event.At(ctx, tx, tenant, places)
	if err != nil {
		return false, err
	}
	seller, err := sellers(ctx, tx, tenant, events)
	if err != nil {
		return false, err
	}
	added, gone := wordPlaces{}, wordPlaces{}
	for _, e := range events {
		s, err := saidIn(e)
		if err != nil {
			return false, fmt.Errorf("reading event %s: %w", e.ID, err)
		}
		of, there := seller[e.Subject]
		switch {
		case !there:
		case s.Note == "":
			added.add(tenant, of, s.Text, e.Position)
		default:
			if err := takenBack(ctx, tx, e, s.Note, func(text string, place int64) { gone.add(tenant, of, text, place) }); err != nil {
				return false, err
			}
		}
	}
	if err := addPlaces(ctx, tx, added); err != nil {
		return false, fmt.Errorf("adding words of %d messages: %w", len(events), err)
	}
	if err := takeOut(ctx, tx, gone); err != nil {
		return false, err
	}
	return len(places) == limit, unhear(ctx, tx, tenant, places[len(places)-1])
}

// sellers tells whose the cases of some events are.
func sellers(ctx context.Context, tx *db.Tx, tenant string, events []event.Event) (map[string]string, error) {
	ids := map[string]bool{}
	for _, e := range events {
		ids[e.Subject] = true
	}
	found, err := cases.ByIDs(ctx, tx, tenant, slices.Sorted(maps.Keys(ids)))
	of := make(map[string]string, len(found))
	for _, c := range found {
		of[c.ID] = c.Seller
	}
	return of, err
}

func takenBack(ctx context.Context, tx *db.Tx, e event.Event, note string, tell func(text string, place int64)) error {
	all, err := event.History(ctx, tx, e.Tenant, e.Stream, e.Subject, cases.Noted{}.Type())
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.ID == note {
			s, err := saidIn(one)
			if err != nil {
				return err
			}
			tell(s.Text, one.Position)
		}
	}
	return nil
}

// Forget takes the words of some cases out. It must come before their events are
// erased: what they say tells which words are theirs.
func Forget(ctx context.Context, tx *db.Tx, tenant string, ids []string) error {
	if err := lockSaid(ctx, tx, tenant); err != nil {
		return err
	}
	found, err := cases.ByIDs(ctx, tx, tenant, ids)
	if err != nil {
		return err
	}
	gone := wordPlaces{}
	for _, c := range found {
		for _, stream := range []string{"message", "case"} {
			all, err := event.History(ctx, tx, tenant, stream, c.ID, message.Written{}.Type(), cases.Noted{}.Type())
			if err != nil {
				return err
			}
			for _, e := range all {
				if s, err := saidIn(e); err == nil {
					gone.add(tenant, c.Seller, s.Text, e.Position)
				}
			}
		}
	}
	return takeOut(ctx, tx, gone)
}

// addPlaces puts places behind those that each word has.
func addPlaces(ctx context.Context, tx *db.Tx, words wordPlaces) error {
	for of, all := range words {
		names := slices.Sorted(maps.Keys(all))
		last, err := tails(ctx, tx, of, names)
		if err != nil {
			return err
		}
		var rows []row
		for _, term := range names {
			places, tail := all[term], last[term]
			if len(tail.places) > 0 && places[0] < tail.first { // heard late
				if err := addEach(ctx, tx, of, term, places); err != nil {
					return err
				}
				continue
			}
			rows = append(rows, split(term, append(tail.places, places...))...)
		}
		if err := saveRows(ctx, tx, of, rows); err != nil {
			return err
		}
	}
	return nil
}

// split makes rows of places in any order.
func split(term string, places []int64) (rows []row) {
	slices.Sort(places)
	for some := range slices.Chunk(slices.Compact(places), perRow) {
		rows = append(rows, row{term, some[0], some})
	}
	return rows
}

func addEach(ctx context.Context, tx *db.Tx, of whose, term string, places []int64) error {
	for _, place := range places {
		there, err := at(ctx, tx, of, term, place)
		if err != nil {
			return err
		}
		all := []int64{place}
		if len(there) > 0 {
			all = append(all, there[0].places...)
		}
		if err := saveRows(ctx, tx, of, split(term, all)); err != nil {
			return err
		}
	}
	return nil
}

func takeOut(ctx context.Context, tx *db.Tx, words wordPlaces) error {
	for of, all := range words {
		for _, term := range slices.Sorted(maps.Keys(all)) {
			for _, place := range all[term] {
				there, err := at(ctx, tx, of, term, place)
				if err != nil {
					return err
				}
				if len(there) == 0 || !slices.Contains(there[0].places, place) {
					continue
				}
				left := slices.DeleteFunc(there[0].places, func(p int64) bool { return p == place })
				if len(left) == 0 {
					err = dropRow(ctx, tx, of, there[0])
				} else {
					err = saveRows(ctx, tx, of, []row{{term, there[0].first, left}})
				}
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}
