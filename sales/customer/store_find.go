package customer

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/words"
)

const beyond = "\U0010FFFF" // sorts behind whatever follows a prefix

// learn makes the later words of a name searchable, how a Chinese name is spelt,
// and the parts of contacts; beginnings are already.
func learn(ctx context.Context, tx *db.Tx, c Customer) error {
	all := append(starts(c.Name), contactStarts(c)...)
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 0 {
		return nil
	}
	args, rows := []any{c.Tenant, c.ID}, make([]string, len(all))
	for i, start := range all {
		args = append(args, start)
		rows[i] = "($1, $" + strconv.Itoa(i+3) + ", $2)"
	}
	_, err := tx.Exec(ctx, `insert into customer_start (tenant, start, customer) values `+strings.Join(rows, ", ")+` on conflict do nothing`, args...)
	return err
}

// starts are what people begin to type who look for a name, but for the name
// itself: later words, its simplified form, and its pinyin.
func starts(name string) []string {
	typed := folded(name)
	all := words.Starts(typed)
	if simple := words.Simple(typed); simple != typed {
		all = append(append(all, simple), words.Starts(simple)...)
	}
	for i, s := range words.Sounds(typed) {
		if i > 0 && s.Letters == "" {
			continue // a single last character is too little to ask for
		}
		all = append(all, s.Spelt)
		if s.Letters != "" {
			all = append(all, s.Letters)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// relearn learns the next customers by id anew, and tells the last of them;
// empty: there were no more.
func relearn(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (last string, err error) {
	all, err := db.List(ctx, tx, scan, `
		select `+columns+` from customer_customer c where c.tenant = $1 and c.id > $2 order by c.id limit $3`, tenant, after, limit)
	for _, c := range all {
		last = c.ID
		if err := learn(ctx, tx, c); err != nil {
			return "", err
		}
	}
	return last, err
}

func unlearn(ctx context.Context, tx *db.Tx, c Customer) error {
	_, err := tx.Exec(ctx, `delete from customer_start where tenant = $1 and customer = $2`, c.Tenant, c.ID)
	return err
}

// starting lists customers whose name, a later word of it, e-mail or phone
// starts with a text, those whose whole name does first.
func starting(ctx context.Context, tx *db.Tx, tenant, name, contact string, limit int) ([]Customer, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from (
			select id, min(rank) as rank from (
				select id, 0 as rank from (
					select id from customer_customer where tenant = $1 and folded >= $2 and folded < $3 and $2 <> '' order by folded, id limit $4) a
				union all
				select customer, 1 from (
					select customer from customer_start where tenant = $1 and start >= $2 and start < $3 and $2 <> '' order by start, customer limit $4) b
				union all
				select id, 1 from (
					select id from customer_customer where tenant = $1 and email >= $5 and email < $6 and $5 <> '' order by email, id limit $4) d
				union all
				select id, 1 from (
					select id from customer_customer where tenant = $1 and phone >= $5 and phone < $6 and $5 <> '' order by phone, id limit $4) e
			) f group by id
		) k cross join customer_customer c
		where c.tenant = $1 and c.id = k.id
		order by k.rank, c.folded, c.id limit $4`, tenant, name, name+beyond, limit, contact, contact+beyond)
}

// mostNames is how many names that begin alike are compared with a misspelt one.
const mostNames = 2000

// nearly lists the first words of names, and later ones, that are a word but for
// a slip of the keyboard: behind the first letter, or the first two swapped, or
// one too many before them.
func nearly(ctx context.Context, tx *db.Tx, tenant, word string) (names []string, err error) {
	head := []rune(word)
	if len(head) < 4 {
		return nil, nil
	}
	seen := map[string]bool{}
	begins := []string{string(head[:2]), string([]rune{head[0], head[2]}), string([]rune{head[1], head[0]}), string(head[1:3])}
	if half := (len(head) + 1) / 2; half > 2 { // most slips are further behind, and fewer names begin so
		begins = append([]string{string(head[:half])}, begins...)
	}
	for _, from := range begins {
		all, err := named(ctx, tx, tenant, from)
		if err != nil {
			return nil, err
		}
		for _, name := range all {
			first, _, _ := strings.Cut(name, " ")
			if !seen[first] && words.Near(word, first) {
				seen[first] = true
				names = append(names, first)
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return names, nil
}

// named lists names, and later words of names, that begin with something.
func named(ctx context.Context, tx *db.Tx, tenant, from string) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (name string, err error) { return name, row.Scan(&name) }, `
		select folded from (select folded from customer_customer where tenant = $1 and folded >= $2 and folded < $3 order by folded limit $4) a
		union
		select start from (select start from customer_start where tenant = $1 and start >= $2 and start < $3 order by start limit $4) b`,
		tenant, from, from+beyond, mostNames)
}

// alike lists customers whose name begins with one character, has any as its
// second and goes on with the rest: input methods offer characters that sound
// alike. The first character bounds what is looked through.
func alike(ctx context.Context, tx *db.Tx, tenant, first, rest string, limit int) ([]Customer, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from (
			select id from customer_customer where tenant = $1 and folded >= $2 and folded < $3 and folded like $4 limit $5
		) k cross join customer_customer c
		where c.tenant = $1 and c.id = k.id
		order by c.folded, c.id`, tenant, first, first+beyond, first+"_"+rest+"%", limit)
}

// sounding names customers by what their names begin with, or a later word of
// them.
func sounding(ctx context.Context, tx *db.Tx, tenant, latin string, limit int) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) }, `
		select customer from (
			select customer from customer_start where tenant = $1 and start >= $2 and start < $3 order by start, customer limit $4
		) k group by customer`, tenant, latin, latin+beyond, limit)
}
