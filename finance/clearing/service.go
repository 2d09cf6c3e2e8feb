package clearing

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Book writes a set of entries. Entries of zero say nothing and are left out;
// a set without others has no effect. The same set under the same key again has
// no effect either, so a verb that is repeated books once. It refuses entries
// that do not add up to zero, or name no known account or currency, with
// ErrInvalid, and other entries under a key that is taken with ErrDiffers.
func Book(ctx context.Context, tx *db.Tx, by actor.Actor, set Set) error {
	set, err := set.normal()
	if err != nil || len(set.Entries) == 0 {
		return err
	}
	digest, err := set.digest()
	if err != nil {
		return err
	}
	setID := id.New("clr")
	fresh, err := insert(ctx, tx, by.Tenant, setID, digest, set)
	if err != nil {
		return fmt.Errorf("booking %s of %s: %w", set.Key, set.Case, err)
	}
	if !fresh {
		known, err := digestOf(ctx, tx, by.Tenant, set.Key)
		if err == nil && known != digest {
			return ErrDiffers.With("key", set.Key).With("case", set.Case)
		}
		return err
	}
	fact := BookedFact{Key: set.Key, Case: set.Case, Order: set.Order, Currency: set.Currency}
	for _, e := range set.Entries {
		fact.Entries = append(fact.Entries, EntryFact(e))
	}
	return event.Append(ctx, tx, by, event.About{Stream: "clearing", Subject: setID, Version: 1}, fact)
}

// normal checks a set, drops entries of zero, and brings the others into one
// order, so that equal sets look equal.
func (set Set) normal() (Set, error) {
	if _, err := money.Exponent(set.Currency); err != nil {
		return Set{}, ErrInvalid.With("key", set.Key).At("currency", "is not a currency", "ISO 4217 code")
	}
	if set.Key == "" || set.Case == "" {
		return Set{}, ErrInvalid.At("key", "is missing", "key and case")
	}
	set.Entries = slices.DeleteFunc(slices.Clone(set.Entries), func(e Entry) bool { return e.Amount == 0 })
	sum := money.Of(0, set.Currency)
	for i, e := range set.Entries {
		if !slices.Contains(Accounts, e.Account) {
			return Set{}, ErrInvalid.With("key", set.Key).At(fmt.Sprintf("entries[%d].account", i), "is not known", "")
		}
		var err error
		if sum, err = sum.Add(money.Of(e.Amount, set.Currency)); err != nil {
			return Set{}, ErrInvalid.With("key", set.Key).At(fmt.Sprintf("entries[%d].amount", i), "is too large", "")
		}
	}
	if sum.Minor != 0 {
		return Set{}, ErrInvalid.With("key", set.Key).With("sum", sum.Minor).At("entries", "do not add up to zero", "")
	}
	slices.SortFunc(set.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Party, b.Party), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Amount, b.Amount))
	})
	return set, nil
}

func (set Set) digest() (string, error) {
	raw, err := json.Marshal(set)
	if err != nil {
		return "", fmt.Errorf("digest of %s: %w", set.Key, err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// ByCase lists the entries of a case in the order of booking: for a seller,
// those of the seller only.
func ByCase(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) ([]Booked, error) {
	return page(ctx, tx, by.Tenant, limited(by, Filter{Case: caseID, Limit: 10_000}))
}

// Page lists entries in the order of booking, behind f.After, and tells where
// the next page begins; an empty place means that this was the last.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) ([]Booked, Place, error) {
	limit := f.Limit
	f.Limit++
	all, err := page(ctx, tx, by.Tenant, limited(by, f))
	if err != nil || len(all) <= limit {
		return all, Place{}, err
	}
	all = all[:limit]
	last := all[limit-1]
	return all, Place{last.ID, last.Place}, nil
}

// Totals adds up the chosen entries by account, party and currency, in that
// order.
func Totals(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) ([]Total, error) {
	return totals(ctx, tx, by.Tenant, limited(by, f))
}

// limited makes a seller see only what concerns the seller. Another party than
// oneself is then nobody.
func limited(by actor.Actor, f Filter) Filter {
	if by.Seller == "" {
		return f
	}
	if f.Party != "" && f.Party != by.Seller {
		f.Case, f.Account = "-", "-" // matches nothing
	}
	f.Party = by.Seller
	return f
}
