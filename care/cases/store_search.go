package cases

import (
	"context"
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/platform/db"
)

// A search that finds no more names, titles and numbers than these is answered
// from the index. Beyond that every other case matches anyway, and the list is
// read in its order and checked row by row.
const (
	mostTerms   = 1000 // names and titles that share a piece
	mostValues  = 200  // names and titles with all pieces
	mostNumbers = 100  // cases by number
	mostFound   = 3000 // cases in all
	mostPieces  = 4    // of the wanted text that are looked up
)

// finding is what a searched text leads to: few cases that cond names, or a
// condition to check rows with.
type finding struct {
	few    bool
	cond   cond
	needle string
}

// search finds out what a text can mean: the beginning of a case's, order's or
// parcel's number, or a part of a customer's name or of a title.
func search(ctx context.Context, tx *db.Tx, tenant, text string) (finding, error) {
	needle := strings.ToLower(strings.TrimSpace(text))
	if needle == "" {
		return finding{}, nil
	}
	ids, err := byNumber(ctx, tx, tenant, needle)
	if err != nil || len(ids) > mostNumbers {
		return anywhere(needle), err
	}
	values, many, err := byTerms(ctx, tx, tenant, pieces(needle))
	if err != nil || many {
		return anywhere(needle), err
	}
	var parts []string
	var args []any
	for _, column := range []string{"id", "customer", "title"} {
		some := values[map[string]string{"customer": "name", "title": "title"}[column]]
		if column == "id" {
			some = ids
		}
		if len(some) > 0 {
			parts = append(parts, within(column, some).text)
			args = append(args, some...)
		}
	}
	if len(parts) == 0 {
		return finding{few: true, needle: needle, cond: cond{text: "1 = 0"}}, nil
	}
	few := cond{text: "(" + strings.ReplaceAll(strings.Join(parts, " or "), "customer in", "customer <> '' and customer in") + ")", args: args}
	n, err := matching(ctx, tx, tenant, few)
	if err != nil || n > mostFound {
		return anywhere(needle), err
	}
	return finding{few: true, needle: needle, cond: few}, nil
}

// anywhere checks each row, where an index would not help.
func anywhere(needle string) finding {
	start, part := escapeLike(needle)+"%", "%"+escapeLike(needle)+"%"
	return finding{needle: needle, cond: cond{"number, order_number, tracking, name, title",
		`(lower(number) like ? escape '\' or lower(number) like ? escape '\' or lower(order_number) like ? escape '\' or lower(tracking) like ? escape '\'
			or lower(name) like ? escape '\' or lower(title) like ? escape '\')`,
		[]any{start, "r-" + start, start, start, part, part}}}
}

// matches looks at the row itself: its pieces may stand apart in the text, and
// the customer's name may be another one by now.
func (f finding) matches(c Case) bool {
	for _, number := range []string{c.Number, c.OrderNumber, c.Tracking} {
		if strings.HasPrefix(strings.ToLower(number), f.needle) {
			return true
		}
	}
	return strings.HasPrefix(strings.ToLower(c.Number), "r-"+f.needle) ||
		strings.Contains(strings.ToLower(c.Name), f.needle) || strings.Contains(strings.ToLower(c.Title), f.needle)
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

// byTerms finds the names and titles that have all pieces. Without a piece that
// is rare enough, or without any, there are many.
func byTerms(ctx context.Context, tx *db.Tx, tenant string, terms []string) (values map[string][]any, many bool, err error) {
	for len(terms) > mostPieces { // the ends and what is between them
		terms = append(terms[:len(terms)/2:len(terms)/2], terms[len(terms)/2+1:]...)
	}
	rarest, least := 0, mostTerms+1
	for i, term := range terms {
		var n int
		err := tx.QueryRow(ctx, `
			select count(*) from (select 1 from cases_term where tenant = $1 and term = $2 limit $3) t`, tenant, term, mostTerms+1).Scan(&n)
		if err != nil {
			return nil, false, err
		}
		if n < least {
			rarest, least = i, n
		}
	}
	if least > mostTerms {
		return nil, true, nil
	}
	q := &query{}
	tenantMark := q.arg(tenant)
	text := `select t.field, t.value from cases_term t where t.tenant = ` + tenantMark + ` and t.term = ` + q.arg(terms[rarest])
	for i, term := range terms {
		if i != rarest {
			text += ` and exists (select 1 from cases_term o where o.tenant = ` + tenantMark + ` and o.term = ` + q.arg(term) + ` and o.field = t.field and o.value = t.value)`
		}
	}
	values = map[string][]any{}
	n := 0
	_, err = db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var field, value string
		err = row.Scan(&field, &value)
		values[field] = append(values[field], value)
		n++
		return none, err
	}, text+` limit `+q.arg(mostValues+1), q.args...)
	return values, n > mostValues, err
}

func matching(ctx context.Context, tx *db.Tx, tenant string, few cond) (n int, err error) {
	q := &query{}
	text := `select count(*) from (select 1 from cases_case where tenant = ` + q.arg(tenant) + ` and ` + few.write(q) + ` limit ` + q.arg(mostFound+1) + `) c`
	err = tx.QueryRow(ctx, text, q.args...).Scan(&n)
	return n, err
}

// longest is how much of a name or title can be searched for, in characters.
const longest = 80

// pieces cuts a text into overlapping pieces that an index can look up: two
// characters where each is a syllable or a word, three elsewhere.
func pieces(text string) []string {
	runes := []rune(strings.ToLower(text))
	if len(runes) > longest {
		runes = runes[:longest]
	}
	var all []string
	for i, r := range runes {
		n := 3
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			n = 2
		}
		if i+n <= len(runes) {
			all = append(all, string(runes[i:i+n]))
		}
	}
	return all
}

// learn makes the name and the title of a new case searchable. Both are mostly
// known already: then it only asks.
func learn(ctx context.Context, tx *db.Tx, c *Case) error {
	known, err := db.List(ctx, tx, oneValue, `
		select field from cases_term
		where tenant = $1 and term = '' and (field = 'name' and value = $2 or field = 'title' and value = $3)`,
		c.Tenant, c.Customer+" "+c.Name, c.Title)
	if err != nil || len(known) == 2 {
		return err
	}
	has := func(field string) bool { return len(known) == 1 && known[0] == field }
	if c.Customer != "" && !has("name") {
		if err := remember(ctx, tx, c.Tenant, "name", c.Customer, c.Customer+" "+c.Name, pieces(c.Name)); err != nil {
			return err
		}
	}
	if has("title") {
		return nil
	}
	return remember(ctx, tx, c.Tenant, "title", c.Title, c.Title, pieces(c.Title))
}

// perStatement rows go into one statement, so that few texts are prepared.
const perStatement = 16

func remember(ctx context.Context, tx *db.Tx, tenant, field, value, mark string, terms []string) error {
	if _, err := tx.Exec(ctx, `
		insert into cases_term (tenant, term, field, value) values ($1, '', $2, $3) on conflict do nothing`, tenant, field, mark); err != nil {
		return err
	}
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
