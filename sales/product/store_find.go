package product

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/words"
)

const (
	beyond     = "\U0010FFFF" // sorts behind whatever follows a prefix
	soundSign  = "="          // begins terms that are pinyin, which so lie together
	mostPieces = 8            // of the wanted text that are counted
)

// own is the condition that the actor may see an article.
func own(by actor.Actor, args *[]any) string {
	if by.Seller == "" {
		return ""
	}
	*args = append(*args, by.Seller)
	return " and seller <> '' and seller = $" + strconv.Itoa(len(*args))
}

// numbered lists articles whose number begins so, as it is typed or in capitals.
func numbered(ctx context.Context, tx *db.Tx, by actor.Actor, start string, limit int) (found []Product, err error) {
	for _, one := range slices.Compact([]string{start, strings.ToUpper(start)}) {
		args := []any{by.Tenant, one, one + beyond}
		mine := own(by, &args)
		args = append(args, limit)
		found, err = db.List(ctx, tx, scan, `
			select `+columns+` from product_variant where tenant = $1 and sku >= $2 and sku < $3`+mine+`
			order by sku limit $`+strconv.Itoa(len(args)), args...)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

func numberedExactly(ctx context.Context, tx *db.Tx, by actor.Actor, skus []string, limit int) ([]Product, error) {
	if len(skus) == 0 {
		return nil, nil
	}
	found, err := bySKUs(ctx, tx, by, skus)
	return found[:min(limit, len(found))], err
}

func bySKUs(ctx context.Context, tx *db.Tx, by actor.Actor, skus []string) ([]Product, error) {
	args := []any{by.Tenant}
	mine := own(by, &args)
	marks := db.Placeholders(len(args)+1, len(skus))
	for _, sku := range skus {
		args = append(args, sku)
	}
	return db.List(ctx, tx, scan, `
		select `+columns+` from product_variant where tenant = $1`+mine+` and sku in (`+marks+`) order by sku`, args...)
}

// rarest is the piece that fewest articles have; empty: no article has one of
// the pieces.
func rarest(ctx context.Context, tx *db.Tx, tenant string, pieces []string) (piece string, err error) {
	least := mostLooked + 1
	for i := len(pieces) - 1; i >= 0 && len(pieces)-i <= mostPieces; i-- {
		var n int
		err := tx.QueryRow(ctx, `
			select count(*) from (select 1 from product_term where tenant = $1 and term = $2 limit $3) t`, tenant, pieces[i], mostLooked).Scan(&n)
		if err != nil || n == 0 {
			return "", err
		}
		if n < least {
			piece, least = pieces[i], n
		}
	}
	return piece, nil
}

// texts lists numbers and texts of articles behind one, by number: of those that
// have a piece, or of a seller's.
func texts(ctx context.Context, tx *db.Tx, by actor.Actor, piece, after string, limit int) ([][2]string, error) {
	two := func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }
	if by.Seller != "" {
		return db.List(ctx, tx, two, `
			select sku, folded from product_variant where tenant = $1 and seller = $2 and seller <> '' and sku > $3 order by sku limit $4`,
			by.Tenant, by.Seller, after, limit)
	}
	return db.List(ctx, tx, two, `
		select p.sku, p.folded from (
			select sku from product_term where tenant = $1 and term = $2 and sku > $3 order by sku limit $4
		) k cross join product_variant p where p.tenant = $1 and p.sku = k.sku order by p.sku`, by.Tenant, piece, after, limit)
}

// saying lists the numbers of articles of whose text a part is spelt so.
func saying(ctx context.Context, tx *db.Tx, tenant, latin string, most int) ([]string, error) {
	skus, err := db.List(ctx, tx, func(row db.Scanner) (sku string, err error) { return sku, row.Scan(&sku) }, `
		select sku from product_term where tenant = $1 and term >= $2 and term < $3 order by term, sku limit $4`,
		tenant, soundSign+latin, soundSign+latin+beyond, most)
	slices.Sort(skus)
	return slices.Compact(skus), err
}

// nearlySaying is saying but for slips, of what begins with some letters. Articles
// have the same words again and again, which are spelt once.
func nearlySaying(ctx context.Context, tx *db.Tx, tenant, begin, latin string, most int) (skus []string, err error) {
	all, err := db.List(ctx, tx, func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }, `
		select t.sku, p.folded from (
			select sku from product_term where tenant = $1 and term >= $2 and term < $3 order by term, sku limit $4
		) t cross join product_variant p where p.tenant = $1 and p.sku = t.sku`, tenant, soundSign+begin, soundSign+begin+beyond, most)
	heard := map[string]bool{}
	for _, one := range all {
		dense := strings.Map(func(r rune) rune {
			if r < utf8.RuneSelf {
				return ' ' // no sound, but it parts words
			}
			return r
		}, one[1])
		meant, known := heard[dense]
		if !known {
			meant = slices.ContainsFunc(words.Sounds(dense), func(s words.Sound) bool { return s.Nearly(latin) != "" })
			heard[dense] = meant
		}
		if meant {
			skus = append(skus, one[0])
		}
	}
	slices.Sort(skus)
	return slices.Compact(skus), err
}

// terms are what an article is looked up by.
func terms(folded string) []string {
	all := words.Pieces(folded)
	simple := words.Simple(folded)
	if simple != folded {
		all = append(all, words.Pieces(simple)...)
	}
	for _, s := range words.Sounds(simple) {
		all = append(all, soundSign+s.Spelt)
		if s.Letters != "" {
			all = append(all, soundSign+s.Letters)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// learn makes an article searchable by its text, and by nothing else.
func learn(ctx context.Context, tx *db.Tx, tenant, sku, folded string) error {
	all := terms(folded)
	known, err := db.List(ctx, tx, func(row db.Scanner) (term string, err error) { return term, row.Scan(&term) },
		`select term from product_term where tenant = $1 and sku = $2`, tenant, sku)
	if err != nil {
		return err
	}
	slices.Sort(known)
	if slices.Equal(known, all) {
		return nil
	}
	if len(known) > 0 {
		if _, err := tx.Exec(ctx, `delete from product_term where tenant = $1 and sku = $2`, tenant, sku); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(all, 32) {
		args, rows := []any{tenant, sku}, make([]string, len(some))
		for i, term := range some {
			args = append(args, term)
			rows[i] = "($1, $" + strconv.Itoa(i+3) + ", $2)"
		}
		_, err := tx.Exec(ctx, `insert into product_term (tenant, term, sku) values `+strings.Join(rows, ", ")+` on conflict do nothing`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

func relearn(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (last string, err error) {
	all, err := db.List(ctx, tx, func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }, `
		select sku, folded from product_variant where tenant = $1 and sku > $2 order by sku limit $3`, tenant, after, limit)
	for _, one := range all {
		if err := learn(ctx, tx, tenant, one[0], one[1]); err != nil {
			return "", err
		}
		last = one[0]
	}
	return last, err
}
