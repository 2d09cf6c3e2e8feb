package rights

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/money"
)

// Languages are those of the shipped words.
var Languages = []string{"en", "zh-CN", "zh-TW"}

// in gives the sentence in a language, else in English.
func (t Texts) in(lang string) string {
	return cmp.Or(t[lang], reworded(lang, t["en"]), t["en"])
}

// Word is a code in words. A code of a pack is found through the jurisdiction
// that decided.
func (b *Book) word(code, jurisdiction, lang string) string {
	for _, l := range b.laws[jurisdiction] {
		if c, ok := l.codes[code]; ok {
			return c.Says.in(lang)
		}
	}
	return cmp.Or(standard().Codes[code].Says.in(lang), code)
}

func phrase(key, lang string, values ...string) string {
	return strings.NewReplacer(values...).Replace(standard().Phrases[key].in(lang))
}

// stop stands between sentences.
func stop(lang string) string {
	if wide(lang) {
		return ""
	}
	return " "
}

// period ends a sentence.
func period(lang string) string {
	if wide(lang) {
		return "。"
	}
	return "."
}

// colon stands between a name and what it is.
func colon(lang string) string {
	switch {
	case wide(lang):
		return "："
	case lang == "fr":
		return "\u00a0: "
	}
	return ": "
}

// wide reports whether the marks of a language are as wide as its letters, and
// bring their own room.
func wide(lang string) bool { return lang == "ja" || strings.HasPrefix(lang, "zh") }

// Explain words an answer for the customer. Staff also see rules, sources,
// confidence and the facts that decided.
func (b *Book) Explain(a *Answer, lang string, staff bool) string {
	var out strings.Builder
	place := a.Law.Jurisdiction
	if laws := b.laws[place]; laws != nil {
		place = laws[0].pack.Name.in(lang)
	}
	fmt.Fprintf(&out, "%s%s%s\n", phrase("law", lang, "{place}", place), stop(lang), b.word(a.Law.Why, a.Law.Jurisdiction, lang))
	for _, note := range a.Law.Notes {
		fmt.Fprintf(&out, "%s%s%s\n", phrase("notes", lang), colon(lang), b.word(note, a.Law.Jurisdiction, lang))
	}
	if staff && a.Law.Version != "" {
		fmt.Fprintf(&out, "  [%s; %s %s]\n", a.Law.Version, a.Law.Cite, a.Law.Confidence)
	}
	for i := range a.Remedies {
		out.WriteString("\n")
		b.explain(&out, &a.Remedies[i], a.Law.Jurisdiction, lang, staff)
	}
	return out.String()
}

func (b *Book) explain(out *strings.Builder, d *Decision, of, lang string, staff bool) {
	word := func(code string) string { return b.word(code, of, lang) }
	fmt.Fprintf(out, "%s%s%s\n", standard().Remedies[d.Remedy].in(lang), colon(lang), phrase(string(d.Outcome), lang))
	var says []string
	if d.Code != "" {
		says = append(says, word(d.Code))
	}
	if d.Outcome != NotEntitled && d.rule != nil {
		says = append(says, d.rule.Says.in(lang))
	}
	if d.Needs != nil {
		says = append(says, phrase("missing", lang, "{facts}", strings.Join(d.Needs, ", ")))
	}
	if d.Deadline != nil {
		says = append(says, phrase("until", lang, "{date}", d.Deadline.Date))
	}
	if d.Freight != "" {
		says = append(says, phrase("freight_"+d.Freight, lang))
	}
	if d.Burden != nil {
		says = append(says, phrase("burden_"+d.Burden.On, lang))
	}
	fmt.Fprintf(out, "  %s\n", strings.Join(says, stop(lang)))
	if d.Refund != nil {
		b.explainMoney(out, d.Refund, of, lang)
	}
	for _, duty := range d.Duties {
		fmt.Fprintf(out, "  %s %s%s%s (%s)\n", duty.Date, phrase("who_"+duty.Who, lang), colon(lang), word(duty.Code), phrase(duty.State, lang))
	}
	for _, note := range d.Notes {
		fmt.Fprintf(out, "  %s%s%s\n", phrase("notes", lang), colon(lang), word(note))
	}
	if !staff {
		return
	}
	for _, code := range d.Breaches {
		fmt.Fprintf(out, "  %s%s%s\n", phrase("breach", lang), colon(lang), word(code))
	}
	fmt.Fprintf(out, "  [%s %s, %s, %s", phrase("rule", lang), d.Rule, d.Pack, d.Confidence)
	if d.Code != "" {
		fmt.Fprintf(out, ", %s", d.Code)
	}
	fmt.Fprintf(out, "; %s]\n", strings.Join(d.Cite, "; "))
	var facts []string
	for _, f := range d.Facts {
		facts = append(facts, f.Name+" = "+strings.Trim(string(f.Value), `"`))
	}
	if facts != nil {
		fmt.Fprintf(out, "  [%s%s%s]\n", phrase("because", lang), colon(lang), strings.Join(facts, ", "))
	}
	if d.Also != nil {
		fmt.Fprintf(out, "  [%s]\n", strings.Join(d.Also, ", "))
	}
}

func (b *Book) explainMoney(out *strings.Builder, m *Money, of, lang string) {
	var says []string
	if m.Minor != nil {
		says = append(says, phrase("refund", lang, "{amount}", money.Of(*m.Minor, m.Currency).String()))
	}
	if m.Due != nil {
		says = append(says, phrase("due", lang, "{date}", m.Due.Date))
	}
	if m.Outbound != "" {
		says = append(says, phrase("outbound_"+m.Outbound, lang))
	}
	if m.SameMeans {
		says = append(says, phrase("same_means", lang))
	}
	if m.Withhold {
		says = append(says, phrase("withhold", lang))
	}
	for _, code := range m.Deductions {
		says = append(says, b.word(code, of, lang))
	}
	for _, code := range m.Unsettled {
		says = append(says, phrase("unsettled", lang, "{what}", b.word(code, of, lang)))
	}
	if says != nil {
		fmt.Fprintf(out, "  %s\n", strings.Join(says, stop(lang)))
	}
	for _, piece := range m.Parts {
		fmt.Fprintf(out, "    %s  %s\n", money.Of(piece.Minor, m.Currency), b.word(piece.Code, of, lang))
	}
}

// PackSummary is a row of the table of packs.
type PackSummary struct {
	Jurisdiction string         `json:"jurisdiction"`
	Name         string         `json:"name"`
	Version      int64          `json:"version"`
	Status       string         `json:"status"`
	Effective    string         `json:"effective"`
	Extends      string         `json:"extends,omitempty"`
	Rules        int            `json:"rules"` // with those taken over
	Confidence   map[string]int `json:"confidence"`
}

// Packs lists the packs of the book.
func (b *Book) Packs(lang string) (rows []PackSummary) {
	for _, p := range b.packs {
		row := PackSummary{
			Jurisdiction: p.Jurisdiction, Name: p.Name.in(lang), Version: p.Version, Status: p.Status,
			Effective: p.Effective, Extends: p.Extends, Confidence: map[string]int{},
		}
		laws := b.laws[p.Jurisdiction]
		if i := slices.IndexFunc(laws, func(l *law) bool { return l.pack == p }); i >= 0 {
			row.Rules = len(laws[i].rules)
			for _, r := range laws[i].rules {
				row.Confidence[r.Confidence]++
			}
		}
		rows = append(rows, row)
	}
	return rows
}
