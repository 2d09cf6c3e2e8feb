package rights

import (
	"slices"
	"strconv"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrNoPack says that there is no pack, or no such version of it.
var ErrNoPack = fault.New(fault.Missing, "rights.no_pack", "There is no law of this place here.")

// PackView is a pack for readers, in one language.
type PackView struct {
	PackSummary
	Zone     string       `json:"zone,omitempty"`
	Calendar string       `json:"calendar,omitempty" doc:"Days off that deadlines roll over"`
	Known    string       `json:"calendar_known,omitempty" doc:"Of which years the days off are known, in words, and what holds for others"`
	Currency string       `json:"currency,omitempty"`
	Covers   []string     `json:"covers,omitempty" nullable:"false" doc:"Countries without a pack of their own that it answers for"`
	Sources  []SourceView `json:"sources" nullable:"false"`
	Versions []int64      `json:"versions" nullable:"false" doc:"All versions, oldest first"`
	Law      LawRuleView  `json:"applicable_law"`
	List     []RuleView   `json:"list" nullable:"false" doc:"The rules, with those taken over from the pack that it extends"`
	Tests    int          `json:"tests" doc:"Examples with answers in the pack"`
}

// SourceView is a text that a pack was made from.
type SourceView struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	URL   string `json:"url,omitempty" doc:"Address of the official text, where there is one"`
}

// LawRuleView says when another law than that of the consumer's home applies.
type LawRuleView struct {
	Election   bool   `json:"election" doc:"The consumer may choose the law of the place of supply"`
	Untargeted string `json:"untargeted,omitempty" doc:"Seller who does no business there: seller (the law of the seller) or review"`
	Cite       string `json:"citation,omitempty"`
	Confidence string `json:"confidence,omitempty"`
}

// RuleView is one rule of a law in words.
type RuleView struct {
	ID         string     `json:"id"`
	Remedy     string     `json:"remedy"`
	Name       string     `json:"name" doc:"The remedy in words"`
	Says       string     `json:"says"`
	From       string     `json:"effective_from,omitempty" doc:"First day of the rule, by the day of the contract"`
	To         string     `json:"effective_to,omitempty"`
	Cite       []string   `json:"citation" nullable:"false"`
	Source     []string   `json:"source" nullable:"false" doc:"Keys of the sources"`
	Confidence string     `json:"confidence" enum:"A,B,C,D"`
	Inherited  string     `json:"inherited,omitempty" doc:"Pack that it is taken over from"`
	Windows    []TermView `json:"windows,omitempty" nullable:"false" doc:"Lengths of time that may apply"`
	Requires   []CodeView `json:"requires,omitempty" nullable:"false" doc:"What the law says where a condition is not met"`
	Except     []CodeView `json:"exceptions,omitempty" nullable:"false"`
	Review     []CodeView `json:"review,omitempty" nullable:"false"`
	Only       []CodeView `json:"conditional,omitempty" nullable:"false"`
	Notes      []CodeView `json:"notes,omitempty" nullable:"false"`
	Freight    []string   `json:"freight,omitempty" nullable:"false" doc:"Who pays the way back, the first that fits"`
	RefundIn   []TermView `json:"refund_in,omitempty" nullable:"false"`
	Deductions []CodeView `json:"deductions,omitempty" nullable:"false"`
	Unsettled  []CodeView `json:"needs_review,omitempty" nullable:"false" doc:"Amounts that the law leaves open: a person decides"`
	Duties     []CodeView `json:"duties,omitempty" nullable:"false"`
}

// CodeView is a reason, an exception, a duty or a remark.
type CodeView struct {
	Code    string `json:"code"`
	Says    string `json:"says"`
	Outcome string `json:"outcome,omitempty"`
}

// TermView is a length of time.
type TermView struct {
	N     string `json:"n" doc:"A number, or the name of a fact or a table that holds it"`
	Unit  string `json:"unit" enum:"day,month,working_day,year,week"`
	From  string `json:"from" doc:"Fact from which it is counted"`
	Count string `json:"count,omitempty" doc:"incl_start where the first day counts"`
	Roll  string `json:"roll,omitempty" doc:"What happens on days off"`
}

