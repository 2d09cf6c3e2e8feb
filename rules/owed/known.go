package owed

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// asked is a fact that a customer can know.
type asked struct {
	kind    string // bool, date, number, choice
	choices []string
}

// answerable are the facts of the law that customers are asked for. What the
// shop has to prove, such as what it told the buyer, is not among them.
var answerable = answerableFacts(
	"use.opened", "use.seal_broken", "use.beyond_test", "use.activated", "use.altered", "use.tag_removed", "use.damaged", "use.misused", "use.digital_started",
	"defect.found_at", "defect.notified_at", "defect.major", "defect.minor", "defect.same_again", "defect.safety", "defect.part",
	"repair.asked_at", "repair.returned_at", "repair.tries", "repair.failed", "repair.days_total", "repair.refused",
	"item.odometer_km", "item.used_days", "notice.demand_at", "return.sent_at", "buyer.private_percent", "delivery.installed_at",
)

// provable are the facts that only the shop, or somebody who has looked, can
// tell. Staff may add them; the customer's word does not make them true.
var provable = answerableFacts(
	"told.right", "told.right_at", "told.return_cost", "told.exception", "told.exception_confirmed", "told.digital_consent", "told.digital_acknowledged",
	"told.digital_confirmed", "told.withdrawal_function", "told.special_terms", "told.policy_shown", "told.shorter_period",
	"item.durable", "item.essential", "item.cleanable", "item.same_model_available", "item.perishes_at", "item.guarantee_until",
	"repair.no_parts", "repair.impossible", "repair.cause_disputed", "repair.assembly_swaps", "use.value_gone",
	"fraud.found", "fraud.planted", "fraud.food_unsafe", "fraud.sold_knowingly", "fraud.label_only", "fraud.loss",
	"seller.reachable", "seller.trades_as_private", "seller.targets_residence", "platform.gives_seller", "platform.self_run",
	"contract.document_at", "contract.document_complete", "delivery.promised_at", "return.received_at", "refund.agreed_at", "refund.paid_at",
)

// isFact reports that a name is a fact of the law that an answer may give.
func isFact(name string) bool { return answerable[name].kind != "" || provable[name].kind != "" }

func answerableFacts(names ...string) map[string]asked {
	all := map[string]asked{}
	for _, name := range names {
		kind, among := rights.FactKind(name)
		if kind == "text" {
			kind = "choice"
		}
		all[name] = asked{kind, among}
	}
	return all
}

// Asks is the question for a fact of the law; false where the customer is not
// asked for it.
func Asks(name string) (policy.Need, bool) {
	a, ok := answerable[name]
	if !ok {
		return policy.Need{}, false
	}
	return policy.Need{Name: name, Kind: "fact", Type: a.kind, Choices: a.choices}, true
}

// Known checks answers to questions: each must have been asked, and be of its
// kind. null is an answer too: the customer does not know. It fails with
// ErrAnswer, naming every wrong one.
func Known(needs []policy.Need, answers map[string]json.RawMessage) error {
	refused := ErrAnswer
	for _, name := range sorted(answers) {
		i := slices.IndexFunc(needs, func(n policy.Need) bool { return n.Kind == "fact" && n.Name == name })
		if i < 0 {
			refused = refused.At("facts."+name, "was not asked for", "one of the questions of the case")
			continue
		}
		if _, shop := provable[name]; shop {
			refused = refused.At("facts."+name, "is for the shop to prove", "a question about the goods or the fault")
			continue
		}
		if want := wrongAnswer(needs[i], answers[name]); want != "" {
			refused = refused.At("facts."+name, "is not of its kind", want)
		}
	}
	return refusal(refused)
}

// KnownByStaff checks what staff add: any fact of the law that customers can
// be asked for or that the shop can prove, whether it was asked or not.
func KnownByStaff(answers map[string]json.RawMessage) error {
	refused := ErrAnswer
	for _, name := range sorted(answers) {
		n, ok := Asks(name)
		if a, shop := provable[name]; shop {
			n, ok = policy.Need{Name: name, Kind: "fact", Type: a.kind, Choices: a.choices}, true
		}
		if !ok {
			refused = refused.At("facts."+name, "is no fact that can be added", "a name such as use.opened")
			continue
		}
		if want := wrongAnswer(n, answers[name]); want != "" {
			refused = refused.At("facts."+name, "is not of its kind", want)
		}
	}
	return refusal(refused)
}

func refusal(f *fault.Fault) error {
	if len(f.Fields) == 0 {
		return nil
	}
	return f
}

func sorted(answers map[string]json.RawMessage) []string {
	names := make([]string, 0, len(answers))
	for name := range answers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// wrongAnswer says what an answer should have been; empty: it is good.
func wrongAnswer(n policy.Need, raw json.RawMessage) string {
	if string(raw) == "null" {
		return ""
	}
	text, number, truth := "", int64(0), false
	switch n.Type {
	case "bool":
		if json.Unmarshal(raw, &truth) != nil {
			return "true, false or null"
		}
	case "number":
		if json.Unmarshal(raw, &number) != nil || number < 0 || number > 1_000_000_000 {
			return "a whole number from 0, or null"
		}
	case "date":
		if json.Unmarshal(raw, &text) != nil {
			return "a day such as 2026-11-03, or null"
		}
		if t, err := time.Parse(time.DateOnly, text); err != nil || t.Year() < 1990 || t.Year() > 2200 {
			return "a day such as 2026-11-03, or null"
		}
	case "choice":
		if json.Unmarshal(raw, &text) != nil || !slices.Contains(n.Choices, text) {
			return "one of the choices, or null"
		}
	default:
		return "nothing: it is shown, not told"
	}
	return ""
}
