package cases

import (
	"context"
	"strings"
	"sync"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	cut "github.com/aftercare/aftercare/platform/words"
	"github.com/aftercare/aftercare/sales/customer"
)

// A search that finds no more names, titles and numbers than these is answered
// from the index. Beyond that every other case matches anyway, and the list is
// read in its order and checked row by row.
const (
	mostTerms   = 1500 // names and titles that share a piece
	mostValues  = 1000 // customers and titles that have it all
	mostNumbers = 100  // cases by number
	mostFound   = 3000 // cases in all
	mostLooks   = 16   // pieces of the wanted text that are looked at
	rareTerms   = 100  // names and titles of a piece that is rare
	mostPieces  = 4    // of the wanted text that are counted where none is rare
)

// finding is what a searched text leads to: few cases that the parts name, or a
// condition to check rows with.
type finding struct {
	few   bool
	parts []part
	check cond
}

// part is the cases that have one of some values in a column.
type part struct {
	column string
	values []any
	from   func(q *query) string // instead: a query for ids
}

// rows writes the part as the tables and conditions of a query. The values come
// first in a cross join, because SQLite keeps that order and so looks each value
// up, where it would rather read a whole index for a list of them.
func (p part) rows(q *query, tenant string) string {
	if p.from != nil {
		return "from (" + p.from(q) + ") w cross join cases_case where tenant = " + q.once(&q.tenant, tenant) + " and id = w.column1"
	}
	values := padded(p.values)
	rows := make([]string, len(values))
	for i, v := range values {
		rows[i] = "(" + q.arg(v) + ")"
	}
	text := "from (values " + strings.Join(rows, ", ") + ") w cross join cases_case where tenant = " + q.once(&q.tenant, tenant) + " and " + p.column + " = w.column1"
	if p.column == "customer" {
		text += " and customer <> ''" // as its index says
	}
	return text
}

// search finds out what a text can mean: the beginning of a case's, order's or
// parcel's number, or a part of a customer's name or of a title, as it is typed,
// in simplified characters, or in pinyin. Who sees names shortened finds none by
// them: what is hidden could be guessed sign by sign.
func search(ctx context.Context, tx *db.Tx, by actor.Actor, text string) (finding, error) {
	tenant, names := by.Tenant, customer.SightOf(by).Addresses()
	needle := strings.ToLower(strings.TrimSpace(text))
	if needle == "" {
		return finding{}, nil
	}
	ids, err := byNumber(ctx, tx, tenant, needle)
	if err != nil || len(ids) > mostNumbers {
		return anywhere([]string{needle}, nil, nil, names), err
	}
	f := finding{few: true, parts: []part{}}
	if len(ids) > 0 {
		f.parts = []part{{column: "id", values: ids}}
	}
	needles, who, err := readAs(ctx, tx, tenant, needle)
	if err != nil {
		return f, err
	}
	if !names {
		who = nil
	}
	customers, titles := who, []any(nil)
	for _, one := range needles {
		terms := cut.Pieces(one)
		if len(terms) == 0 {
			return anywhere(needles, f.parts, who, names), nil
		}
		named, titled, many, err := byTerms(ctx, tx, tenant, one, terms, names)
		if err != nil || many {
			return anywhere(needles, f.parts, who, names), err
		}
		if titles = append(titles, titled...); names {
			customers = append(customers, named...)
		}
	}
	if customers = once(customers); len(customers) > 0 {
		f.parts = append(f.parts, part{column: "customer", values: customers})
	}
	if titles = once(titles); len(titles) > 0 {
		f.parts = append(f.parts, part{column: "title", values: titles})
	}
	for _, part := range f.parts {
		n, err := matching(ctx, tx, tenant, part)
		if err != nil || n > mostFound {
			return anywhere(needles, f.parts[:min(1, len(ids))], who, names), err
		}
	}
	return f, nil
}

