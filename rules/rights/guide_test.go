package rights_test

import (
	"os"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/rules/rights"
)

// The pack of the guide is a whole one, and does what the guide says.
func TestTheGuideMakesAWorkingPack(t *testing.T) {
	raw, err := os.ReadFile("../../docs/guides/rights-packs.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "```yaml\n")
	pack, rest, _ := strings.Cut(rest, "```")
	folder := t.TempDir()
	write(t, folder, "XA.yaml", pack)
	b, err := rights.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, trial := range b.Run() {
		if trial.Jurisdiction != "XA" {
			continue
		}
		ran++
		for _, wrong := range trial.Failed {
			t.Errorf("%s: %s", trial.Name, wrong)
		}
	}
	if ran != 3 {
		t.Errorf("%d tests ran", ran)
	}
	_, question, _ := strings.Cut(rest, "echo '")
	question, _, _ = strings.Cut(question, "'")
	if d := remedy(t, decide(t, b, question), "withdrawal"); d.Outcome != rights.Entitled {
		t.Errorf("%+v", d)
	}
}

// A newcomer finds every remedy and every calendar in the guide.
func TestTheGuideNamesRemediesAndCalendars(t *testing.T) {
	raw, err := os.ReadFile("../../docs/guides/rights-packs.md")
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(calendar.Names(), " "); !strings.Contains(string(raw), "`"+all+"`") {
		t.Errorf("the guide does not name the calendars %s", all)
	}
	words, err := os.ReadFile("words.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(words), "remedies:\n")
	list, _, _ = strings.Cut(list, "codes:")
	for line := range strings.Lines(list) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name != "" && !strings.Contains(string(raw), "`"+name+"`") {
			t.Errorf("the guide does not name %s", name)
		}
	}
}

// A newcomer takes the other pieces of the guide into one pack.
func TestThePiecesOfTheGuideFitTogether(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "XB.yaml", `
jurisdiction: XB
name: {en: Erewhon}
version: 1
status: active
effective: 2020-01-01
extends: EU
sources: {XB1: Law of Erewhon}
tables:
  rates: {by: item.category, rows: {phone: {daily: 5000}, laptop: {daily: 2500}}}
codes:
  MOON: {says: {en: Not at full moon.}}
rules:
  - {id: XB-WD, like: EU-WD, cite: [Law of Erewhon s 9], source: [XB1]}
  - id: XB-GOOD
    remedy: refund
    says: {en: Defective goods come back less what they were used.}
    effective: {from: 2020-01-01, to: 2027-12-31}
    cite: [Law of Erewhon s 10]
    source: [XB1]
    confidence: B
    if: {defect.known: true, channel: [web, phone], item.price: {min: 1000}}
    except:
      - {code: SEAL_HYG, when: {traits.sealed_hygiene: true, use.seal_broken: true}}
      - {code: MOON, when: {any: [{use.damaged: true}, {not: {item.category: [phone, laptop]}}]}}
    review:
      - {code: UNVERIFIED, when: {notice.sent_at: {known: false}, as_of: {past: {n: 1, unit: year, from: delivery.at}}}}
    window: {ends: {latest: [{n: 8, unit: day, count: incl_start, from: delivery.at}, {n: 3, unit: working_day, from: delivery.at}]}}
    refund:
      parts:
        - {code: PRICE, of: item.price}
        - {code: DEPRECIATION, of: item.price, times: [rates.daily, item.used_days], per: 1000000, minus: true}
    burden: {on: seller, until: {n: 6, unit: month, from: delivery.at}, otherwise: consumer}
    duties: [{code: REFUND_DUE, who: seller, by: {n: 7, unit: day, from: return.received_at}, done: refund.paid_at}]
    notes: [{code: PACKAGING, when: {}}]
tests:
  - name: a phone after five days
    facts: {as_of: 2026-11-06, claim: defect, channel: web, buyer: {residence: XB}, delivery: {at: 2026-11-01}, item: {category: phone, price: 100000, used_days: 3}}
    expect: [{remedy: refund, rule: XB-GOOD, outcome: entitled, deadline: 2026-11-08, amount: 98500, burden: seller, notes: [PACKAGING]}, {remedy: withdrawal, rule: XB-WD}]
  - name: another kind of article
    facts: {as_of: 2026-11-06, claim: defect, channel: web, buyer: {residence: XB}, delivery: {at: 2026-11-01}, item: {category: book, price: 100000}, defect: {major: false}}
    expect: [{remedy: refund, outcome: conditional, rule: EU-CONF-END}]
  - name: the kind is not known
    facts: {as_of: 2026-11-06, claim: defect, channel: web, buyer: {residence: XB, type: business}, delivery: {at: 2026-11-01}, item: {price: 100000}}
    expect: [{remedy: refund, outcome: needs_fact, needs: [item.category]}]
`)
	b, err := rights.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range b.Run() {
		for _, wrong := range trial.Failed {
			t.Errorf("%s %s: %s", trial.Jurisdiction, trial.Name, wrong)
		}
	}
}
