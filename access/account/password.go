package account

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a password, in characters.
const (
	shortest = 12
	longest  = 128
)

//go:embed common.txt
var commonList string

var common = strings.Fields(commonList)

// Password is one that passed the rule and was hashed. Only Service.Password
// makes one, so an account cannot get any other.
type Password struct{ phc string }

// Password checks a new password against the rule and hashes it. It takes long
// on purpose and is never called inside a transaction. It fails with
// ErrPassword, or with secret.ErrBusy under a flood.
func (s *Service) Password(ctx context.Context, email, password string) (Password, error) {
	if err := rule(email, password); err != nil {
		return Password{}, err
	}
	phc, err := s.passwords.Hash(ctx, norm.NFKC.String(password))
	if err != nil {
		return Password{}, fmt.Errorf("hash password: %w", err)
	}
	return Password{phc}, nil
}

// rule asks for length and refuses what is guessed first: common passwords and
// their decorations, the own e-mail, and patterns. It does not ask for kinds of
// characters, which only make people write passwords down.
func rule(email, password string) error {
	n := utf8.RuneCountInString(password)
	if n < shortest || n > longest {
		return ErrPassword.At("password", "is too short or too long", fmt.Sprintf("%d to %d characters", shortest, longest))
	}
	low := strings.ToLower(norm.NFKC.String(password))
	local, _, _ := strings.Cut(key(email), "@")
	if email != "" && (strings.Contains(low, key(email)) || core(low) == core(local)) {
		return ErrPassword.At("password", "contains the e-mail address", "something else")
	}
	if pattern(low) || slices.Contains(common, low) || slices.Contains(common, core(low)) || slices.Contains(common, core(plain.Replace(low))) {
		return ErrPassword.At("password", "is one of the most common passwords", "something else")
	}
	return nil
}

// plain undoes the usual replacements of letters.
var plain = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// core is what remains without the digits and signs that people put before and
// behind a word.
func core(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// pattern reports repetitions of up to four characters, and rows of characters
// that follow each other such as 123456 or abcdef, up or down.
func pattern(s string) bool {
	r := []rune(s)
	for width := 1; width <= 4; width++ {
		same := true
		for i := width; i < len(r) && same; i++ {
			same = r[i] == r[i-width]
		}
		if same {
			return true
		}
	}
	steps := 0
	for i := 1; i < len(r); i++ {
		if d := r[i] - r[i-1]; d == 1 || d == -1 || d == 9 || d == -9 { // 9: from 9 on to 0
			steps++
		}
	}
	return steps >= len(r)-2
}
