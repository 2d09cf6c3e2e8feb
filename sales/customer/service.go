package customer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/words"
)

// ByID finds a customer. ErrUnknown if the tenant has none with that id.
func ByID(ctx context.Context, tx *db.Tx, tenant, id string) (Customer, error) {
	c, err := byID(ctx, tx, tenant, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Customer{}, ErrUnknown
	}
	if err != nil {
		return Customer{}, fmt.Errorf("reading customer %s: %w", id, err)
	}
	return c, nil
}

// ByRef finds the customer that a source names by its own id, or ErrUnknown.
func ByRef(ctx context.Context, tx *db.Tx, tenant, source, ref string) (Customer, error) {
	c, err := byRef(ctx, tx, tenant, source, ref)
	if errors.Is(err, sql.ErrNoRows) {
		return Customer{}, ErrUnknown
	}
	if err != nil {
		return Customer{}, fmt.Errorf("reading customer %s of %s: %w", ref, source, err)
	}
	return c, nil
}

// Search returns the ids of at most limit customers whose name, e-mail or
// phone is exactly q, apart from case, spaces and separators.
func Search(ctx context.Context, tx *db.Tx, tenant, q string, limit int) ([]string, error) {
	ids, err := search(ctx, tx, tenant, folded(q), Email(q), Phone(q), limit)
	if err != nil {
		return nil, fmt.Errorf("searching customers: %w", err)
	}
	return ids, nil
}

