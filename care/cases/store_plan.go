package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// cond is a condition on one column; "?" stands for its values in turn.
type cond struct {
	column string
	text   string
	args   []any
}

func is(column string, value any) cond { return cond{column, column + " = ?", []any{value}} }

// waits is that the customer waits for an answer; an index has only these.
var waits = cond{"wrote_at", "wrote_at > 0", nil}

// nowhere is a value that no column has.
const nowhere = "\x1f"

// padded fills a list up by less than a quarter, so that lists of any length
// have few texts for the database to prepare.
func padded(values []any) []any {
	values = slices.Clone(values)
	step := 1
	for 8*step <= len(values) {
		step *= 2
	}
	for len(values)%step != 0 {
		values = append(values, nowhere)
	}
	return values
}

func within(column string, values []any) cond {
	values = padded(values)
	return cond{column, column + " in (" + strings.Repeat("?, ", len(values)-1) + "?)", values}
}

func (c cond) write(q *query) string {
	parts := strings.Split(c.text, "?")
	text := parts[0]
	for i, rest := range parts[1:] {
		text += q.arg(c.args[i]) + rest
	}
	return text
}

// query collects arguments in the order in which they are written; a value that
// each stream repeats is bound once.
type query struct {
	text                string
	args                []any
	tenant, from, after string
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

func (q *query) once(mark *string, v any) string {
	if *mark == "" {
		*mark = q.arg(v)
	}
	return *mark
}

// stream is what one index is asked for, such as one state of one seller.
type stream []cond

// listPlan is how a list is read: streams that an index gives in the order of
// the list, merged, and what is checked of each row they give. The database is
// not asked to find a plan for many filters at a million rows; every request
// reads at most depth rows of each stream.
type listPlan struct {
	empty   bool   // nothing can match
	exact   bool   // no stream is cut before the page is full
	until   Place  // where few are cut; the zero Place: nowhere
	few     []part // instead of streams: few cases, in no order and some of them twice
	driver  []cond
	streams []stream
	span    []cond // days of the request: where a stream in the order of requests begins and ends
	rest    []cond
	driven  *happened // the list is in the order of these moments
	depth   int
}

func plan(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (*listPlan, error) {
	p := &listPlan{streams: []stream{nil}}
	if f.none || !f.narrow(by) || (f.Overdue || f.Due > 0 || f.DueAfter > 0 || f.Undated) && !f.open() || f.Undated && f.Sort == Deadline {
		p.empty = true
		return p, nil
	}
	if f.found == nil {
		found, err := search(ctx, tx, by, f.Query)
		if err != nil {
			return nil, err
		}
		f.found = &found
	}
	found := *f.found
	if f.Customer != "" && !found.few {
		if err := found.customer(ctx, tx, by.Tenant, &f); err != nil {
			return nil, err
		}
	}
	if f.SKU != "" && !found.few && f.Customer == "" {
		few, until, known, err := byArticle(ctx, tx, by.Tenant, f)
		if err != nil {
			return nil, err
		}
		if known {
			found.few, found.parts, p.until = true, []part{few}, until
		}
	}
	if err := p.happen(ctx, tx, by.Tenant, f, found); err != nil {
		return nil, err
	}
	if p.driven != nil && len(p.streams) == 0 { // it has never happened
		p.empty = true
		return p, nil
	}
	perState := !f.Sort.apart() && p.driven == nil && p.choose(f, found)
	p.filter(f, found, tx.Now)
	if err := p.days(ctx, tx, by.Tenant, f, found); err != nil {
		return nil, err
	}
	switch {
	case perState && len(f.States) == 0:
		f.States = States
		fallthrough
	case perState || len(f.States) > 0 && len(p.driver) == 0 && !found.few && p.driven == nil && !f.Sort.apart():
		p.streams = nil
		for _, s := range f.States {
			p.streams = append(p.streams, stream{is("state", string(s)), side(s, perState)})
		}
	case len(f.States) > 0:
		values := make([]any, len(f.States))
		for i, s := range f.States {
			values[i] = string(s)
		}
		p.rest = append(p.rest, within("state", values))
	}
	p.depth = f.Limit + 1
	p.exact = len(p.rest) == 0
	if !p.exact {
		p.depth = p.reads(f)
	}
	if found.few {
		p.exact, p.few, p.streams = true, found.parts, nil
		p.empty = len(p.few) == 0
	}
	return p, nil
}

// reads is how many rows of each stream may be looked at. Where an index holds
// all that is asked of a row, those are many.
func (p *listPlan) reads(f Filter) int {
	held := []string{"state"}
	switch {
	case p.driven != nil:
		held = []string{"took"}
	case f.Sort == Waiting:
		held = append(held, "unread", "wrote_at")
	case f.Sort == Deadline || len(p.driver) == 0 && len(f.States) > 0 && !slices.ContainsFunc(f.States, over):
		held = append(held, "kind", "reason", "seller", "assignee", "deadline")
		if f.Sort != Deadline {
			held = append(held, "channel", "country")
		}
	case len(p.driver) > 0 && slices.Contains([]string{"kind", "reason", "seller", "assignee"}, p.driver[0].column):
		held = append(held, "kind", "reason")
	}
	n := f.reads
	if n == 0 {
		n = mostHeld
	}
	if f.reads == 0 && slices.ContainsFunc(p.rest, func(c cond) bool { return !slices.Contains(held, c.column) }) {
		n = mostRead
		switch {
		case p.driven != nil:
			n = mostJoined
		case len(p.driver) > 0:
			n = mostApart
		}
	}
	return max(n/len(p.streams), 1)
}

func over(s State) bool { return s == Completed || s == Closed }

// side names the half of the cases that has an index of its own: those that are
// over are many and asked for rarely. Another index than that of states does
// not care.
func side(s State, other bool) cond {
	switch {
	case other:
		return cond{text: "1 = 1"}
	case over(s):
		return cond{text: "state in ('completed', 'closed')"}
	}
	return cond{text: "state not in ('completed', 'closed')"}
}

// narrow applies what the actor may see; false: nothing.
func (f *Filter) narrow(by actor.Actor) bool {
	if own, limited := by.Mine(); limited {
		if own == "" || f.Customer != "" && f.Customer != own {
			return false
		}
		f.Customer = own
	}
	if by.Seller != "" {
		if f.Seller != "" && f.Seller != by.Seller {
			return false
		}
		f.Seller = by.Seller
	}
	f.States = slices.Clone(f.States)
	slices.Sort(f.States)
	f.States = slices.Compact(f.States)
	return true
}

// open leaves the states that are not over; false: none was asked for.
func (f *Filter) open() bool {
	if len(f.States) == 0 {
		f.States = slices.Clone(States)
	}
	f.States = slices.DeleteFunc(f.States, State.Final)
	return len(f.States) > 0
}

// choose takes the filter that leaves least as the index to read by, and tells
// whether that index goes on by state.
func (p *listPlan) choose(f Filter, found finding) bool {
	switch {
	case found.few || f.Customer != "":
		return false
	case f.Wrote || f.Unread:
		p.driver = []cond{waits}
	case f.Assignee != "":
		p.driver = []cond{is("assignee", f.Assignee), {text: "assignee <> ''"}}
	case f.Seller != "":
		p.driver = []cond{is("seller", f.Seller), {text: "seller <> ''"}}
	case f.Kind != "" && f.Kind != KindReturn:
		p.driver = []cond{is("kind", f.Kind), {text: "kind <> '" + KindReturn + "'"}}
	case f.Reason != "":
		p.driver = []cond{is("reason", f.Reason)}
	default:
		return false
	}
	return true
}

// filter puts every other wish into what is checked of each row.
func (p *listPlan) filter(f Filter, found finding, now time.Time) {
	if found.check.text != "" {
		p.rest = append(p.rest, found.check)
	}
	wishes := []cond{}
	if f.Customer != "" {
		if found.few {
			wishes = append(wishes, is("customer", f.Customer))
		} else {
			p.driver = []cond{is("customer", f.Customer), {text: "customer <> ''"}}
		}
	}
	for column, value := range map[string]string{"assignee": f.Assignee, "seller": f.Seller, "kind": f.Kind, "reason": f.Reason} {
		if value != "" && (len(p.driver) == 0 || p.driver[0].column != column) {
			wishes = append(wishes, is(column, value))
		}
	}
	for column, value := range map[string]string{"channel": f.Channel, "country": f.Country} {
		switch value {
		case "":
		case order.UnknownChannel:
			wishes = append(wishes, is(column, ""))
		default:
			wishes = append(wishes, is(column, value))
		}
	}
	if f.SKU != "" {
		wishes = append(wishes, cond{"items", `items like ? escape '\'`, []any{`%"sku":` + escapeLike(encode(f.SKU)) + `%`}})
	}
	if f.Unassigned {
		wishes = append(wishes, is("assignee", ""))
	}
	if (f.Wrote || f.Unread) && (len(p.driver) == 0 || p.driver[0].column != waits.column) {
		wishes = append(wishes, waits)
	}
	if f.Overdue {
		wishes = append(wishes, cond{"deadline", "deadline > 0 and deadline < ?", []any{db.Millis(now)}})
	}
	if f.Due > 0 {
		wishes = append(wishes, cond{"deadline", "deadline >= ? and deadline < ?", []any{db.Millis(now), db.Millis(now.Add(f.Due))}})
	}
	if f.DueAfter > 0 {
		wishes = append(wishes, cond{"deadline", "deadline >= ?", []any{db.Millis(now.Add(f.DueAfter))}})
	}
	if f.Undated {
		wishes = append(wishes, cond{"deadline", "deadline = 0", nil})
	}
	if f.Unread {
		wishes = append(wishes, cond{"unread", "unread > 0", nil})
	}
	if f.Currency != "" && (p.driven == nil || !p.driven.money) {
		wishes = append(wishes, is("currency", f.Currency))
	}
	if f.Least > 0 {
		wishes = append(wishes, cond{"quoted", "quoted >= ?", []any{f.Least}})
	}
	if f.Most > 0 {
		wishes = append(wishes, cond{"quoted", "quoted <= ?", []any{f.Most}})
	}
	if f.ReturnedLeast > 0 {
		wishes = append(wishes, cond{"refunded", "refunded >= ?", []any{f.ReturnedLeast}})
	}
	if f.ReturnedMost > 0 {
		wishes = append(wishes, cond{"refunded", "refunded <= ?", []any{f.ReturnedMost}})
	}
	slices.SortStableFunc(wishes, func(a, b cond) int { return strings.Compare(a.column, b.column) })
	p.rest = append(p.rest, wishes...)
}

// columns are what the checks of each row need. Of few cases they are written so
// that no index fits them: SQLite would read all cases of a reason for each of
// the names looked for.
func (p *listPlan) columns() string {
	text := ""
	for _, c := range p.checked() {
		switch {
		case len(p.few) == 0:
			text += ", " + c
		case slices.Contains([]string{"deadline", "quoted", "refunded", "opened_at", "wrote_at", "unread"}, c):
			text += ", (" + c + " + 0) as " + c
		default:
			text += ", (" + c + " || '') as " + c
		}
	}
	return text
}

// checked are the columns that the checks of each row read, besides its id.
func (p *listPlan) checked() (all []string) {
	for _, c := range p.rest {
		all = append(all, strings.Split(c.column, ", ")...)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(column string) bool { return column == "id" })
}

// residue is the checks as one condition.
func (p *listPlan) residue(q *query) string {
	all := []string{"1 = 1"}
	for _, c := range p.rest {
		all = append(all, c.write(q))
	}
	return strings.Join(all, " and ")
}
