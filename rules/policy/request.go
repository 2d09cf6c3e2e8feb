package policy

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/rights"
)

// Outcome of a judgement.
type Outcome string

// The outcomes.
const (
	Approve Outcome = "approve"
	Review  Outcome = "review" // a person decides
	Refuse  Outcome = "refuse"
	Ask     Outcome = "ask" // Needs says what the customer has to tell or show first
)

// Bases of a ground.
const (
	ByLaw     = "law"
	ByPolicy  = "policy"
	ByPromise = "promise"
)

// Ground is one reason for an outcome: a code and the facts that fill its
// sentence. It is stored as data and worded in the reader's language; its amounts
// are stored as "500.00 CNY", its days as "2026-11-30".
type Ground struct {
	Code  string            `json:"code"`
	Args  locale.Args       `json:"args,omitempty"`
	Basis string            `json:"basis,omitempty" enum:"law,policy,promise" doc:"What it rests on"`
	Rule  string            `json:"rule,omitempty" doc:"The rule: standard@3/conditions/vip of a policy, CN-WD of a law"`
	Cite  []string          `json:"cite,omitempty" doc:"Citations of the law"`
	Says  map[string]string `json:"says,omitempty" doc:"The rule's own words, by language"`
}

// Unasked are grounds of their own without those that say that an answer is
// waited for: nobody is asked any more.
func Unasked(grounds []Ground) []Ground {
	return slices.DeleteFunc(slices.Clone(grounds), func(g Ground) bool { return g.Code == "answer_needed" })
}

// Text words the ground for the customer.
func (g Ground) Text(lang string) string {
	if g.Basis == ByLaw && g.Says[lang] == "" {
		if said, ok := rights.Reword(lang, g.Says["en"]); ok {
			return said
		}
	}
	if said := locale.Choose(g.Says, lang); said != "" {
		return said
	}
	return locale.Text(lang, "ground."+g.Code, g.facts(lang))
}

// facts are the Args with what they name as amounts, days and countries. Amounts that were
// stored in words, as they were before there were forms of languages, stay so.
func (g Ground) facts(lang string) locale.Args {
	all := maps.Clone(g.Args)
	for name, value := range all {
		text, ok := value.(string)
		switch {
		case !ok:
		case name == "until":
			all[name] = locale.Day(text)
		case name == "country":
			all[name] = locale.Country(lang, text)
		case name == "amount" || name == "limit":
			number, currency, _ := strings.Cut(text, " ")
			if amount, err := money.Parse(number, currency); err == nil {
				all[name] = amount
			}
		}
	}
	return all
}

// Staff words the ground with its rule and citations.
func (g Ground) Staff(lang string) string {
	var marks []string
	if g.Rule != "" {
		marks = append(marks, g.Rule)
	}
	marks = append(marks, g.Cite...)
	if len(marks) == 0 {
		return g.Text(lang)
	}
	return g.Text(lang) + " [" + strings.Join(marks, "; ") + "]"
}

// Goods is one kind of thing that shall go back, with what bears on it.
type Goods struct {
	Line      int
	SKU       string
	Title     string
	Category  string
	Traits    []string
	Quantity  int64
	Paid      int64 // for all units that are asked for, in minor units
	Seller    string
	Delivered time.Time // zero: not delivered yet
	Reason    string
	Photos    int
}

// Person is what is known about who asks.
type Person struct {
	Tier    string    `json:"tier,omitempty" doc:"When the request is made"`
	Bought  string    `json:"tier_at_purchase,omitempty" doc:"What that tier gave then stays promised"`
	Orders  int64     `json:"orders,omitempty"`
	Cases   int64     `json:"cases,omitempty"`
	Refused int64     `json:"refused,omitempty"`
	Since   time.Time `json:"since,omitzero"`
}

// Request is what a judgement needs to know.
type Request struct {
	Kind     string // empty: return_refund
	Phase    string // empty: after_receipt
	Now      time.Time
	Zone     *time.Location
	Goods    []Goods
	Total    money.Amount // what would be paid back, or what is asked for
	Placed   time.Time    // when the goods were bought
	Verified bool         // price_protection: the lower price is known to be true

	Customer Person
	Channel  string
	Country  string
	Region   string
	Seller   string
	Language string
	Photos   int                        // of the whole request
	SentBack time.Time                  // when the goods are known to be on their way back; zero: they are not
	Returned time.Time                  // when the seller had them
	Amends   int                        // how often it was asked again after a refusal
	Known    map[string]json.RawMessage // answers of the customer, by name
}

// Need is what the customer has to tell or show before the request is decided.
type Need struct {
	Name    string            `json:"name" doc:"A fact such as use.opened, or a kind of evidence: photo, video, document"`
	Kind    string            `json:"kind" enum:"fact,evidence"`
	Type    string            `json:"type" enum:"bool,date,number,choice,photo,video,document"`
	Choices []string          `json:"choices,omitempty"`
	Lines   []int             `json:"lines,omitempty" doc:"Lines of the order it is about; none: all"`
	Says    map[string]string `json:"says,omitempty" doc:"The question, by language"`
	Why     []string          `json:"why,omitempty" doc:"Rules that ask"`
}

// Text words the question.
func (n Need) Text(lang string) string {
	if said := locale.Choose(n.Says, lang); said != "" {
		return said
	}
	if key := "need." + n.Name; locale.Has(key) {
		return locale.Text(lang, key, nil)
	}
	return locale.Text(lang, "need.other", locale.Args{"name": n.Name})
}

// Offered is an offer that the rules make.
type Offered struct {
	ID      string            `json:"id"`
	Kind    string            `json:"kind" enum:"return_refund,refund_only,partial,exchange"`
	Amount  *money.Amount     `json:"amount,omitempty"`
	Freight string            `json:"freight,omitempty" enum:"seller,customer"`
	Says    map[string]string `json:"says,omitempty"`
	Rule    string            `json:"rule"`
}

// Promised is money on top by the shop's own word.
type Promised struct {
	Code   string            `json:"code"`
	Basis  string            `json:"basis" enum:"goodwill,promise,statutory"`
	Lines  []int             `json:"lines,omitempty"`
	Amount money.Amount      `json:"amount"`
	Auto   int64             `json:"auto_approve,omitempty" doc:"Up to so much it needs no other look once a person has seen the goods or approved the case"`
	OnTop  bool              `json:"on_top,omitempty" doc:"Comes on top of what the law gives for the same wrong"`
	Says   map[string]string `json:"says,omitempty"`
	Rule   string            `json:"rule"`
}

// Terms are what holds for one line of goods.
type Terms struct {
	Line    int       `json:"line"`
	Until   time.Time `json:"until,omitzero" doc:"Last moment for a request; missing where none runs or nothing may go back"`
	Freight string    `json:"freight" enum:"seller,customer"`
	Fee     int       `json:"restocking_fee" doc:"Percent"`
}

// Judgement is an outcome with its grounds; there is always at least one.
type Judgement struct {
	Outcome  Outcome    `json:"outcome" enum:"approve,review,refuse,ask"`
	Grounds  []Ground   `json:"grounds"`
	Needs    []Need     `json:"needs,omitempty"`
	Offers   []Offered  `json:"offers,omitempty"`
	Promises []Promised `json:"promises,omitempty"`
	Lines    []Terms    `json:"lines,omitempty"`
	Limit    int64      `json:"limit,omitempty" doc:"Amount up to which it is approved at once"`
	Fired    []string   `json:"fired,omitempty" doc:"Rules of the shop's own that were true"`
}
