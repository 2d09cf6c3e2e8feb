package cases

import (
	"context"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	cut "github.com/aftercare/aftercare/platform/words"
	"github.com/aftercare/aftercare/sales/customer"
)

const (
	nearPieces = 3  // of a misspelt text that are looked up
	nearValues = 30 // names and titles that are taken for it
)

// nearly finds what somebody may have meant whose text finds nothing: a number
// of a case, order or parcel with one slip, else names and titles that hold the
// words but for slips, and the given customers. It is not asked of texts that
// find something.
func nearly(ctx context.Context, tx *db.Tx, by actor.Actor, text string, known []string) (finding, error) {
	f, err := nearNumber(ctx, tx, by, text)
	if err != nil || len(f.parts) > 0 {
		return f, err
	}
	tenant, names := by.Tenant, customer.SightOf(by).Addresses()
	seen := map[string]bool{}
	var customers, titles []any
	for _, one := range known[:min(nearValues, len(known))] {
		customers = append(customers, one)
	}
	simple := cut.Simple(text)
	wanted := cut.Want(simple)
	for i, piece := range cut.Apart(simple) {
		if i == nearPieces || len(seen) >= nearValues {
			break
		}
		rows, err := db.List(ctx, tx, func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }, `
			select field, value from cases_term where tenant = $1 and term = $2`+fieldsFor(names)+` limit $3`, tenant, piece, mostTerms)
		if err != nil {
			return f, err
		}
		for _, row := range rows {
			who, name := "", row[1]
			if row[0] == "name" {
				who, name, _ = strings.Cut(row[1], " ")
			}
			if len(seen) >= nearValues || seen[row[1]] || row[0] == sound || who != "" && !names || !wanted.Within(cut.Simple(name)) {
				continue
			}
			seen[row[1]] = true
			if who != "" {
				if !slices.Contains(known, who) {
					customers = append(customers, who)
				}
			} else {
				titles = append(titles, name)
			}
		}
	}
	if len(titles) == 0 {
		if titles, err = titlesMisspelt(ctx, tx, tenant, text); err != nil {
			return f, err
		}
	}
	if len(customers) > 0 {
		f.parts = append(f.parts, part{column: "customer", values: customers})
	}
	if len(titles) > 0 {
		f.parts = append(f.parts, part{column: "title", values: titles})
	}
	return f, nil
}

// nearNumber finds the cases of a number that was typed with one slip.
func nearNumber(ctx context.Context, tx *db.Tx, by actor.Actor, number string) (finding, error) {
	f := finding{few: true}
	ids, err := bySlips(ctx, tx, by.Tenant, cut.Slips(number))
	if len(ids) > 0 {
		f.parts = []part{{column: "id", values: ids}}
	}
	return f, err
}

// titlesMisspelt finds titles by pinyin with a slip.
func titlesMisspelt(ctx context.Context, tx *db.Tx, tenant, text string) (titles []any, err error) {
	words, err := misspelt(ctx, tx, tenant, text)
	for _, word := range words {
		terms := cut.Pieces(word)
		if err != nil || len(terms) == 0 || len(titles) >= nearValues {
			break
		}
		var some []any
		_, some, _, err = byTerms(ctx, tx, tenant, word, terms, false)
		titles = append(titles, some...)
	}
	return titles[:min(nearValues, len(titles))], err
}

// bySlips finds the cases that have one of some numbers, or whose order or else
// parcel has. PostgreSQL knows too little of parcels' numbers to look many up by
// their index at once: it would read all cases.
func bySlips(ctx context.Context, tx *db.Tx, tenant string, numbers []string) (ids []any, err error) {
	upper, lower := make([]any, len(numbers)), make([]any, len(numbers))
	for i, number := range numbers {
		upper[i], lower[i] = number, strings.ToLower(number)
	}
	having := func(column string, values []any) error {
		c, q := within(column, values), &query{}
		text := "select id from cases_case where tenant = " + q.arg(tenant) + " and " + c.write(q) + " limit " + q.arg(mostNumbers)
		found, err := db.List(ctx, tx, oneValue, text, q.args...)
		ids = append(ids, found...)
		return err
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	if err := having("number", upper); err != nil {
		return nil, err
	}
	if err := having("lower(order_number)", lower); err != nil || len(ids) > 0 {
		return ids, err
	}
	for some := range slices.Chunk(lower, 24) {
		if err := having("tracking <> '' and lower(tracking)", some); err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	return nil, nil
}
