package widget

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

const longest = 260 // characters of an origin that are read

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
