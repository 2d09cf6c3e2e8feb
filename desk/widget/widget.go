// Package widget keeps on which sites a shop shows the portal as a widget.
//
// It owns the list of these origins and says what an origin is. It does not
// serve the pages or their headers (app/pages), begin sessions (access/proof),
// or know what the widget looks like (desk/brand, web/src/widget). Where nothing
// is listed there is no widget: no page of the shop can be shown inside another.
package widget

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

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

const longest = 260

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

// originOf reads what somebody typed as the origin that a browser sends for it.
// It goes into a header, so nothing but a scheme, a host and a port can come
// out. Sites without TLS are taken from the same machine only: anybody on the
// way could be one of the others.
func originOf(typed string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(typed))
	if err != nil || len(typed) > longest || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(typed, "#") || (u.Path != "" && u.Path != "/") {
		return "", false
	}
	host, ok := hostOf(u.Hostname())
	if !ok || u.Scheme != "https" && (u.Scheme != "http" || !near(host)) {
		return "", false
	}
	switch port := u.Port(); {
	case port == "" && strings.HasSuffix(u.Host, ":"):
		return "", false
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
		return u.Scheme + "://" + host, true
	default:
		n, err := strconv.Atoi(port)
		return u.Scheme + "://" + host + ":" + strconv.Itoa(n), err == nil && n > 0 && n < 1<<16
	}
}

// hostOf is a host as it stands in an origin: small letters, and punycode for
// other scripts.
func hostOf(name string) (string, bool) {
	if ip, err := netip.ParseAddr(name); err == nil {
		if ip.Zone() != "" {
			return "", false
		}
		if ip.Is6() {
			return "[" + ip.String() + "]", true
		}
		return ip.String(), true
	}
	host, err := idna.Lookup.ToASCII(name)
	if err != nil || host == "" || len(host) > 253 {
		return "", false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", false
		}
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	_, number := strconv.Atoi(last) // such as 10.1: browsers read it as an address
	return host, number != nil
}

// near reports whether a host is the reader's own machine.
func near(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}
