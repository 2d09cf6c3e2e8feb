package message

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/customer"
)

// Routes registers conversations: for staff, and for customers.
func (s *Service) Routes(a *httpapi.API) {
	for _, who := range []struct {
		path, tag   string
		read, write actor.Permission
	}{{"/v1/cases/{id}/messages", "cases", role.CaseRead, role.MessageWrite}, {"/v1/my/cases/{id}/messages", "customer", role.MyCases, role.MyCases}} {
		httpapi.Read(a, httpapi.Op{Route: "GET " + who.path, Need: who.read, Tag: who.tag, Summary: "Read the conversation between customer and shop about a case",
			Faults: []*fault.Fault{cases.ErrUnknown}}, s.get)
		httpapi.Write(a, httpapi.Op{Route: "POST " + who.path, Need: who.write, Tag: who.tag, Status: 201, Summary: "Write a message to the other side",
			Faults: []*fault.Fault{cases.ErrUnknown, ErrText, ErrNobody, ErrFast, ErrFull, ErrPlace, evidence.ErrUnknown, evidence.ErrAttached, evidence.ErrHarmful, evidence.ErrFull}}, s.post)
		httpapi.Write(a, httpapi.Op{Route: "POST " + who.path + "/read", Need: who.write, Tag: who.tag, Summary: "Tell how far the conversation was read",
			Faults: []*fault.Fault{cases.ErrUnknown, ErrPlace}}, s.postRead)
	}
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/cases/{id}/messages/settle", Need: role.MessageWrite, Tag: "cases", Summary: "Tell that what the customer wrote needs no answer",
		Faults: []*fault.Fault{cases.ErrUnknown, ErrPlace}}, s.postSettle)
}

// View is one message.
type View struct {
	ID       string           `json:"id"`
	Seq      int64            `json:"seq" doc:"Its place in the conversation, from 1"`
	By       Side             `json:"by" enum:"customer,shop"`
	Name     string           `json:"name,omitempty" doc:"Who of the staff wrote it; staff only"`
	Mine     bool             `json:"mine,omitempty" doc:"You wrote it"`
	At       time.Time        `json:"at"`
	Language string           `json:"language,omitempty"`
	Text     string           `json:"text,omitempty" doc:"Plain text; lines end with \\n"`
	Files    []cases.PhotoRef `json:"files,omitempty"`
}

// ThreadView is a conversation as one side sees it.
type ThreadView struct {
	Items    []View     `json:"items" nullable:"false" doc:"The oldest first"`
	More     bool       `json:"more" doc:"There are older ones: ask for those before the first"`
	Last     int64      `json:"last" doc:"Place of the newest message; 0: nobody has written"`
	Read     int64      `json:"read" doc:"How far your side has read"`
	Seen     int64      `json:"seen" doc:"How far the other side has read"`
	SeenAt   *time.Time `json:"seen_at,omitempty"`
	WroteAt  *time.Time `json:"wrote_at,omitempty" doc:"Since when the customer waits for an answer"`
	Language string     `json:"language" doc:"The language of the customer"`
	Open     bool       `json:"open" doc:"There is somebody to write to"`
}

type getIn struct {
	ID     string `path:"id"`
	Before int64  `query:"before" minimum:"0" doc:"Only messages before this place; 0: the newest"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"100"`
}

type threadOut struct {
	Body ThreadView
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*threadOut, error) {
	return s.shown(ctx, tx, by, in.ID, in.Before, in.Limit)
}

func (s *Service) shown(ctx context.Context, tx *db.Tx, by actor.Actor, id string, before int64, limit int) (*threadOut, error) {
	t, some, more, err := Page(ctx, tx, by, id, before, limit)
	if err != nil {
		return nil, err
	}
	c, err := cases.ByID(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	talk, err := cases.TalkOf(ctx, tx, by.Tenant, id)
	if err != nil {
		return nil, err
	}
	open, err := reaches(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	mine := sideOf(by)
	v := ThreadView{Items: []View{}, More: more, Last: t.Last, Read: t.Read[mine], Seen: t.Read[mine.other()], Language: c.Language, Open: open}
	if at := t.ReadAt[mine.other()]; !at.IsZero() {
		v.SeenAt = &at
	}
	if !talk.WroteAt.IsZero() {
		v.WroteAt = &talk.WroteAt
	}
	var files []string
	for _, m := range some {
		files = append(files, m.Files...)
	}
	refs, err := cases.FilesOf(ctx, tx, by, c, files)
	if err != nil {
		return nil, err
	}
	texts := customer.ReaderFor(by)
	for _, m := range some {
		if m.Text, err = texts.Text(ctx, tx, c.Tenant, c.Customer, m.Text); err != nil {
			return nil, err
		}
		v.Items = append(v.Items, view(by, m, refs))
	}
	return &threadOut{v}, nil
}

func view(by actor.Actor, m Message, refs []cases.PhotoRef) View {
	v := View{ID: m.ID, Seq: m.Seq, By: m.Side, Mine: m.Mine, At: m.At, Language: m.Language, Text: m.Text}
	if by.Kind != actor.Customer {
		v.Name = m.Name
	}
	for _, r := range refs {
		if slices.Contains(m.Files, r.ID) {
			v.Files = append(v.Files, r)
		}
	}
	return v
}

type postIn struct {
	httpapi.Lang
	ID   string `path:"id"`
	Body struct {
		Text     string   `json:"text,omitempty" maxLength:"4000" doc:"Plain text; may be missing where there are files"`
		Files    []string `json:"files,omitempty" maxItems:"10" doc:"Ids of uploaded files"`
		Language string   `json:"language,omitempty" enum:"zh-CN,zh-TW,en,ja,ko,es,fr,de,pt-BR,ru,ar" doc:"Language of the text; missing: that of the request"`
		Seen     int64    `json:"seen,omitempty" minimum:"0" doc:"Place of the newest message on the screen: it counts as read, and of staff as answered"`
		Reply    string   `json:"reply,omitempty" maxLength:"60" doc:"staff: id of the ready-made text it began as"`
	}
}

type postOut struct {
	Body View
}

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*postOut, error) {
	b := in.Body
	one := New{Text: b.Text, Files: b.Files, Language: b.Language, Seen: b.Seen, Reply: b.Reply}
	if one.Language == "" {
		one.Language = in.Language()
	}
	if by.Kind == actor.Customer {
		one.Reply = ""
	}
	m, err := s.Write(ctx, tx, by, in.ID, one)
	if err != nil {
		return nil, err
	}
	c, err := cases.ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	refs, err := cases.FilesOf(ctx, tx, by, c, m.Files)
	if err != nil {
		return nil, err
	}
	m.Text, err = customer.ReaderFor(by).Text(ctx, tx, c.Tenant, c.Customer, m.Text)
	return &postOut{view(by, m, refs)}, err
}

type toIn struct {
	ID   string `path:"id"`
	Body struct {
		To int64 `json:"to" minimum:"1" doc:"Place of the newest message that is meant"`
	}
}

type nothing struct{}

func (s *Service) postRead(ctx context.Context, tx *db.Tx, by actor.Actor, in *toIn) (*nothing, error) {
	return &nothing{}, s.Read(ctx, tx, by, in.ID, in.Body.To)
}

func (s *Service) postSettle(ctx context.Context, tx *db.Tx, by actor.Actor, in *toIn) (*nothing, error) {
	return &nothing{}, s.Settle(ctx, tx, by, in.ID, in.Body.To)
}
