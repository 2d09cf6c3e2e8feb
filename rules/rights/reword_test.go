package rights_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/rights"
)

// english finds every English text of the shipped packs and of what they share.
func english(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("packs/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, name := range append(names, "words.yaml") {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		var walk func(n *yaml.Node)
		walk = func(n *yaml.Node) {
			for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == "en" && n.Content[i+1].Kind == yaml.ScalarNode {
					all[n.Content[i+1].Value] = true
				}
			}
			for _, inner := range n.Content {
				walk(inner)
			}
		}
		walk(&doc)
	}
	return slices.Sorted(maps.Keys(all))
}

// Every text of the law exists in every language that customers read, with the
// same variables, and none is left over from words that have changed since.
func TestTheLawIsWordedInEachLanguageOfCustomers(t *testing.T) {
	if diff := cmp.Diff(locale.Readable[len(locale.Languages):], rights.Further); diff != "" {
		t.Errorf("languages of customers: %s", diff)
	}
	texts := english(t)
	variable := regexp.MustCompile(`\{\w+\}`)
	holders := func(text string) []string {
		found := variable.FindAllString(text, -1)
		slices.Sort(found)
		return found
	}
	for _, lang := range rights.Further {
		raw, err := os.ReadFile("more/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		words := map[string]string{}
		if err := json.Unmarshal(raw, &words); err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if words[text] == "" {
				t.Errorf("%s lacks %q", lang, text)
			}
			if diff := cmp.Diff(holders(text), holders(words[text])); diff != "" {
				t.Errorf("%s: variables of %q: %s", lang, text, diff)
			}
		}
		for text := range words {
			if !slices.Contains(texts, text) {
				t.Errorf("%s words %q, which nothing says any more", lang, text)
			}
		}
	}
}

// What a decision says can be read in each language, whatever was asked where.
func TestWhatADecisionSaysIsReadInEachLanguage(t *testing.T) {
	b := book(t)
	seen := map[string]bool{}
	each(t, 400, func(r *rand.Rand, place string) {
		a, _ := asked(t, b, guess(r, place, start))
		for i := range a.Remedies {
			d := &a.Remedies[i]
			says := b.Says(a.Law.Jurisdiction, d)
			seen[says["en"]] = true
			shown := b.Show(d, a.Law.Jurisdiction, "ja")
			if shown.Says == b.Show(d, a.Law.Jurisdiction, "en").Says || shown.Name == "" {
				t.Errorf("%s: shown in English: %q", d.Rule, shown.Says)
			}
			for _, lang := range rights.Further {
				text, ok := rights.Reword(lang, says["en"])
				if !ok || text == says["en"] {
					t.Errorf("%s in %s: %q is not worded", d.Rule, lang, says["en"])
				}
				if says.In(lang) != text {
					t.Errorf("%s in %s: %q and %q", d.Rule, lang, says.In(lang), text)
				}
			}
		}
	})
	if len(seen) < 60 {
		t.Errorf("only %d sentences", len(seen))
	}
}

func TestWordsOfOnesOwnStayAsTheyAre(t *testing.T) {
	for _, text := range []string{"", "No returns at all.", "Yes. Not at full moon.", "Repair: perhaps."} {
		if got, ok := rights.Reword("de", text); ok {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := (rights.Texts{"en": "Not at full moon."}).In("de"); got != "Not at full moon." {
		t.Errorf("%q", got)
	}
	if got, ok := rights.Reword("de", "Return without a reason: No. The time for it is over."); !ok || got != "Widerruf ohne Angabe von Gründen: Nein. Die Frist dafür ist abgelaufen." {
		t.Errorf("%q", got)
	}
	if got, _ := rights.Reword("ja", "Repair: Yes."); got != "修理：はい。" {
		t.Errorf("%q", got)
	}
}
