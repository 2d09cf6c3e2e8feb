package view

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the views of people.
func Routes(a *httpapi.API) {
	faults := []*fault.Fault{ErrUnknown, ErrInvalid, ErrTaken, ErrStale, ErrNotOwn}
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/views", Need: role.SessionOwn, Tag: "views", Summary: "Lists of cases that you and your colleagues have kept"}, list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/views", Need: role.SessionOwn, Tag: "views", Status: 201, Summary: "Keep a list under a name", Faults: []*fault.Fault{ErrInvalid, ErrTaken, ErrFull}}, post)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/views-order", Need: role.SessionOwn, Tag: "views", Summary: "Keep the order of your views"}, putOrder)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/views/{id}", Need: role.SessionOwn, Tag: "views", Summary: "Change a view", Faults: faults}, put)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/views/{id}", Need: role.SessionOwn, Tag: "views", Summary: "Delete a view", Faults: []*fault.Fault{ErrUnknown, ErrNotOwn}}, del)
}

// Item is a view as its reader sees it.
type Item struct {
	ID      string    `json:"id" doc:"Views that come with the program have a word for it, such as mine"`
	Name    string    `json:"name" doc:"Empty for views that come with the program: the reader's language names them"`
	Query   string    `json:"query" doc:"As in the address of GET /v1/cases"`
	BuiltIn bool      `json:"built_in"`
	Shared  bool      `json:"shared"`
	Mine    bool      `json:"mine" doc:"You made it"`
	Change  bool      `json:"changeable" doc:"You may change or delete it"`
	Owner   string    `json:"owner,omitempty" doc:"Who made it"`
	Version int64     `json:"version"`
	At      time.Time `json:"changed_at"`
	Count   *int64    `json:"count,omitempty" doc:"Cases in it, up to 99; with ?counts=true"`
	More    bool      `json:"more,omitempty" doc:"There may be more than counted"`
}

func item(by actor.Actor, v View) Item {
	i := Item{ID: v.ID, Name: v.Name, Query: v.Query, BuiltIn: v.Owner == "", Shared: v.Shared, Mine: v.Owner == by.ID, Version: v.Version, At: v.At}
	if !i.BuiltIn {
		i.Change = i.Mine || v.Shared && role.Allow(by, role.ViewShare) == nil
		i.Owner = v.OwnerName
	}
	return i
}

type listIn struct {
	Counts bool `query:"counts" doc:"Count the cases of each"`
}

type listOut struct {
	Body struct {
		Items []Item `json:"items"`
	}
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	all, err := Mine(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = make([]Item, 0, len(all))
	for _, v := range all {
		i := item(by, v)
		if in.Counts {
			n, more, err := Count(ctx, tx, by, v)
			if err != nil {
				return nil, err
			}
			i.Count, i.More = &n, more
		}
		out.Body.Items = append(out.Body.Items, i)
	}
	return out, nil
}

type draftIn struct {
	Name   string `json:"name" minLength:"1" maxLength:"60"`
	Query  string `json:"query" maxLength:"1000" doc:"As in the address of GET /v1/cases, without a cursor"`
	Shared bool   `json:"shared,omitempty" doc:"Everybody of the shop, or of your seller, sees it"`
}

type postIn struct {
	Body draftIn
}

type itemOut struct {
	ETag string `header:"ETag"`
	Body Item
}

func post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*itemOut, error) {
	v, err := Save(ctx, tx, by, Draft(in.Body))
	if err != nil {
		return nil, err
	}
	return &itemOut{ETag: httpapi.ETag(v.Version), Body: item(by, v)}, nil
}

type putIn struct {
	httpapi.IfMatch
	ID   string `path:"id"`
	Body draftIn
}

func put(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*itemOut, error) {
	seen, err := in.Version()
	if err != nil {
		return nil, err
	}
	v, err := Change(ctx, tx, by, in.ID, seen, Draft(in.Body))
	if err != nil {
		return nil, err
	}
	return &itemOut{ETag: httpapi.ETag(v.Version), Body: item(by, v)}, nil
}

type orderIn struct {
	Body struct {
		IDs []string `json:"ids" maxItems:"400" doc:"Of views, first to last; those that are not named follow"`
	}
}

type nothing struct{}

func putOrder(ctx context.Context, tx *db.Tx, by actor.Actor, in *orderIn) (*nothing, error) {
	for _, id := range in.Body.IDs {
		if len(id) > 60 || len(id) == 0 {
			return nil, ErrInvalid.At("ids", "holds what is no id of a view", "ids of GET /v1/views")
		}
	}
	return &nothing{}, Arrange(ctx, tx, by, in.Body.IDs)
}

type idIn struct {
	ID string `path:"id"`
}

func del(ctx context.Context, tx *db.Tx, by actor.Actor, in *idIn) (*nothing, error) {
	return &nothing{}, Delete(ctx, tx, by, in.ID)
}
