package config

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/money"
)

// Setting describes one field of Config.
type Setting struct {
	Key     string // in the file
	Default string
	Doc     string
	Values  string // what may be written, in words
	index   int
	tag     reflect.StructTag
	kind    reflect.Type
}

// Flag is the name of the command line flag.
func (s Setting) Flag() string { return strings.ReplaceAll(s.Key, "_", "-") }

// Env is the name of the environment variable.
func (s Setting) Env() string { return prefix + strings.ToUpper(s.Key) }

const prefix = "AFTERCARE_"

// Settings lists every setting in the order of Config.
func Settings() []Setting {
	var all []Setting
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		s := Setting{Key: f.Tag.Get("key"), Default: f.Tag.Get("default"), Doc: f.Tag.Get("doc"), index: i, tag: f.Tag, kind: f.Type}
		s.Values = s.words()
		all = append(all, s)
	}
	return all
}

// AddFlags adds a flag for each setting of the given keys, or of all when none
// is given. Values are checked by Load, which knows the right ones.
func AddFlags(flags *pflag.FlagSet, keys ...string) {
	for _, s := range Settings() {
		if len(keys) > 0 && !slices.Contains(keys, s.Key) {
			continue
		}
		flags.String(s.Flag(), s.Default, s.Doc)
		if s.kind.Kind() == reflect.Bool {
			flags.Lookup(s.Flag()).NoOptDefVal = "true"
		}
		if s.Default == "" {
			flags.Lookup(s.Flag()).DefValue = ""
		}
	}
}

func (s Setting) words() string {
	list := func(tag, suffix string) []string {
		var all []string
		for word := range strings.SplitSeq(s.tag.Get(tag), ",") {
			if word != "" {
				all = append(all, word+suffix)
			}
		}
		return all
	}
	if choice := list("choice", ""); choice != nil {
		return strings.Join(choice, ", ")
	}
	switch s.kind {
	case reflect.TypeFor[bool]():
		return "true, false"
	case reflect.TypeFor[int]():
		return "a whole number" + s.limits()
	case reflect.TypeFor[time.Duration]():
		return "a duration such as 30s or 2m" + s.limits()
	case reflect.TypeFor[Size]():
		return "a size such as 512KiB or 10MiB" + s.limits()
	case reflect.TypeFor[Location]():
		if all := append(list("words", ""), list("schemes", "://…")...); len(all) > 0 {
			return strings.Join(all, ", ")
		}
		return "http://…, https://…"
	}
	switch s.tag.Get("kind") {
	case "address":
		return "host:port"
	case "zone":
		return "an IANA zone such as Asia/Shanghai"
	case "mailbox":
		return "an e-mail address, or Name <address>"
	case "currency":
		return "an ISO 4217 code such as CNY"
	case "hex":
		return "64 hexadecimal digits"
	case "hexes":
		return "64 hexadecimal digits each"
	}
	return "text"
}

func (s Setting) limits() string {
	low, high := s.tag.Get("min"), s.tag.Get("max")
	switch {
	case low != "" && high != "":
		return " from " + low + " to " + high
	case low != "":
		return " from " + low
	}
	return ""
}

// text is the value as people may see it.
func (s Setting) text(c *Config) string {
	return fmt.Sprint(reflect.ValueOf(c).Elem().Field(s.index).Interface())
}

// set reads text into the field, or tells why not.
func (s Setting) set(c *Config, text string) error {
	field := reflect.ValueOf(c).Elem().Field(s.index)
	value, err := s.parse(text)
	if err != nil {
		return err
	}
	field.Set(reflect.ValueOf(value).Convert(s.kind))
	return nil
}

func (s Setting) parse(text string) (any, error) {
	switch s.kind {
	case reflect.TypeFor[bool]():
		return parseBool(text)
	case reflect.TypeFor[int]():
		n, err := strconv.ParseInt(text, 10, 32)
		return n, firstError(err, s.between(n, strconv.ParseInt))
	case reflect.TypeFor[time.Duration]():
		d, err := time.ParseDuration(text)
		return d, firstError(err, s.between(int64(d), func(v string, _, _ int) (int64, error) {
			d, err := time.ParseDuration(v)
			return int64(d), err
		}))
	case reflect.TypeFor[Size]():
		n, err := parseSize(text)
		return n, firstError(err, s.between(int64(n), strconv.ParseInt))
	case reflect.TypeFor[Location]():
		return Location(text), s.location(text)
	case reflect.TypeFor[Secret]():
		return Secret(text), s.word(text)
	}
	return text, s.word(text)
}

func parseBool(text string) (bool, error) {
	switch text {
	case "on", "yes":
		return true, nil
	case "off", "no":
		return false, nil
	}
	return strconv.ParseBool(text)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s Setting) between(n int64, parse func(string, int, int) (int64, error)) error {
	if low, err := parse(s.tag.Get("min"), 10, 64); err == nil && n < low {
		return fmt.Errorf("less than %s", s.tag.Get("min"))
	}
	if high, err := parse(s.tag.Get("max"), 10, 64); err == nil && n > high {
		return fmt.Errorf("more than %s", s.tag.Get("max"))
	}
	return nil
}

func (s Setting) location(text string) error {
	if text == "" || slices.Contains(strings.Split(s.tag.Get("words"), ","), text) {
		return nil
	}
	schemes := s.tag.Get("schemes")
	if schemes == "" {
		schemes = "http,https"
	}
	scheme, rest, ok := strings.Cut(text, ":")
	if !ok || !slices.Contains(strings.Split(schemes, ","), scheme) {
		return fmt.Errorf("unknown kind of address")
	}
	if scheme == "sqlite" {
		if rest == "" {
			return fmt.Errorf("no file")
		}
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" && (scheme != "unix" || u.Path == "") { // a socket has a path and no host
		return fmt.Errorf("not a URL")
	}
	return nil
}

func (s Setting) word(text string) error {
	if choice := s.tag.Get("choice"); choice != "" && !slices.Contains(strings.Split(choice, ","), text) {
		return fmt.Errorf("not one of them")
	}
	switch s.tag.Get("kind") {
	case "address":
		_, port, err := net.SplitHostPort(text)
		if err != nil {
			return err
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil {
			return fmt.Errorf("port %d", n)
		}
	case "zone":
		_, err := calendar.Zone(text)
		return err
	case "mailbox":
		_, err := mail.ParseAddress(text)
		return err
	case "currency":
		_, err := money.Exponent(text)
		return err
	case "hex":
		return hexKey(text)
	case "hexes":
		for one := range strings.SplitSeq(text, ",") {
			if err := hexKey(strings.TrimSpace(one)); err != nil {
				return err
			}
		}
	}
	if s.Key == "data" && text == "" {
		return fmt.Errorf("empty")
	}
	return nil
}

// hexKey checks a key of 32 bytes; none is right.
func hexKey(text string) error {
	raw, err := hex.DecodeString(text)
	if err == nil && len(raw) != 32 && text != "" {
		return fmt.Errorf("%d bytes", len(raw))
	}
	return err
}
