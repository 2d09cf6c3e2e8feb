package rights_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/aftercare/aftercare/rules/rights"
)

var update = flag.Bool("update", false, "write the published schema of facts")

func TestThePublishedSchemaOfFactsIsThatOfTheType(t *testing.T) {
	const published = "../../docs/schema/rights-facts.schema.json"
	if *update {
		if err := os.WriteFile(published, rights.FactsSchema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(published)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(rights.FactsSchema())); diff != "" {
		t.Errorf("go test ./rules/rights -update writes it: %s", diff)
	}
}

var places = []string{"CN", "FR", "DE", "ES", "SE", "PT", "AT", "GB", "US-NY", "US-CA", "US-TX", "CA-QC", "BR", "TW", "KR", "JP", "AU", "SG", "RU", "TR", "HK", "NZ", "MY", "TH", "VN", "ID", "IN", "MX", "SA", "AE", "FI", "NL"}

// guess is a question made by chance. Its purchase lies on or after a day.
func guess(r *rand.Rand, place string, from time.Time) rights.Facts {
	bought := from.AddDate(0, 0, r.IntN(500))
	day := func(after int) rights.Moment { return rights.On(bought.AddDate(0, 0, after).Date()) }
	maybe := func() *bool {
		if n := r.IntN(3); n < 2 {
			b := n == 1
			return &b
		}
		return nil
	}
	rare := func() bool { return r.IntN(12) == 0 }
	price := r.Int64N(1_000_000)
	f := rights.Facts{AsOf: day(3 + r.IntN(400)), Buyer: rights.Buyer{Residence: place}, Contract: rights.Contract{At: day(0)}}
	f.Claim = []string{"", "change_of_mind", "defect", "fraud", "not_delivered"}[r.IntN(5)]
	f.Channel = []string{"", "web", "app", "store", "phone"}[r.IntN(5)]
	f.Item = rights.Item{Category: []string{"", "phone", "car", "laptop", "clothing"}[r.IntN(5)], Price: &price, Essential: maybe(), Durable: maybe(), SameModel: maybe(), Cleanable: maybe()}
	f.Traits = rights.Traits{Custom: rare(), Perishable: rare(), SealedHealth: rare(), SecondHand: rare(), Digital: rare()}
	f.Use = rights.Use{Opened: maybe(), SealBroken: maybe(), BeyondTest: maybe()}
	f.Told = rights.Told{Right: maybe(), Terms: maybe(), Policy: maybe(), Exception: maybe()}
	f.Delivery.At = day(1 + r.IntN(10))
	if r.IntN(2) == 0 {
		f.Notice.SentAt = day(2 + r.IntN(60))
	}
	if f.Claim == "defect" {
		f.Defect = rights.Defect{FoundAt: day(2 + r.IntN(900)), Major: maybe(), Minor: maybe()}
		tries := r.Int64N(4)
		f.Repair = rights.Repair{Tries: &tries, Refused: maybe(), Chosen: rare()}
	}
	return f
}

func each(t *testing.T, n int, do func(r *rand.Rand, place string)) {
	r := rand.New(rand.NewPCG(7, 11))
	for range n {
		do(r, places[r.IntN(len(places))])
	}
	_ = t
}

var start = time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)

