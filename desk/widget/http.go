package widget

import (
	"context"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Portal is where a shop's customers find it, and so the widget's script; empty:
// wherever it is asked.
type Portal func(ctx context.Context, tx *db.Tx, tenant string) (string, error)

// Routes registers where the widget is shown.
func Routes(a *httpapi.API, portal Portal) {
	s := service{portal}
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/shop/widget", Need: role.ShopManage, Tag: "Shop",
		Summary: "The sites on which the portal is shown as a widget"}, s.get)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/shop/widget", Need: role.ShopManage, Tag: "Shop",
		Summary: "Change the sites on which the portal is shown as a widget; none: nowhere",
		Faults:  []*fault.Fault{ErrInvalid, ErrStale}}, s.save)
}

type service struct{ portal Portal }

// View is a widget as the API tells it.
type View struct {
	Version int64    `json:"version" doc:"0: never changed; then If-Match is *"`
	Origins []string `json:"origins" nullable:"false" example:"[\"https://shop.example\"]" doc:"As browsers write them, sorted"`
	Portal  string   `json:"portal,omitempty" example:"https://returns.shop.example" doc:"Where the script of the widget is: the shop's own host, else the address of the installation; missing: where neither is set, any address that leads here"`
}

type viewOut struct {
	ETag string `header:"ETag"`
	Body View
}

func (s service) answer(ctx context.Context, tx *db.Tx, by actor.Actor, w Widget, err error) (*viewOut, error) {
	if err != nil {
		return nil, err
	}
	portal, err := s.portal(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	if w.Origins == nil {
		w.Origins = []string{}
	}
	return &viewOut{httpapi.ETag(w.Version), View{w.Version, w.Origins, portal}}, nil
}

func (s service) get(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*viewOut, error) {
	w, err := Of(ctx, tx, by.Tenant)
	return s.answer(ctx, tx, by, w, err)
}

type saveIn struct {
	httpapi.IfMatch
	Body struct {
		Origins []string `json:"origins" nullable:"false" maxItems:"20" doc:"Scheme and host such as https://shop.example, with a port where it is not the usual one; http only for localhost"`
	}
}

func (s service) save(ctx context.Context, tx *db.Tx, by actor.Actor, in *saveIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	w, err := Save(ctx, tx, by, Widget{Version: version, Origins: in.Body.Origins})
	return s.answer(ctx, tx, by, w, err)
}