// Find lists customers for somebody who types: whose name, a later word of it,
// its pinyin, e-mail or phone starts with the text; of several words all must be
// in the name. Simplified and traditional characters are the same. Where there
// are none, slips of the keyboard are forgiven: see near. Texts of less than two
// characters find nobody.
func Find(ctx context.Context, tx *db.Tx, tenant, text string, limit int) ([]Customer, error) {
	name := words.Fold(text)
	if utf8.RuneCountInString(name) < 2 {
		return nil, nil
	}
	typed := []string{name}
	for _, other := range []string{words.Simple(name), words.Latin(name)} {
		if other != "" && other != name {
			typed = append(typed, other)
		}
	}
	for i, one := range typed {
		contact := ""
		if i == 0 {
			contact = contactStart(text)
		}
		found, err := starting(ctx, tx, tenant, one, contact, limit)
		if err != nil || len(found) > 0 && !isNumber(text) {
			return found, err
		}
		if i > 0 {
			continue
		}
		others, err := byContact(ctx, tx, tenant, text, limit)
		if found = append(found, others...); err != nil || len(found) > 0 {
			return distinct(found, limit), err
		}
	}
	for _, one := range typed {
		found, err := near(ctx, tx, tenant, one, limit)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// byContact lists customers by another part of a contact than its beginning.
func byContact(ctx context.Context, tx *db.Tx, tenant, text string, limit int) (all []Customer, err error) {
	for _, typed := range contactTyped(text) {
		found, err := starting(ctx, tx, tenant, typed, "", limit)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// distinct leaves out who was there before.
func distinct(all []Customer, limit int) (each []Customer) {
	for _, c := range all {
		if len(each) < limit && !slices.ContainsFunc(each, func(o Customer) bool { return o.ID == c.ID }) {
			each = append(each, c)
		}
	}
	return each
}

// Sounding names customers whose name, or a later word of it, is spelt so in
// pinyin, up to a limit of those that begin alike.
func Sounding(ctx context.Context, tx *db.Tx, tenant, latin string, limit int) ([]string, error) {
	if latin == "" {
		return nil, nil
	}
	return sounding(ctx, tx, tenant, latin, limit)
}

// Relearn makes the next customers by id searchable as this version of the
// program cuts and spells names. It tells where to go on; empty: all are.
func Relearn(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (string, error) {
	last, err := relearn(ctx, tx, tenant, after, limit)
	if err != nil {
		return "", fmt.Errorf("learning names after %s: %w", after, err)
	}
	return last, nil
}

// mostShared is how many customers with one word are looked at for a second.
const mostShared = 300

func hasAll(name, rest string) bool {
	for word := range strings.FieldsSeq(rest) {
		if !strings.HasPrefix(name, word) && !strings.Contains(name, " "+word) {
			return false
		}
	}
	return true
}

// contactStart is the beginning of an e-mail address or phone number as it is
// stored; empty where the text is neither.
func contactStart(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(text)
	if strings.Trim(digits, "+0123456789") == "" {
		return digits
	}
	if strings.Contains(text, " ") {
		return ""
	}
	return text
}

// Upsert finds the customer that a source describes, or adds one. The match is
// by (source, ref), else by e-mail, else by phone. What the source tells
// replaces what is stored if it knew the reference; else it only fills gaps,
// because a shared phone must not rename somebody. ErrInvalid if the draft
// identifies nobody or a contact is malformed.
func Upsert(ctx context.Context, tx *db.Tx, by actor.Actor, d Draft) (Customer, error) {
	n, problem := d.Normal()
	if problem != nil {
		return Customer{}, ErrInvalid.At(problem.Field, problem.Reason, "")
	}
	c, err := upsert(ctx, tx, by.Tenant, n)
	if err != nil {
		return Customer{}, fmt.Errorf("saving customer %s of %s: %w", n.Ref, n.Source, err)
	}
	return c, nil
}

func upsert(ctx context.Context, tx *db.Tx, tenant string, d Draft) (Customer, error) {
	c, known, err := match(ctx, tx, tenant, d)
	if errors.Is(err, sql.ErrNoRows) {
		c = Customer{ID: id.New("cus"), Tenant: tenant, Source: d.Source, Ref: d.Ref, Name: d.Name, Email: d.Email, Phone: d.Phone, Language: d.Language}
		owner, err := remember(ctx, tx, d, c)
		if err != nil {
			return Customer{}, err
		}
		if owner != c.ID { // another transaction was faster
			return byID(ctx, tx, tenant, owner)
		}
		if err := insert(ctx, tx, c); err != nil {
			return Customer{}, err
		}
		return c, learn(ctx, tx, c)
	}
	if err != nil {
		return Customer{}, err
	}
	told := c
	fill(&told.Name, d.Name, known)
	fill(&told.Email, d.Email, known)
	fill(&told.Phone, d.Phone, known)
	fill(&told.Language, d.Language, known)
	if told != c {
		if err := update(ctx, tx, told); err != nil {
			return Customer{}, err
		}
		if folded(told.Name) != folded(c.Name) || told.Email != c.Email || told.Phone != c.Phone {
			if err := unlearn(ctx, tx, told); err != nil {
				return Customer{}, err
			}
			if err := learn(ctx, tx, told); err != nil {
				return Customer{}, err
			}
		}
	}
	if !known {
		if _, err := remember(ctx, tx, d, told); err != nil {
			return Customer{}, err
		}
	}
	return told, nil
}

// match finds the stored customer; known tells that the reference did it.
func match(ctx context.Context, tx *db.Tx, tenant string, d Draft) (c Customer, known bool, err error) {
	if d.Ref != "" {
		c, err = byRef(ctx, tx, tenant, d.Source, d.Ref)
		if !errors.Is(err, sql.ErrNoRows) {
			return c, true, err
		}
	}
	if d.Email != "" {
		c, err = byEmail(ctx, tx, tenant, d.Email)
		if !errors.Is(err, sql.ErrNoRows) {
			return c, false, err
		}
	}
	if d.Phone != "" {
		c, err = byPhone(ctx, tx, tenant, d.Phone)
		return c, false, err
	}
	return Customer{}, false, sql.ErrNoRows
}

// remember ties the draft's reference to a customer and returns whose it is.
func remember(ctx context.Context, tx *db.Tx, d Draft, c Customer) (string, error) {
	if d.Ref == "" {
		return c.ID, nil
	}
	return claimRef(ctx, tx, c.Tenant, d.Source, d.Ref, c.ID)
}

func fill(stored *string, told string, replace bool) {
	if told != "" && (replace || *stored == "") {
		*stored = told
	}
}
