package notice

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

// compose words a message for its customer.
func (s *Service) compose(ctx context.Context, tx *db.Tx, m Message) (Envelope, error) {
	c, err := cases.ByID(ctx, tx, actor.Of(m.Tenant), m.Case)
	if err != nil {
		return Envelope{}, err
	}
	who, err := addressee(ctx, tx, c)
	if err != nil {
		return Envelope{}, err
	}
	l, err := s.letterOf(ctx, tx, c, who.Name, m.Template, c.Language, nil)
	if err != nil {
		return Envelope{}, err
	}
	l.Link = l.base + "/link/" + s.Proofs.Link(m.Tenant, c.Customer, c.Order, tx.Now.Add(proof.LinkLife)) + "?to=/cases/" + c.ID
	return l.envelope(m.ID, who.Email)
}

// letterOf words a message about a case: with the words given, else with the
// shop's own, else with those that every shop starts with.
func (s *Service) letterOf(ctx context.Context, tx *db.Tx, c cases.Case, name, kind, lang string, own *Words) (letter, error) {
	if own == nil && s.Words != nil {
		words, found, err := s.Words(ctx, tx, c.Tenant, kind, lang)
		if err != nil {
			return letter{}, err
		}
		if found {
			own = &words
		}
	}
	args := values(c, lang)
	if kind == talk {
		text, err := s.talkText(ctx, tx, c, lang)
		if err != nil {
			return letter{}, err
		}
		args["message"] = text
	}
	l := write(lang, name, kind, args)
	if err := s.dress(ctx, tx, c.Tenant, &l); err != nil {
		return letter{}, err
	}
	if own != nil {
		args["name"], args["shop"] = name, l.Shop
		l.own(*own, args)
	}
	return l, nil
}

// values are what any text about a case may be filled in with.
func values(c cases.Case, lang string) locale.Args {
	amount := c.Quoted
	if c.Refunded > 0 || c.State == cases.Completed {
		amount = c.Refunded // what was really paid, also where deductions took it all
	}
	var grounds []string
	for _, g := range c.Decision.Grounds {
		grounds = append(grounds, unended(g.Text(lang)))
	}
	if comment := unended(c.Decision.Comment); comment != "" {
		grounds = append(grounds, comment)
	}
	return locale.Args{
		"number": c.Number, "order": c.OrderNumber, "amount": money.Of(amount, c.Currency),
		"grounds": strings.Join(grounds, locale.Text(lang, "list.separator", nil)), "next": c.Next(lang),
	}
}

// unended is a text without its full stop: the sentence around it brings its own.
func unended(text string) string { return strings.TrimRight(strings.TrimSpace(text), ".。") }

// dress gives a letter the name and the looks of its shop.
func (s *Service) dress(ctx context.Context, tx *db.Tx, shopID string, l *letter) error {
	shop, err := tenant.ByID(ctx, tx, shopID)
	if err != nil {
		return err
	}
	l.Shop, l.base = shop.Name, shop.At(s.Base)
	if s.Look == nil {
		return nil
	}
	accent, logo, height, err := s.Look(ctx, tx, shopID)
	if err != nil {
		return err
	}
	if accent != "" {
		l.Accent = accent
	}
	if l.Height = height; logo != "" {
		l.Logo = l.base + logo
	}
	return nil
}

func (l letter) envelope(key, to string) (Envelope, error) {
	html, err := l.html()
	e := Envelope{Key: key, To: to, Subject: l.Subject, Text: l.text(), HTML: html, Language: l.Language}
	l.Link = ""
	e.kept = l.text()
	return e, err
}
