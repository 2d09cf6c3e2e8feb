package shipment

import (
	"strings"
	"unicode"
)

// wrap breaks a text into lines of at most a width, in the unit of measure. It
// loses no character: the lines, put together, are the text. Chinese breaks
// between any two characters, Latin between words; closing punctuation does not
// start a line and opening punctuation does not end one. What is longer than a
// line without a place to break is broken anyway.
func wrap(text string, width float64, measure func(rune) float64) []string {
	var lines []string
	var line strings.Builder
	var used float64
	flush := func() {
		lines = append(lines, line.String())
		line.Reset()
		used = 0
	}
	for _, c := range clusters(text) {
		full, visible := lengths(c, measure)
		if used > 0 && used+visible > width {
			flush()
		}
		if visible <= width {
			line.WriteString(c)
			used += full
			continue
		}
		for _, g := range graphemes(c) {
			w, seen := lengths(g, measure)
			if used > 0 && used+seen > width {
				flush()
			}
			line.WriteString(g)
			used += w
		}
	}
	if line.Len() > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}

// lengths measures a piece with and without the spaces at its end, which may
// hang over the end of a line.
func lengths(piece string, measure func(rune) float64) (full, visible float64) {
	for _, r := range piece {
		full += measure(r)
		if !unicode.IsSpace(r) {
			visible = full
		}
	}
	return full, visible
}

// clusters cuts a text where a line may end.
func clusters(text string) []string {
	var all []string
	start := 0
	var before rune = -1
	for i, r := range text {
		if i > start && mayBreak(before, r) {
			all = append(all, text[start:i])
			start = i
		}
		before = r
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

// mayBreak tells whether a line may end between two characters.
func mayBreak(before, after rune) bool {
	switch {
	case unicode.IsSpace(after) || unicode.Is(unicode.M, after):
		return false // they belong to what stands before
	case strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before):
		return false
	case unicode.IsSpace(before) && before != noBreak:
		return true
	}
	return wide(before) || wide(after)
}

const noBreak = '\u00a0'

// notFirst must not start a line, notLast must not end one (GB/T 15834, JIS X 4051).
const (
	notFirst = `、。，．；：？！）】》」』〕〉｝”’…—～·％‰℃々ー,.;:?!)]}%'"` + "°"
	notLast  = `（【《「『〔〈｛“‘￥＄＃([{$#`
)

// wide are the scripts that are written without spaces.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) ||
		r >= 0x2e80 && r <= 0x33ff || r >= 0xff00 && r <= 0xffef || r == placeholder
}

// graphemes cuts a text into characters with their marks.
func graphemes(text string) []string {
	var all []string
	start := 0
	for i, r := range text {
		if i > start && !unicode.Is(unicode.M, r) {
			all = append(all, text[start:i])
			start = i
		}
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}
