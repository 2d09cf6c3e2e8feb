package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Order of a list.
type Order string

const (
	Newest   Order = "newest"   // by the time of the request; also the zero value
	Oldest   Order = "oldest"   // the same, the other way round
	Deadline Order = "deadline" // the most urgent first; only cases that have a deadline
	Waiting  Order = "waiting"  // whose customer waits longest for an answer; only those
)

// Filter chooses cases of a list. Empty fields do not filter.
type Filter struct {
	States     []State
	Kind       string
	Reason     string
	Customer   string
	Seller     string
	Channel    string // how the contract was made; "-": nobody has said
	Country    string // of delivery; "-": nobody has said
	SKU        string // an article of the case
	Assignee   string // id of a member of staff
	Unassigned bool
	Overdue    bool          // the deadline has passed and nothing happened
	Wrote      bool          // the customer waits for an answer to a message
	Unread     bool          // the customer wrote what nobody has read
	Due        time.Duration // the deadline passes within this time
	DueAfter   time.Duration // and not before this one
	Undated    bool          // there is no deadline
	Opened     Span          // the request was made on one of these days
	AgeOver    time.Duration // it was made so long ago, or longer
	AgeUnder   time.Duration // it was made less long ago
	Currency   string
	Least      int64 // minor units of what was promised, at least
	Most       int64 // minor units of what was promised, at most

	// What happened when. A list by one of these is in the order in which it
	// happened, where it would be in that of requests.
	Paid          Span          // money went back to the customer
	Settled       Span          // the last payout arrived
	TookLeast     time.Duration // of that one after the request, at least
	TookMost      time.Duration // at most
	Answered      Span          // the first approval or refusal was given
	AnsweredBy    string        // who gave it: rule, staff, timer, or automatic for the first and last
	ReturnedLeast int64         // minor units that go back to the customer, at least
	ReturnedMost  int64         // at most

	Query string // number, order number or tracking number from its beginning, or part of a name or title
	Sort  Order
	After Place // keyset: continue after this one
	Limit int
	reads int      // rows looked at for one page at most; mostRead when 0
	none  bool     // what is wished for excludes itself: nothing matches
	found *finding // of Query, where it was looked up before
}

// Place is where a page of a list ended: the instant it is sorted by, and the
// case. The zero Place is the beginning, and behind the last page the end.
type Place struct {
	At time.Time
	ID string
}

// A list looks at so many rows at most for one page. What many filters together
// leave few of may fill less than a page then; Place says where to go on.
const (
	mostRead   = 1000 // rows that lie together, in the order of the list
	mostApart  = 400  // rows that lie apart
	mostJoined = 250  // the same, where an index of another table leads to each
	mostHeld   = 6000 // entries of an index that holds all that is asked
	firstRead  = 300  // in a first attempt, which is enough where matches are many
)

// scanRow reads what lists show; quotes, terms and decisions stay unread, and of
// cases that are over the details.
func scanRow(row db.Scanner) (c Case, err error) {
	var state, detail string
	var deadline, opened, updated, wrote int64
	err = row.Scan(&c.ID, &c.Number, &c.Kind, &state, &c.ClosedAs, &c.Version, &c.OrderNumber, &c.Customer, &c.Name, &c.Seller,
		&c.Currency, &c.Quoted, &c.Refunded, &c.Title, &c.Quantity, &c.Reason, &c.Timer, &deadline, &c.Tracking, &c.Assignee, &opened, &updated,
		&c.talk.Unread, &c.talk.News, &wrote, &detail)
	c.talk.WroteAt = db.Time(wrote)
	if err == nil && detail != "" {
		err = json.Unmarshal([]byte(detail), &c.Detail)
	}
	c.State, c.Deadline, c.OpenedAt, c.UpdatedAt = State(state), db.Time(deadline), db.Time(opened), db.Time(updated)
	return c, err
}

const rowColumns = `c.id, c.number, c.kind, c.state, c.closed_as, c.version, c.order_number, c.customer, c.name, c.seller,
	c.currency, c.quoted, c.refunded, c.title, c.quantity, c.reason, c.timer, c.deadline, c.tracking, c.assignee, c.opened_at, c.updated_at, c.unread, c.news, c.wrote_at,
	case when c.state in ('completed', 'closed') then '' else c.detail end`

// placed is a case and where it stands in a list.
type placed struct {
	Case
	at Place
}

func scanPlaced(row db.Scanner) (p placed, err error) {
	var at int64
	p.Case, err = scanRow(behindRow{row, &at})
	p.at = Place{db.Time(at), p.ID}
	return p, err
}

// behindRow reads one column more than the row of a list has.
type behindRow struct {
	row db.Scanner
	at  *int64
}

func (b behindRow) Scan(to ...any) error { return b.row.Scan(append(to, b.at)...) }

// page reads the next cases of a list and where the page after it begins; a
// zero Place means that there are no more. It may give fewer than the limit,
// even none, and still go on: see mostRead.
func page(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) ([]Case, Place, error) {
	p, err := plan(ctx, tx, by, f)
	if err != nil || p.empty {
		return nil, Place{}, err
	}
	if p.exact || p.depth <= 2*firstRead/len(p.streams) || f.reads > 0 {
		return p.read(ctx, tx, by, f)
	}
	all := p.depth
	p.depth = firstRead/len(p.streams) + 1
	found, next, err := p.read(ctx, tx, by, f)
	if err != nil || len(found) == f.Limit || next.ID == "" {
		return found, next, err
	}
	p.depth, f.After, f.Limit = all-p.depth, next, f.Limit-len(found)
	more, next, err := p.read(ctx, tx, by, f)
	return append(found, more...), next, err
}

