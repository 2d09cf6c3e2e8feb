package product

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/words"
)

const (
	mostLooked = 600  // articles that share a piece with the text
	mostOwn    = 3000 // articles of a seller, who has no more than these looked through
	mostSpelt  = 100  // articles that are spelt alike
	mostNear   = 1000 // articles whose pinyin begins alike
	nearPieces = 3    // of a misspelt text that are looked up
)

// Find lists articles for somebody who types: whose number begins with the text,
// else whose number, title or variant has it, as it is typed, in simplified or
// traditional characters, or in pinyin. Where there are none, slips of the
// keyboard are forgiven. A seller finds own articles only. Of very many articles
// that match it looks at some: a longer text tells them apart.
func Find(ctx context.Context, tx *db.Tx, by actor.Actor, text string, limit int) (found []Product, err error) {
	wanted := words.Simple(words.Fold(text))
	if utf8.RuneCountInString(wanted) < 2 {
		return nil, nil
	}
	for _, look := range []func() ([]Product, error){
		func() ([]Product, error) { return numbered(ctx, tx, by, strings.TrimSpace(text), limit) },
		func() ([]Product, error) { return holding(ctx, tx, by, wanted, limit) },
		func() ([]Product, error) { return spelt(ctx, tx, by, words.Latin(text), limit) },
		func() ([]Product, error) { return numberedExactly(ctx, tx, by, words.Slips(text), limit) },
		func() ([]Product, error) { return nearly(ctx, tx, by, wanted, limit) },
		func() ([]Product, error) { return misspelt(ctx, tx, by, words.Latin(text), limit) },
	} {
		if found, err = look(); err != nil {
			return nil, fmt.Errorf("finding products: %w", err)
		}
		if len(found) > 0 {
			break
		}
	}
	return found, nil
}

// holding lists articles that have a text.
func holding(ctx context.Context, tx *db.Tx, by actor.Actor, wanted string, limit int) ([]Product, error) {
	pieces := words.Pieces(wanted)
	if by.Seller == "" && len(pieces) == 0 {
		return nil, nil
	}
	return choose(ctx, tx, by, pieces, limit, func(text string) bool { return strings.Contains(text, wanted) })
}

// nearly lists articles that have each word but for slips.
func nearly(ctx context.Context, tx *db.Tx, by actor.Actor, wanted string, limit int) (found []Product, err error) {
	want := words.Want(wanted)
	if by.Seller != "" {
		return choose(ctx, tx, by, nil, limit, want.Within)
	}
	pieces := words.Apart(wanted)
	for _, piece := range pieces[:min(nearPieces, len(pieces))] {
		found, err = choose(ctx, tx, by, []string{piece}, limit, want.Within)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// spelt lists articles of whose title a part is spelt so in pinyin.
func spelt(ctx context.Context, tx *db.Tx, by actor.Actor, latin string, limit int) ([]Product, error) {
	if latin == "" {
		return nil, nil
	}
	if by.Seller != "" {
		return sounding(ctx, tx, by, limit, func(s words.Sound) bool { return s.Said(latin) != "" })
	}
	skus, err := saying(ctx, tx, by.Tenant, latin, mostSpelt)
	if err != nil || len(skus) == 0 {
		return nil, err
	}
	return bySKUs(ctx, tx, by, skus[:min(limit, len(skus))])
}

// misspelt is spelt but for slips.
func misspelt(ctx context.Context, tx *db.Tx, by actor.Actor, latin string, limit int) ([]Product, error) {
	begins := words.Begins(latin)
	if by.Seller != "" && len(begins) > 0 {
		return sounding(ctx, tx, by, limit, func(s words.Sound) bool { return s.Nearly(latin) != "" })
	}
	for _, begin := range begins {
		skus, err := nearlySaying(ctx, tx, by.Tenant, begin, latin, mostNear)
		if err != nil {
			return nil, err
		}
		if len(skus) > 0 {
			return bySKUs(ctx, tx, by, skus[:min(limit, len(skus))])
		}
	}
	return nil, nil
}

// sounding looks through a seller's own articles.
func sounding(ctx context.Context, tx *db.Tx, by actor.Actor, limit int, is func(words.Sound) bool) ([]Product, error) {
	return choose(ctx, tx, by, nil, limit, func(text string) bool { return slices.ContainsFunc(words.Sounds(text), is) })
}

// choose lists the first articles by number that match, of those that have the
// rarest of some pieces, or of a seller's.
func choose(ctx context.Context, tx *db.Tx, by actor.Actor, pieces []string, limit int, matches func(text string) bool) ([]Product, error) {
	piece, err := "", error(nil)
	if by.Seller == "" {
		if piece, err = rarest(ctx, tx, by.Tenant, pieces); err != nil || piece == "" {
			return nil, err
		}
	}
	var skus []string
	after := ""
	for read, size := 0, 50; len(skus) < limit; size = 200 {
		some, err := texts(ctx, tx, by, piece, after, size)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			if after = one[0]; len(skus) < limit && matches(words.Simple(one[1])) {
				skus = append(skus, one[0])
			}
		}
		most := mostLooked
		if by.Seller != "" {
			most = mostOwn
		}
		if read += len(some); len(some) < size || read >= most {
			break
		}
	}
	if len(skus) == 0 {
		return nil, nil
	}
	return bySKUs(ctx, tx, by, skus)
}

// Relearn makes the next articles by number searchable as this version of the
// program cuts and spells them. It tells where to go on; empty: all are.
func Relearn(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error) {
	last, err := relearn(ctx, tx, tenant, after, limit)
	if err != nil {
		return "", fmt.Errorf("learning products after %s: %w", after, err)
	}
	return last, nil
}
