package widget

import (
	"context"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers where the widget is shown.
func Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/shop/widget", Need: role.ShopManage, Tag: "Shop",
		Summary: "The sites on which the portal is shown as a widget"}, get)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/shop/widget", Need: role.ShopManage, Tag: "Shop",
		Summary: "Change the sites on which the portal is shown as a widget; none: nowhere",
		Faults:  []*fault.Fault{ErrInvalid, ErrStale}}, save)
}

// View is a widget as the API tells it.
type View struct {
	Version int64    `json:"version" doc:"0: never changed; then If-Match is *"`
	Origins []string `json:"origins" nullable:"false" example:"[\"https://shop.example\"]" doc:"As browsers write them, sorted"`
}

type viewOut struct {
	ETag string `header:"ETag"`
	Body View
}

func answer(w Widget, err error) (*viewOut, error) {
	if err != nil {
		return nil, err
	}
	if w.Origins == nil {
		w.Origins = []string{}
	}
	return &viewOut{httpapi.ETag(w.Version), View(w)}, nil
}

func get(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*viewOut, error) {
	return answer(Of(ctx, tx, by.Tenant))
}

type saveIn struct {
	httpapi.IfMatch
	Body struct {
		Origins []string `json:"origins" nullable:"false" maxItems:"20" doc:"Scheme and host such as https://shop.example, with a port where it is not the usual one; http only for localhost"`
	}
}

func save(ctx context.Context, tx *db.Tx, by actor.Actor, in *saveIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return answer(Save(ctx, tx, by, Widget{Version: version, Origins: in.Body.Origins}))
}
