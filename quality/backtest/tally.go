package backtest

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Tally is what a run has counted so far. It is stored with the run in the
// transaction that moves its place, so that nothing is counted twice.
type Tally struct {
	Decided  int64             `json:"decided"`
	Skipped  map[string]int64  `json:"skipped,omitempty"` // by why
	Matrix   map[string]int64  `json:"matrix,omitempty"`  // "approve>refuse"
	Better   int64             `json:"better"`            // for the customer
	Worse    int64             `json:"worse"`
	Other    int64             `json:"other"` // changed, and neither
	Money    map[string]*Money `json:"money,omitempty"`
	People   map[string]int64  `json:"people,omitempty"` // what people decided of requests that waited for them
	Waits    map[int]int64     `json:"waits,omitempty"`  // how long those waited, see bucket
	AtOnce   int64             `json:"at_once"`          // need nobody any more
	ToPerson int64             `json:"to_person"`        // and now do
	Unknown  map[string]int64  `json:"unknown,omitempty"`
	Assumed  map[string]int64  `json:"assumed,omitempty"`
	Parts    map[string]int64  `json:"parts,omitempty"` // of the tried rules: how often each spoke
	Pairs    map[string]int64  `json:"pairs,omitempty"` // conditions that were true together
	Laws     map[string]int64  `json:"laws,omitempty"`  // rules of law that decided
	Samples  map[string]int64  `json:"samples,omitempty"`

	has    map[string]bool   // parts of the tried rules that goods and customers can touch
	groups map[group]*change // of this step only; stored in a table of their own
	kept   []Sample
}

// Money is what both sets of rules come to in one currency.
type Money struct {
	Before Sum `json:"before"`
	After  Sum `json:"after"`
}

// Sum adds up, in minor units, what one set of rules says.
type Sum struct {
	Paid     int64 `json:"paid"`     // approved at once
	Open     int64 `json:"open"`     // waits for a person or for an answer of the customer
	Refused  int64 `json:"refused"`  // what it would have been
	Fees     int64 `json:"fees"`     // kept of what is approved: labels and restocking
	Seller   int64 `json:"seller"`   // ways back that the seller pays, of what is approved
	Customer int64 `json:"customer"` // and the customer
}

// group is one value of one dimension by which changes are counted.
type group struct{ dimension, name, currency string }

type change struct{ tried, better, worse, other, before, after int64 }

func (s *Sum) add(one Side) {
	switch one.Outcome {
	case "approve":
		s.Paid += one.Refund
		s.Fees += one.Fees
		switch one.Freight {
		case "seller":
			s.Seller += one.Label
		case "customer":
			s.Customer += one.Label
		}
	case "refuse":
		s.Refused += one.Refund
	default:
		s.Open += one.Refund
	}
}

// rank orders outcomes as the customer does.
var rank = map[string]int{"refuse": 0, "review": 1, "ask": 1, "approve": 2}

// Direction of a change, as the customer sees it.
const (
	better = "better"
	worse  = "worse"
	other  = "other"
)

// compare names what changes from one side to the other, and for whom it is
// better. Nothing: both are the same.
func compare(before, after Side) (name, direction string) {
	if before.Outcome != after.Outcome {
		name = before.Outcome + ">" + after.Outcome
		switch a, b := rank[before.Outcome], rank[after.Outcome]; {
		case a < b:
			return name, better
		case a > b:
			return name, worse
		}
		return name, other
	}
	if after.Outcome == "refuse" {
		return "", ""
	}
	switch {
	case before.Refund != after.Refund:
		name = after.Outcome + ":refund"
	case before.Freight != after.Freight:
		name = after.Outcome + ":freight"
	default:
		return "", ""
	}
	switch {
	case before.Refund < after.Refund, before.Refund == after.Refund && after.Freight == "seller":
		return name, better
	case before.Refund > after.Refund, before.Freight == "seller":
		return name, worse
	}
	return name, other
}

// merge adds what another tally has counted.
func (t *Tally) merge(o *Tally) {
	t.Decided += o.Decided
	t.Better += o.Better
	t.Worse += o.Worse
	t.Other += o.Other
	t.AtOnce += o.AtOnce
	t.ToPerson += o.ToPerson
	for _, pair := range []struct{ to, from *map[string]int64 }{
		{&t.Skipped, &o.Skipped}, {&t.Matrix, &o.Matrix}, {&t.People, &o.People}, {&t.Unknown, &o.Unknown}, {&t.Assumed, &o.Assumed},
		{&t.Parts, &o.Parts}, {&t.Pairs, &o.Pairs}, {&t.Laws, &o.Laws}, {&t.Samples, &o.Samples},
	} {
		for k, n := range *pair.from {
			count(pair.to, k, n)
		}
	}
	for k, n := range o.Waits {
		if t.Waits == nil {
			t.Waits = map[int]int64{}
		}
		t.Waits[k] += n
	}
	for currency, m := range o.Money {
		into := t.money(currency)
		into.Before.plus(m.Before)
		into.After.plus(m.After)
	}
}

// clone is a tally that shares nothing with this one.
func (t *Tally) clone() Tally {
	var c Tally
	c.merge(t)
	return c
}

func (s *Sum) plus(o Sum) {
	s.Paid += o.Paid
	s.Open += o.Open
	s.Refused += o.Refused
	s.Fees += o.Fees
	s.Seller += o.Seller
	s.Customer += o.Customer
}

func (t *Tally) money(currency string) *Money {
	if t.Money == nil {
		t.Money = map[string]*Money{}
	}
	m := t.Money[currency]
	if m == nil {
		m = &Money{}
		t.Money[currency] = m
	}
	return m
}

func count(m *map[string]int64, key string, n int64) {
	if *m == nil {
		*m = map[string]int64{}
	}
	(*m)[key] += n
}

// Waits are counted in steps of a sixteenth of an octave of minutes: a median
// read from them is within 2.2 % of the true one.
const stepsOctave = 16

func bucket(wait time.Duration) int {
	return int(math.Floor(math.Log2(1+max(wait.Minutes(), 0)) * stepsOctave))
}

// median is the wait in the middle, and of how many.
func (t *Tally) median() (time.Duration, int64) {
	var n int64
	for _, k := range t.Waits {
		n += k
	}
	var seen int64
	for _, step := range slices.Sorted(maps.Keys(t.Waits)) {
		if seen += t.Waits[step]; 2*seen >= n {
			minutes := math.Exp2((float64(step)+0.5)/stepsOctave) - 1
			return time.Duration(minutes * float64(time.Minute)).Round(time.Second), n
		}
	}
	return 0, 0
}

// cell is a change of the outcome in the matrix.
func cell(key string) (before, after string) {
	before, after, _ = strings.Cut(key, ">")
	return before, after
}
