package easypost

import (
	"context"
	"net/http"
)

// Check lists one tracker, which costs nothing and needs the key. no is
// EasyPost's refusal; an error means that there was no clear answer.
func (a *Adapter) Check(ctx context.Context) (who, no string, err error) {
	answer, err := a.wire.Call(ctx, http.MethodGet, "/trackers?page_size=1", nil, nil)
	if err != nil {
		return "", "", err
	}
	if answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden {
		return "", answer.Unexpected().Error(), nil
	}
	var list struct {
		Trackers []tracker `json:"trackers"`
	}
	return "", "", read(answer, &list)
}
