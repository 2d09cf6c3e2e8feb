package rights_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/rules/rights"
)

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Shipped packs are not held against the schema when they are loaded, to start
// quickly; loading them as if a shop had written them does.
func TestShippedPacksFollowTheSchema(t *testing.T) {
	if _, err := rights.Load("packs"); err != nil {
		t.Error(err)
	}
}

func TestThePublishedSchemaIsTheOneInUse(t *testing.T) {
	published, err := os.ReadFile("../../docs/schema/rights-pack.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(rights.PackSchema()), string(published)); diff != "" {
		t.Error(diff)
	}
}

const small = `jurisdiction: XA
name: {en: Utopia}
version: 1
status: active
effective: 2020-01-01
zone: Europe/Vienna
calendar: AT
currency: EUR
sources: {A: The law}
rules:
  - id: XA-WD
    remedy: withdrawal
    says: {en: Ten days.}
    cite: [Law 1]
    source: [A]
    confidence: A
    except: [CUSTOM]
    window: {ends: {n: 10, unit: day, from: delivery.at}}
tests:
  - name: ten days
    facts: {as_of: 2026-11-05, buyer: {residence: XA}, delivery: {at: 2026-11-01}}
    expect: [{remedy: withdrawal, outcome: entitled, deadline: 2026-11-11}]
`

func TestMistakesInPacksHaveAPlace(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"no YAML", "version: 1", "version: [1", "a.yaml:"},
		{"an unknown name", "status: active", "stattus: active", "a.yaml:4:1: stattus: unknown name"},
		{"a name left out", "version: 1\n", "", "a.yaml:1:1: missing: version"},
		{"a word that is not one of some", "confidence: A", "confidence: E", "a.yaml:16:5: rules.0.confidence: E is not one of A, B, C, D"},
		{"a rule without a source", "    source: [A]\n", "", "a.yaml:11:5: rules.0: missing: source"},
		{"a source that is not listed", "source: [A]", "source: [B]", `a.yaml:15:14: rules.0.source.0: the source "B" is not in sources`},
		{"a fact that does not exist", "delivery.at}}", "delivery.att}}", `a.yaml:18:39: rules.0.window.ends.from: there is no fact "delivery.att"`},
		{"a fact of another kind", "delivery.at}}", "item.price}}", `the fact "item.price" is no date`},
		{"a condition on a fact that does not exist", "except: [CUSTOM]", "if: {traits.custon: true}", `a.yaml:17:10: rules.0.if.traits.custon: there is no fact "traits.custon"; did you mean "traits.custom"?`},
		{"a value that a fact never has", "except: [CUSTOM]", "if: {channel: wep}", `channel is never "wep"`},
		{"a value of another kind", "except: [CUSTOM]", "if: {traits.custom: 3}", "traits.custom is a yes or no and cannot be 3"},
		{"a comparison that does not exist", "except: [CUSTOM]", "if: {item.price: {over: 3}}", "a.yaml:17:23: rules.0.if.item.price.over: unknown name"},
		{"a code that does not exist", "[CUSTOM]", "[CUSTOMISED]", `a.yaml:17:14: rules.0.except.0: there is no code "CUSTOMISED"`},
		{"a remedy that does not exist", "remedy: withdrawal\n    says", "remedy: gift\n    says", `a.yaml:12:5: rules.0.remedy: there is no remedy "gift"`},
		{"a term without a unit", "unit: day, ", "", "rules.0.window.ends: "},
		{"a zone that does not exist", "Europe/Vienna", "Europe/Wien", `a.yaml:6:1: zone: there is no zone "Europe/Wien"`},
		{"a calendar that does not exist", "calendar: AT", "calendar: XX", `a.yaml:7:1: calendar: there is no calendar "XX"`},
		{"rolling without a calendar", "calendar: AT\n", "", ""},
		{"a pack to extend that is not there", "version: 1", "version: 1\nextends: XZ", "a.yaml:4:1: extends: there is no pack XZ"},
		{"a date that is none", "2020-01-01", "2020-13-01", `"2020-13-01" is not a date`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			write(t, folder, "a.yaml", strings.Replace(small, tt.old, tt.new, 1))
			_, err := rights.Load(folder)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var problems rights.Problems
			if !errors.As(err, &problems) || !strings.Contains(strings.ReplaceAll(err.Error(), folder+"/", ""), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestAFolderAddsAndCorrectsPacks(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "xa.yaml", small)
	b, err := rights.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	ran := false
	for _, trial := range b.Run() {
		ran = ran || trial.Jurisdiction == "XA"
		if trial.Failed != nil {
			t.Errorf("%s %s: %v", trial.Jurisdiction, trial.Name, trial.Failed)
		}
	}
	if !ran {
		t.Error("the tests inside the new pack did not run")
	}
	raw, err := os.ReadFile("packs/JP.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "jp.yaml", strings.Replace(strings.Replace(string(raw), "n: 8,", "n: 9,", 1), "version: 1", "version: 2", 1))
	if b, err = rights.Load(folder); err != nil {
		t.Fatal(err)
	}
	a := decide(t, b, `{"as_of":"2026-11-05","buyer":{"residence":"JP"},"channel":"web","delivery":{"at":"2026-11-03"},"told":{"special_terms":false}}`)
	if d := a.Remedies[0]; a.Law.Version != "JP@2" || d.Deadline.Date != "2026-11-11" {
		t.Errorf("%s: %v", a.Law.Version, d.Deadline)
	}
}

func TestAFolderWithoutPacksIsAnError(t *testing.T) {
	for _, folder := range []string{t.TempDir(), "/nowhere"} {
		if _, err := rights.Load(folder); !errors.Is(err, rights.ErrPack) {
			t.Errorf("%s: %v", folder, err)
		}
	}
}
