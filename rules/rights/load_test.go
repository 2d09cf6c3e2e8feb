package rights_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
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
	tests := []struct{ name, old, new, code, want string }{
		{"no YAML", "version: 1", "version: [1", "no_yaml", "a.yaml:"},
		{"an unknown name", "status: active", "stattus: active", "unknown_name", "a.yaml:4:1: stattus: unknown name"},
		{"a name left out", "version: 1\n", "", "missing", "a.yaml:1:1: missing: version"},
		{"a word that is not one of some", "confidence: A", "confidence: E", "not_one_of", "a.yaml:16:5: rules.0.confidence: E is not one of A, B, C, D"},
		{"a rule without a source", "    source: [A]\n", "", "missing", "a.yaml:11:5: rules.0: missing: source"},
		{"a source that is not listed", "source: [A]", "source: [B]", "no_source", `a.yaml:15:14: rules.0.source.0: the source "B" is not in sources`},
		{"a fact that does not exist", "delivery.at}}", "delivery.att}}", "no_fact", `a.yaml:18:39: rules.0.window.ends.from: there is no fact "delivery.att"`},
		{"a fact of another kind", "delivery.at}}", "item.price}}", "fact_kind", `the fact "item.price" is no date`},
		{"a condition on a fact that does not exist", "except: [CUSTOM]", "if: {traits.custon: true}", "no_fact", `a.yaml:17:10: rules.0.if.traits.custon: there is no fact "traits.custon"; did you mean "traits.custom"?`},
		{"a value that a fact never has", "except: [CUSTOM]", "if: {channel: wep}", "never_value", `channel is never "wep"`},
		{"a value of another kind", "except: [CUSTOM]", "if: {traits.custom: 3}", "value_kind", "traits.custom is a yes or no and cannot be 3"},
		{"a comparison that does not exist", "except: [CUSTOM]", "if: {item.price: {over: 3}}", "unknown_name", "a.yaml:17:23: rules.0.if.item.price.over: unknown name"},
		{"a code that does not exist", "[CUSTOM]", "[CUSTOMISED]", "no_code", `a.yaml:17:14: rules.0.except.0: there is no code "CUSTOMISED"`},
		{"a remedy that does not exist", "remedy: withdrawal\n    says", "remedy: gift\n    says", "no_remedy", `a.yaml:12:5: rules.0.remedy: there is no remedy "gift"`},
		{"a term without a unit", "unit: day, ", "", "missing", "a.yaml:18:14: rules.0.window.ends: missing: unit [missing]"},
		{"a zone that does not exist", "Europe/Vienna", "Europe/Wien", "no_zone", `a.yaml:6:1: zone: there is no zone "Europe/Wien"`},
		{"a calendar that does not exist", "calendar: AT", "calendar: XX", "no_calendar", `a.yaml:7:1: calendar: there is no calendar "XX"`},
		{"rolling without a calendar", "calendar: AT\n", "", "", ""},
		{"a pack to extend that is not there", "version: 1", "version: 1\nextends: XZ", "no_pack", "a.yaml:4:1: extends: there is no pack XZ"},
		{"an empty file", small, "", "empty_file", "a.yaml:1:1: the file is empty"},
		{"a name that comes twice", "version: 1\n", "version: 1\nversion: 2\n", "name_twice", `a.yaml:4:1: "version" comes twice`},
		{"a number that is too large", "version: 1\n", "version: 99999999999999999999\n", "wrong_type", "a.yaml:3:1: version: "},
		{"a text for a number", "version: 1\n", "version: first\n", "wrong_type", "a.yaml:3:1: version: "},
		{"a version of nothing", "version: 1\n", "version: 0\n", "too_small", "a.yaml:3:1: version: "},
		{"a code of no country", "jurisdiction: XA", "jurisdiction: utopia", "wrong_form", "a.yaml:1:1: jurisdiction: "},
		{"no rules", "cite: [Law 1]", "cite: []", "too_few", "a.yaml:14:5: rules.0.cite: "},
		{"a currency that does not exist", "currency: EUR", "currency: EUX", "no_currency", `a.yaml:8:1: currency: there is no currency "EUX"`},
		{"a rule that comes twice", "    window: {ends: {n: 10, unit: day, from: delivery.at}}\n", "  - {id: XA-WD, remedy: refund, says: {en: X}, cite: [L], source: [A], confidence: A}\n", "rule_twice", `a.yaml:18:6: rules.1.id: the rule "XA-WD" comes twice`},
		{"a code without a condition", "[CUSTOM]", "[EXPIRED]", "no_condition", "a.yaml:17:14: rules.0.except.0: the code \"EXPIRED\" says nothing by itself"},
		{"a breach that is no remark", "except: [CUSTOM]", "except: [{code: CUSTOM, outcome: breach}]", "breach_outside_notes", "a.yaml:17:14: rules.0.except.0: breach is for notes"},
		{"a date compared with a number", "except: [CUSTOM]", "if: {delivery.at: {min: 3}}", "comparison_kind", "delivery.at is no number"},
		{"a rule to be like that is not there", "remedy: withdrawal\n    says", "like: XA-OLD\n    remedy: withdrawal\n    says", "no_rule", `has no rule "XA-OLD"`},
		{"a column that is not in the table", "except: [CUSTOM]", "if: {item.price: {min: rates.daily}}\n", "no_fact", `a.yaml:17:23: rules.0.if.item.price.min: there is no fact "rates.daily"`},
		{"a date that is none", "2020-01-01", "2020-13-01", "bad_date", `"2020-13-01" is not a date`},
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
			if !errors.As(err, &problems) || !slices.ContainsFunc(problems, func(p rights.Problem) bool { return p.Code == tt.code }) || !strings.Contains(strings.ReplaceAll(err.Error(), folder+"/", ""), tt.want) {
				t.Errorf("got  %v\nwant %s [%s]", err, tt.want, tt.code)
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
