// Package widget keeps on which sites a shop shows the portal as a widget.
//
// It owns the list of these origins and says what an origin is. It does not
// serve the pages or their headers (app/pages), begin sessions (access/proof),
// or know what the widget looks like (desk/brand, web/src/widget). Where nothing
// is listed there is no widget: no page of the shop can be shown inside another.
package widget

import (
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrInvalid = fault.New(fault.Invalid, "widget.invalid", "A site of the widget cannot be used.")
	ErrStale   = fault.New(fault.Stale, "widget.stale", "The sites of the widget have changed since you read them.")
)

// Most is how many sites a shop may list: each travels in a header of each page
// of the widget.
const Most = 20

// Widget is where a shop shows the portal inside other pages. The zero Widget is
// shown nowhere.
type Widget struct {
	Version int64
	Origins []string // as browsers write them, sorted
}

// On reports whether the shop has a widget at all.
func (w Widget) On() bool { return len(w.Origins) > 0 }

// normal returns the widget as it is stored, or every site that is wrong.
func (w Widget) normal() (Widget, error) {
	bad := ErrInvalid
	origins := make([]string, 0, len(w.Origins))
	for i, typed := range w.Origins {
		origin, ok := originOf(typed)
		if !ok {
			bad = bad.At(fmt.Sprintf("body.origins[%d]", i), "is not the origin of a site", "scheme and host such as https://shop.example, without a path; http only for localhost")
			continue
		}
		origins = append(origins, origin)
	}
	slices.Sort(origins)
	w.Origins = slices.Compact(origins)
	if len(w.Origins) > Most {
		bad = bad.At("body.origins", "are too many", fmt.Sprintf("up to %d", Most))
	}
	if len(bad.Fields) > 0 {
		return w, bad
	}
	return w, nil
}
