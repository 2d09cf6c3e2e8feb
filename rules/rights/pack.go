package rights

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Pack is the law of one jurisdiction as it stands in a file.
type Pack struct {
	Jurisdiction string            `yaml:"jurisdiction"`
	Name         Texts             `yaml:"name"`
	Version      int64             `yaml:"version"`
	Status       string            `yaml:"status"`
	Effective    string            `yaml:"effective"`
	Extends      string            `yaml:"extends"`
	Covers       []string          `yaml:"covers"`
	Zone         string            `yaml:"zone"`
	Calendar     string            `yaml:"calendar"`
	Currency     string            `yaml:"currency"`
	Law          LawRule           `yaml:"law"`
	Sources      map[string]Source `yaml:"sources"`
	Tables       map[string]Table  `yaml:"tables"`
	Codes        map[string]Code   `yaml:"codes"`
	Rules        []Rule            `yaml:"rules"`
	Tests        []Test            `yaml:"tests"`

	file string
	root *yaml.Node
}

// Source is a text that was read: a title, or a title with the address of the
// official text.
type Source struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}

// UnmarshalYAML reads a title alone, or both.
func (s *Source) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&s.Title)
	}
	type both Source
	return n.Decode((*both)(s))
}

// Texts is one sentence in several languages, by tag.
type Texts map[string]string

// LawRule says when another law than that of the consumer's home applies.
type LawRule struct {
	Election   bool   `yaml:"election"`   // the consumer may choose the law of the place of supply
	Untargeted string `yaml:"untargeted"` // seller who does no business there: seller or review
	Cite       string `yaml:"cite"`
	Confidence string `yaml:"confidence"`
}

// Table holds numbers by a fact, such as months of guarantee by category.
type Table struct {
	By   string                      `yaml:"by"`
	Rows map[string]map[string]int64 `yaml:"rows"`
}

// Code is a reason, an exception, a duty or a remark, with its words.
type Code struct {
	When Cond  `yaml:"when"` // of exceptions: what makes it true
	Says Texts `yaml:"says"`
}

// Rule is one right, or one duty, of a law.
type Rule struct {
	ID          string    `yaml:"id"`
	Like        string    `yaml:"like"`
	Remedy      string    `yaml:"remedy"`
	Says        Texts     `yaml:"says"`
	Effective   Span      `yaml:"effective"`
	Cite        []string  `yaml:"cite"`
	Source      []string  `yaml:"source"`
	Confidence  string    `yaml:"confidence"`
	If          Cond      `yaml:"if"`
	Requires    []Check   `yaml:"requires"`
	Except      []Check   `yaml:"except"`
	Review      []Check   `yaml:"review"`
	Conditional []Check   `yaml:"conditional"`
	Window      *Window   `yaml:"window"`
	Freight     []Freight `yaml:"freight"`
	Refund      *Refund   `yaml:"refund"`
	Burden      *Burden   `yaml:"burden"`
	Duties      []Duty    `yaml:"duties"`
	Notes       []Check   `yaml:"notes"`
}

// Span is when a rule is law, by the day of the contract or another fact.
type Span struct {
	From   string `yaml:"from"`
	To     string `yaml:"to"`
	On     string `yaml:"on"`
	Before string `yaml:"before"` // review (default) or silent
}

// Cond is a condition: a fact and what it must be, all of them.
type Cond map[string]any

// Check is a condition with the code and the outcome that follow from it.
type Check struct {
	Code    string `yaml:"code"`
	When    Cond   `yaml:"when"`
	Outcome string `yaml:"outcome"`
}

// UnmarshalYAML lets a check be only the name of a standard code.
func (c *Check) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		c.Code = n.Value
		return nil
	}
	type plain Check
	return n.Decode((*plain)(c))
}

// Freight is who pays the way back, under a condition.
type Freight struct {
	When Cond   `yaml:"when"`
	Pays string `yaml:"pays"`
	Sure string `yaml:"confidence"`
}

// Window is the time in which a right can be used.
type Window struct {
	Ends    Term   `yaml:"ends"`
	Compare string `yaml:"compare"` // fact that must not lie after it
	Code    string `yaml:"code"`    // reason once it is over
	Sure    string `yaml:"confidence"`
}

