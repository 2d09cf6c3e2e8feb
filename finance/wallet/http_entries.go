package wallet

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type entriesIn struct {
	httpapi.Page
	ID      string    `path:"id"`
	Account string    `query:"account" required:"true" maxLength:"64" doc:"Which account of the customer"`
	Kind    string    `query:"kind" enum:"refunded,adjusted,spent,expired" doc:"Only changes of this kind"`
	Since   time.Time `query:"since" doc:"At this instant or later"`
	Before  time.Time `query:"before" doc:"Before this instant"`
}

type entriesOut struct {
	Body struct {
		Items []EntryView `json:"items" nullable:"false"`
		Next  string      `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

// entries pages through the changes of one account.
func entries(ctx context.Context, tx *db.Tx, by actor.Actor, in *entriesIn) (*entriesOut, error) {
	if err := known(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	a, err := byID(ctx, tx, by.Tenant, in.Account)
	if err == nil && a.Customer != in.ID {
		err = ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	found, next, err := httpapi.PageByID(in.Page, func(e Entry) string { return e.ID }, func(before string, limit int) ([]Entry, error) {
		return some(ctx, tx, by.Tenant, a.ID, in.Kind, in.Since, in.Before, before, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &entriesOut{}
	out.Body.Items, out.Body.Next = []EntryView{}, next
	for _, e := range found {
		out.Body.Items = append(out.Body.Items, entryView(e, true))
	}
	return out, nil
}
