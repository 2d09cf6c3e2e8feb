package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// reordering are characters that make text read in another order than it is
// stored, over the end of what their writer wrote.
const reordering = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

// tidy keeps what can be read: lines end alike, nothing is invisible but what
// joins letters, and no text turns around what stands beside it. Markup is left
// as it was written, because it is shown as text.
func tidy(text string, files int) (string, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r) || strings.ContainsRune(reordering, r):
			return -1
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n > MaxText || n == 0 && files == 0 {
		return "", ErrText.At("body.text", "is empty or too long", "1 to 4000 characters, or a file")
	}
	if files > MaxFiles {
		return "", ErrText.At("body.files", "has too many", "at most 10 files")
	}
	return text, nil
}
