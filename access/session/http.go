package session

import (
	"net/http"
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
}

// Resolve is called by huma when the input is decoded. A client that invents
// the header of a proxy only makes its own cookie stricter.
func (b *Browser) Resolve(ctx huma.Context) []error {
	b.Secure = ctx.TLS() != nil || ctx.Header("X-Forwarded-Proto") == "https"
	b.Host = ctx.Host()
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

// Carried is the token that a request brings for a kind of person.
func Carried(r *http.Request, kind actor.Kind) string {
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

func name(kind actor.Kind) string {
	if kind == actor.Customer {
		return httpapi.CustomerCookie
	}
	return httpapi.StaffCookie
}