func asked(t *testing.T, b *rights.Book, f rights.Facts) (rights.Answer, string) {
	t.Helper()
	a, err := b.Decide(&f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(raw)
}

func TestWhatNobodyVerifiedIsNeverPromised(t *testing.T) {
	b := book(t)
	drafts := map[string]bool{}
	for _, p := range b.Packs("en") {
		drafts[p.Jurisdiction] = p.Status == "draft"
	}
	each(t, 5000, func(r *rand.Rand, place string) {
		f := guess(r, place, start)
		a, _ := asked(t, b, f)
		for _, d := range a.Remedies {
			sure := d.Outcome == rights.Entitled || d.Outcome == rights.Conditional
			if d.Confidence == "D" && sure {
				t.Errorf("%s: %s of confidence D is %s", place, d.Rule, d.Outcome)
			}
			if drafts[a.Law.Jurisdiction] && d.Outcome != rights.NeedsReview {
				t.Errorf("%s is a draft, %s is %s", place, d.Rule, d.Outcome)
			}
		}
	})
}

func TestTheSameFactsGiveTheSameAnswer(t *testing.T) {
	b := book(t)
	again, err := rights.Load("packs")
	if err != nil {
		t.Fatal(err)
	}
	each(t, 500, func(r *rand.Rand, place string) {
		f := guess(r, place, start)
		_, one := asked(t, b, f)
		_, two := asked(t, again, f)
		if one != two {
			t.Errorf("%s\n%s", one, two)
		}
	})
}

var versionLine = regexp.MustCompile(`(?m)^(version|effective): .*$`)

// A later version of every pack, with other numbers in it, answers for the
// purchases of its time only.
func TestLaterVersionsDoNotChangeOldPurchases(t *testing.T) {
	folder := t.TempDir()
	names, err := filepath.Glob("packs/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := versionLine.ReplaceAllStringFunc(string(raw), func(line string) string {
			if strings.HasPrefix(line, "version") {
				return "version: 2"
			}
			return "effective: 2025-01-01"
		})
		write(t, folder, filepath.Base(name), regexp.MustCompile(`n: (7|14|24|36|30),`).ReplaceAllString(text, "n: 5,"))
	}
	old := book(t)
	b, err := rights.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	each(t, 3000, func(r *rand.Rand, place string) {
		f := guess(r, place, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
		_, before := asked(t, old, f)
		a, after := asked(t, b, f)
		day, _ := f.Contract.At.MarshalJSON()
		later := string(day) >= `"2025-01-01"`
		if later != strings.Contains(a.Law.Version, "@2") {
			t.Errorf("%s, bought %s: %s decided", place, day, a.Law.Version)
		}
		if !later && before != after {
			t.Errorf("%s changed:\n%s\n%s", place, before, after)
		}
		if later && before != after {
			changed++
		}
	})
	if changed == 0 {
		t.Error("the later versions changed nothing: the test proves nothing")
	}
}

// last are the days of a right, written so that later is greater.
type last struct{ day, strict, moment, due string }

func ends(d rights.Decision) last {
	l := last{day: d.Deadline.Date, strict: d.Deadline.Strict, moment: d.Deadline.At}
	if l.strict == "" {
		l.strict = l.day
	}
	if d.Refund != nil && d.Refund.Due != nil {
		l.due = d.Refund.Due.Date
	}
	return l
}

// Who receives the goods later has no less time: not to the day, not to the day
// before it rolled, not to the moment.
func TestDeadlinesFollowTheirStart(t *testing.T) {
	b := book(t)
	compared := 0
	each(t, 3000, func(r *rand.Rand, place string) {
		f := guess(r, place, start)
		later := f
		delivered := time.Date(2023, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(700))
		f.Delivery.At, later.Delivery.At = rights.On(delivered.Date()), rights.On(delivered.AddDate(0, 0, 1+r.IntN(40)).Date())
		one, _ := asked(t, b, f)
		two, _ := asked(t, b, later)
		for _, d := range one.Remedies {
			i := slices.IndexFunc(two.Remedies, func(o rights.Decision) bool { return o.Remedy == d.Remedy })
			if i < 0 || d.Deadline == nil || two.Remedies[i].Deadline == nil || two.Remedies[i].Rule != d.Rule {
				continue
			}
			compared++
			if a, b := ends(d), ends(two.Remedies[i]); b.day < a.day || b.strict < a.strict || b.moment < a.moment || b.day < b.strict || b.due < a.due && b.due != "" {
				t.Errorf("%s: %s ends %+v, delivered later %+v", place, d.Rule, a, b)
			}
		}
	})
	if compared < 1000 {
		t.Errorf("only %d deadlines compared", compared)
	}
}

// Every sentence that people read exists in every language.
func TestTheWordsAreInAllLanguages(t *testing.T) {
	names, err := filepath.Glob("packs/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
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
			var keys []string
			for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
				keys = append(keys, n.Content[i].Value)
			}
			if slices.Contains(keys, "en") && !slices.Equal(keys, rights.Languages) {
				t.Errorf("%s:%d: has %v", name, n.Line, keys)
			}
			for _, inner := range n.Content {
				walk(inner)
			}
		}
		walk(&doc)
	}
}

