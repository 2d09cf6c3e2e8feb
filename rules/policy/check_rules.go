package policy

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/rights"
)

var (
	codePattern   = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)
	factPattern   = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,59}$`)
	marketPattern = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,3})?$`)
	idPattern     = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	evidenceKinds = []string{"photo", "video", "document"}
	everyPhase    = []string{PreShip, InTransit, AfterReceipt}
	everyClaim    = []string{ChangeOfMind, Defect, NotDelivered, Fraud}
)

// lawTraits are the names that the law has for kinds of goods.
var lawTraits = func() (names []string) {
	t := reflect.TypeFor[rights.Traits]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}()

// Most of what a policy may hold.
const (
	maxConditions = 200
	maxList       = 50
	maxWords      = 1000 // characters of a text in one language
)

func (r Rules) checkMore(c *complaint) {
	for i, m := range r.Markets {
		c.that(!marketPattern.MatchString(m), fmt.Sprintf("markets[%d]", i), sayNoJurisdiction, wantCode.of("CN, DE, US-NY"))
	}
	c.that(len(r.Markets) > 60, "markets", sayTooMany, wantAtMost.of(60))
	c.that(r.Parent != "" && !idPattern.MatchString(r.Parent), "parent", sayNoPolicy, wantPolicyID)
	for _, name := range slices.Sorted(maps.Keys(r.Categories)) {
		for i, t := range r.Categories[name].Traits {
			c.oneOf(fmt.Sprintf("categories.%s.traits[%d]", name, i), t, lawTraits...)
		}
		k := r.Categories[name]
		c.that(k.OnceOpened && !k.Final, "categories."+name+".once_opened", sayCategoryNotFinal, wantFinalOrLeaveOut)
	}
	for i, x := range r.Reasons {
		c.optional(fmt.Sprintf("reasons[%d].claim", i), x.Claim, everyClaim...)
	}
	r.checkConditions(c)
	r.checkPromises(c)
	r.checkOffers(c)
	c.that(len(r.Evidence) > maxList, "evidence", sayTooManyEntries, wantAtMost.of(maxList))
	for i, e := range r.Evidence {
		at := func(name string) string { return fmt.Sprintf("evidence[%d].%s", i, name) }
		c.that(len(e.Ask) == 0, at("ask"), sayEmpty, wantOneOf.of(strings.Join(evidenceKinds, ", ")))
		c.each(at("ask"), e.Ask, evidenceKinds)
		c.each(at("kinds"), e.Kinds, Kinds)
		r.knownReasons(c, at("reasons"), e.Reasons)
		c.words(at("says"), e.Says)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Tiers)) {
		t := r.Tiers[name]
		c.that(name == "" || len(name) > 40, "tiers."+name, sayNoTier, wantCharacters.of(1, 40))
		c.window("tiers."+name+".window_days", &t.WindowDays)
		c.optional("tiers."+name+".freight", t.Freight, "seller")
	}
	c.that(len(r.Tiers) > maxList, "tiers", sayTooMany, wantAtMost.of(maxList))
}

// limitsOf lists all amounts by currency with their paths.
func (r Rules) limitsOf() map[string]map[string]int64 {
	all := map[string]map[string]int64{
		"auto_approve": r.AutoApprove, "label_fee": r.LabelFee, "returnless.below": r.Keep.Below, "advance.max": r.Advance.Max, "bulk_limit": r.Bulk,
	}
	for name, t := range r.Tiers {
		all["tiers."+name+".auto_approve"], all["tiers."+name+".returnless"], all["tiers."+name+".advance"] = t.AutoApprove, t.Returnless, t.Advance
	}
	for name, k := range r.Categories {
		all["categories."+name+".auto_approve"] = k.AutoApprove
	}
	list := func(what string, i int, name string, limits map[string]int64) {
		all[fmt.Sprintf("%s[%d].%s", what, i, name)] = limits
	}
	for i, x := range r.Reasons {
		list("reasons", i, "auto_approve", x.AutoApprove)
	}
	for i, x := range r.Conditions {
		list("conditions", i, "then.auto_approve", x.Then.AutoApprove)
	}
	for i, x := range r.Promises {
		list("promises", i, "auto_approve", x.Auto)
		list("promises", i, "min", x.Min)
		list("promises", i, "max", x.Max)
	}
	for i, x := range r.Proposals {
		list("offers", i, "amount", x.Amount)
	}
	for i, x := range r.Evidence {
		list("evidence", i, "above", x.Above)
	}
	return all
}

func (r Rules) checkConditions(c *complaint) {
	c.that(len(r.Conditions) > maxConditions, "conditions", sayTooMany, wantAtMost.of(maxConditions))
	seen := map[string]bool{}
	for i, x := range r.Conditions[:min(len(r.Conditions), maxConditions)] {
		at := func(name string) string { return fmt.Sprintf("conditions[%d].%s", i, name) }
		c.code(at("id"), x.ID, seen)
		c.that(strings.TrimSpace(x.When) == "", at("when"), sayEmpty, wantExpressionOrTrue)
		if strings.TrimSpace(x.When) != "" {
			c.expression(at("when"), x.When)
		}
		c.each(at("kinds"), x.Kinds, Kinds)
		c.each(at("phases"), x.Phases, everyPhase)
		r.knownReasons(c, at("reasons"), x.Reasons)
		c.words(at("says"), x.Says)
		r.checkThen(c, at, x.Then)
	}
}

