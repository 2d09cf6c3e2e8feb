package owed

import (
	"slices"

	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// wish is the remedies of the law that a wish can rest on: direct ones give
// just that, others give something else that the customer could ask for.
type wish struct{ direct, other []string }

var (
	noReason  = []string{"withdrawal", "store_refund"}
	faulty    = []string{"return", "refund", "withdrawal", "store_refund"}
	notCome   = []string{"late_delivery", "refund", "withdrawal"}
	cure      = []string{"replacement", "repair", "price_reduction", "assembly"}
	moneyBack = []string{"return", "refund", "repair", "price_reduction", "withdrawal", "late_delivery"}
)

// wishOf is what a kind of request with a claim rests on. A lower price is a
// promise of shops only, and nobody owes goods for nothing: keeping them with
// the money back is for a person to decide.
func wishOf(kind, phase, claim string) wish {
	mind := claim == policy.ChangeOfMind || claim == ""
	late := claim == policy.NotDelivered
	switch kind {
	case policy.ReturnRefund, "":
		switch {
		case mind:
			return wish{direct: noReason}
		case late:
			return wish{direct: notCome}
		}
		return wish{direct: faulty, other: cure}
	case policy.RefundOnly:
		switch {
		case late || phase == policy.PreShip || phase == policy.InTransit:
			return wish{direct: notCome}
		case mind:
			return wish{other: noReason}
		}
		return wish{direct: []string{"price_reduction"}, other: []string{"return", "refund", "withdrawal", "replacement", "repair"}}
	case policy.Exchange:
		if mind {
			return wish{other: noReason}
		}
		return wish{direct: []string{"replacement"}, other: moneyBack}
	case policy.Reship:
		if mind {
			return wish{}
		}
		return wish{direct: []string{"replacement"}, other: moneyBack}
	case policy.Compensation:
		return wish{direct: []string{"compensation"}}
	}
	return wish{}
}

// byPerson are remedies whose amount somebody has to look at, however sure the
// right is.
var byPerson = []string{"price_reduction", "compensation"}

var rank = map[rights.Outcome]int{rights.NotEntitled: 1, rights.Conditional: 2, rights.NeedsReview: 3, rights.NeedsFact: 4, rights.Entitled: 5}

// best is the remedy that helps most among those named; of two alike the one
// named first.
func best(all []rights.Decision, names []string) *rights.Decision {
	var found *rights.Decision
	for _, name := range names {
		i := slices.IndexFunc(all, func(d rights.Decision) bool { return d.Remedy == name })
		if i >= 0 && (found == nil || rank[all[i].Outcome] > rank[found.Outcome]) {
			found = &all[i]
		}
	}
	return found
}
