package reply

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/template"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Service keeps ready-made texts and fills them in.
type Service struct {
	// Fill puts the values of a case into a text, for who may see the case.
	Fill func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, lang, text string) (string, error)
}

// Draft is what somebody wants to keep.
type Draft struct {
	Title, Shortcut string
	Shared          bool
	Texts           map[string]string
}

// All lists what the actor may use: with words to look for, those whose shortcut
// begins with them first, then those whose title or text has them.
func All(ctx context.Context, tx *db.Tx, by actor.Actor, words string) ([]Reply, error) {
	all, err := visible(ctx, tx, by)
	words = strings.ToLower(strings.TrimSpace(words))
	if err != nil || words == "" {
		return all, err
	}
	fit := map[string]int{}
	all = slices.DeleteFunc(all, func(r Reply) bool {
		fit[r.ID] = r.fits(words)
		return fit[r.ID] == 0
	})
	slices.SortStableFunc(all, func(a, b Reply) int {
		return cmp.Or(fit[b.ID]-fit[a.ID], cmp.Compare(b.Uses, a.Uses))
	})
	return all, nil
}

// fits tells how well a text is what somebody looks for; 0: not at all.
func (r Reply) fits(words string) int {
	switch {
	case strings.HasPrefix(r.Shortcut, words):
		return 3
	case strings.Contains(strings.ToLower(r.Title), words) || strings.Contains(r.Shortcut, words):
		return 2
	}
	for _, text := range r.Texts {
		if strings.Contains(strings.ToLower(text), words) {
			return 1
		}
	}
	return 0
}

func (d Draft) check() (Draft, error) {
	d.Title, d.Shortcut = strings.TrimSpace(d.Title), strings.ToLower(strings.TrimSpace(d.Shortcut))
	bad := ErrInvalid
	if n := utf8.RuneCountInString(d.Title); n == 0 || n > maxTitle || strings.ContainsAny(d.Title, "\r\n") {
		bad = bad.At("body.title", "is missing or too long", fmt.Sprintf("1 to %d characters on one line", maxTitle))
	}
	if !shortcuts.MatchString(d.Shortcut) {
		bad = bad.At("body.shortcut", "is no shortcut", "1 to 30 letters, digits and dashes")
	}
	kept := map[string]string{}
	for _, lang := range slices.Sorted(maps.Keys(d.Texts)) {
		text := strings.TrimSpace(strings.ReplaceAll(d.Texts[lang], "\r\n", "\n"))
		if text == "" {
			continue
		}
		if !slices.Contains(locale.Readable, lang) {
			bad = bad.At("body.texts."+lang, "is no language", strings.Join(locale.Readable, ", "))
			continue
		}
		bad = template.Look(bad, "body.texts."+lang, text, maxText, notice.Variables)
		kept[lang] = text
	}
	if len(kept) == 0 && len(bad.Fields) == 0 {
		bad = bad.At("body.texts", "has no words", "a text in at least one language")
	}
	if d.Texts = kept; len(bad.Fields) > 0 {
		return d, bad
	}
	return d, nil
}

func (d Draft) onto(r Reply, by actor.Actor, tx *db.Tx) Reply {
	r.Title, r.Shortcut, r.Texts, r.By, r.At = d.Title, d.Shortcut, d.Texts, by.Name, tx.Now
	if r.Owner = by.ID; d.Shared {
		r.Owner = ""
	}
	return r
}

// mayShare refuses what only some may do to what all use.
func mayShare(by actor.Actor, shared ...bool) error {
	if slices.Contains(shared, true) {
		return role.Allow(by, role.ReplyManage)
	}
	return nil
}

