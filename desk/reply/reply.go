// Package reply keeps ready-made texts for messages to customers, by language.
//
// It owns these texts, who may use which, and the check that they can be filled
// in. It does not own messages (desk/message) or the values of variables
// (desk/notice). A text with a variable that there is not is never stored, so
// that no customer reads braces; what a text becomes is shown before it is sent.
package reply

import (
	"regexp"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrUnknown  = fault.New(fault.Missing, "reply.unknown", "There is no such ready-made text.")
	ErrInvalid  = fault.New(fault.Invalid, "reply.invalid", "The ready-made text cannot be kept like this.")
	ErrStale    = fault.New(fault.Stale, "reply.stale", "The ready-made text has changed since you read it.")
	ErrTaken    = fault.New(fault.Conflict, "reply.shortcut_taken", "Another ready-made text has this shortcut.")
	ErrMany     = fault.New(fault.Limited, "reply.too_many", "There are as many ready-made texts as there can be.")
	ErrLanguage = fault.New(fault.Missing, "reply.no_text", "The ready-made text has no words.")
)

// Limits.
const (
	maxTitle    = 80
	maxText     = 4000
	mostShared  = 500 // of a shop, or of a seller
	mostOwn     = 200 // of a person
	fallingBack = "en"
)

// shortcuts are what is typed behind the slash: letters, digits and dashes of
// any script, so that Chinese ones work as well.
var shortcuts = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{Nd}][\p{Ll}\p{Lo}\p{M}\p{Nd}-]{0,29}$`)

// Reply is a ready-made text.
type Reply struct {
	Tenant   string
	ID       string
	Seller   string // whose people may use it; empty: the shop's
	Owner    string // the member of staff whose own it is; empty: all may use it
	Title    string
	Shortcut string
	Texts    map[string]string // by language
	Version  int64
	Uses     int64
	By       string // who wrote this version
	At       time.Time
}

// Shared tells whether everybody may use it.
func (r Reply) Shared() bool { return r.Owner == "" }
