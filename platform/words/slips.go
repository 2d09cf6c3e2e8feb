package words

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
)

// mostSlips bounds how many ways to have mistyped a number are tried.
const mostSlips = 600

// Slips lists the numbers that somebody may have meant who typed this one with
// one slip: neighbours that changed places, a character too many, a digit or a
// letter that is wrong, and a digit that is missing. It is for numbers and
// codes, of which an index knows each exactly; texts without a digit, those of
// fewer than five characters and those of several words have none.
func Slips(number string) []string {
	runes := []rune(strings.ToUpper(strings.TrimSpace(number)))
	if len(runes) < 5 || len(runes) > 40 || strings.IndexFunc(number, unicode.IsDigit) < 0 || slices.ContainsFunc(runes, unicode.IsSpace) {
		return nil
	}
	seen := map[string]bool{string(runes): true}
	var all []string
	add := func(parts ...[]rune) {
		var b strings.Builder
		for _, part := range parts {
			b.WriteString(string(part))
		}
		if text := b.String(); !seen[text] && len(all) < mostSlips {
			seen[text] = true
			all = append(all, text)
		}
	}
	for i := range runes[:len(runes)-1] {
		add(runes[:i], []rune{runes[i+1], runes[i]}, runes[i+2:])
	}
	for i := range runes {
		add(runes[:i], runes[i+1:])
	}
	for i := range runes {
		for _, r := range alike(runes[i]) {
			add(runes[:i], []rune{r}, runes[i+1:])
		}
	}
	for i := range len(runes) + 1 {
		for r := '0'; r <= '9'; r++ {
			add(runes[:i], []rune{r}, runes[i:])
		}
	}
	return all
}

// confused are letters and digits that people take for each other.
var confused = map[rune]string{'0': "OQD", 'O': "0", '1': "IL", 'I': "1", 'L': "1", '2': "Z", 'Z': "2", '5': "S", 'S': "5", '8': "B", 'B': "8", '6': "G", 'G': "6"}

func alike(r rune) []rune {
	all := []rune(confused[r])
	switch {
	case r >= '0' && r <= '9':
		all = append(all, []rune("0123456789")...)
	case r >= 'A' && r <= 'Z':
		all = append(all, []rune("ABCDEFGHJKLMNPQRSTUVWXYZ")...)
	}
	return all
}

// Wanted is a text that many others are held against, cut once.
type Wanted []wish

type wish struct {
	text  string
	runes []rune
	signs uint64
}

// Want cuts a text that others are held against.
func Want(text string) (w Wanted) {
	for _, word := range split(Fold(text)) {
		w = append(w, wish{word, []rune(word), signsOf(word)})
	}
	return w
}

// Within reports whether a text holds what is wanted but for slips: each word
// is near to a word of the text or to the beginning of one, and a run of dense
// characters, from three on, has at most one that is another; from four on it may
// be two words that stand apart in the text.
func (w Wanted) Within(text string) bool {
	signs := signsOf(text)
	for _, one := range w {
		if bits.OnesCount64(one.signs&^signs) > forgiven(len(one.runes)) {
			return false // most texts end here: looking at their signs costs little
		}
	}
	words := split(Fold(text))
	for _, one := range w {
		if !one.found(words) {
			return false
		}
	}
	return true
}

// Within reports whether a text holds what is wanted but for slips: see Wanted.
func Within(wanted, text string) bool { return Want(wanted).Within(text) }

// signsOf tells which letters and digits of ASCII a text has, once folded. Each
// slip takes one of them away at most.
func signsOf(text string) (signs uint64) {
	for _, r := range text {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r >= '⺀': // no sign from here on becomes one of ASCII
			continue
		}
		if r = unicode.ToLower(r); r >= 'a' && r <= 'z' {
			signs |= 1 << (r - 'a')
		} else if r >= '0' && r <= '9' {
			signs |= 1 << (26 + r - '0')
		}
	}
	return signs
}

// split cuts a folded text where blanks are, and where scripts change.
func split(text string) (all []string) {
	for word := range strings.FieldsSeq(text) {
		from, dense := 0, false
		for i, r := range word {
			if now := Dense(r); i > 0 && now != dense {
				all = append(all, word[from:i])
				from = i
			}
			dense = Dense(r)
		}
		all = append(all, word[from:])
	}
	return all
}

func (w wish) found(words []string) bool {
	a, dense := w.runes, Dense(w.runes[0])
	if dense && parted(a, words) {
		return true
	}
	for _, word := range words {
		if strings.Contains(word, w.text) {
			return true
		}
		b := []rune(word)
		if dense {
			for i := 0; len(a) >= 3 && i+len(a) <= len(b); i++ {
				if slips(a, b[i:i+len(a)]) <= 1 {
					return true
				}
			}
			continue
		}
		if near(a, b) || len(b) > len(a) && near(a, b[:len(a)]) {
			return true
		}
	}
	return false
}

// parted tells whether dense characters are two words that stand apart in a
// text: people leave out what is between them.
func parted(wanted []rune, words []string) bool {
	has := func(part string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(word, part) })
	}
	for i := 2; i <= len(wanted)-2; i++ {
		if has(string(wanted[:i])) && has(string(wanted[i:])) {
			return true
		}
	}
	return false
}

// Apart takes pieces that share no character, so that one slip spoils one or
// two of them and leaves the others to be looked up.
func Apart(text string) (all []string) {
	for _, word := range split(Fold(text)) {
		runes := []rune(word)
		n := 3
		if Dense(runes[0]) {
			n = 2
		}
		for i := 0; i+n <= len(runes); i += n {
			all = append(all, string(runes[i:i+n]))
		}
		if rest := len(runes) % n; rest > 0 && len(runes) > n {
			all = append(all, string(runes[len(runes)-n:]))
		}
	}
	return all
}
