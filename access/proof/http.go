package proof

import (
	"context"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers how customers sign in.
func (s *Service) Routes(a *httpapi.API) {
	s.keyRoutes(a)
	s.qrRoute(a)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/my/lookup", Need: role.Public, Tag: "Customer", Status: http.StatusAccepted,
		Summary: "Ask for a code by order number and contact; the answer is the same whether or not the order exists",
		Faults:  []*fault.Fault{ErrContact, ErrLimited}}, s.postLookup)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/my/session", Need: role.Public, Tag: "Customer", Anew: true,
		Summary: "Sign in as a customer with a code, a link, or a token of the shop",
		Faults:  []*fault.Fault{ErrCode, ErrOver, ErrLink, ErrLinkOld, ErrToken, ErrTokenOld, ErrTokenLong, ErrTokenWho, ErrFrame}}, s.postSession)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/my/link", Need: role.Public, Tag: "Customer", Status: http.StatusAccepted,
		Summary: "Have a new link sent in place of one that has expired, to the customer's own e-mail address", Faults: []*fault.Fault{ErrLink, ErrLimited}}, s.postLink)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/session", Need: role.MyOrders, Tag: "Customer", Summary: "Who is signed in",
		Faults: []*fault.Fault{session.ErrUnknown}}, s.getSession)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/my/session", Need: role.Public, Tag: "Customer", Summary: "Sign out", Status: http.StatusNoContent}, s.deleteSession)
}

type lookupRequest struct {
	httpapi.Lang
	httpapi.Client
	Body struct {
		OrderNumber string `json:"order_number" maxLength:"128"`
		Contact     string `json:"contact" maxLength:"254" doc:"E-mail address or phone number of the order."`
	}
}

type lookupAnswer struct {
	Body struct {
		Challenge string    `json:"challenge"`
		Channel   Channel   `json:"channel" enum:"email,sms"`
		SentTo    string    `json:"sent_to" doc:"What was typed, mostly hidden."`
		ExpiresAt time.Time `json:"expires_at"`
		DemoCode  string    `json:"demo_code,omitempty" doc:"Only in a demonstration."`
	}
}

func (s *Service) postLookup(ctx context.Context, tx *db.Tx, by actor.Actor, in *lookupRequest) (*lookupAnswer, error) {
	c, err := s.LookUp(ctx, tx, by, Question{
		Number: in.Body.OrderNumber, Contact: in.Body.Contact, Language: in.Language(), Address: in.Address,
	})
	if err != nil {
		return nil, err
	}
	out := &lookupAnswer{}
	out.Body.Challenge, out.Body.Channel, out.Body.SentTo = c.ID, c.Channel, c.SentTo
	out.Body.ExpiresAt, out.Body.DemoCode = c.ExpiresAt, c.DemoCode
	return out, nil
}

// Customer is who is signed in to the portal.
type Customer struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
}

// SignedIn is a customer's session.
type SignedIn struct {
	Customer  Customer  `json:"customer"`
	ExpiresAt time.Time `json:"expires_at"`
	Order     string    `json:"order,omitempty" doc:"The order the customer came for."`
}

func shown(p Proved) SignedIn {
	return SignedIn{
		Customer:  Customer{ID: p.Holder.Customer, Name: p.Holder.Name, Language: p.Holder.Language},
		ExpiresAt: p.Session.ExpiresAt, Order: p.Session.Order,
	}
}

type sessionRequest struct {
	session.Browser
	Body struct {
		Challenge string `json:"challenge,omitempty" maxLength:"64"`
		Code      string `json:"code,omitempty" maxLength:"32" doc:"With challenge."`
		Link      string `json:"link,omitempty" maxLength:"2048" doc:"Instead of challenge and code."`
		Token     string `json:"token,omitempty" maxLength:"4096" doc:"Instead of them: a token that the shop signed for its customer."`
		Framed    bool   `json:"framed,omitempty" doc:"The page asks from inside a page of another site, as the widget does: the session is kept for that site alone."`
	}
}

type sessionAnswer struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      SignedIn
}

// postSession opens its transaction itself: a wrong code must be counted, so a
// refusal commits.
func (s *Service) postSession(ctx context.Context, by actor.Actor, in *sessionRequest) (*sessionAnswer, error) {
	ways := 0
	for _, way := range []string{in.Body.Link, in.Body.Challenge, in.Body.Token} {
		if way != "" {
			ways++
		}
	}
	if ways != 1 {
		return nil, httpapi.ErrInvalid.At("link", "is needed when there is no challenge and no token, and only then", "")
	}
	begin := in.New("")
	begin.Framed = in.Body.Framed
	var p Proved
	var refused *fault.Fault
	err := s.o.Store.Write(ctx, func(tx *db.Tx) (err error) {
		refused = nil
		if err := s.frames(ctx, tx, by.Tenant, in.Body.Framed); err != nil {
			return err
		}
		if in.Body.Link != "" {
			p, err = s.Follow(ctx, tx, by, in.Body.Link, begin)
			return err
		}
		if in.Body.Token != "" {
			p, err = s.Present(ctx, tx, by, in.Body.Token, begin)
			return err
		}
		p, refused, err = s.Redeem(ctx, tx, by, in.Body.Challenge, in.Body.Code, begin)
		return err
	})
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return nil, refused
	}
	return &sessionAnswer{SetCookie: in.Cookies(p.Session, p.Token), Body: shown(p)}, nil
}

type linkRequest struct {
	httpapi.Lang
	httpapi.Client
	Body struct {
		Link string `json:"link" maxLength:"2048" doc:"The link that has expired."`
	}
}

func (s *Service) postLink(ctx context.Context, tx *db.Tx, by actor.Actor, in *linkRequest) (*struct{}, error) {
	return nil, s.Renew(ctx, tx, by, in.Body.Link, in.Language(), in.Address)
}

type signedInAnswer struct{ Body SignedIn }

func (s *Service) getSession(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*signedInAnswer, error) {
	p, err := s.Known(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	return &signedInAnswer{Body: shown(p)}, nil
}

type signOutAnswer struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// deleteSession also answers whoever is not signed in any more, so that the
// browser forgets its cookie.
func (s *Service) deleteSession(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct{ session.Browser }) (*signOutAnswer, error) {
	if by.Kind == actor.Customer {
		if err := session.End(ctx, tx, by); err != nil {
			return nil, err
		}
	}
	return &signOutAnswer{SetCookie: in.NoCookies()}, nil
}
