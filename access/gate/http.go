package gate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Identify returns who sends a request. An API key counts before everything
// else, and a wrong one is refused with apikey.ErrWrong: a program must not go
// on as nobody. Then comes the customer's cookie under /v1/my, and the staff's
// cookie elsewhere; without a valid one it is actor.Nobody. The tenant is set in
// each case, also beside an error.
func (g *Gate) Identify(ctx context.Context, tx *db.Tx, r *http.Request) (actor.Actor, error) {
	since := apikey.Revocations() // before the first look into the store
	shop, err := g.shopOf(ctx, tx, r.Host)
	if err != nil {
		return actor.Actor{Kind: actor.Nobody}, err
	}
	nobody := actor.Actor{Tenant: shop, Kind: actor.Nobody}
	if shown, ok := bearer(r); ok {
		k, err := apikey.BySecret(ctx, tx, shop, shown)
		if err != nil {
			return nobody, err
		}
		g.use(&k, tx.Now)
		g.keep(shop, shown, k, since, tx.Now)
		return k.Actor(), nil
	}
	kind := actor.Staff
	if r.URL.Path == "/v1/my" || strings.HasPrefix(r.URL.Path, "/v1/my/") {
		kind = actor.Customer
	}
	by, err := g.signedIn(ctx, tx, shop, kind, session.Carried(r, kind))
	if errors.Is(err, session.ErrUnknown) || errors.Is(err, account.ErrUnknown) {
		return nobody, nil
	}
	if err != nil {
		return nobody, fmt.Errorf("session: %w", err)
	}
	return by, nil
}

// Recall tells who sends a request if that can be told from memory: a program
// whose API key was read less than a second ago and not revoked in this process
// since. Keys that another process revokes end within that second.
func (g *Gate) Recall(r *http.Request, now time.Time) (actor.Actor, bool) {
	shown, ok := bearer(r)
	if !ok {
		return actor.Actor{}, false
	}
	known, ok := g.hosts.Load(r.Host)
	if !ok || !now.Before(known.(shop).until) {
		return actor.Actor{}, false
	}
	return g.remembered(known.(shop).id, shown, now)
}

func (g *Gate) signedIn(ctx context.Context, tx *db.Tx, shop string, kind actor.Kind, token string) (actor.Actor, error) {
	s, err := session.ByToken(ctx, tx, shop, kind, token)
	if err != nil {
		return actor.Actor{}, err
	}
	by := actor.Actor{Tenant: shop, Kind: actor.Customer, ID: s.Subject, Session: s.ID}
	if kind == actor.Staff {
		a, err := account.ByID(ctx, tx, shop, s.Subject)
		if err != nil {
			return actor.Actor{}, err
		}
		if a.State != account.Active {
			return actor.Actor{}, session.ErrUnknown
		}
		by = a.Actor(s.ID)
		if !s.Strong() {
			if by.Half, err = factor.Required(ctx, tx, shop, a.Role); err != nil {
				return actor.Actor{}, err
			}
		}
	}
	if s.Faint(tx.Now) {
		g.note(note{shop, kind, s.ID, tx.Now})
	}
	return by, nil
}

// bearer is the key that a program sends. Other schemes are those of a proxy in
// front and are left alone.
func bearer(r *http.Request) (string, bool) {
	scheme, shown, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(shown), strings.EqualFold(scheme, "Bearer")
}

// shopOf finds the tenant of a host, mostly from memory.
func (g *Gate) shopOf(ctx context.Context, tx *db.Tx, host string) (string, error) {
	if known, ok := g.hosts.Load(host); ok && tx.Now.Before(known.(shop).until) {
		return known.(shop).id, nil
	}
	t, err := tenant.ByHost(ctx, tx, host)
	if err != nil {
		return "", fmt.Errorf("tenant of host: %w", err)
	}
	if g.known.Add(1) > mostHosts { // callers choose hosts: they shall not fill the memory
		g.hosts.Clear()
		g.known.Store(0)
	}
	g.hosts.Store(host, shop{t.ID, tx.Now.Add(hostKept)})
	return t.ID, nil
}
