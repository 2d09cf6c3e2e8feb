package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/rights"
)

var zero time.Time

// Violation is a point where a policy takes away what the law gives.
type Violation struct {
	Path         string            `json:"path" doc:"Where in the rules" example:"reasons[0].freight"`
	Jurisdiction string            `json:"jurisdiction"`
	Rule         string            `json:"rule" doc:"Rule of the law"`
	Cite         []string          `json:"cite"`
	Remedy       string            `json:"remedy"`
	Says         map[string]string `json:"says" doc:"What is taken away, by language"`
	Example      []rights.Used     `json:"example,omitempty" doc:"Facts of a purchase for which the rules give less than the law"`

	about string
}

// Check measures rules against the law of markets, as of the newest law in the
// book. A generic purchase is put to the law for each category: a consumer who
// lives in the market bought at a distance and did nothing to lose a right; the
// shop told all it has to. Conditions count as taking a right away where they
// may hold for such a purchase.
func Check(book *rights.Book, r Rules, markets []string) []Violation {
	day := "2026-03-02"
	for _, p := range book.Packs("en") {
		day = max(day, p.Effective)
	}
	at, _ := time.Parse(time.DateOnly, day)
	return CheckOn(book, r, markets, at)
}

// CheckOn is Check by the law of a day.
func CheckOn(book *rights.Book, r Rules, markets []string, day time.Time) []Violation {
	f := &floor{book: book, rules: &r, day: day, names: map[string]map[string]string{}}
	for _, lang := range locale.Languages {
		f.names[lang] = map[string]string{}
		for _, p := range book.Packs(lang) {
			f.names[lang][p.Jurisdiction] = p.Name
		}
	}
	for i := range r.Conditions {
		p, _, _ := compile(r.Conditions[i].When)
		f.programs = append(f.programs, p)
	}
	for _, market := range markets {
		f.market = market
		f.goods()
		f.notDelivered()
		f.onTop()
	}
	return f.found
}

// violations measures a version against the law of its markets. What the
// platform's policy under it gives cannot be taken away by it.
func (s *Service) violations(p *Policy, day time.Time) ([]Violation, error) {
	if len(p.Rules.Markets) == 0 {
		return nil, nil
	}
	book, err := s.book()
	if err != nil {
		return nil, err
	}
	found := CheckOn(book, p.Rules, p.Rules.Markets, day)
	if len(found) == 0 || p.engine == nil || p.engine.parent == nil {
		return found, nil
	}
	under := CheckOn(book, *p.engine.parent.rules, p.Rules.Markets, day)
	return slices.DeleteFunc(found, func(v Violation) bool {
		return !slices.ContainsFunc(under, func(o Violation) bool {
			return o.Jurisdiction == v.Jurisdiction && o.Rule == v.Rule && o.about == v.about
		})
	}), nil
}

// floor is one measurement.
type floor struct {
	book     *rights.Book
	rules    *Rules
	programs []*program // of the conditions
	market   string
	day      time.Time
	names    map[string]map[string]string
	found    []Violation
}

func (f *floor) add(path, about string, d *rights.Decision, args locale.Args) {
	if slices.ContainsFunc(f.found, func(v Violation) bool { return v.Path == path && v.Jurisdiction == f.market && v.about == about }) {
		return
	}
	v := Violation{Path: path, Jurisdiction: f.market, Rule: d.Rule, Cite: d.Cite, Remedy: d.Remedy, Says: map[string]string{}, Example: d.Facts, about: about}
	for _, lang := range locale.Languages {
		all := locale.Args{"place": cmp.Or(f.names[lang][f.market], f.market)}
		for k, x := range args {
			all[k] = x
		}
		v.Says[lang] = locale.Text(lang, "floor."+about, all)
	}
	f.found = append(f.found, v)
}

// ask puts facts to the law and finds the remedies that it gives.
func (f *floor) ask(facts rights.Facts) map[string]*rights.Decision {
	answer, err := f.book.Decide(&facts)
	if err != nil {
		return nil
	}
	all := map[string]*rights.Decision{}
	for i := range answer.Remedies {
		if d := &answer.Remedies[i]; d.Outcome == rights.Entitled {
			all[d.Remedy] = d
		}
	}
	return all
}

