package bundle

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"path"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

// Print has the fonts of the languages that everything exists in; pages to look
// at are in all that customers read.
var printed, looked = locale.Languages, locale.Readable

//go:embed page.html
var pageText string

//go:embed readme.txt
var readme string

var page = template.Must(template.New("page").Funcs(template.FuncMap{"picture": picture}).Parse(pageText))

// Line is one event for people, in one language.
type Line struct {
	At, Text, Who, Note, Type, Proof string
	Position                         int64
	Sealed                           bool
}

// Page is the timeline for people, in one language. It says nothing that is not
// in the events.
func Page(c Case, files []File, lang string) []byte {
	t := func(key string) string { return locale.Text(lang, "bundle."+key, nil) }
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	var out bytes.Buffer
	err := page.Execute(&out, map[string]any{
		"Lang": lang, "Dir": locale.Direction(lang), "Title": t("title"), "Case": c.Case, "Origin": c.Origin, "About": t("about"), "Lines": c.Lines(lang), "Files": names, "FilesTitle": t("photos"),
		"Entry": t("entry"),
	})
	if err != nil {
		panic(err) // embedded: fails only by a bug
	}
	return out.Bytes()
}

// Lines words the events for people.
func (c Case) Lines(lang string) (lines []Line) {
	t := func(key string) string { return locale.Text(lang, "bundle."+key, nil) }
	gone := c.erased()
	for _, e := range c.Events {
		l := Line{At: locale.Moment(lang, e.Time()) + e.Time().Format(":05 UTC"), Type: e.Type, Position: e.Position - 1, Sealed: e.Proof != nil, Who: t("actor_" + kind(e.ActorKind))}
		if e.ActorName != "" {
			l.Who += " · " + e.ActorName
		}
		l.Text, l.Note = words(e, lang)
		switch {
		case gone[e.ID]:
			l.Note = t("erased")
		case e.DataSalt == "":
			l.Note = t("kept_back")
		}
		l.Proof = t("sealed")
		if !l.Sealed {
			l.Proof = t("not_sealed")
		}
		lines = append(lines, l)
	}
	return lines
}

// picture tells whether browsers show a file.
func picture(name string) bool {
	return slices.Contains([]string{".jpg", ".png", ".webp"}, path.Ext(name))
}

func kind(k string) string {
	switch k {
	case "customer", "staff", "key", "carrier":
		return k
	}
	return "system"
}

// words says what happened, and what somebody wrote about it.
func words(e Event, lang string) (text, note string) {
	key := "event." + e.Type
	if !locale.Has(key) {
		return e.Type, ""
	}
	var fact struct {
		Comment  string `json:"comment"`
		Text     string `json:"text"`
		Place    string `json:"place"`
		Accepted int64  `json:"accepted"`
		Refused  int64  `json:"refused"`
		Missing  int64  `json:"missing"`
		Amount   int64  `json:"amount"`
		Currency string `json:"currency"`
		Name     string `json:"name"`
		Tracking string `json:"tracking"`
		Subject  string `json:"subject"`

		Policy  string   `json:"policy"`
		Version int64    `json:"policy_version"`
		Packs   []string `json:"packs"`
	}
	_ = json.Unmarshal([]byte(e.Data), &fact) // facts without these fields leave them empty
	args := locale.Args{"place": fact.Place, "accepted": fact.Accepted, "refused": fact.Refused, "missing": fact.Missing, "name": fact.Name, "tracking": fact.Tracking, "subject": fact.Subject, "amount": ""}
	if len(fact.Currency) == 3 {
		args["amount"] = money.Of(fact.Amount, fact.Currency)
	}
	notes := []string{fact.Comment, fact.Text}
	if fact.Policy != "" && fact.Version > 0 {
		notes = append(notes, locale.Text(lang, "bundle.decided_by", locale.Args{"policy": fact.Policy, "version": fact.Version}))
	}
	if len(fact.Packs) > 0 {
		notes = append(notes, locale.Text(lang, "bundle.law", locale.Args{"packs": strings.Join(fact.Packs, ", ")}))
	}
	notes = slices.DeleteFunc(notes, func(one string) bool { return one == "" })
	return strings.TrimSpace(locale.Text(lang, key, args)), strings.Join(notes, "\n")
}
