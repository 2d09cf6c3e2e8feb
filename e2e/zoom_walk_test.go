package e2e

import "testing"

// The pages are the same on both engines: one is enough.
func TestZoomSpacingTargetsAndFocusOnEveryPage(t *testing.T) {
	s := openShop(t, "")
	r := s.walk(t, "zoom")
	if t.Failed() {
		return
	}
	s.wish["case"] = r.Facts["case"]
	s.walk(t, "zoom-portal")
}
