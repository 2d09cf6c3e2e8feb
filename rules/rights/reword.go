package rights

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// The shipped words in the further languages of customers, by their English: a
// text that changes in English has no words in them until somebody words it anew.
//
//go:embed more/*.json
var furtherFiles embed.FS

// further are the words of one language.
type further struct {
	words map[string]string
	first []string // the English ones, the longest first
}

var furtherBy = func() map[string]func() *further {
	all := map[string]func() *further{}
	for _, lang := range Further {
		all[lang] = sync.OnceValue(func() *further { return readFurther(lang) })
	}
	return all
}()

func readFurther(lang string) *further {
	f := &further{}
	raw, err := furtherFiles.ReadFile("more/" + lang + ".json")
	if err != nil {
		panic(err) // embedded: missing only by a bug
	}
	if err := json.Unmarshal(raw, &f.words); err != nil {
		panic(fmt.Errorf("words of the law in %s: %w", lang, err))
	}
	f.first = slices.SortedFunc(maps.Keys(f.words), func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return f
}

// Further are the languages that customers read besides Languages.
var Further = []string{"ja", "ko", "es", "fr", "de", "pt-BR", "ru", "ar"}

// reworded is one shipped text in a further language; empty where there is none.
func reworded(lang, english string) string {
	if read := furtherBy[lang]; read != nil {
		return read().words[english]
	}
	return ""
}

// Reword gives what Says has worded in English in a further language, so that a
// decision of the past can be read in it as well; false where a part of it is
// no shipped text, such as the words of a pack of one's own.
func Reword(lang, english string) (string, bool) {
	read := furtherBy[lang]
	if read == nil || english == "" {
		return "", false
	}
	f := read()
	var out strings.Builder
	for rest := english; rest != ""; {
		i := slices.IndexFunc(f.first, func(text string) bool { return opens(rest, text) })
		if i < 0 {
			return "", false
		}
		out.WriteString(f.words[f.first[i]])
		rest = rest[len(f.first[i]):]
		if after, ok := strings.CutPrefix(rest, "."); ok {
			out.WriteString(period(lang))
			rest = after
		}
		switch {
		case strings.HasPrefix(rest, ": "):
			out.WriteString(colon(lang))
			rest = rest[2:]
		case strings.HasPrefix(rest, " "):
			out.WriteString(stop(lang))
			rest = rest[1:]
		}
	}
	return out.String(), true
}

// opens reports whether a text begins with a whole sentence or name.
func opens(text, with string) bool {
	rest, ok := strings.CutPrefix(text, with)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], " .:"))
}

// In gives what Says has worded in any language that customers read, else in
// English.
func (t Texts) In(lang string) string {
	if t[lang] == "" {
		if text, ok := Reword(lang, t["en"]); ok {
			return text
		}
	}
	return t.in(lang)
}
