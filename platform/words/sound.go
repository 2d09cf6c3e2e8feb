package words

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// longestRun is how many characters are spelt from one place on.
const longestRun = 8

// Sound is how a run of Chinese characters is spelt in pinyin, without tones.
type Sound struct {
	Spelt   string // linxiaowen
	Letters string // lxw: how each syllable begins; empty for a single character
	Text    string // 林晓雯, simplified
	ends    []int  // of each syllable in Spelt
}

// Sounds spells each run of Chinese characters in a text, from its beginning and
// from each later character on: people begin to type at any word, and words are
// not told apart. A character with several readings has its commonest.
func Sounds(text string) (all []Sound) {
	var run []rune
	flush := func() {
		syllables := make([]string, len(run))
		for i, r := range run {
			if said := pinyin.SinglePinyin(r, spelling); len(said) > 0 {
				syllables[i] = said[0]
			}
		}
		for i := range run {
			if s, found := spelt(run[i:min(len(run), i+longestRun)], syllables[i:]); found {
				all = append(all, s)
			}
		}
		run = run[:0]
	}
	for _, r := range Simple(text) {
		if unicode.Is(unicode.Han, r) {
			run = append(run, r)
			continue
		}
		flush()
	}
	flush()
	return all
}

var spelling = pinyin.NewArgs()

func spelt(run []rune, syllables []string) (s Sound, found bool) {
	for i := range run {
		if syllables[i] == "" { // a character that nobody can spell ends what can be typed
			run = run[:i]
			break
		}
		s.Spelt += syllables[i]
		s.Letters += syllables[i][:1]
		s.ends = append(s.ends, len(s.Spelt))
	}
	if len(run) == 1 {
		s.Letters = ""
	}
	s.Text = string(run)
	return s, len(run) > 0
}

// Latin is a text as pinyin is compared: lower-case letters alone. It is empty
// where there are fewer than two, or something else than letters, blanks and
// apostrophes.
func Latin(text string) string {
	var b strings.Builder
	for _, r := range Fold(text) {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r == 'ü':
			b.WriteByte('v')
		case r != ' ' && r != '\'':
			return ""
		}
	}
	if b.Len() < 2 {
		return ""
	}
	return b.String()
}

// Said is the beginning of the characters that somebody has typed in pinyin who
// typed latin; empty where they sound otherwise.
func (s Sound) Said(latin string) string {
	runes := []rune(s.Text)
	if strings.HasPrefix(s.Spelt, latin) {
		for i, end := range s.ends {
			if end >= len(latin) {
				return string(runes[:i+1])
			}
		}
	}
	if strings.HasPrefix(s.Letters, latin) {
		return string(runes[:len(latin)])
	}
	return ""
}

// Nearly is Said but for slips of the keyboard, as Near forgives them: in whole
// syllables.
func (s Sound) Nearly(latin string) string {
	runes := []rune(s.Text)
	for i, end := range s.ends {
		if end+2 >= len(latin) && Near(latin, s.Spelt[:end]) {
			return string(runes[:i+1])
		}
	}
	return ""
}

// Begins are how pinyin begins that somebody may have meant who typed latin with
// a slip behind the first letter.
func Begins(latin string) []string {
	if len(latin) < 4 {
		return nil
	}
	if latin[1] == latin[2] {
		return []string{latin[:2]}
	}
	return []string{latin[:2], latin[:1] + latin[2:3]}
}
