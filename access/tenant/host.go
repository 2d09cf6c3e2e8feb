package tenant

import (
	"net"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// ownHost is a host as an administrator writes it, in the letters that browsers
// send: names of other scripts become ASCII. Without the check an address that
// was pasted whole would be taken for the host "https".
func ownHost(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if _, port, err := net.SplitHostPort(text); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return text, false
		}
	}
	host := hostname(text)
	if host == "" || net.ParseIP(host) != nil {
		return host, text == "" || host != ""
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil || len(ascii) > 253 {
		return text, false
	}
	return ascii, true
}
