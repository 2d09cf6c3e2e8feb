// Package brand keeps how a shop looks to its customers: its colour, logo and
// icon, its words of welcome, and the links at the foot of a page.
//
// It owns these and the arithmetic of colours. It does not own the words of
// e-mails (package template), the shop's name or its host (package tenant), or
// where any of this is shown. A colour on which text could not be read, or a
// picture that is not one, is never stored.
package brand

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
)

// Refusals.
var (
	ErrInvalid = fault.New(fault.Invalid, "brand.invalid", "The look cannot be used.")
	ErrPale    = fault.New(fault.Invalid, "brand.pale", "White text cannot be read on this colour.")
	ErrStale   = fault.New(fault.Stale, "brand.stale", "The look has changed since you read it.")
	ErrPicture = fault.New(fault.Invalid, "brand.picture", "The picture cannot be used.")
	ErrUnknown = fault.New(fault.Missing, "brand.unknown", "There is no such picture.")
)

// Limits of words and links.
const (
	maxTitle = 60
	maxIntro = 300
	maxLinks = 6
	maxURL   = 500
)

// LinkKinds are what a link at the foot of a page can lead to; each is named in
// the reader's language.
var LinkKinds = []string{"website", "contact", "terms", "privacy", "imprint"}

// Brand is the look of one shop. The zero Brand is the look of Aftercare.
type Brand struct {
	Version int64
	Accent  string // #rrggbb; empty: the accent that every shop starts with
	Texts   map[string]Text
	Links   []Link
	Logo    Picture // instead of the name in the header; its height is up to 96
	Icon    Picture // square, of an installed portal and in the browser's tab
}

// Text is what a shop says first, in one language.
type Text struct {
	Title string `json:"title,omitempty"`
	Intro string `json:"intro,omitempty"`
}

// Link leads from the foot of every page to the shop's own.
type Link struct {
	Kind string `json:"kind"`
	URL  string `json:"url"`
}

// Picture is one that was stored; the zero Picture is none.
type Picture struct {
	Digest        string
	Width, Height int
}

// normal returns the brand as it is stored, or every field that is wrong.
func (b Brand) normal() (Brand, error) {
	bad := ErrInvalid
	if b.Accent != "" {
		var err error
		if b.Accent, err = readable(b.Accent); err != nil {
			return b, err
		}
	}
	texts := map[string]Text{}
	for lang, said := range b.Texts {
		said.Title, said.Intro = strings.TrimSpace(said.Title), strings.TrimSpace(said.Intro)
		if !slices.Contains(locale.Readable, lang) {
			bad = bad.At("body.texts."+lang, "is not a language of the portal", strings.Join(locale.Readable, ", "))
		}
		if n := utf8.RuneCountInString(said.Title); n > maxTitle || strings.ContainsAny(said.Title, "\r\n") {
			bad = bad.At("body.texts."+lang+".title", "is too long", fmt.Sprintf("one line of up to %d characters", maxTitle))
		}
		if n := utf8.RuneCountInString(said.Intro); n > maxIntro {
			bad = bad.At("body.texts."+lang+".intro", "is too long", fmt.Sprintf("up to %d characters", maxIntro))
		}
		if said != (Text{}) {
			texts[lang] = said
		}
	}
	b.Texts = texts
	if len(b.Links) > maxLinks {
		bad = bad.At("body.links", "are too many", fmt.Sprintf("up to %d", maxLinks))
	}
	b.Links = slices.Clone(b.Links)
	for i := range b.Links {
		l := &b.Links[i]
		l.URL = strings.TrimSpace(l.URL)
		if !slices.Contains(LinkKinds, l.Kind) {
			bad = bad.At(fmt.Sprintf("body.links[%d].kind", i), "is not known", strings.Join(LinkKinds, ", "))
		}
		if !leads(l.URL) {
			bad = bad.At(fmt.Sprintf("body.links[%d].url", i), "leads nowhere", "an address such as https://shop.example/terms, or mailto:care@shop.example")
		}
	}
	if len(bad.Fields) > 0 {
		return b, bad
	}
	return b, nil
}

// leads says whether a customer may be sent there: a page, or a way to write or
// to call. Anything else could be a program.
func leads(to string) bool {
	u, err := url.Parse(to)
	if err != nil || len(to) > maxURL {
		return false
	}
	switch u.Scheme {
	case "https", "http":
		return u.Host != "" && u.User == nil
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return false
}