// goods asks for each category, and for goods that are in none.
func (f *floor) goods() {
	names := []string{""}
	for name := range f.rules.Categories {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f.withdrawal(name)
		f.defect(name)
		f.uncured(name)
	}
}

// placed is a reason and its place.
type placed struct {
	Reason
	at int
}

// path is where a field of the reason is.
func (x placed) path(field string) string { return fmt.Sprintf("reasons[%d].%s", x.at, field) }

// reasons are the reasons with a claim.
func (f *floor) reasons(claim string) (all []placed) {
	for i, x := range f.rules.Reasons {
		if x.Claims() == claim {
			all = append(all, placed{x, i})
		}
	}
	return all
}

// withdrawal looks at returns without a reason.
func (f *floor) withdrawal(category string) {
	d := f.ask(f.facts(ChangeOfMind, category, 0, 1))["withdrawal"]
	if d == nil {
		return
	}
	r, k := f.rules, f.rules.Categories[category]
	reasons := f.reasons(ChangeOfMind)
	if len(reasons) == 0 {
		f.add("reasons", "reason", d, nil)
	}
	if !r.Offers(ReturnRefund) {
		f.add("kinds", "kind", d, nil)
	}
	if k.Final && !k.OnceOpened {
		f.add("categories."+category+".final", "final", d, locale.Args{"category": category})
	}
	if k.Final && k.OnceOpened && f.opened(category) {
		f.add("categories."+category+".once_opened", "opened", d, locale.Args{"category": category})
	}
	days := f.least(ChangeOfMind, category, "withdrawal")
	f.windows(d, category, reasons, days, "window")
	f.freight(d, reasons, "freight")
	if d.Refund != nil && r.RestockingFee > 0 {
		f.add("restocking_fee", "fee", d, locale.Args{"has": r.RestockingFee})
	}
	if d.Refund != nil && (d.Refund.Outbound == "full" || d.Refund.Outbound == "standard") && !r.FullShipping {
		f.add("full_shipping", "shipping", d, nil)
	}
	f.times(d, "refund_due", f.facts(ChangeOfMind, category, 0, 4))
	f.conditions(d, ReturnRefund, AfterReceipt, category, reasons, days, "window")
}

// times looks at how long the parties have after the declaration: told on the
// first day, the goods are back on the fourth.
func (f *floor) times(d *rights.Decision, about string, facts rights.Facts) {
	r := f.rules
	facts.AsOf, facts.Notice.SentAt, facts.Notice.GotAt, facts.Return.SentAt, facts.Return.GotAt, facts.Refund.AgreedAt = f.on(4), f.on(1), f.on(1), f.on(4), f.on(4), f.on(4)
	back := f.ask(facts)[d.Remedy]
	if back == nil {
		return
	}
	takes := (r.InspectHours + r.PayoutHours + 23) / 24
	if m := back.Refund; m != nil && m.Due != nil && !slices.Contains(back.Notes, "REFUND_UNVERIFIED") {
		// Money that is due before the goods can be back is no matter of these hours.
		if due := f.after(m.Due.Date); due >= 4 && 4+takes > due {
			f.add("inspect_hours", about, back, locale.Args{"days": due - 4, "has": takes})
		}
	}
	for _, duty := range back.Duties {
		due := f.after(duty.Date)
		switch {
		case duty.Who == "consumer" && duty.Code == "SHIP_BACK" && r.ShipBackDays < due-1:
			f.add("ship_back_days", "ship_back", back, locale.Args{"days": due - 1, "has": r.ShipBackDays})
		case duty.Who == "seller" && duty.Code == "REFUND_DUE" && 4+takes > due:
			f.add("inspect_hours", about, back, locale.Args{"days": due - 4, "has": takes})
		}
	}
}

