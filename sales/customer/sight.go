package customer

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Sight is how much of a buyer somebody may see. Whatever shows a name, a
// contact, an address or a text that people wrote asks it, and nothing else, so
// that the answer is the same in the API, in files and on labels.
//
//   - Who holds customer.read knows the buyer, with contacts.
//   - Who holds case.receive packs and unpacks: names and addresses, no contacts.
//   - All others, sellers of a marketplace among them, work with a shortened name.
type Sight struct{ contacts, addresses bool }

// SightOf is the sight of an actor. Buyers see themselves; the program itself
// writes to them.
func SightOf(by actor.Actor) Sight {
	switch by.Kind {
	case actor.Staff, actor.Key:
		knows := role.Allow(by, role.CustomerRead) == nil && by.Seller == ""
		return Sight{knows, knows || role.Allow(by, role.CaseReceive) == nil}
	case actor.Customer, actor.System, actor.Timer, actor.Carrier:
		return Sight{true, true}
	}
	return Sight{}
}

// Contacts tells whether e-mail and telephone may be seen, and who it is.
func (s Sight) Contacts() bool { return s.contacts }

// Addresses tells whether whole names and addresses may be seen, to pack a parcel
// or to know one that arrived.
func (s Sight) Addresses() bool { return s.addresses }

// Name is a name as it may be seen: whole, or shortened so that the buyer can be
// spoken to and told from others: "Anna S.", "王**".
func (s Sight) Name(name string) string {
	if s.addresses || name == "" {
		return name
	}
	words := strings.Fields(name)
	begin, _ := utf8.DecodeRuneInString(name)
	switch {
	case len(words) == 0 || strings.Contains(name, "@") || unicode.IsDigit(begin) || begin == '+':
		return hidden // a contact where a name belongs
	case strings.ContainsFunc(name, dense):
		return string(begin) + "**"
	case len(words) == 1:
		return string(begin) + hidden
	}
	initial, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return words[0] + " " + string(initial) + "."
}

// hidden stands for what may not be seen.
const hidden = "***"

// dense tells writings without blanks, in which one sign is much of a name.
func dense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

var (
	address = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(\.[\pL\pN-]+)*`)
	number  = regexp.MustCompile(`\+?\(?\d[\d\x{00a0} ./()-]{3,22}\d`)
	mobile  = regexp.MustCompile(`^1[3-9]\d{9}$`)
)

// Text is what somebody wrote, without contacts for those who may not see them:
// no e-mail address, no number that reads as a telephone with its country or as
// a Chinese mobile, and not the buyer's own however it is written. Other numbers
// stay: they are those of orders and parcels.
func (s Sight) Text(text string, of Customer) string {
	if s.contacts || text == "" {
		return text
	}
	text = address.ReplaceAllString(text, hidden)
	return number.ReplaceAllStringFunc(text, func(found string) string {
		switch phone := Phone(found); {
		case phone == "":
			return found
		case phone[0] == '+' && len(phone) > 8, mobile.MatchString(phone), of.Has(phone), long(phone, of.Phone):
			return hidden
		}
		return found
	})
}

// long tells whether one number is another but for signs before it.
func long(found, phone string) bool {
	const enough = 7
	found, phone = strings.TrimPrefix(found, "+"), strings.TrimPrefix(phone, "+")
	return len(phone) >= enough && strings.HasSuffix(found, phone[len(phone)-enough:])
}

// Reader gives texts about buyers one after another, as an actor may see them.
// A buyer is looked up once, and only where something has to be hidden.
type Reader struct {
	sight Sight
	known map[string]Customer
}

// ReaderFor begins to read with the sight of an actor.
func ReaderFor(by actor.Actor) *Reader {
	return &Reader{sight: SightOf(by), known: map[string]Customer{}}
}

// Text is what was written in a matter of a buyer, whose id may be empty.
func (r *Reader) Text(ctx context.Context, tx *db.Tx, tenant, buyer, text string) (string, error) {
	if r.sight.contacts || text == "" {
		return text, nil
	}
	of, found := r.known[buyer]
	if !found && buyer != "" {
		var err error
		if of, err = ByID(ctx, tx, tenant, buyer); err != nil && !errors.Is(err, ErrUnknown) {
			return "", err
		}
		r.known[buyer] = of
	}
	return r.sight.Text(text, of), nil
}
