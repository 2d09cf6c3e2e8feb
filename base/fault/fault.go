// Package fault describes refusals that a caller can act on: a stable code, a
// title that never varies, and facts about this one occurrence.
//
// It owns the kinds of refusal and the list of all declared ones. It does not
// know HTTP: platform/httpapi turns kinds into statuses. Codes never change
// their meaning; a code is declared once, as a package variable.
package fault

import (
	"maps"
	"slices"
	"sync"
)

// Kind says what the caller should do about a refusal.
type Kind string

const (
	Invalid         Kind = "invalid"         // the request cannot be understood: correct it (422)
	Unauthenticated Kind = "unauthenticated" // who is asking is not known: sign in (401)
	Denied          Kind = "denied"          // known, but not allowed (403)
	Missing         Kind = "missing"         // does not exist, or may not be seen (404)
	Conflict        Kind = "conflict"        // true, but not in the present state (409)
	Stale           Kind = "stale"           // changed since it was read: read again (412)
	Limited         Kind = "limited"         // too many or too much: wait or send less (429)
	Busy            Kind = "busy"            // try again later (503)
)

// Fault is one refusal. The zero value is not useful: declare faults with New.
type Fault struct {
	Kind   Kind
	Code   string // "package.word", stable for ever
	Title  string // one sentence, the same each time
	Detail string // what happened this time, in English; may be empty
	Facts  map[string]any
	Fields []Field
}

// Field points at one wrong part of the input.
type Field struct {
	Field    string `json:"field"`              // path, as in items[0].quantity
	Message  string `json:"message"`            // what is wrong
	Expected string `json:"expected,omitempty"` // what would be right

	Code string            `json:"code,omitempty"` // stable, where what is wrong has one
	Says map[string]string `json:"says,omitempty"` // the sentence by language, where there are words for it
}

var declared struct {
	sync.Mutex
	all []*Fault
}

// New declares a fault. Two declarations of one code are a bug and panic, so
// that the list of problems stays a dictionary.
func New(kind Kind, code, title string) *Fault {
	f := &Fault{Kind: kind, Code: code, Title: title}
	declared.Lock()
	defer declared.Unlock()
	for _, other := range declared.all {
		if other.Code == code {
			panic("fault: code declared twice: " + code)
		}
	}
	declared.all = append(declared.all, f)
	return f
}

// All lists the declared faults by code, for the generated problem list.
func All() []*Fault {
	declared.Lock()
	defer declared.Unlock()
	all := slices.Clone(declared.all)
	slices.SortFunc(all, func(a, b *Fault) int {
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return all
}

// Error gives code and title; facts stay out of it, they may be personal.
func (f *Fault) Error() string {
	if f.Detail != "" {
		return f.Code + ": " + f.Title + " " + f.Detail
	}
	return f.Code + ": " + f.Title
}

// Is makes errors.Is compare by code, so that a fault with facts still is the
// declared one.
func (f *Fault) Is(target error) bool {
	other, ok := target.(*Fault)
	return ok && other.Code == f.Code
}

// With returns a copy that carries one more fact.
func (f *Fault) With(key string, value any) *Fault {
	c := f.clone()
	c.Facts[key] = value
	return c
}

// Because returns a copy with a sentence on what happened this time.
func (f *Fault) Because(detail string) *Fault {
	c := f.clone()
	c.Detail = detail
	return c
}

// At returns a copy that points at one more wrong field.
func (f *Fault) At(field, message, expected string) *Fault {
	return f.AtField(Field{Field: field, Message: message, Expected: expected})
}

// mostFields is how many wrong fields a refusal points at. Nobody reads more, and
// who sends a million mistakes is not to have each of them written down.
const mostFields = 100

// AtField is At with all that is known about the field. Behind the first hundred
// it changes nothing.
func (f *Fault) AtField(field Field) *Fault {
	if len(f.Fields) >= mostFields {
		return f
	}
	c := f.clone()
	c.Fields = append(c.Fields, field)
	return c
}

func (f *Fault) clone() *Fault {
	c := *f
	c.Facts = maps.Clone(f.Facts)
	if c.Facts == nil {
		c.Facts = map[string]any{}
	}
	c.Fields = slices.Clone(f.Fields)
	return &c
}
