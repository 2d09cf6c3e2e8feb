package order

import (
	"context"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

func (s *Service) parcelRoutes(a *httpapi.API) {
	httpapi.Write(a, httpapi.Op{
		Route: "POST /v1/orders/{id}/parcels", Need: role.OrderWrite, Tag: "orders",
		Summary: "Tell when lines of an order were shipped or delivered; the same again changes nothing",
		Faults:  []*fault.Fault{ErrUnknown, ErrInvalid, ErrParcel, ErrStale},
	}, s.postParcel)
}

type parcelIn struct {
	httpapi.Lang
	ID   string `path:"id"`
	Body struct {
		Lines       []int      `json:"lines,omitempty" nullable:"false" maxItems:"1000" doc:"Numbers of the lines, from 1; all where missing"`
		Carrier     string     `json:"carrier,omitempty" maxLength:"100"`
		Tracking    string     `json:"tracking,omitempty" maxLength:"100"`
		ShippedAt   *time.Time `json:"shipped_at,omitempty" doc:"When they left the shop"`
		DeliveredAt *time.Time `json:"delivered_at,omitempty" doc:"When they arrived"`
		InstalledAt Day        `json:"installed_at,omitempty" format:"date" doc:"Day on which the seller finished installing them; guarantees begin with it"`
	}
}

func (s *Service) postParcel(ctx context.Context, tx *db.Tx, by actor.Actor, in *parcelIn) (*orderOut, error) {
	b := in.Body
	o, err := s.Sent(ctx, tx, by, in.ID, Parcel{b.Lines, b.Carrier, b.Tracking, instant(b.ShippedAt), instant(b.DeliveredAt), b.InstalledAt})
	if err != nil {
		return nil, err
	}
	return answer(ctx, tx, by, o, in.Language(), http.StatusOK)
}
