package template

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the words of e-mails.
func (s *Service) Routes(a *httpapi.API) {
	op := func(route, summary string, faults ...*fault.Fault) httpapi.Op {
		return httpapi.Op{Route: route, Need: role.TemplateManage, Tag: "templates", Summary: summary, Faults: faults}
	}
	httpapi.Read(a, op("GET /v1/templates", "List the messages to customers and staff"), s.list)
	httpapi.Read(a, op("GET /v1/templates/{kind}/{language}", "Read the words of a message", ErrUnknown), s.get)
	httpapi.Write(a, op("PUT /v1/templates/{kind}/{language}", "Write words of the shop's own", ErrUnknown, ErrInvalid, ErrStale), s.save)
	httpapi.Write(a, op("POST /v1/templates/{kind}/{language}/actions", "Go back to the standard words, or to an earlier version", ErrUnknown, ErrStale, ErrVersion), s.act)
	httpapi.Read(a, op("POST /v1/templates/{kind}/{language}/preview", "Fill words in from a case", ErrUnknown, ErrInvalid, cases.ErrUnknown), s.preview)
	httpapi.Write(a, op("POST /v1/templates/{kind}/{language}/test", "Send words, filled in, to oneself", ErrUnknown, ErrInvalid, ErrNobody, ErrOff, cases.ErrUnknown), s.test)
}

// Row is a message in the list.
type Row struct {
	Kind      string   `json:"kind"`
	Reader    string   `json:"reader" enum:"customer,staff"`
	Own       []string `json:"own" nullable:"false" doc:"Languages in which the shop has words of its own"`
	Languages []string `json:"languages" nullable:"false" doc:"Languages of its readers"`
	Variables []string `json:"variables" nullable:"false" doc:"What may stand in braces"`
}

type listOut struct {
	Body struct {
		Items []Row `json:"items" nullable:"false"`
	}
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*listOut, error) {
	changed, err := all(ctx, tx, by.Tenant)
	out := &listOut{}
	out.Body.Items = []Row{}
	for _, kind := range notice.Kinds() {
		row := Row{Kind: kind, Reader: "customer", Own: []string{}, Languages: notice.LanguagesOf(kind), Variables: notice.VariablesOf(kind)}
		if kind == notice.Escalated {
			row.Reader = "staff"
		}
		for _, t := range changed {
			if t.Kind == kind && t.Own {
				row.Own = append(row.Own, t.Language)
			}
		}
		out.Body.Items = append(out.Body.Items, row)
	}
	return out, err
}

// At names a message in a language.
type At struct {
	Kind     string `path:"kind"`
	Language string `path:"language"`
}

// Version is one version in the history of words.
type Version struct {
	Version int64     `json:"version"`
	Own     bool      `json:"own" doc:"false: the standard words"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// View is the words of a message.
type View struct {
	Kind     string    `json:"kind"`
	Language string    `json:"language"`
	Own      bool      `json:"own"`
	Version  int64     `json:"version" doc:"0: never changed; then If-Match is *"`
	Subject  string    `json:"subject"`
	Body     string    `json:"body" doc:"An empty line begins a paragraph"`
	Standard Said      `json:"standard"`
	Versions []Version `json:"versions" nullable:"false" doc:"The newest first"`
}

// Said are words.
type Said struct {
	Subject string `json:"subject" maxLength:"1000" doc:"One line; variables in braces, such as {number}"`
	Body    string `json:"body" maxLength:"20000" doc:"An empty line begins a paragraph; variables in braces"`
}

func (w Said) words() notice.Words { return notice.Words{Subject: w.Subject, Body: w.Body} }

type viewOut struct {
	ETag string `header:"ETag"`
	Body View
}

func (s *Service) shown(ctx context.Context, tx *db.Tx, by actor.Actor, where At) (*viewOut, error) {
	t, err := Current(ctx, tx, by, where.Kind, where.Language)
	if err != nil {
		return nil, err
	}
	past, err := history(ctx, tx, by.Tenant, where.Kind, where.Language)
	if err != nil {
		return nil, err
	}
	std := notice.Standard(where.Kind, where.Language)
	v := View{Kind: t.Kind, Language: t.Language, Own: t.Own, Version: t.Version, Subject: t.Subject, Body: t.Body, Standard: Said{std.Subject, std.Body}, Versions: []Version{}}
	for _, one := range past {
		v.Versions = append(v.Versions, Version{one.Version, one.Own, one.By, one.At})
	}
	return &viewOut{httpapi.ETag(t.Version), v}, nil
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct{ At }) (*viewOut, error) {
	return s.shown(ctx, tx, by, in.At)
}

type saveIn struct {
	httpapi.IfMatch
	At
	Body Said
}

func (s *Service) save(ctx context.Context, tx *db.Tx, by actor.Actor, in *saveIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, err := s.Save(ctx, tx, by, in.Kind, in.Language, version, in.Body.words()); err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, by, in.At)
}

type actIn struct {
	httpapi.IfMatch
	At
	Body struct {
		Action  string `json:"action" enum:"reset,restore" doc:"reset: the standard words. restore: an earlier version"`
		Version int64  `json:"version,omitempty" minimum:"0" doc:"The earlier version"`
	}
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*viewOut, error) {
	version, err := in.IfMatch.Version()
	if err != nil {
		return nil, err
	}
	if in.Body.Action == "reset" {
		_, err = s.Reset(ctx, tx, by, in.Kind, in.Language, version)
	} else {
		_, err = s.Restore(ctx, tx, by, in.Kind, in.Language, version, in.Body.Version)
	}
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, by, in.At)
}

type previewIn struct {
	At
	Body struct {
		Said
		Case string `json:"case" minLength:"1" maxLength:"60" doc:"Id of the case that fills the variables"`
	}
}

type previewOut struct {
	Body struct {
		Subject string `json:"subject"`
		Text    string `json:"text"`
		HTML    string `json:"html"`
	}
}

func (s *Service) preview(ctx context.Context, tx *db.Tx, by actor.Actor, in *previewIn) (*previewOut, error) {
	e, err := s.Preview(ctx, tx, by, in.Body.Case, in.Kind, in.Language, in.Body.words())
	out := &previewOut{}
	out.Body.Subject, out.Body.Text, out.Body.HTML = e.Subject, e.Text, e.HTML
	return out, err
}

type testOut struct {
	Body struct {
		To string `json:"to"`
	}
}

func (s *Service) test(ctx context.Context, tx *db.Tx, by actor.Actor, in *previewIn) (*testOut, error) {
	out := &testOut{}
	var err error
	out.Body.To, err = s.Test(ctx, tx, by, in.Body.Case, in.Kind, in.Language, in.Body.words())
	return out, err
}
