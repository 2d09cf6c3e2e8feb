package merchant

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/connect/alipay"
	"github.com/aftercare/aftercare/connect/carrier"
	"github.com/aftercare/aftercare/connect/easypost"
	"github.com/aftercare/aftercare/connect/kuaidi100"
	"github.com/aftercare/aftercare/connect/stripe"
	"github.com/aftercare/aftercare/connect/wechatpay"
)

// Kind says what a company does for a shop.
type Kind string

const (
	Payment Kind = "payment"
	Carrier Kind = "carrier"
)

// Field is one thing to know about an account.
type Field struct {
	Name     string `json:"name"`
	Secret   bool   `json:"secret" doc:"Never told again once it is saved"`
	Required bool   `json:"required"`
	Fixed    bool   `json:"fixed" doc:"Says whose account it is: it cannot be changed"`
	Shape    string `json:"shape" enum:"text,key,list,number,switch,url" doc:"key: a text of many lines"`
}

// Spec is a company that accounts can be of.
type Spec struct {
	Name   string  `json:"name"`
	Kind   Kind    `json:"kind" enum:"payment,carrier"`
	Fields []Field `json:"fields" nullable:"false"`
}

// specs are the companies in the order in which they are offered.
var specs = []Spec{
	{stripe.Name, Payment, []Field{
		{Name: "key", Secret: true, Required: true, Shape: "text"},
		{Name: "webhook_secret", Secret: true, Shape: "text"},
	}},
	{alipay.Name, Payment, []Field{
		{Name: "app_id", Required: true, Fixed: true, Shape: "text"},
		{Name: "private_key", Secret: true, Required: true, Shape: "key"},
		{Name: "public_key", Required: true, Shape: "key"},
		{Name: "sandbox", Fixed: true, Shape: "switch"},
	}},
	{wechatpay.Name, Payment, []Field{
		{Name: "mchid", Required: true, Fixed: true, Shape: "text"},
		{Name: "serial", Required: true, Shape: "text"},
		{Name: "private_key", Secret: true, Required: true, Shape: "key"},
		{Name: "api_v3_key", Secret: true, Required: true, Shape: "text"},
		{Name: "public_key_id", Shape: "text"},
		{Name: "public_key", Required: true, Shape: "key"},
	}},
	{kuaidi100.Name, Carrier, []Field{
		{Name: "customer", Required: true, Fixed: true, Shape: "text"},
		{Name: "key", Secret: true, Required: true, Shape: "text"},
		{Name: "salt", Secret: true, Shape: "text"},
	}},
	{easypost.Name, Carrier, []Field{
		{Name: "key", Secret: true, Required: true, Shape: "text"},
		{Name: "webhook_secret", Secret: true, Shape: "text"},
		{Name: "names", Shape: "list"},
		{Name: "grams", Shape: "number"},
	}},
	{carrier.Name, Carrier, []Field{
		{Name: "url", Shape: "url"},
		{Name: "token", Secret: true, Shape: "text"},
		{Name: "webhook_secret", Secret: true, Shape: "text"},
		{Name: "names", Shape: "list"},
	}},
}

func specOf(provider string) (Spec, bool) {
	i := slices.IndexFunc(specs, func(s Spec) bool { return s.Name == provider })
	if i < 0 {
		return Spec{}, false
	}
	return specs[i], true
}

func (s Spec) field(name string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// longest is more than any key or list takes.
const longest = 16 << 10

// tidy is an account as it is stored with its secrets, or ErrInvalid with what
// is wrong. It names fields, never what is in them.
func (s Spec) tidy(a Account, secrets map[string]string) (Account, map[string]string, error) {
	bad := ErrInvalid
	if a.Name = strings.TrimSpace(a.Name); a.Name == "" || utf8.RuneCountInString(a.Name) > 120 {
		bad = bad.At("body.name", "is missing or too long", "1 to 120 characters")
	}
	settings, kept := map[string]string{}, map[string]string{}
	take := func(from map[string]string, secret bool, place string, into map[string]string) {
		for name, value := range from {
			f, ok := s.field(name)
			if !ok || f.Secret != secret {
				bad = bad.At("body."+place, "holds what is not known", "the fields of GET /v1/accounts/providers")
				continue
			}
			if value = strings.TrimSpace(value); len(value) > longest || strings.ContainsRune(value, 0) || !utf8.ValidString(value) {
				bad = bad.At("body."+place+"."+name, "is too long or no text", "at most 16 KB")
				continue
			}
			if value != "" {
				into[name] = value
			}
		}
	}
	take(a.Settings, false, "settings", settings)
	take(secrets, true, "secrets", kept)
	for _, f := range s.Fields {
		place, value := "body.settings."+f.Name, settings[f.Name]
		if f.Secret {
			place, value = "body.secrets."+f.Name, kept[f.Name]
		}
		switch {
		case f.Required && value == "":
			bad = bad.At(place, "is missing", "")
		case value != "" && f.Shape == "switch" && value != "true" && value != "false":
			bad = bad.At(place, "is neither true nor false", "true or false")
		case value != "" && f.Shape == "number" && !isNumber(value):
			bad = bad.At(place, "is not a number", "1 to 100000")
		case value != "" && f.Shape == "url" && !isAddress(value):
			bad = bad.At(place, "is not an address", "https://example.com/path")
		}
	}
	if s.Name == carrier.Name && settings["url"] == "" && kept["webhook_secret"] == "" {
		bad = bad.At("body.settings.url", "is missing, and so is a secret of messages", "an address, a secret, or both")
	}
	if len(bad.Fields) > 0 {
		return a, nil, bad
	}
	a.Settings = settings
	return a, kept, nil
}

// blames are parts of what adapters say is wrong, with the field that it is
// about; the first that fits.
var blames = []struct{ part, field string }{
	{"private key", "private_key"}, {"webhook secret", "webhook_secret"}, {"public key", "public_key"}, {"application id", "app_id"},
	{"merchant id", "mchid"}, {"serial number", "serial"}, {"API v3 key", "api_v3_key"}, {"the key is not", "key"},
}

// blame is the place of what is wrong.
func blame(spec Spec, text string) string {
	for _, b := range blames {
		if f, ok := spec.field(b.field); ok && strings.Contains(text, b.part) {
			if f.Secret {
				return "body.secrets." + f.Name
			}
			return "body.settings." + f.Name
		}
	}
	return "body"
}
