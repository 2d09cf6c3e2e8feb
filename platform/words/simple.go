package words

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed simple.txt
var simpleText string

// simpler maps each traditional character to its simplified form.
var simpler = sync.OnceValue(func() map[rune]rune {
	all := make(map[rune]rune, 4200)
	for line := range strings.Lines(simpleText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		runes := []rune(strings.TrimSpace(line))
		for i := 0; i+1 < len(runes); i += 2 {
			all[runes[i]] = runes[i+1]
		}
	}
	return all
})

// Simple is a text with each traditional Chinese character as its simplified
// one, so that both ways of writing find each other. Other characters stay. It
// goes by characters, not by words, and is for comparing, never for showing.
func Simple(text string) string {
	if strings.IndexFunc(text, Dense) < 0 {
		return text
	}
	table := simpler()
	return strings.Map(func(r rune) rune {
		if s, found := table[r]; found {
			return s
		}
		return r
	}, text)
}