func (r Rules) checkThen(c *complaint, at func(string) string, t Then) {
	c.that(reflect.ValueOf(t).IsZero(), at("then"), sayEmpty, wantChange)
	c.optional(at("then.outcome"), t.Outcome, string(Approve), string(Review), string(Refuse), string(Ask))
	c.that(t.Outcome == string(Ask) && len(t.Needs)+len(t.Evidence) == 0, at("then.needs"), sayNothingAsked, wantQuestionOrEvidence)
	c.window(at("then.window_days"), t.WindowDays)
	c.optional(at("then.freight"), t.Freight, "seller", "customer")
	c.that(t.RestockingFee != nil && (*t.RestockingFee < 0 || *t.RestockingFee > 50), at("then.restocking_fee"), sayNotPossible, wantRange.of(0, 50))
	c.each(at("then.evidence"), t.Evidence, evidenceKinds)
	for j, id := range t.Offers {
		known := slices.ContainsFunc(r.Proposals, func(o OfferRule) bool { return o.ID == id })
		c.that(!known, at(fmt.Sprintf("then.offers[%d]", j)), sayNoOffer, wantOfferID)
	}
	for j, q := range t.Needs {
		in := func(name string) string { return at(fmt.Sprintf("then.needs[%d].%s", j, name)) }
		c.that(!factPattern.MatchString(q.Name), in("name"), sayNoName, wantName.of("use.opened"))
		c.oneOf(in("type"), q.Type, "bool", "date", "number", "choice")
		c.that((q.Type == "choice") != (len(q.Choices) > 0), in("choices"), sayChoices, wantChoices)
		c.words(in("says"), q.Says)
		key := "need." + q.Name
		c.that(len(q.Says) == 0 && !locale.Has(key), in("says"), sayNoQuestion, wantQuestion)
	}
}

func (r Rules) checkPromises(c *complaint) {
	c.that(len(r.Promises) > maxList, "promises", sayTooMany, wantAtMost.of(maxList))
	seen := map[string]bool{}
	for i, p := range r.Promises {
		at := func(name string) string { return fmt.Sprintf("promises[%d].%s", i, name) }
		c.code(at("code"), p.Code, seen)
		if p.When != "" {
			c.expression(at("when"), p.When)
		}
		r.knownReasons(c, at("reasons"), p.Reasons)
		c.optional(at("basis"), p.Basis, Bases...)
		c.that(p.Multiple < 0 || p.Multiple > 1000, at("multiple"), sayOutOfRange.of(p.Multiple), wantPercent.of(0, 1000))
		c.that(p.Multiple == 0 && len(p.Min) == 0, at("multiple"), sayNoMultiple, wantMoreThanZero)
		c.words(at("says"), p.Says)
		for currency, low := range p.Min {
			high, ok := p.Max[currency]
			c.that(ok && high < low, at("max."+currency), sayBelowLeast, wantAtLeast.of(low))
		}
	}
}

func (r Rules) checkOffers(c *complaint) {
	c.that(len(r.Proposals) > maxList, "offers", sayTooMany, wantAtMost.of(maxList))
	seen := map[string]bool{}
	for i, o := range r.Proposals {
		at := func(name string) string { return fmt.Sprintf("offers[%d].%s", i, name) }
		c.code(at("id"), o.ID, seen)
		if o.When != "" {
			c.expression(at("when"), o.When)
		}
		c.each(at("kinds"), o.Kinds, Kinds)
		c.each(at("phases"), o.Phases, everyPhase)
		r.knownReasons(c, at("reasons"), o.Reasons)
		c.oneOf(at("offer"), o.Offer, ReturnRefund, RefundOnly, "partial", Exchange)
		c.optional(at("freight"), o.Freight, "seller", "customer")
		c.that(o.Percent < 0 || o.Percent > 100, at("percent"), sayOutOfRange.of(o.Percent), wantRange.of(0, 100))
		c.that(o.Offer == "partial" && o.Percent == 0 && len(o.Amount) == 0, at("percent"), sayNoAmount, wantPercentageOrAmount)
		c.words(at("says"), o.Says)
	}
}

// knownReasons refuses reasons that nobody can give; those that every request
// of a kind has are known too.
func (r Rules) knownReasons(c *complaint, path string, reasons []string) {
	for i, code := range reasons {
		_, ok := r.Reason(code)
		c.that(!ok && code != "price_drop" && code != "compensation", fmt.Sprintf("%s[%d]", path, i), sayNoReason, wantReasonCode)
	}
}

func (c *complaint) expression(path, text string) {
	_, problems := expression(path, text)
	for _, p := range problems {
		c.problem(p)
	}
}

func (c *complaint) code(path, code string, seen map[string]bool) {
	c.that(!codePattern.MatchString(code), path, sayNoName, wantSmallLetters)
	c.that(seen[code], path, sayThereTwice, wantEachNameOnce)
	seen[code] = true
}

func (c *complaint) each(path string, values, allowed []string) {
	for i, v := range values {
		c.oneOf(fmt.Sprintf("%s[%d]", path, i), v, allowed...)
		c.that(slices.Contains(values[:i], v), fmt.Sprintf("%s[%d]", path, i), sayNamedTwice, wantEachOnce)
	}
}

func (c *complaint) words(path string, says map[string]string) {
	for _, lang := range slices.Sorted(maps.Keys(says)) {
		c.oneOf(path+"."+lang, lang, locale.Readable...)
		c.that(utf8.RuneCountInString(says[lang]) > maxWords, path+"."+lang, sayTextTooLong, wantMostCharacters.of(maxWords))
	}
}