// Term is a day: a fact, or reckoned from one.
type Term struct {
	Fact     string   `yaml:"-"`
	N        Number   `yaml:"n"`
	Unit     string   `yaml:"unit"`
	Count    string   `yaml:"count"`
	From     *Term    `yaml:"from"`
	Roll     string   `yaml:"roll"`
	Earliest []Term   `yaml:"earliest"`
	Latest   []Term   `yaml:"latest"`
	Cases    []Branch `yaml:"cases"`
}

// Branch is a term under a condition.
type Branch struct {
	When Cond `yaml:"when"`
	Then Term `yaml:"then"`
}

// UnmarshalYAML lets a term be the name of a date.
func (t *Term) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		t.Fact = n.Value
		return nil
	}
	type plain Term
	return n.Decode((*plain)(t))
}

// Number is a number, the name of a fact, or TABLE.COLUMN.
type Number struct {
	Const int64
	Ref   string
	set   bool
}

// UnmarshalYAML reads either.
func (x *Number) UnmarshalYAML(n *yaml.Node) error {
	x.set = true
	if n.Tag == "!!int" {
		return n.Decode(&x.Const)
	}
	if n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: neither a number nor a name", n.Line)
	}
	x.Ref = n.Value
	return nil
}

// Refund is the money that follows.
type Refund struct {
	Due        *Term   `yaml:"due"`
	Parts      []Part  `yaml:"parts"`
	Outbound   string  `yaml:"outbound"` // full, standard or none
	SameMeans  bool    `yaml:"same_means"`
	Withhold   bool    `yaml:"withhold"` // until the goods are back or proved to be sent
	Deductions []Check `yaml:"deductions"`
	Review     []Check `yaml:"review"` // amounts that the law leaves open: a person decides
	Sure       string  `yaml:"confidence"`
}

// Part is a piece of the money: of × times ÷ per, between min and max.
type Part struct {
	Code  string   `yaml:"code"`
	When  Cond     `yaml:"when"`
	Of    Number   `yaml:"of"`
	Times []Number `yaml:"times"`
	Per   int64    `yaml:"per"`
	Min   Number   `yaml:"min"`
	Max   Number   `yaml:"max"`
	Minus bool     `yaml:"minus"`
}

// Burden says who has to prove what, and until when.
type Burden struct {
	On        string `yaml:"on"`
	Until     *Term  `yaml:"until"`
	Compare   string `yaml:"compare"`
	Otherwise string `yaml:"otherwise"`
	Sure      string `yaml:"confidence"`
}

// Duty is what somebody has to do by a day.
type Duty struct {
	Code string `yaml:"code"`
	Who  string `yaml:"who"`
	When Cond   `yaml:"when"`
	By   Term   `yaml:"by"`
	Done string `yaml:"done"` // fact: the day on which it was done
	Sure string `yaml:"confidence"`
}

// Test is a question with the answer that a pack must give.
type Test struct {
	Name   string    `yaml:"name"`
	Facts  yaml.Node `yaml:"facts"`
	Expect []Expect  `yaml:"expect"`
}

// Expect is what a test says about one remedy. What is left out may be anything.
type Expect struct {
	Remedy   string            `yaml:"remedy"`
	Rule     string            `yaml:"rule"`
	Outcome  string            `yaml:"outcome"`
	Code     string            `yaml:"code"`
	Deadline string            `yaml:"deadline"`
	Strict   string            `yaml:"strict"`
	Freight  string            `yaml:"freight"`
	Amount   *int64            `yaml:"amount"`
	Parts    map[string]int64  `yaml:"parts"`
	Due      string            `yaml:"due"`
	Burden   string            `yaml:"burden"`
	Duties   map[string]string `yaml:"duties"`
	Notes    []string          `yaml:"notes"`
	NotNotes []string          `yaml:"not_notes"`
	Needs    []string          `yaml:"needs"`
	Law      string            `yaml:"law"`
	Deducts  []string          `yaml:"deductions"`
	Unsure   []string          `yaml:"unsettled"`
	Breaches []string          `yaml:"breaches"`
	Withhold *bool             `yaml:"withhold"`
	Absent   bool              `yaml:"absent"`
}
