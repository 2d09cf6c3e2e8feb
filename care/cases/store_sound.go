package cases

import (
	"context"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
	cut "github.com/aftercare/aftercare/platform/words"
	"github.com/aftercare/aftercare/sales/customer"
)

// sound is the field of terms that say how the words of titles are spelt in
// pinyin: a few thousand of a shop, whatever the number of its titles. Those
// terms begin with a sign that no pinyin has, so that they lie together.
const (
	sound     = "sound"
	soundSign = "="
)

const (
	mostSounds  = 200 // words of titles, and customers, that are spelt alike
	mostNeedles = 6   // readings of one text that are looked for
	nearSounds  = 2000
)

// readAs lists what somebody may have meant who typed a text, itself first: its
// simplified form, and words of titles that are spelt so. Customers who are
// spelt so are named, up to a limit.
func readAs(ctx context.Context, tx *db.Tx, tenant, needle string) (needles []string, who []any, err error) {
	needles = []string{needle}
	if simple := cut.Simple(needle); simple != needle {
		needles = append(needles, simple)
	}
	latin := cut.Latin(needle)
	if latin == "" {
		return needles, nil, nil
	}
	spelt, err := spelt(ctx, tx, tenant, latin, mostSounds)
	if err != nil {
		return needles, nil, err
	}
	needles = readings(needles, spelt, func(s cut.Sound) string { return s.Said(latin) })
	ids, err := customer.Sounding(ctx, tx, tenant, latin, mostSounds)
	for _, id := range ids {
		who = append(who, id)
	}
	return needles, who, err
}

// readings adds what the words mean, each once.
func readings(to, spelt []string, read func(cut.Sound) string) []string {
	for _, word := range spelt {
		for _, s := range cut.Sounds(word)[:1] {
			if meant := read(s); meant != "" && !slices.Contains(to, meant) && len(to) < mostNeedles {
				to = append(to, meant)
			}
		}
	}
	return to
}

// spelt lists words of titles whose pinyin begins so.
func spelt(ctx context.Context, tx *db.Tx, tenant, prefix string, limit int) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (word string, err error) { return word, row.Scan(&word) }, `
		select value from cases_term where tenant = $1 and term >= $2 and term < $3 and field = 'sound' order by term limit $4`,
		tenant, soundSign+prefix, soundSign+prefix+beyond, limit)
}

// misspelt lists words of titles whose pinyin is nearly so.
func misspelt(ctx context.Context, tx *db.Tx, tenant, text string) (meant []string, err error) {
	latin := cut.Latin(text)
	for _, begin := range cut.Begins(latin) {
		words, err := spelt(ctx, tx, tenant, begin, nearSounds)
		if err != nil {
			return nil, err
		}
		meant = readings(meant, words, func(s cut.Sound) string { return s.Nearly(latin) })
	}
	return meant, nil
}

// pieces cut a text as it is and in simplified characters.
func pieces(text string) []string {
	all := cut.Pieces(text)
	if simple := cut.Simple(text); simple != text {
		all = append(all, cut.Pieces(simple)...)
	}
	return all
}

// holds reports whether a name or title has a text, however both are written.
func holds(name, needle string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, needle) || strings.Contains(cut.Simple(name), needle)
}

func rememberTitle(ctx context.Context, tx *db.Tx, tenant, title string) error {
	if err := remember(ctx, tx, tenant, "title", title, pieces(title)); err != nil {
		return err
	}
	for _, s := range cut.Sounds(title) {
		terms := []string{soundSign + s.Spelt}
		if s.Letters != "" {
			terms = append(terms, soundSign+s.Letters)
		}
		for _, term := range terms {
			_, err := tx.Exec(ctx, `
				insert into cases_term (tenant, term, field, value) values ($1, $2, 'sound', $3) on conflict do nothing`, tenant, term, s.Text)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// relearn learns the next names and titles anew, and tells the last of them;
// empty: there were no more.
func relearn(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error) {
	field, value, _ := strings.Cut(after, " ")
	all, err := db.List(ctx, tx, func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }, `
		select field, value from cases_term where tenant = $1 and term = '' and (field, value) > ($2, $3) order by field, value limit $4`,
		tenant, field, value, limit)
	last := ""
	for _, one := range all {
		if last = one[0] + " " + one[1]; strings.IndexFunc(one[1], cut.Dense) < 0 {
			continue
		}
		switch one[0] {
		case "title":
			err = rememberTitle(ctx, tx, tenant, one[1])
		case "name":
			_, name, _ := strings.Cut(one[1], " ")
			if simple := cut.Simple(name); simple != name {
				err = remember(ctx, tx, tenant, "name", one[1], pieces(name))
			}
		}
		if err != nil {
			return "", err
		}
	}
	return last, err
}