// Pack shows a pack in a language; version 0 is the newest. ErrNoPack where
// there is none.
func (b *Book) Pack(jurisdiction string, version int64, lang string) (PackView, error) {
	var l *law
	v := PackView{}
	for _, one := range b.laws[jurisdiction] {
		if !slices.Contains(v.Versions, one.pack.Version) {
			v.Versions = append(v.Versions, one.pack.Version)
		}
		if version == 0 || one.pack.Version == version {
			l = one
		}
	}
	if l == nil {
		return PackView{}, ErrNoPack.With("jurisdiction", jurisdiction)
	}
	for _, row := range b.Packs(lang) {
		if row.Jurisdiction == jurisdiction && row.Version == l.pack.Version {
			v.PackSummary = row
		}
	}
	p, owners := l.pack, []*Pack{l.pack}
	if l.base != nil {
		owners = []*Pack{l.base, l.pack}
	}
	v.Zone, v.Calendar, v.Currency, v.Covers, v.Tests = l.zone.String(), p.Calendar, l.currency, p.Covers, len(p.Tests)
	if v.Calendar == "" && l.base != nil {
		v.Calendar = l.base.Calendar
	}
	if l.calendar != nil {
		if from, to := l.calendar.Years(); to > 0 {
			v.Known = phrase("calendar", lang, "{from}", strconv.Itoa(from), "{to}", strconv.Itoa(to))
		}
	}
	rule := l.lawRule()
	v.Law = LawRuleView(rule)
	v.Sources, v.List = []SourceView{}, []RuleView{}
	for _, o := range owners {
		for key, s := range o.Sources {
			v.Sources = append(v.Sources, SourceView{key, s.Title, s.URL})
		}
	}
	slices.SortFunc(v.Sources, func(a, c SourceView) int { return compareText(a.Key, c.Key) })
	v.Sources = slices.Compact(v.Sources)
	for _, c := range l.rules {
		v.List = append(v.List, b.ruleView(l, c, lang))
	}
	return v, nil
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (b *Book) ruleView(l *law, c *compiled, lang string) RuleView {
	word := func(code string) string { return b.word(code, l.pack.Jurisdiction, lang) }
	checks := func(list []check) (all []CodeView) {
		for _, x := range list {
			all = append(all, CodeView{x.code, word(x.code), string(x.outcome)})
		}
		return all
	}
	v := RuleView{
		ID: c.ID, Remedy: c.Remedy, Name: Remedy(c.Remedy, lang), Says: c.Says.in(lang), From: c.Effective.From, To: c.Effective.To,
		Cite: c.Cite, Source: c.Source, Confidence: c.Confidence,
		Requires: checks(c.requires), Except: checks(c.except), Review: checks(c.review), Only: checks(c.conditional), Notes: checks(c.notes), Deductions: checks(c.deductions),
	}
	if v.Source == nil {
		v.Source = []string{}
	}
	if l.base != nil && find(l.base, c.ID) != nil && find(l.pack, c.ID) == nil {
		v.Inherited = l.base.Jurisdiction
	}
	v.Unsettled = checks(c.unsettled)
	for _, list := range [][]CodeView{v.Notes, v.Deductions, v.Unsettled} {
		for i := range list {
			list[i].Outcome = ""
		}
	}
	if c.Window != nil {
		v.Windows = c.Window.Ends.view(nil)
	}
	for _, f := range c.Freight {
		v.Freight = append(v.Freight, f.Pays)
	}
	if c.Refund != nil && c.Refund.Due != nil {
		v.RefundIn = c.Refund.Due.view(nil)
	}
	for _, d := range c.duties {
		v.Duties = append(v.Duties, CodeView{Code: d.Code, Says: word(d.Code)})
	}
	return v
}

// view lists the lengths of time in a term.
func (t *Term) view(all []TermView) []TermView {
	for _, list := range [][]Term{t.Earliest, t.Latest} {
		for i := range list {
			all = list[i].view(all)
		}
	}
	for i := range t.Cases {
		all = t.Cases[i].Then.view(all)
	}
	if t.N.set {
		one := TermView{N: t.N.Ref, Unit: t.Unit, Count: t.Count, Roll: t.Roll}
		if one.N == "" {
			one.N = strconv.FormatInt(t.N.Const, 10)
		}
		if t.From != nil {
			one.From = t.From.Fact
			if one.From == "" {
				all = t.From.view(all)
			}
		}
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// Versions names every version of every pack: it changes when any does.
func (b *Book) Versions() string {
	text := ""
	for _, p := range b.packs {
		text += p.Jurisdiction + "@" + strconv.FormatInt(p.Version, 10) + " "
	}
	return text
}
