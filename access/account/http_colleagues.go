package account

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// ColleagueItem is what colleagues know of each other.
type ColleagueItem struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Roles  []string `json:"roles" doc:"One today."`
	Seller string   `json:"seller,omitempty" doc:"Works for this seller, and only on its cases."`
	Active bool     `json:"active" doc:"Cases can be given to them; those who left are listed for their names."`
}

type colleaguesRequest struct {
	httpapi.Page
	Active bool `query:"active" doc:"Only those whom cases can be given to."`
}

type colleaguesAnswer struct {
	Body struct {
		Items []ColleagueItem `json:"items"`
		Next  string          `json:"next"`
	}
}

func (s *Service) colleagues(ctx context.Context, tx *db.Tx, by actor.Actor, in *colleaguesRequest) (*colleaguesAnswer, error) {
	all, next, err := httpapi.PageByID(in.Page, func(a Account) string { return a.ID }, func(after string, limit int) ([]Account, error) {
		return Colleagues(ctx, tx, by, in.Active, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &colleaguesAnswer{}
	out.Body.Next = next
	out.Body.Items = make([]ColleagueItem, 0, len(all))
	for _, a := range all {
		out.Body.Items = append(out.Body.Items, ColleagueItem{ID: a.ID, Name: a.Name, Roles: []string{a.Role}, Seller: a.Seller, Active: a.State == Active})
	}
	return out, nil
}
