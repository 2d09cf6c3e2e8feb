package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Secret is a value that must not be seen: every way of printing it gives ***.
type Secret string

// Reveal gives the value itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the value from fmt.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the value from JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Location is a URL, or one of a setting's words such as "off". Its password
// is hidden wherever it is printed.
type Location string

// Reveal gives the URL with its password.
func (l Location) Reveal() string { return string(l) }

// String hides the password, and what looks like one in the parameters.
func (l Location) String() string {
	u, err := url.Parse(string(l))
	if err != nil || u.Host == "" {
		if strings.Contains(string(l), "@") {
			return "***"
		}
		return string(l)
	}
	if _, set := u.User.Password(); set {
		u.User = url.UserPassword(u.User.Username(), "***")
	}
	if u.Scheme == "nats" && u.User != nil { // a token stands where a user does
		u.User = url.User("***")
	}
	q := u.Query()
	for name := range q {
		for _, word := range []string{"password", "secret", "token", "key"} {
			if strings.Contains(strings.ToLower(name), word) {
				q.Set(name, "***")
			}
		}
	}
	if u.RawQuery != "" {
		u.RawQuery = q.Encode()
	}
	return strings.ReplaceAll(u.String(), "%2A%2A%2A", "***")
}

// GoString hides the password from %#v.
func (l Location) GoString() string { return strconv.Quote(l.String()) }

// LogValue hides the password from slog.
func (l Location) LogValue() slog.Value { return slog.StringValue(l.String()) }

// MarshalText hides the password from JSON and YAML.
func (l Location) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Size is a number of bytes, written as 512KiB, 10MiB or 1GiB.
type Size int64

// String writes the size with the largest unit that divides it.
func (s Size) String() string {
	for i := len(units) - 1; i > 0; i-- {
		if n := int64(1) << (10 * i); int64(s) >= n && int64(s)%n == 0 {
			return strconv.FormatInt(int64(s)/n, 10) + units[i]
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

var units = []string{"", "KiB", "MiB", "GiB"}

func parseSize(text string) (Size, error) {
	for i := len(units) - 1; i > 0; i-- {
		if digits, ok := strings.CutSuffix(text, units[i]); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 32)
			return Size(n << (10 * i)), err
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return Size(n), err
}

// Reachable is the URL of a listen address, with "every address" replaced by
// one that a browser on this machine can open.
func Reachable(listen string) string { return "http://" + reachable(listen) }

func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip, err := netip.ParseAddr(host); host == "" || (err == nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
