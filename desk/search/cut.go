package search

import (
	"slices"
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/platform/words"
)

const (
	longestTerm = 40   // characters of a word that are kept
	mostTerms   = 1500 // different words of a text that are kept
)

// fold is a text as it is compared, each character at the place of the one that
// was written: lower case, full-width letters as ordinary ones, traditional
// characters as simplified ones.
func fold(text string) []rune {
	return []rune(words.Simple(strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		return unicode.ToLower(r)
	}, text)))
}

// run is a word of a folded text, or a run of dense characters, and where it
// stands.
type run struct {
	text     []rune
	from, to int
	dense    bool
}

func runs(folded []rune) (all []run) {
	from, dense := -1, false
	end := func(to int) {
		if from >= 0 {
			all = append(all, run{folded[from:to], from, to, dense})
		}
		from = -1
	}
	for i, r := range folded {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			end(i)
			continue
		}
		if from >= 0 && words.Dense(r) != dense {
			end(i)
		}
		if from < 0 {
			from, dense = i, words.Dense(r)
		}
	}
	end(len(folded))
	return all
}

// pairs are the overlapping pieces of a run of dense characters.
func (r run) pairs() (all []string) {
	for i := range len(r.text) - 1 {
		all = append(all, string(r.text[i:i+2]))
	}
	return all
}

// terms are what a text is looked up by: its words of two letters and more, and
// pairs of dense characters. The same text always has the same, so that they can
// be taken out again.
func terms(text string) (all []string) {
	for _, r := range runs(fold(text)) {
		switch {
		case r.dense && len(r.text) > 1:
			all = append(all, r.pairs()...)
		case r.dense || len(r.text) > 1:
			all = append(all, string(r.text[:min(longestTerm, len(r.text))]))
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(mostTerms, len(all))]
}

// mark is a part of a text, in characters, that was looked for.
type mark struct{ from, to, wish int }

// marks lists where a text has each of some words; nil where one is missing. A
// word is found at the beginning of a word, dense characters anywhere. Loosely, a
// slip is forgiven as in names, and one wrong character of three.
func marks(folded []rune, wishes []run, loosely bool) (all []mark) {
	there := runs(folded)
	for n, wish := range wishes {
		before := len(all)
		for _, r := range there {
			if r.dense == wish.dense {
				all = append(all, wish.within(r, n, loosely)...)
			}
		}
		if len(all) == before {
			return nil
		}
	}
	slices.SortFunc(all, func(a, b mark) int { return a.from - b.from })
	return all
}

func (r run) within(there run, n int, loosely bool) (all []mark) {
	k := len(r.text)
	if r.dense {
		for i := 0; i+k <= len(there.text); i++ {
			wrong := 0
			for j := range r.text {
				if r.text[j] != there.text[i+j] {
					wrong++
				}
			}
			if wrong == 0 || loosely && k >= 3 && wrong == 1 {
				all = append(all, mark{there.from + i, there.from + i + k, n})
				i += k - 1
			}
		}
		return all
	}
	switch {
	case k <= len(there.text) && slices.Equal(r.text, there.text[:k]):
		return []mark{{there.from, there.from + k, n}}
	case loosely && words.Near(string(r.text), string(there.text)),
		loosely && len(there.text) > k && words.Near(string(r.text), string(there.text[:k])):
		return []mark{{there.from, there.to, n}}
	}
	return nil
}

// Part is a piece of a sentence; Hit where it was looked for.
type Part struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

const (
	longestSentence = 160 // characters that are shown
	lead            = 24  // of a longer one before the first word that was found
)

const ends = ".!?。！？…\n"

// sentence is the sentence of a text that has most of what was looked for, in
// parts; of a long one the piece around it.
func sentence(text string, found []mark) (parts []Part) {
	runes := []rune(text)
	from, to := 0, len(runes)
	most := -1
	for _, m := range found {
		a, b := around(runes, m)
		wishes := map[int]bool{}
		for _, other := range found {
			if other.from >= a && other.to <= b {
				wishes[other.wish] = true
			}
		}
		if len(wishes) > most {
			from, to, most = a, b, len(wishes)
		}
	}
	before, after := "", ""
	first := slices.IndexFunc(found, func(m mark) bool { return m.from >= from })
	if to-from > longestSentence {
		if at := found[max(0, first)].from - lead; at > from {
			from, before = wordAt(runes, at, at+lead), "…"
		}
		if from+longestSentence < to {
			to, after = from+longestSentence, "…"
		}
	}
	add := func(text string, hit bool) {
		if text != "" {
			parts = append(parts, Part{strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\t' }), " "), hit})
		}
	}
	add(before, false)
	at := from
	for _, m := range found {
		if m.from >= at && m.to <= to {
			add(string(runes[at:m.from]), false)
			add(string(runes[m.from:m.to]), true)
			at = m.to
		}
	}
	add(string(runes[at:to]), false)
	add(after, false)
	return parts
}

// wordAt is where a word begins from a place on, before another.
func wordAt(runes []rune, from, before int) int {
	for i := from; i < before; i++ {
		if words.Dense(runes[i]) || i > 0 && unicode.IsSpace(runes[i-1]) {
			return i
		}
	}
	return from
}

// around is the sentence in which a mark stands, without the blanks before it.
// A full stop ends one only where something else than a letter or digit follows.
func around(runes []rune, m mark) (from, to int) {
	stops := func(i int) bool {
		if !strings.ContainsRune(ends, runes[i]) {
			return false
		}
		return runes[i] != '.' || i+1 == len(runes) || !unicode.IsLetter(runes[i+1]) && !unicode.IsDigit(runes[i+1])
	}
	for from = m.from; from > 0 && !stops(from-1); from-- {
	}
	for from < m.from && unicode.IsSpace(runes[from]) {
		from++
	}
	for to = m.to; to < len(runes) && !stops(to-1); to++ {
	}
	return from, to
}
