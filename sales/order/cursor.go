package order

import (
	"encoding/base64"
	"encoding/json"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrCursor refuses a cursor that no page has given.
var ErrCursor = fault.New(fault.Invalid, "order.cursor", "The cursor is not one that a list has given.")

func writeCursor(p place) string {
	raw, _ := json.Marshal(p) // two plain fields cannot fail
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readCursor(s string) (p place, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err != nil || p.ID == "" {
		return place{}, ErrCursor
	}
	return p, nil
}
