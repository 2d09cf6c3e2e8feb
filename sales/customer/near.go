package customer

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/words"
)

// near lists customers for a text that finds nobody as it is: of several words
// the others may stand anywhere in the name, with a slip each; a single word may
// have a slip; of three dense characters or more one may be another.
func near(ctx context.Context, tx *db.Tx, tenant, name string, limit int) (found []Customer, err error) {
	runes := []rune(name)
	var starts []string
	first, _, several := strings.Cut(name, " ")
	switch {
	case words.Dense(runes[0]) && len(runes) >= 3:
		starts = []string{string(runes[:2]), string(runes[1:])}
	case several:
		starts = []string{first}
	}
	if found, err = holding(ctx, tx, tenant, starts, name, limit); err != nil || len(found) > 0 {
		return found, err
	}
	if len(runes) >= 3 && !slices.ContainsFunc(runes, func(r rune) bool { return !words.Dense(r) }) {
		return alike(ctx, tx, tenant, string(runes[:1]), string(runes[2:]), limit)
	}
	if starts, err = nearly(ctx, tx, tenant, first); err != nil {
		return nil, err
	}
	return holding(ctx, tx, tenant, starts, name, limit)
}

// holding lists the customers of which a word of the name starts with one of
// some texts, and whose name holds what is wanted but for slips. Those that hold
// it exactly come first.
func holding(ctx context.Context, tx *db.Tx, tenant string, starts []string, wanted string, limit int) ([]Customer, error) {
	var exact, slipped []Customer
	seen, want, number := map[string]bool{}, words.Want(wanted), numbered(wanted)
	for _, start := range starts {
		some, err := starting(ctx, tx, tenant, start, "", mostShared)
		if err != nil {
			return nil, err
		}
		for _, c := range some {
			if seen[c.ID] || number && strings.IndexFunc(c.Name, unicode.IsDigit) < 0 {
				continue
			}
			seen[c.ID] = true
			switch name := searched(c.Name); {
			case hasAll(name, wanted):
				exact = append(exact, c)
			case want.Within(name):
				slipped = append(slipped, c)
			}
		}
		if len(exact)+len(slipped) >= limit {
			break
		}
	}
	all := append(exact, slipped...)
	return all[:min(limit, len(all))], nil
}

// numbered reports whether a word has more digits than slips are forgiven: no
// name without a digit has it.
func numbered(wanted string) bool {
	for word := range strings.FieldsSeq(wanted) {
		digits := 0
		for _, r := range word {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		if digits > 2 {
			return true
		}
	}
	return false
}

// searched is a name as it is compared: with its simplified form and its pinyin.
func searched(name string) string {
	typed := folded(name)
	if strings.IndexFunc(typed, words.Dense) < 0 {
		return typed
	}
	return typed + " " + strings.Join(starts(name), " ")
}
