package reply

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the ready-made texts.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/replies", Need: role.MessageWrite, Tag: "replies", Summary: "List the ready-made texts you may use"}, list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/replies", Need: role.MessageWrite, Tag: "replies", Status: 201, Summary: "Keep a ready-made text; shared ones need reply.manage",
		Faults: []*fault.Fault{ErrInvalid, ErrTaken, ErrMany, role.ErrDenied}}, s.post)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/replies/{id}", Need: role.MessageWrite, Tag: "replies", Summary: "Change a ready-made text",
		Faults: []*fault.Fault{ErrUnknown, ErrInvalid, ErrTaken, ErrStale, role.ErrDenied}}, s.put)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/replies/{id}", Need: role.MessageWrite, Tag: "replies", Summary: "Remove a ready-made text",
		Faults: []*fault.Fault{ErrUnknown, ErrStale, role.ErrDenied}}, s.delete)
	httpapi.Read(a, httpapi.Op{Route: "POST /v1/replies/preview", Need: role.MessageWrite, Tag: "replies", Summary: "Fill in a text that is being written, from a case",
		Faults: []*fault.Fault{ErrInvalid, cases.ErrUnknown}}, s.preview)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/cases/{id}/replies/{reply}", Need: role.MessageWrite, Tag: "replies", Summary: "A ready-made text, filled in for a case",
		Faults: []*fault.Fault{ErrUnknown, ErrLanguage, cases.ErrUnknown}}, s.filled)
}

// View is one ready-made text.
type View struct {
	ID        string            `json:"id"`
	Title     string            `json:"title"`
	Shortcut  string            `json:"shortcut" doc:"What is typed behind the slash"`
	Shared    bool              `json:"shared" doc:"false: only its owner, who reads this, may use it"`
	Texts     map[string]string `json:"texts" doc:"By language; variables in braces"`
	Version   int64             `json:"version"`
	Uses      int64             `json:"uses" doc:"Messages that began as it"`
	By        string            `json:"by,omitempty" doc:"Who wrote it last"`
	UpdatedAt time.Time         `json:"updated_at"`
}

func view(r Reply) View {
	return View{r.ID, r.Title, r.Shortcut, r.Shared(), r.Texts, r.Version, r.Uses, r.By, r.At}
}

type listIn struct {
	Query string `query:"q" maxLength:"60" doc:"Beginning of a shortcut, or part of a title or text"`
}

type listOut struct {
	Body struct {
		Items     []View   `json:"items" nullable:"false"`
		Languages []string `json:"languages" nullable:"false"`
		Variables []string `json:"variables" nullable:"false" doc:"What may stand in braces"`
	}
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	all, err := All(ctx, tx, by, in.Query)
	out := &listOut{}
	out.Body.Items, out.Body.Languages, out.Body.Variables = []View{}, locale.Readable, notice.Variables
	for _, r := range all {
		out.Body.Items = append(out.Body.Items, view(r))
	}
	return out, err
}

// DraftIn is what somebody wants to keep.
type DraftIn struct {
	Title    string            `json:"title" maxLength:"200"`
	Shortcut string            `json:"shortcut" maxLength:"60"`
	Shared   bool              `json:"shared,omitempty" doc:"All may use it; needs reply.manage"`
	Texts    map[string]string `json:"texts" doc:"By language; variables in braces, such as {number}. Empty ones are left out"`
}

func (d DraftIn) draft() Draft { return Draft(d) }

type postIn struct {
	Body DraftIn
}

type oneOut struct {
	ETag string `header:"ETag"`
	Body View
}

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*oneOut, error) {
	r, err := s.Add(ctx, tx, by, in.Body.draft())
	return &oneOut{httpapi.ETag(r.Version), view(r)}, err
}

type putIn struct {
	httpapi.IfMatch
	ID   string `path:"id"`
	Body DraftIn
}

func (s *Service) put(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*oneOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	r, err := s.Save(ctx, tx, by, in.ID, version, in.Body.draft())
	return &oneOut{httpapi.ETag(r.Version), view(r)}, err
}

type deleteIn struct {
	ID string `path:"id"`
}

type nothing struct{}

func (s *Service) delete(ctx context.Context, tx *db.Tx, by actor.Actor, in *deleteIn) (*nothing, error) {
	return &nothing{}, s.Remove(ctx, tx, by, in.ID)
}

type previewIn struct {
	Body struct {
		Case     string `json:"case" maxLength:"60" doc:"A case that you may see"`
		Language string `json:"language" enum:"zh-CN,zh-TW,en,ja,ko,es,fr,de,pt-BR,ru,ar"`
		Text     string `json:"text" maxLength:"4000"`
	}
}

type filledOut struct {
	Body struct {
		Text     string `json:"text"`
		Language string `json:"language" doc:"The language it has: the one asked for where there is such a text"`
	}
}

func (s *Service) preview(ctx context.Context, tx *db.Tx, by actor.Actor, in *previewIn) (*filledOut, error) {
	text, err := s.Preview(ctx, tx, by, in.Body.Case, in.Body.Language, in.Body.Text)
	out := &filledOut{}
	out.Body.Text, out.Body.Language = text, in.Body.Language
	return out, err
}

type filledIn struct {
	ID       string `path:"id"`
	Reply    string `path:"reply"`
	Language string `query:"language" maxLength:"10" doc:"Missing: that of the customer"`
}

func (s *Service) filled(ctx context.Context, tx *db.Tx, by actor.Actor, in *filledIn) (*filledOut, error) {
	c, err := cases.ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	lang := in.Language
	if lang == "" {
		lang = c.Language
	}
	out := &filledOut{}
	out.Body.Text, out.Body.Language, err = s.Filled(ctx, tx, by, in.Reply, c.ID, lang)
	return out, err
}
