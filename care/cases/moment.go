package cases

import "time"

// Happening is something that lists can be narrowed by when it happened.
type Happening string

const (
	Paid        Happening = "paid"     // money went back to the customer; the label is its currency
	Settled     Happening = "settled"  // the last payout of a case arrived that has none to come
	FirstAnswer Happening = "answered" // the first approval or refusal; the label tells who gave it
)

// answerers are who can give a first answer.
var answerers = []string{"rule", "staff", "timer"}

// Moment is one of them in the life of a case. Others tell it: who counts what
// happened (TellMoments), so that a figure and the list behind it agree.
type Moment struct {
	What  Happening     `json:"w"`
	Label string        `json:"l,omitempty"`
	At    time.Time     `json:"a"`
	Took  time.Duration `json:"-"` // since the request
}

// timed is what a list wants of a moment.
type timed struct {
	what   Happening
	labels []string // one of these; empty: whichever
	days   Span
	least  time.Duration // after the request, at least
	most   time.Duration // after the request, at most; zero: ever
	money  bool          // labels are currencies, which the store knows
}

// moments are the happenings that a filter asks for, the one that leaves least
// first.
func (f Filter) moments() (all []timed) {
	if f.Paid != (Span{}) {
		w := timed{what: Paid, days: f.Paid, money: true}
		if f.Currency != "" {
			w.labels = []string{f.Currency}
		}
		all = append(all, w)
	}
	if f.Settled != (Span{}) || f.TookLeast > 0 || f.TookMost > 0 {
		all = append(all, timed{what: Settled, labels: []string{""}, days: f.Settled, least: f.TookLeast, most: f.TookMost})
	}
	if f.Answered != (Span{}) || f.AnsweredBy != "" {
		w := timed{what: FirstAnswer, labels: answerers, days: f.Answered}
		switch f.AnsweredBy {
		case "":
		case "automatic":
			w.labels = []string{"rule", "timer"}
		default:
			w.labels = []string{f.AnsweredBy}
		}
		all = append(all, w)
	}
	return all
}
