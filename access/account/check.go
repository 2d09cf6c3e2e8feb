package account

import (
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/locale"
)

// check returns ErrInvalid with every field that is wrong, or nil.
func (a Account) check() error {
	bad := ErrInvalid
	parsed, err := mail.ParseAddress(a.Email)
	if err != nil || parsed.Address != a.Email || len(a.Email) > 254 {
		bad = bad.At("email", "is not an e-mail address", "name@example.com")
	}
	if n := utf8.RuneCountInString(a.Name); n < 1 || n > 80 {
		bad = bad.At("name", "is missing or too long", "1 to 80 characters")
	}
	if !role.Known(a.Role) {
		bad = bad.At("role", "is not a role", strings.Join(role.Roles, ", "))
	}
	if a.Role == role.Seller && a.Seller == "" {
		bad = bad.At("seller", "is missing", "the id of the seller")
	}
	if a.Role != role.Seller && a.Seller != "" {
		bad = bad.At("seller", "is only for the role seller", "nothing")
	}
	if !slices.Contains(locale.Languages, a.Language) {
		bad = bad.At("language", "is not available", strings.Join(locale.Languages, ", "))
	}
	if a.State != Active && a.State != Disabled {
		bad = bad.At("state", "is not a state", "active, disabled")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
