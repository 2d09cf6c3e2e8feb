package carrier

import (
	"context"
	"net/http"
)

// Check asks for a parcel that nobody sent: that it was not scanned is the right
// answer. no is the carrier's refusal of the token; an error means that there
// was no answer of the protocol. Without an endpoint there is nothing to ask.
func (a *Adapter) Check(ctx context.Context) (who, no string, err error) {
	if a.wire == nil {
		return "", "", nil
	}
	answer, err := a.wire.Call(ctx, http.MethodGet, "/parcels/AFTERCARE-TEST?carrier=generic", nil, nil)
	if err != nil {
		return "", "", err
	}
	switch answer.Status {
	case http.StatusOK, http.StatusNotModified, http.StatusNotFound:
		return "", "", nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return "", answer.Unexpected().Error(), nil
	}
	return "", "", answer.Unexpected()
}