// once leaves out values that were there before.
func once(values []any) (all []any) {
	seen := map[any]bool{}
	for _, v := range values {
		if !seen[v] {
			seen[v], all = true, append(all, v)
		}
	}
	return all
}

// customer turns a filter by customer into the few cases that the customer has,
// unless those are many.
func (f *finding) customer(ctx context.Context, tx *db.Tx, tenant string, wish *Filter) error {
	own := part{column: "customer", values: []any{wish.Customer}}
	n, err := matching(ctx, tx, tenant, own)
	if err == nil && n <= mostFound {
		f.few, f.parts, wish.Customer = true, []part{own}, ""
	}
	return err
}

// anywhere checks each row, where an index would not help: what is searched for
// is many names or titles. Numbers that were found are in numbers; nil means
// that those are many, too. Cases of who match as well.
func anywhere(needles []string, numbers []part, who []any, names bool) finding {
	c := cond{column: "title"}
	if names {
		c.column = "name, title"
	}
	add := func(text string, args ...any) {
		if c.text != "" {
			c.text += " or "
		}
		c.text, c.args = c.text+text, append(c.args, args...)
	}
	for _, needle := range needles {
		inside := "%" + escapeLike(needle) + "%"
		if names {
			add(`lower(name) like ? escape '\'`, inside)
		}
		add(`lower(title) like ? escape '\'`, inside)
	}
	if len(who) > 0 {
		people := within("customer", who)
		c.column += ", customer"
		add(people.text, people.args...)
	}
	switch {
	case numbers == nil:
		start := escapeLike(needles[0]) + "%"
		c.column += ", number, order_number, tracking"
		add(`lower(number) like ? escape '\' or lower(number) like ? escape '\' or lower(order_number) like ? escape '\' or lower(tracking) like ? escape '\'`, start, "r-"+start, start, start)
	case len(numbers) > 0:
		ids := within("id", numbers[0].values)
		c.column += ", id"
		add(ids.text, ids.args...)
	}
	c.text = "(" + c.text + ")"
	return finding{check: c}
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

const beyond = "\U0010FFFF" // sorts behind whatever follows a prefix

func byNumber(ctx context.Context, tx *db.Tx, tenant, needle string) ([]any, error) {
	upper := strings.ToUpper(needle)
	return db.List(ctx, tx, oneValue, `
		select id from (select id from cases_case where tenant = $1 and number >= $2 and number < $3 limit $4) a
		union
		select id from (select id from cases_case where tenant = $1 and number >= $5 and number < $6 limit $4) b
		union
		select id from (select id from cases_case where tenant = $1 and lower(order_number) >= $7 and lower(order_number) < $8 limit $4) c
		union
		select id from (select id from cases_case where tenant = $1 and tracking <> '' and lower(tracking) >= $7 and lower(tracking) < $8 limit $4) d`,
		tenant, upper, upper+beyond, mostNumbers+1, "R-"+upper, "R-"+upper+beyond, needle, needle+beyond)
}

func oneValue(row db.Scanner) (value any, err error) {
	var text string
	err = row.Scan(&text)
	return text, err
}

// byTerms finds the customers and titles that have the wanted text. Without a
// piece of it that is rare there are many.
func byTerms(ctx context.Context, tx *db.Tx, tenant, needle string, terms []string, names bool) (customers, titles []any, many bool, err error) {
	rarest, least, err := rarestOf(ctx, tx, tenant, terms, names)
	if err != nil {
		return nil, nil, false, err
	}
	if least > mostTerms {
		return nil, nil, true, nil
	}
	seen := map[string]bool{}
	_, err = db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var field, value string
		err = row.Scan(&field, &value)
		customer, name := "", value
		if field == "name" {
			customer, name, _ = strings.Cut(value, " ")
		}
		if field == sound || !holds(name, needle) || seen[customer] && customer != "" {
			return none, err
		}
		if customer == "" {
			titles = append(titles, value)
		} else {
			seen[customer] = true
			customers = append(customers, customer)
		}
		return none, err
	}, `select field, value from cases_term where tenant = $1 and term = $2`+fieldsFor(names), tenant, terms[rarest])
	return customers, titles, len(customers)+len(titles) > mostValues, err
}