func TestAMissingYearOfACalendarIsSaid(t *testing.T) {
	b := book(t)
	const late = `{"as_of":"2027-01-11","buyer":{"residence":"CN"},"channel":"web","delivery":{"at":"2026-12-31"}%s}`
	d := remedy(t, decide(t, b, fmt.Sprintf(late, "")), "withdrawal")
	if d.Outcome != rights.NeedsReview || d.Code != "NEEDS_CALENDAR" {
		t.Errorf("after the strict day: %s %s", d.Outcome, d.Code)
	}
	d = remedy(t, decide(t, b, fmt.Sprintf(late, `,"notice":{"sent_at":"2027-01-07"}`)), "withdrawal")
	if d.Outcome != rights.Entitled || !slices.Contains(d.Notes, "NEEDS_CALENDAR") {
		t.Errorf("on the strict day: %s %v", d.Outcome, d.Notes)
	}
}

func TestDaysAreThoseOfTheConsumer(t *testing.T) {
	b := book(t)
	d := remedy(t, decide(t, b, `{"as_of":"2026-11-10T15:59:59Z","buyer":{"residence":"CN"},"channel":"web","delivery":{"at":"2026-11-02T16:00:00Z"}}`), "withdrawal")
	if d.Outcome != rights.Entitled || d.Deadline.Date != "2026-11-10" || d.Deadline.At != "2026-11-10T15:59:59.999Z" {
		t.Errorf("%s %+v", d.Outcome, d.Deadline)
	}
	d = remedy(t, decide(t, b, `{"as_of":"2026-11-10T16:00:00Z","buyer":{"residence":"CN"},"channel":"web","delivery":{"at":"2026-11-02T16:00:00Z"}}`), "withdrawal")
	if d.Outcome != rights.NotEntitled || d.Code != "EXPIRED" {
		t.Errorf("a second later: %s %s", d.Outcome, d.Code)
	}
}

func TestAPurchaseOlderThanTheRuleGoesToAPerson(t *testing.T) {
	d := remedy(t, decide(t, book(t), `{"as_of":"2013-03-10","buyer":{"residence":"FR"},"channel":"web","contract":{"at":"2013-03-01"},"delivery":{"at":"2013-03-05"}}`), "withdrawal")
	if d.Outcome != rights.NeedsReview || d.Code != "BEFORE_LAW" {
		t.Errorf("%s %s", d.Outcome, d.Code)
	}
}

func TestASellerAbroadWhoDoesNotTarget(t *testing.T) {
	b := book(t)
	a := decide(t, b, `{"as_of":"2026-11-10","buyer":{"residence":"CN"},"seller":{"country":"DE","targets_residence":false},"channel":"web","delivery":{"at":"2026-11-05"}}`)
	if a.Law.Jurisdiction != "DE" || a.Law.Why != "PLACE_OF_SUPPLY" {
		t.Errorf("%+v", a.Law)
	}
	a = decide(t, b, `{"as_of":"2026-11-10","buyer":{"residence":"FR"},"seller":{"country":"CN","targets_residence":false},"channel":"web","delivery":{"at":"2026-11-05"}}`)
	if d := remedy(t, a, "withdrawal"); d.Outcome != rights.NeedsReview || d.Code != "LAW_UNCERTAIN" {
		t.Errorf("%+v: %s", a.Law, d.Outcome)
	}
}

func TestACountryWithoutAPackIsSaid(t *testing.T) {
	a, raw := asked(t, book(t), rights.Facts{AsOf: rights.On(2026, 11, 10), Buyer: rights.Buyer{Residence: "ZZ"}})
	if a.Law.Why != "NO_PACK" || !strings.Contains(raw, `"remedies":[]`) {
		t.Error(raw)
	}
}

func TestAPromiseOfABillionDaysEnds(t *testing.T) {
	d := remedy(t, decide(t, book(t), `{"as_of":"2026-11-10","buyer":{"residence":"CN"},"channel":"web","delivery":{"at":"2026-11-01"},"promise":{"return_days":9000000000000000000}}`), "withdrawal")
	if d.Outcome != rights.Entitled || d.Rule != "CN-PROMISE" {
		t.Errorf("%s %s", d.Rule, d.Outcome)
	}
}