// Add keeps a new text: the actor's own, or shared.
func (s *Service) Add(ctx context.Context, tx *db.Tx, by actor.Actor, d Draft) (Reply, error) {
	d, err := d.check()
	if err == nil {
		err = mayShare(by, d.Shared)
	}
	if err != nil {
		return Reply{}, err
	}
	r := d.onto(Reply{Tenant: by.Tenant, ID: id.New("rpl"), Seller: by.Seller, Version: 1}, by, tx)
	n, err := count(ctx, tx, r)
	if err != nil {
		return r, err
	}
	if most := map[bool]int{true: mostShared, false: mostOwn}[r.Shared()]; n >= most {
		return r, ErrMany.With("limit", most)
	}
	free, err := insert(ctx, tx, r)
	if err == nil && !free {
		err = ErrTaken.With("shortcut", r.Shortcut)
	}
	if err != nil {
		return r, err
	}
	return r, s.saved(ctx, tx, by, r)
}

// Save changes a text; version is the one that was read. Whoever makes a shared
// text a personal one keeps it alone.
func (s *Service) Save(ctx context.Context, tx *db.Tx, by actor.Actor, id string, version int64, d Draft) (Reply, error) {
	r, err := byID(ctx, tx, by, id)
	if err != nil {
		return r, err
	}
	if d, err = d.check(); err == nil {
		err = mayShare(by, d.Shared, r.Shared())
	}
	if err != nil {
		return r, err
	}
	if version != 0 && version != r.Version {
		return r, ErrStale.With("version", r.Version)
	}
	r = d.onto(r, by, tx)
	other, err := taken(ctx, tx, r)
	if err == nil && other {
		err = ErrTaken.With("shortcut", r.Shortcut)
	}
	if err != nil {
		return r, err
	}
	first, err := update(ctx, tx, r)
	if err == nil && !first {
		err = ErrStale
	}
	if err != nil {
		return r, err
	}
	r.Version++
	return r, s.saved(ctx, tx, by, r)
}

func about(r Reply) event.About {
	return event.About{Stream: "reply", Subject: r.ID, Version: r.Version}
}

func (s *Service) saved(ctx context.Context, tx *db.Tx, by actor.Actor, r Reply) error {
	return event.Append(ctx, tx, by, about(r), SavedFact{r.ID, r.Shared()})
}

// Remove forgets a text.
func (s *Service) Remove(ctx context.Context, tx *db.Tx, by actor.Actor, id string) error {
	r, err := byID(ctx, tx, by, id)
	if err == nil {
		err = mayShare(by, r.Shared())
	}
	if err != nil {
		return err
	}
	gone, err := remove(ctx, tx, r)
	if err == nil && !gone {
		err = ErrStale
	}
	if err != nil {
		return err
	}
	r.Version++
	return event.Append(ctx, tx, by, about(r), RemovedFact{r.ID, r.Shared()})
}

// Filled is a text as it would be sent in a case, and the language it has: the
// one asked for, else English, else the first there is.
func (s *Service) Filled(ctx context.Context, tx *db.Tx, by actor.Actor, id, caseID, lang string) (text, in string, err error) {
	r, err := byID(ctx, tx, by, id)
	if err != nil {
		return "", "", err
	}
	for _, in = range append([]string{lang, fallingBack}, slices.Sorted(maps.Keys(r.Texts))...) {
		if r.Texts[in] != "" {
			text, err = s.Fill(ctx, tx, by, caseID, in, r.Texts[in])
			return text, in, err
		}
	}
	return "", "", ErrLanguage
}

// Preview fills in a text that is being written.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, lang, text string) (string, error) {
	if bad := template.Look(ErrInvalid, "body.text", text, maxText, notice.Variables); len(bad.Fields) > 0 {
		return "", bad
	}
	return s.Fill(ctx, tx, by, caseID, lang, text)
}

// Events counts how often texts are used.
func (s *Service) Events() ([]string, event.Reaction) {
	return []string{message.Written{}.Type()}, func(ctx context.Context, tx *db.Tx, e event.Event) error {
		var fact message.Written
		if err := json.Unmarshal(e.Data, &fact); err != nil || fact.Reply == "" {
			return nil // erased meanwhile, or written by hand
		}
		return used(ctx, tx, e.Tenant, fact.Reply)
	}
}
