package shipment

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// hookRoute lets carriers tell of parcels. Everybody may knock; the adapter
// believes only what is signed.
func (s *Service) hookRoute(a *httpapi.API) {
	for route, summary := range map[string]string{
		"POST /v1/hooks/carriers/{name}/{tenant}":           "Webhook of a carrier",
		"POST /v1/hooks/carriers/{name}/{tenant}/{account}": "Webhook of a carrier for a shop's own account",
	} {
		httpapi.Stream(a, httpapi.Op{
			Route: route, Need: httpapi.Public, Tag: "Parcels", Produces: "application/json", Anew: true,
			Summary: summary, Faults: []*fault.Fault{ErrCarrier, ErrForged, ErrHook},
		}, s.postHook)
	}
}

func (s *Service) postHook(ctx context.Context, _ actor.Actor, w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return httpapi.ErrTooLarge.With("limit", tooLong.Limit)
		}
		return ErrHook.Because("The body was not sent to its end.")
	}
	reply, err := s.Heed(ctx, r.PathValue("tenant"), r.PathValue("name"), r.PathValue("account"), Hook{Header: r.Header, Body: body})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if len(reply) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	_, _ = w.Write(reply) // a carrier that is gone sends it again
	return nil
}
