package mention

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the mentions of people.
func Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/mentions", Need: role.SessionOwn, Tag: "mentions", Summary: "Where colleagues named you in a note, the newest first"}, list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/mentions/read", Need: role.SessionOwn, Tag: "mentions", Summary: "Mark mentions as read", Faults: []*fault.Fault{ErrUnknown}}, postRead)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/mentions/choice", Need: role.SessionOwn, Tag: "mentions", Summary: "Choose whether mentions also come by e-mail"}, putChoice)
}

// Item is one mention.
type Item struct {
	ID     string    `json:"id" doc:"The entry of the note in the timeline of the case"`
	Case   string    `json:"case"`
	Number string    `json:"number"`
	Title  string    `json:"title"`
	By     string    `json:"by" doc:"Who wrote the note"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
	Read   bool      `json:"read"`
}

type listIn struct {
	httpapi.Page
	Unread bool `query:"unread" doc:"Only what you have not read"`
}

type listOut struct {
	Body struct {
		Items  []Item `json:"items"`
		Next   string `json:"next"`
		Unread int64  `json:"unread" doc:"How many you have not read, up to 99"`
		Email  bool   `json:"email" doc:"Mentions also come by e-mail"`
	}
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	after := ""
	if in.Cursor != "" {
		if err := httpapi.DecodeCursor(in.Cursor, &after); err != nil {
			return nil, err
		}
	}
	all, next, err := Page(ctx, tx, by, in.Unread, after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = make([]Item, 0, len(all))
	if next != "" {
		out.Body.Next = httpapi.EncodeCursor(next)
	}
	for _, m := range all {
		out.Body.Items = append(out.Body.Items, Item{m.ID, m.Case, m.Number, m.Title, m.By, m.Text, m.At, !m.ReadAt.IsZero()})
	}
	if out.Body.Unread, err = Unread(ctx, tx, by); err != nil {
		return nil, err
	}
	out.Body.Email, err = Wants(ctx, tx, by.Tenant, by.ID)
	return out, err
}

type readIn struct {
	Body struct {
		IDs []string `json:"ids,omitempty" maxItems:"200" doc:"Missing: all"`
	}
}

type nothing struct{}

func postRead(ctx context.Context, tx *db.Tx, by actor.Actor, in *readIn) (*nothing, error) {
	return &nothing{}, Read(ctx, tx, by, in.Body.IDs)
}

type choiceIn struct {
	Body struct {
		Email bool `json:"email"`
	}
}

func putChoice(ctx context.Context, tx *db.Tx, by actor.Actor, in *choiceIn) (*nothing, error) {
	return &nothing{}, Choose(ctx, tx, by, in.Body.Email)
}