// fieldsFor narrows terms to what a reader finds by: who sees names shortened finds
// nothing by them, and common names make no title common.
func fieldsFor(names bool) string {
	if names {
		return ""
	}
	return ` and field > 'name'` // of name, sound and title
}

// rarestOf finds the piece that fewest names and titles have. A look at each is
// short; only where none is rare are a few counted further.
func rarestOf(ctx context.Context, tx *db.Tx, tenant string, terms []string, names bool) (rarest, least int, err error) {
	count := func(term string, most int) (n int, err error) {
		err = tx.QueryRow(ctx, `
			select count(*) from (select 1 from cases_term where tenant = $1 and term = $2`+fieldsFor(names)+` limit $3) t`, tenant, term, most).Scan(&n)
		return n, err
	}
	least = mostTerms + 1
	for i := len(terms) - 1; i >= 0 && len(terms)-i <= mostLooks; i-- { // ends of names and numbers tell more apart than their beginnings
		n, err := count(terms[i], rareTerms)
		if err != nil {
			return 0, 0, err
		}
		if n < rareTerms && n < least {
			rarest, least = i, n
		}
	}
	if least < rareTerms {
		return rarest, least, nil
	}
	for tried, i := 0, len(terms)-1; i >= 0 && tried < mostPieces; tried, i = tried+1, i-max(1, len(terms)/mostPieces) {
		n, err := count(terms[i], mostTerms+1)
		if err != nil {
			return 0, 0, err
		}
		if n < least {
			rarest, least = i, n
		}
	}
	return rarest, least, nil
}

func matching(ctx context.Context, tx *db.Tx, tenant string, few part) (n int, err error) {
	q := &query{}
	text := `select count(*) from (select 1 ` + few.rows(q, tenant) + ` limit ` + q.arg(mostFound+1) + `) c`
	err = tx.QueryRow(ctx, text, q.args...).Scan(&n)
	return n, err
}

// learn makes the title of a new case searchable, which is mostly known already.
func learn(ctx context.Context, tx *db.Tx, c *Case, titles *learned) error {
	if titles.known(c.Tenant, c.Title) {
		return nil
	}
	if err := rememberTitle(ctx, tx, c.Tenant, c.Title); err != nil {
		return err
	}
	tx.OnCommit(func() { titles.add(c.Tenant, c.Title) })
	return nil
}

// learned are titles that are stored for sure: none is ever taken out again.
type learned struct {
	mu  sync.Mutex
	all map[[2]string]bool
}

const mostLearned = 10_000

func (l *learned) known(tenant, title string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all[[2]string{tenant, title}]
}

func (l *learned) add(tenant, title string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil || len(l.all) >= mostLearned {
		l.all = map[[2]string]bool{}
	}
	l.all[[2]string{tenant, title}] = true
}

// perStatement rows go into one statement, so that few texts are prepared.
const perStatement = 16

func remember(ctx context.Context, tx *db.Tx, tenant, field, value string, terms []string) error {
	terms = append(terms, "") // so that a text without pieces is there as well
	for len(terms) > 0 {
		q := &query{}
		tenantMark, fieldMark, valueMark := q.arg(tenant), q.arg(field), q.arg(value)
		var rows []string
		for i := range perStatement {
			rows = append(rows, "("+tenantMark+", "+q.arg(terms[min(i, len(terms)-1)])+", "+fieldMark+", "+valueMark+")")
		}
		text := `insert into cases_term (tenant, term, field, value) values ` + strings.Join(rows, ", ") + ` on conflict do nothing`
		if _, err := tx.Exec(ctx, text, q.args...); err != nil {
			return err
		}
		terms = terms[min(perStatement, len(terms)):]
	}
	return nil
}
