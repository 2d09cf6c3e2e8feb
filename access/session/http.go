package session

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Browser is embedded in inputs of routes that start or end a session: where
// the request came from, and whether its cookie may travel by https only.
type Browser struct {
	httpapi.Client
	Secure bool
	Host   string // as the browser called it, with its port

	brings []string // names of the cookies that came along
}

// Resolve is called by huma when the input is decoded. A client that invents
// the header of a proxy only makes its own cookie stricter.
func (b *Browser) Resolve(ctx huma.Context) []error {
	b.Secure = ctx.TLS() != nil || ctx.Header("X-Forwarded-Proto") == "https"
	b.Host = ctx.Host()
	for pair := range strings.SplitSeq(ctx.Header("Cookie"), ";") {
		name, _, _ := strings.Cut(strings.TrimSpace(pair), "=")
		b.brings = append(b.brings, name)
	}
	return b.Client.Resolve(ctx)
}

// New is what a session of this browser is started from.
func (b *Browser) New(order string) New { return New{Order: order, IP: b.Address, Agent: b.Agent} }

// Cookie carries a token until its session expires.
func Cookie(s Session, token string, secure bool) http.Cookie {
	return cookie(s.Kind, token, s.ExpiresAt, secure)
}

// NoCookie makes the browser forget its token.
func NoCookie(kind actor.Kind, secure bool) http.Cookie {
	c := cookie(kind, "", time.Unix(1, 0), secure)
	c.MaxAge = -1
	return c
}

// Cookies carry the token of a customer, and have the browser forget the other
// cookie where it brings one: who signs in last is who is signed in, on a page
// of its own and in a frame that shares its cookies.
func (b *Browser) Cookies(s Session, token string) []http.Cookie {
	if s.Framed {
		return append([]http.Cookie{framed(token, s.ExpiresAt)}, b.forget(httpapi.CustomerCookie)...)
	}
	return append([]http.Cookie{Cookie(s, token, b.Secure)}, b.forget(httpapi.FrameCookie)...)
}

// NoCookies make the browser forget a customer.
func (b *Browser) NoCookies() []http.Cookie {
	return append([]http.Cookie{NoCookie(actor.Customer, b.Secure)}, b.forget(httpapi.FrameCookie)...)
}

func (b *Browser) forget(name string) []http.Cookie {
	if !slices.Contains(b.brings, name) {
		return nil
	}
	if name == httpapi.FrameCookie {
		c := framed("", time.Unix(1, 0))
		c.MaxAge = -1
		return []http.Cookie{c}
	}
	return []http.Cookie{NoCookie(actor.Customer, b.Secure)}
}

// Carried is the token that a request brings for a kind of person. That of a
// frame counts only where the browser says that our own page asks: its cookie
// also travels with what the page around the frame asks for.
func Carried(r *http.Request, kind actor.Kind) string {
	if kind == actor.Customer && r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		if c, err := r.Cookie(httpapi.FrameCookie); err == nil {
			return c.Value
		}
	}
	c, err := r.Cookie(name(kind))
	if err != nil {
		return ""
	}
	return c.Value
}

func cookie(kind actor.Kind, value string, until time.Time, secure bool) http.Cookie {
	return http.Cookie{
		Name: name(kind), Value: value, Path: "/", Expires: until.UTC(),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

// framed is the cookie of a page inside a page of another site. The browser
// keeps one for each of these sites, and sends none of them to another.
func framed(value string, until time.Time) http.Cookie {
	return http.Cookie{
		Name: httpapi.FrameCookie, Value: value, Path: "/", Expires: until.UTC(),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	}
}

func name(kind actor.Kind) string {
	if kind == actor.Customer {
		return httpapi.CustomerCookie
	}
	return httpapi.StaffCookie
}
