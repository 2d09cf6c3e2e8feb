package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/rights"
)

// on is a day after the probe's day of delivery.
func (f *floor) on(day int) rights.Moment { return rights.On(f.day.AddDate(0, 0, day).Date()) }

// after is how many days after the probe's delivery a date is.
func (f *floor) after(date string) int {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return 0
	}
	y, m, d := f.day.Date()
	return int(t.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// facts are those of a generic purchase: delivered some days after the probe's
// day, asked about later. The customer did nothing to lose a right, and the
// shop did all it has to.
func (f *floor) facts(claim, category string, delivered, asked int) rights.Facts {
	yes, no, price, fee, one := true, false, int64(20000), int64(1000), int64(1)
	home, _, _ := strings.Cut(f.market, "-")
	facts := rights.Facts{
		AsOf: f.on(delivered + asked), Claim: claim, Channel: "web",
		Buyer:    rights.Buyer{Type: "consumer", Residence: f.market},
		Seller:   rights.Seller{Type: "business", Country: home, TargetsResidence: &yes},
		Contract: rights.Contract{At: f.on(delivered - 2), DocumentAt: f.on(delivered - 2), DocumentComplete: &yes},
		Delivery: rights.Delivery{At: f.on(delivered), Fee: &fee, Standard: &fee},
		Item:     rights.Item{Category: strings.ToLower(category), Price: &price, Quantity: &one},
		Traits:   lawful(f.rules.Categories[category]),
		Use:      rights.Use{Opened: &no, SealBroken: &no, Started: &no},
		Told: rights.Told{
			Right: &yes, ReturnCost: &yes, Exception: &yes, Confirmed: &yes, Consent: &yes, Acknowledge: &yes, DigitalSent: &yes, Function: &yes, Terms: &yes, Policy: &yes,
		},
		Notice: rights.Notice{SentAt: f.on(delivered + asked), GotAt: f.on(delivered + asked)},
	}
	if claim == Defect {
		facts.Defect.FoundAt, facts.Defect.ToldAt, facts.Use.Opened, facts.Use.SealBroken = f.on(delivered+asked), f.on(delivered+asked), &yes, &yes
	}
	return facts
}

// usualTraits are what the law calls goods that a shop excepts for a reason.
var usualTraits = map[string][]string{
	"hygiene": {"sealed_hygiene", "confirmable_kind"}, "perishable": {"perishable"}, "digital": {"digital", "confirmable_kind"},
	"custom_made": {"custom"}, "clearance": {"final_sale", "confirmable_kind"},
}

// LawTraits are what the law calls the goods of a category: what it says, or
// what follows from why it is final.
func (c Category) LawTraits() []string {
	if len(c.Traits) > 0 || !c.Final {
		return c.Traits
	}
	return usualTraits[c.why()]
}

func lawful(c Category) (t rights.Traits) {
	all := map[string]bool{}
	for _, name := range c.LawTraits() {
		all[name] = true
	}
	if raw, err := json.Marshal(all); err == nil {
		_ = json.Unmarshal(raw, &t) // names are checked when rules are saved; what the law does not know has no effect
	}
	return t
}

// opened reports whether goods whose seal is broken may still go back by law.
func (f *floor) opened(category string) bool {
	yes := true
	facts := f.facts(ChangeOfMind, category, 0, 1)
	facts.Use.Opened, facts.Use.SealBroken, facts.Use.Started = &yes, &yes, &yes
	return f.ask(facts)["withdrawal"] != nil
}

// least is the window that the law gives whatever the weekday: days off at the
// end may make it longer. 0 where it names no day.
func (f *floor) least(claim, category, remedy string) int {
	asked := 1
	if claim == Defect {
		asked = 3
	}
	return f.shortest(remedy, func(start int) rights.Facts { return f.facts(claim, category, start, asked) })
}

// shortest is least for purchases of another kind.
func (f *floor) shortest(remedy string, of func(start int) rights.Facts) int {
	least := 0
	for start := range 7 {
		d := f.ask(of(start))[remedy]
		if d == nil || d.Deadline == nil {
			continue
		}
		end := d.Deadline.Date
		if d.Deadline.Strict != "" {
			end = d.Deadline.Strict
		}
		if n := f.after(end) - start; least == 0 || n < least {
			least = n
		}
	}
	return least
}

// conditions looks for rules of the shop's own that may take a right away.
func (f *floor) conditions(d *rights.Decision, kind, phase, category string, reasons []placed, days int, about string) {
	for i := range f.rules.Conditions {
		c := &f.rules.Conditions[i]
		if f.programs[i] == nil || !c.Then.takes() || !fits(c.Kinds, kind) || !fits(c.Phases, phase) || !f.holds(c, f.programs[i], kind, phase, category, reasons, days) {
			continue
		}
		at := func(field string) string { return fmt.Sprintf("conditions[%d].then.%s", i, field) }
		then, id := c.Then, locale.Args{"id": c.ID}
		if then.Outcome == string(Refuse) {
			f.add(at("outcome"), "refuse", d, id)
		}
		if then.WindowDays != nil && *then.WindowDays < days && !slices.Contains(ownTime, about) {
			f.add(at("window_days"), about, d, locale.Args{"days": days, "has": *then.WindowDays})
		}
		if then.Freight == "customer" && d.Freight == "seller" {
			f.add(at("freight"), "freight_defect", d, nil)
		}
		if then.RestockingFee != nil && *then.RestockingFee > 0 {
			f.add(at("restocking_fee"), "fee", d, locale.Args{"has": *then.RestockingFee})
		}
	}
}

// ownTime is what has a time of its own, which no condition shortens: what is
// done about faulty goods.
var ownTime = []string{"cure", "repair", "refund_after", "price_reduction"}

// takes reports whether what a condition changes can be worse for the customer.
func (t Then) takes() bool {
	return t.Outcome == string(Refuse) || t.WindowDays != nil || t.Freight == "customer" || t.RestockingFee != nil && *t.RestockingFee > 0
}

// holds reports whether a condition may be true for the generic purchase, on
// the first or the last day of the law's window.
func (f *floor) holds(c *Condition, p *program, kind, phase, category string, reasons []placed, days int) bool {
	country, region, _ := strings.Cut(f.market, "-")
	for _, x := range reasons {
		if !fits(c.Reasons, x.Code) {
			continue
		}
		for _, day := range []int{1, max(1, days)} {
			known := map[string]any{
				"request.kind": kind, "request.phase": phase, "request.channel": "web", "request.region": region,
				"request.now": f.day.AddDate(0, 0, day), "item.category": category, "item.traits": traits(f.rules.Categories[category].LawTraits()),
				"item.reason": x.Code, "item.claim": x.Claims(), "item.days": int64(day), "item.delivered": f.day,
			}
			if phase != AfterReceipt {
				known["item.days"] = int64(-1)
				delete(known, "item.delivered")
			}
			if country != "EU" {
				known["request.country"] = country
			}
			if strings.Contains(c.When, "known['use.") || strings.Contains(c.When, `known["use.`) {
				known["known"] = untouched
			}
			if p.may(known) {
				return true
			}
		}
	}
	return false
}

// untouched are the answers of a customer who did nothing to lose a right.
var untouched = map[string]bool{
	"use.opened": false, "use.seal_broken": false, "use.beyond_test": false, "use.activated": false, "use.altered": false, "use.tag_removed": false,
	"use.damaged": false, "use.value_gone": false, "use.misused": false, "use.digital_started": false,
}

// may reports whether an expression can be true where only some names are
// known. It is asked the same thing again and again, and remembers.
func (p *program) may(known map[string]any) bool {
	var missing []*cel.AttributePatternType
	var key strings.Builder
	for _, name := range p.uses {
		if v, ok := known[name]; ok {
			fmt.Fprintf(&key, "%v\x00", v)
		} else {
			key.WriteString("?\x00")
			missing = append(missing, cel.AttributePattern(name))
		}
	}
	if is, ok := p.answers[key.String()]; ok {
		return is
	}
	if p.answers == nil {
		p.answers = map[string]bool{}
	}
	is := p.could(known, missing)
	p.answers[key.String()] = is
	return is
}

func (p *program) could(known map[string]any, missing []*cel.AttributePatternType) bool {
	vars, err := cel.PartialVars(known, missing...)
	if err != nil {
		return true
	}
	run, err := p.partial()
	if err != nil {
		return true
	}
	v, _, err := run.Eval(vars)
	if err != nil {
		return false // at run time a person decides
	}
	is, certain := v.(types.Bool)
	return !certain || bool(is)
}

// laws tells of which markets the book holds law that can be relied on.
func laws(book *rights.Book, markets []string) (unknown, drafts []string) {
	all := book.Packs("en")
	for _, m := range markets {
		i := slices.IndexFunc(all, func(p rights.PackSummary) bool { return p.Jurisdiction == m })
		switch {
		case i < 0:
			unknown = append(unknown, m)
		case !slices.ContainsFunc(all, func(p rights.PackSummary) bool { return p.Jurisdiction == m && p.Status == "active" }):
			drafts = append(drafts, m)
		}
	}
	return unknown, drafts
}