// defect looks at goods that are not as they should be.
func (f *floor) defect(category string) {
	law := f.ask(f.facts(Defect, category, 0, 3))
	first := cmp.Or(law["return"], law["refund"], law["replacement"], law["repair"])
	if first == nil {
		return
	}
	reasons := f.reasons(Defect)
	if len(reasons) == 0 {
		f.add("reasons", "reason_defect", first, nil)
	}
	if d := cmp.Or(law["return"], law["refund"]); d != nil {
		if !f.rules.Offers(ReturnRefund) {
			f.add("kinds", "kind_defect", d, nil)
		}
		days := f.least(Defect, category, d.Remedy)
		f.windows(d, category, reasons, days, "window_defect")
		f.conditions(d, ReturnRefund, AfterReceipt, category, reasons, days, "window_defect")
		f.times(d, "refund_due_defect", f.facts(Defect, category, 0, 4))
	}
	for _, remedy := range []string{"replacement", "repair"} {
		if d := law[remedy]; d != nil {
			f.cure(d, category, reasons)
		}
	}
	for _, remedy := range []string{"return", "refund", "replacement", "repair"} {
		if d := law[remedy]; d != nil {
			f.freight(d, reasons, "freight_defect")
			f.feeOnFault(d, reasons)
		}
	}
}

// cure looks at the time in which faulty goods are replaced or repaired. Who
// exchanges them for as long as they have to be repaired gives no less.
func (f *floor) cure(d *rights.Decision, category string, reasons []placed) {
	kind := Exchange
	if !f.rules.Offers(Exchange) {
		kind = Reship
	}
	if !f.rules.Offers(kind) {
		f.add("kinds", map[bool]string{true: "kind_exchange", false: "kind_repair"}[d.Remedy == "replacement"], d, nil)
		return
	}
	about := map[bool]string{true: "cure", false: "repair"}[d.Remedy == "replacement"]
	days := f.least(Defect, category, d.Remedy)
	for _, x := range reasons {
		if w := f.rules.days(category, x.Reason); x.cure(w.n) < days {
			f.add(x.path("cure_days"), about, d, locale.Args{"days": days, "has": x.cure(w.n)})
		}
	}
	f.conditions(d, kind, AfterReceipt, category, reasons, days, about)
}

// notDelivered looks at goods that never came.
func (f *floor) notDelivered() {
	facts := f.facts(NotDelivered, "", 0, 60)
	facts.Delivery = rights.Delivery{PromisedAt: f.on(10)}
	facts.Contract.At, facts.Notice.SentAt, facts.Notice.DemandAt = f.on(0), f.on(59), f.on(40)
	law := f.ask(facts)
	d := cmp.Or(law["late_delivery"], law["refund"])
	if d == nil {
		return
	}
	if !f.rules.Offers(RefundOnly) {
		f.add("kinds", "kind_not_delivered", d, nil)
	}
	reasons := f.reasons(NotDelivered)
	if len(reasons) == 0 {
		reason, _ := f.rules.Reason(NotReceived)
		reasons = []placed{{reason, -1}}
	}
	f.conditions(d, RefundOnly, InTransit, "", reasons, 0, "window_defect")
}

// windows compares the windows of a category with the law's.
func (f *floor) windows(d *rights.Decision, category string, reasons []placed, days int, about string) {
	if k := f.rules.Categories[category]; k.Final && !k.OnceOpened && about == "window" {
		return // said already
	}
	for _, x := range reasons {
		if w := f.rules.days(category, x.Reason); w.n < days {
			f.add(x.under(w.rule), about, d, locale.Args{"days": days, "has": w.n})
		}
	}
}

func (f *floor) freight(d *rights.Decision, reasons []placed, about string) {
	for _, x := range reasons {
		if d.Freight == "seller" && x.Freight == "customer" {
			f.add(x.path("freight"), about, d, nil)
		}
	}
}

// under makes the path of a rule out of its name: reasons/wrong_size/window_days
// is reasons[1].window_days.
func (x placed) under(rule string) string {
	if strings.HasPrefix(rule, "reasons/") {
		return x.path("window_days")
	}
	return strings.ReplaceAll(rule, "/", ".")
}
