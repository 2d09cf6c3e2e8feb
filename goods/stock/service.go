package stock

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const (
	maxPage  = 500
	maxText  = 500
	maxMoved = 1_000_000
)

// Move records goods going somewhere and announces it. The same movement again
// gives what was recorded and announces nothing; another under the same case,
// line and sequence fails with ErrDiffers, and one that is not complete with
// ErrInvalid.
func (s *Service) Move(ctx context.Context, tx *db.Tx, by actor.Actor, m Move) (Movement, error) {
	m.SKU, m.Title = strings.TrimSpace(m.SKU), strings.TrimSpace(m.Title)
	if err := m.check(); err != nil {
		return Movement{}, err
	}
	done := Movement{Move: m, ID: id.New("mov"), At: tx.Now}
	fresh, err := insert(ctx, tx, by.Tenant, done)
	if err != nil {
		return Movement{}, fmt.Errorf("move goods of case %s: %w", m.Case, err)
	}
	if !fresh {
		before, err := recorded(ctx, tx, by.Tenant, m)
		if err != nil {
			return Movement{}, fmt.Errorf("read movement of case %s: %w", m.Case, err)
		}
		if before.Move != m {
			return Movement{}, ErrDiffers.With("case", m.Case).With("line", m.Line).With("sequence", m.Sequence)
		}
		return before, nil
	}
	return done, event.Append(ctx, tx, by, event.About{Stream: "case", Subject: m.Case}, Moved{
		Movement: done.ID, Line: m.Line, Order: m.Order, Seller: m.Seller, SKU: m.SKU, Title: m.Title, Quantity: m.Quantity, From: m.From, To: m.To, Grade: m.Grade,
	})
}

func (m Move) check() error {
	wrong := ErrInvalid
	text := func(field, value string) {
		if !utf8.ValidString(value) || strings.ContainsRune(value, 0) || utf8.RuneCountInString(value) > maxText {
			wrong = wrong.At(field, "is too long or not text", fmt.Sprintf("at most %d characters", maxText))
		}
	}
	text("sku", m.SKU)
	text("title", m.Title)
	if m.Case == "" {
		wrong = wrong.At("case", "is empty", "a case")
	}
	if m.Line < 0 || m.Sequence < 1 {
		wrong = wrong.At("sequence", "is not possible", "1 or more, of a line")
	}
	if m.SKU == "" && m.Title == "" {
		wrong = wrong.At("title", "is empty", "what the goods are")
	}
	if m.Quantity < 1 || m.Quantity > maxMoved {
		wrong = wrong.At("quantity", "is not possible", fmt.Sprintf("1 to %d", maxMoved))
	}
	if !slices.Contains(From, m.From) {
		wrong = wrong.At("from", "is not known", places(From))
	}
	if !slices.Contains(To, m.To) || m.From == m.To {
		wrong = wrong.At("to", "is not known, or where the goods are", places(To))
	}
	if !slices.Contains([]string{"", "A", "B", "C", "D"}, m.Grade) {
		wrong = wrong.At("grade", "is not known", "A, B, C, D")
	}
	if wrong != ErrInvalid {
		return wrong
	}
	return nil
}

func places(all []Place) string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = string(p)
	}
	return strings.Join(names, ", ")
}

// Of lists the movements of a case as they happened.
func Of(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Movement, error) {
	return of(ctx, tx, tenant, caseID)
}

// Page lists movements, newest first, and tells where the next page begins. A
// seller sees own goods only.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (found []Movement, next string, err error) {
	if by.Seller != "" {
		f.Seller = by.Seller
	}
	if f.Limit < 1 || f.Limit > maxPage {
		f.Limit = maxPage
	}
	want := f.Limit
	f.Limit++
	if found, err = page(ctx, tx, by.Tenant, f); err != nil {
		return nil, "", err
	}
	if len(found) > want {
		found = found[:want]
		next = found[want-1].ID
	}
	return found, next, nil
}
