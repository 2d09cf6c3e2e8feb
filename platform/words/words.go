// Package words cuts names and titles into what an index can look up, in
// scripts with and without spaces, and tells which words are nearly the same.
//
// It owns the cutting, so that what is stored and what is asked for are always
// cut alike. It does not own indexes: each package keeps its own. Cutting the
// same text twice gives the same pieces.
package words

import (
	"slices"
	"strings"
	"unicode"
)

// Longest is how much of a text is cut, in characters.
const Longest = 80

// Fold is a text as it is compared: lower case, single spaces, full-width
// letters and digits as ordinary ones.
func Fold(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		return unicode.ToLower(r)
	}, text)), " ")
}

// firstDense is the first character of a dense script.
const firstDense = '\u1100'

// Dense reports whether a character is a syllable or a word by itself: two of
// them are as rare as a word.
func Dense(r rune) bool {
	if r < firstDense {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// Pieces cuts a text into overlapping pieces: two characters where each is
// dense, three elsewhere.
func Pieces(text string) []string {
	runes := []rune(strings.ToLower(text))
	if len(runes) > Longest {
		runes = runes[:Longest]
	}
	var all []string
	for i, r := range runes {
		n := 3
		if Dense(r) {
			n = 2
		}
		if i+n <= len(runes) {
			all = append(all, string(runes[i:i+n]))
		}
	}
	return all
}

// Starts lists the rests of a folded text behind its beginning that people
// begin to type with: each later word, and each dense character. Together with
// the text itself they find, by prefix, every word and every run of dense
// characters in it.
func Starts(text string) []string {
	runes := []rune(text)
	if len(runes) > Longest {
		runes = runes[:Longest]
	}
	var all []string
	for i := 1; i < len(runes)-1; i++ { // a single last character is too little to ask for
		if runes[i] != ' ' && (runes[i-1] == ' ' || Dense(runes[i])) {
			all = append(all, string(runes[i:]))
		}
	}
	return all
}

// Near reports whether a word is another one but for slips of the keyboard: a
// letter too many, missing, wrong, or two that have changed places. Short words
// stand for themselves; of four letters or more one slip is forgiven, of eight
// or more two.
func Near(wanted, word string) bool { return near([]rune(wanted), []rune(word)) }

func near(a, b []rune) bool {
	most := forgiven(len(a))
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return false
	}
	if most == 0 {
		return slices.Equal(a, b)
	}
	return slips(a, b) <= most
}

// forgiven is how many slips a word of so many letters may have.
func forgiven(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// slips counts them, swaps of neighbours as one (optimal string alignment).
func slips(a, b []rune) int {
	var short [3][24]int // words are, and nothing has to be made for them
	before, last, row := short[0][:], short[1][:], short[2][:]
	if len(b)+1 > len(row) {
		before, last, row = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
