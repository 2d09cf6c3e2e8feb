package alert

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers who wants e-mails.
func Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/alerts/choice", Need: role.SessionOwn, Tag: "alerts", Summary: "Whether you are told by e-mail of cases past their deadline"}, getChoice)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/alerts/choice", Need: role.SessionOwn, Tag: "alerts", Summary: "Choose whether you are told by e-mail of cases past their deadline"}, putChoice)
}

type choiceOut struct {
	Body struct {
		Email  bool `json:"email"`
		Called bool `json:"called" doc:"Yours is a role that is told: supervisor, or administrator where there is no supervisor"`
	}
}

func getChoice(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*choiceOut, error) {
	out := &choiceOut{}
	out.Body.Called = slices.Contains(called, by.Role)
	var err error
	out.Body.Email, err = wants(ctx, tx, by.Tenant, by.ID)
	return out, err
}

type choiceIn struct {
	Body struct {
		Email bool `json:"email"`
	}
}

type nothing struct{}

func putChoice(ctx context.Context, tx *db.Tx, by actor.Actor, in *choiceIn) (*nothing, error) {
	return &nothing{}, choose(ctx, tx, by, in.Body.Email)
}