func (p *listPlan) read(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) ([]Case, Place, error) {
	q := &query{}
	p.with(q, by, f)
	chosen, direction := p.residue(q), f.Sort.direction()
	text := fmt.Sprintf(`
		select `+rowColumns+`, k.at from (
			select id, at from seen where %s order by at %s, id %s limit %s
		) k cross join cases_case c where c.tenant = %s and c.id = k.id
		order by k.at %s, k.id %s`, chosen, direction, direction, q.arg(f.Limit+1), q.tenant, direction, direction)
	rows, err := db.List(ctx, tx, scanPlaced, q.text+text, q.args...)
	if err != nil {
		return nil, Place{}, err
	}
	end := Place{}
	if !p.exact && (len(rows) <= f.Limit || len(p.streams) > 1) {
		if end, err = p.end(ctx, tx, by, f); err != nil {
			return nil, Place{}, err
		}
	}
	if end.ID != "" { // what lies behind the end of one stream is not complete
		rows = slices.DeleteFunc(rows, func(c placed) bool { return f.Sort.less(end, c.at) })
	}
	if end.ID == "" {
		end = p.until
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		end = rows[f.Limit-1].at
	}
	found := make([]Case, len(rows))
	for i, one := range rows {
		found[i] = one.Case
	}
	return found, end, nil
}

// with writes what a plan looks at as one table "seen".
func (p *listPlan) with(q *query, by actor.Actor, f Filter) {
	var all []string
	for _, part := range p.few {
		at := "(" + f.Sort.column() + " + 0)"
		all = append(all, fmt.Sprintf("select id, %s as at%s %s%s", at, p.columns(), part.rows(q, by.Tenant), f.behind(q, at)))
	}
	for i, s := range p.streams {
		all = append(all, fmt.Sprintf("select * from (%s limit %s) s%d", p.stream(q, by, f, s, true), q.arg(p.depth), i))
	}
	q.text = "with seen as (" + strings.Join(all, map[bool]string{true: " union ", false: " union all "}[len(p.few) > 0]) + ")"
}

// stream reads one stream in the list's order from where the page begins: with
// what is checked of each row, or its places alone.
func (p *listPlan) stream(q *query, by actor.Actor, f Filter, s stream, checked bool) string {
	where := "tenant = " + q.once(&q.tenant, by.Tenant)
	if p.driven != nil {
		return p.moment(q, f, s, checked)
	}
	for _, c := range slices.Concat(p.driver, s, p.span) {
		where += " and " + c.write(q)
	}
	at, direction, columns := f.Sort.column(), f.Sort.direction(), ""
	if checked {
		columns = p.columns()
	}
	return fmt.Sprintf("select id, %s as at%s from cases_case where %s%s order by %s %s, id %s", at, columns, where, f.behind(q, at), at, direction, direction)
}

// behind is the condition that a case belongs to the list and comes after the
// pages before.
func (f Filter) behind(q *query, at string) (text string) {
	sign := map[string]string{"desc": "<", "asc": ">"}[f.Sort.direction()]
	if f.Sort.apart() {
		text = " and " + at + " > 0"
	}
	if f.After.ID != "" {
		from := q.once(&q.from, db.Millis(f.After.At))
		text += fmt.Sprintf(" and %s %s= %s and (%s %s %s or id %s %s)", at, sign, from, at, sign, from, sign, q.once(&q.after, f.After.ID))
	}
	return text
}

// end finds the first place at which a stream was cut, if one was.
func (p *listPlan) end(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (first Place, err error) {
	q := &query{}
	var cuts []string
	for i, s := range p.streams {
		cuts = append(cuts, fmt.Sprintf("select id, at from (%s limit 1 offset %s) s%d", p.stream(q, by, f, s, false), q.arg(p.depth-1), i))
	}
	direction := f.Sort.direction()
	text := fmt.Sprintf("select id, at from (%s) c order by at %s, id %s limit 1", strings.Join(cuts, " union all "), direction, direction)
	_, err = db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var ms int64
		err = row.Scan(&first.ID, &ms)
		first.At = db.Time(ms)
		return none, err
	}, text, q.args...)
	return first, err
}

func (o Order) column() string {
	switch o {
	case Deadline:
		return "deadline"
	case Waiting:
		return "wrote_at"
	}
	return "opened_at"
}

// apart tells whether a list leaves out cases that have no place in its order.
func (o Order) apart() bool { return o == Deadline || o == Waiting }

func (o Order) direction() string {
	if o == Oldest || o.apart() {
		return "asc"
	}
	return "desc"
}

// less tells whether a comes before b in the list.
func (o Order) less(a, b Place) bool {
	n := a.At.Compare(b.At)
	if n == 0 {
		n = strings.Compare(a.ID, b.ID)
	}
	return (n < 0) == (o.direction() == "asc") && n != 0
}
