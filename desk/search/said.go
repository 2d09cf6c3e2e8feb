package search

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/words"
	"github.com/aftercare/aftercare/sales/customer"
)

const (
	mostWishes  = 8   // words of a text that are looked for
	mostPairs   = 10  // of a run of dense characters
	mostAlike   = 20  // words that begin with a word
	mostCompare = 500 // words that a misspelt one is compared with
	rowsWhole   = 32  // of a word as it was typed
	rowsAlike   = 8   // of one that begins so, and of a pair among several
	textsAtOnce = 20
	mostTexts   = 80 // that are read for one answer
)

// Said is a message or a note that has what was looked for.
type Said struct {
	Case     cases.Case
	ID       string // of its event
	Note     bool
	Seq      int64 // of a message, its place in the conversation
	Side     string
	Name     string // of the member of staff who wrote it
	At       time.Time
	Sentence []Part
}

// findSaid lists the newest messages and notes with all words of a text, one of
// a case, among the cases that the actor may see. Where there are none, slips of
// the keyboard are forgiven.
func findSaid(ctx context.Context, tx *db.Tx, by actor.Actor, text string, limit int) ([]Said, error) {
	var wishes []run
	for _, r := range runs(fold(text)) {
		if r.dense || len(r.text) > 1 {
			wishes = append(wishes, r)
		}
	}
	if len(wishes) == 0 || len(wishes) > mostWishes {
		return nil, nil
	}
	of := whose{by.Tenant, by.Seller}
	for _, loosely := range []bool{false, true} {
		var all []known
		for _, wish := range wishes {
			one, err := lookUp(ctx, tx, of, wish, loosely)
			if err != nil {
				return nil, err
			}
			if all = append(all, one); len(one.places) == 0 {
				break
			}
		}
		found, err := read(ctx, tx, by, every(all).places, wishes, loosely, limit)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// lookUp finds where a word, or a run of dense characters, was written.
func lookUp(ctx context.Context, tx *db.Tx, of whose, wish run, loosely bool) (known, error) {
	text := string(wish.text[:min(longestTerm, len(wish.text))])
	if wish.dense && len(wish.text) > 1 {
		pairs := wish.pairs()
		all, err := each(ctx, tx, of, pairs[:min(mostPairs, len(pairs))], rowsWhole)
		switch {
		case err != nil:
			return known{}, err
		case loosely && len(wish.text) >= 3:
			return mostOf(all), nil
		}
		return every(all), nil
	}
	same, err := newest(ctx, tx, of, text, rowsWhole)
	if err != nil {
		return known{}, err
	}
	others, err := beginning(ctx, tx, of, text, mostAlike)
	if err != nil {
		return known{}, err
	}
	if loosely && !wish.dense {
		misspelt, err := nearly(ctx, tx, of, text)
		if err != nil {
			return known{}, err
		}
		others = append(others, misspelt...)
	}
	others = slices.DeleteFunc(others, func(term string) bool { return term == text })
	all, err := each(ctx, tx, of, others, rowsAlike)
	return either(append(all, same)), err
}

// mostOf forgives one character: it is in two pairs, at an end in one.
func mostOf(all []known) known { return most(all, min(2, len(all)-1)) }

func each(ctx context.Context, tx *db.Tx, of whose, terms []string, rows int) ([]known, error) {
	all := make([]known, 0, len(terms))
	for _, term := range terms {
		one, err := newest(ctx, tx, of, term, rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// nearly lists words that are a word but for a slip of the keyboard: behind the
// first letter, or the first two swapped.
func nearly(ctx context.Context, tx *db.Tx, of whose, word string) (found []string, err error) {
	head := []rune(word)
	if len(head) < 4 {
		return nil, nil
	}
	for _, from := range []string{string(head[:(len(head)+1)/2]), string(head[:2]), string([]rune{head[0], head[2]}), string([]rune{head[1], head[0]})} {
		all, err := beginning(ctx, tx, of, from, mostCompare)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			runes := []rune(one)
			if words.Near(word, one) || len(runes) > len(head) && words.Near(word, string(runes[:len(head)])) {
				found = append(found, one)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found[:min(mostAlike, len(found))], nil
}

// read reads the messages and notes at some places, the newest first, and keeps
// those that have the words and that the actor may read.
func read(ctx context.Context, tx *db.Tx, by actor.Actor, places []int64, wishes []run, loosely bool, limit int) (found []Said, err error) {
	reader := customer.ReaderFor(by)
	for some := range slices.Chunk(places[:min(mostTexts, len(places))], textsAtOnce) {
		events, err := event.At(ctx, tx, by.Tenant, some)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(events, func(a, b event.Event) int { return int(b.Position - a.Position) })
		mine, err := visible(ctx, tx, by, events)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			c, sees := mine[e.Subject]
			if !sees || slices.ContainsFunc(found, func(s Said) bool { return s.Case.ID == c.ID }) {
				continue
			}
			one, matches, err := match(ctx, tx, reader, c, e, wishes, loosely)
			if err != nil {
				return nil, err
			}
			if matches {
				found = append(found, one)
			}
			if len(found) == limit {
				return found, nil
			}
		}
	}
	return found, nil
}

// visible are the cases of some events that the actor may see.
func visible(ctx context.Context, tx *db.Tx, by actor.Actor, events []event.Event) (map[string]cases.Case, error) {
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.Subject
	}
	slices.Sort(ids)
	found, err := cases.ByIDs(ctx, tx, by.Tenant, slices.Compact(ids))
	mine := make(map[string]cases.Case, len(found))
	for _, c := range found {
		if by.Seller == "" || c.Seller == by.Seller {
			mine[c.ID] = c
		}
	}
	return mine, err
}

// match looks at a text as its reader may see it: what is hidden in it is not
// found either.
func match(ctx context.Context, tx *db.Tx, reader *customer.Reader, c cases.Case, e event.Event, wishes []run, loosely bool) (one Said, matches bool, err error) {
	s, err := saidIn(e)
	if err != nil {
		return one, false, err
	}
	if s.Text, err = reader.Text(ctx, tx, c.Tenant, c.Customer, s.Text); err != nil {
		return one, false, err
	}
	there := marks(fold(s.Text), wishes, loosely)
	if len(there) == 0 {
		return one, false, nil
	}
	if isNote(e) { // it may have been taken back a moment ago
		if _, err := cases.NoteOf(ctx, tx, c, e.ID); errors.Is(err, cases.ErrNoteUnknown) {
			return one, false, nil
		} else if err != nil {
			return one, false, err
		}
	}
	one = Said{Case: c, ID: e.ID, Note: isNote(e), Seq: s.Seq, Side: s.Side, At: e.At, Sentence: sentence(s.Text, there)}
	if e.Actor == actor.Staff {
		one.Name = strings.TrimSpace(e.Name)
	}
	if one.Note || one.Side == string(message.Shop) {
		one.Side = string(message.Shop)
	}
	return one, true, nil
}
