package rights

import (
	"strings"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

// RemedyView is a decision in the words of one language.
type RemedyView struct {
	Remedy     string        `json:"remedy"`
	Name       string        `json:"name"`
	Outcome    Outcome       `json:"outcome" enum:"entitled,not_entitled,conditional,needs_fact,needs_review"`
	Answer     string        `json:"answer" doc:"The outcome in words"`
	Says       string        `json:"says" doc:"The rule and the reason in plain words"`
	Until      string        `json:"until,omitempty" doc:"Last day, to its end at the customer's place"`
	Freight    string        `json:"freight,omitempty" enum:"seller,consumer" doc:"Who pays the way back"`
	Costs      string        `json:"costs,omitempty" doc:"The same in words"`
	Amount     *money.Amount `json:"amount,omitempty" doc:"What has to be paid, as far as it is known"`
	Due        string        `json:"due,omitempty" doc:"Day by which the money has to be paid"`
	Money      []string      `json:"money,omitempty" nullable:"false" doc:"What else holds for the money"`
	Proof      string        `json:"proof,omitempty" doc:"Who has to prove the defect"`
	Notes      []string      `json:"notes,omitempty" nullable:"false"`
	Breaches   []string      `json:"breaches,omitempty" nullable:"false" doc:"Duties that the seller has broken"`
	Needs      []string      `json:"needs,omitempty" nullable:"false" doc:"Facts that would decide"`
	Questions  []string      `json:"questions,omitempty" nullable:"false" doc:"The same as questions"`
	Claim      string        `json:"claim,omitempty" enum:"change_of_mind,defect" doc:"For what it was asked, in views of orders: defect where it needs a fault"`
	Rule       string        `json:"rule"`
	Pack       string        `json:"pack"`
	Confidence string        `json:"confidence" enum:"A,B,C,D"`
	Cite       []string      `json:"citation" nullable:"false"`
	Sources    []string      `json:"sources" nullable:"false" doc:"Where the rule was read"`
	Links      []SourceView  `json:"links,omitempty" nullable:"false" doc:"Of these, what has an address: the official text"`
}

// Show words a decision of a law.
func (b *Book) Show(d *Decision, jurisdiction, lang string) RemedyView {
	word := func(code string) string { return b.word(code, jurisdiction, lang) }
	v := RemedyView{
		Remedy: d.Remedy, Name: Remedy(d.Remedy, lang), Outcome: d.Outcome, Answer: phrase(string(d.Outcome), lang), Freight: d.Freight,
		Needs: d.Needs, Rule: d.Rule, Pack: d.Pack, Confidence: d.Confidence, Cite: d.Cite, Sources: []string{},
	}
	var says []string
	if d.Code != "" {
		says = append(says, word(d.Code))
	}
	if d.rule != nil && (d.Outcome != NotEntitled || d.Code == "") {
		says = append(says, d.rule.Says.in(lang))
	}
	v.Says = strings.Join(says, stop(lang))
	for _, name := range d.Needs {
		if key := "need." + name; locale.Has(key) {
			v.Questions = append(v.Questions, locale.Text(lang, key, nil))
		} else {
			v.Questions = append(v.Questions, locale.Text(lang, "need.other", locale.Args{"name": name}))
		}
	}
	if d.Deadline != nil {
		v.Until = d.Deadline.Date
	}
	if d.Freight != "" {
		v.Costs = phrase("freight_"+d.Freight, lang)
	}
	if d.Burden != nil {
		v.Proof = phrase("burden_"+d.Burden.On, lang)
	}
	for _, note := range d.Notes {
		v.Notes = append(v.Notes, word(note))
	}
	for _, code := range d.Breaches {
		v.Breaches = append(v.Breaches, word(code))
	}
	if m := d.Refund; m != nil {
		v.money(m, word, lang)
	}
	if d.rule != nil {
		for _, key := range d.rule.Source {
			s := b.source(jurisdiction, key)
			v.Sources = append(v.Sources, s.Title)
			if s.URL != "" {
				v.Links = append(v.Links, SourceView{key, s.Title, s.URL})
			}
		}
	}
	if v.Cite == nil {
		v.Cite = []string{}
	}
	return v
}

func (v *RemedyView) money(m *Money, word func(string) string, lang string) {
	if m.Minor != nil && m.Currency != "" {
		amount := money.Of(*m.Minor, m.Currency)
		v.Amount = &amount
	}
	if m.Due != nil {
		v.Due = m.Due.Date
	}
	if m.Outbound != "" {
		v.Money = append(v.Money, phrase("outbound_"+m.Outbound, lang))
	}
	if m.SameMeans {
		v.Money = append(v.Money, phrase("same_means", lang))
	}
	if m.Withhold {
		v.Money = append(v.Money, phrase("withhold", lang))
	}
	for _, code := range m.Deductions {
		v.Money = append(v.Money, word(code))
	}
	for _, code := range m.Unsettled {
		v.Money = append(v.Money, phrase("unsettled", lang, "{what}", word(code)))
	}
}

// source is a source by its key.
func (b *Book) source(jurisdiction, key string) Source {
	for _, l := range b.laws[jurisdiction] {
		for _, p := range []*Pack{l.pack, l.base} {
			if p != nil && p.Sources[key].Title != "" {
				return p.Sources[key]
			}
		}
	}
	return Source{Title: key}
}

// LawView is the law that applies, in words.
type LawView struct {
	Jurisdiction string   `json:"jurisdiction"`
	Name         string   `json:"name"`
	Pack         string   `json:"pack,omitempty" doc:"Jurisdiction and version"`
	Status       string   `json:"status,omitempty" doc:"draft where a person must look at every answer"`
	Why          string   `json:"why" doc:"Why this law applies"`
	Notes        []string `json:"notes,omitempty" nullable:"false"`
}

// ShowLaw words which law applies and why.
func (b *Book) ShowLaw(l Law, lang string) LawView {
	v := LawView{Jurisdiction: l.Jurisdiction, Name: b.Place(l.Jurisdiction, lang), Pack: l.Version, Why: b.word(l.Why, l.Jurisdiction, lang)}
	for _, note := range l.Notes {
		v.Notes = append(v.Notes, b.word(note, l.Jurisdiction, lang))
	}
	for _, one := range b.laws[l.Jurisdiction] {
		if one.version == l.Version {
			v.Status = one.pack.Status
		}
	}
	return v
}

// Zone is the zone of the law of a place; empty where there is none.
func (b *Book) Zone(residence string) string {
	for _, name := range family(residence) {
		for _, laws := range [][]*law{b.laws[name], b.laws[b.covers[name]]} {
			if len(laws) > 0 {
				return laws[0].zone.String()
			}
		}
	}
	return ""
}

// Currency is the currency of the law of a place; empty where there is none.
func (b *Book) Currency(residence string) string {
	for _, name := range family(residence) {
		for _, laws := range [][]*law{b.laws[name], b.laws[b.covers[name]]} {
			if len(laws) > 0 {
				return laws[0].currency
			}
		}
	}
	return ""
}
