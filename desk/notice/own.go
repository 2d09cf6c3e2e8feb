package notice

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
)

// Words are what a message says: its subject, and its text with an empty line
// between paragraphs. Variables stand in braces: {number}.
type Words struct {
	Subject string
	Body    string
}

// Variables are what may stand in braces, in any message to a customer about a case.
var Variables = []string{"amount", "grounds", "name", "next", "number", "order", "shop"}

// VariablesOf are what may stand in braces in one message: those of any, and what
// only this one has. That to staff has its own: it may be about several cases.
func VariablesOf(kind string) []string {
	switch kind {
	case talk:
		return append(slices.Clone(Variables), "message")
	case Escalated:
		return []string{"cases", "name", "numbers", "shop"}
	}
	return slices.Clone(Variables)
}

// LanguagesOf are the languages in which a message has words: those of who reads it.
func LanguagesOf(kind string) []string {
	if kind == Escalated {
		return locale.Languages
	}
	return locale.Readable
}

// Kinds are all messages about a case, with their variants.
func Kinds() []string {
	all := append(slices.Collect(maps.Values(templates)), "granted", "done", Escalated)
	slices.Sort(all)
	return slices.Compact(all)
}

// Standard are the words that every shop starts with.
func Standard(kind, lang string) Words {
	return Words{locale.Text(lang, "mail."+kind+".subject", nil), locale.Text(lang, "mail."+kind+".body", nil)}
}

var variable = regexp.MustCompile(`\{(\w+)\}`)

// fill puts values in place of variables, once: a value is data.
func fill(lang, text string, args locale.Args) string {
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		if value, ok := args[found[1:len(found)-1]]; ok {
			return locale.Told(lang, value)
		}
		return found
	})
}

// Fill words a text with variables about a case that the actor may see, in a
// language, as letters to its customer are; the name is as the actor sees it.
func (s *Service) Fill(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, lang, text string) (string, error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return "", err
	}
	shop, err := tenant.ByID(ctx, tx, c.Tenant)
	if err != nil {
		return "", err
	}
	args := values(c, lang)
	args["name"], args["shop"] = customer.SightOf(by).Name(c.Name), shop.Name
	return fill(lang, text, args), nil
}

// own puts a shop's words in place of the standard ones. What follows the text
// of a message, such as the wish for a rating, stays.
func (l *letter) own(w Words, args locale.Args) {
	l.Subject = strings.Join(strings.Fields(fill(l.Language, w.Subject, args)), " ")
	var body []string
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(w.Body, "\r\n", "\n"), "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			body = append(body, fill(l.Language, paragraph, args))
		}
	}
	l.Body = append(body, l.Body[1:]...)
}

// Preview words a message as a case is now, for somebody who may see the case.
// Its link does not sign anybody in.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, kind, lang string, w Words) (Envelope, error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return Envelope{}, err
	}
	if kind == Escalated {
		return s.previewCall(ctx, tx, by, c, lang, w)
	}
	l, err := s.letterOf(ctx, tx, c, c.Name, kind, lang, &w)
	if err != nil {
		return Envelope{}, err
	}
	l.Link = l.base + "/cases/" + c.ID
	return l.envelope("", "")
}
