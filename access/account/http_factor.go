package account

import (
	"context"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// factorRoutes registers the second step of signing in and signing in with a
// passkey alone.
func (s *Service) factorRoutes(a *httpapi.API) {
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/second", Need: role.Public, Tag: "Session", Anew: true,
		Summary: "Go on after the password with the second factor",
		Faults:  []*fault.Fault{factor.ErrWrong, factor.ErrLocked, factor.ErrOver, factor.ErrSite}}, s.second)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/second/passkey", Need: role.Public, Tag: "Session", Anew: true,
		Summary: "What to ask the browser for, after the password",
		Faults:  []*fault.Fault{factor.ErrNone, factor.ErrOver, factor.ErrSite}}, s.secondPasskey)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/passkey/options", Need: role.Public, Tag: "Session", Anew: true,
		Summary: "What to ask the browser for, to sign in with a passkey alone",
		Faults:  []*fault.Fault{factor.ErrSite}}, s.passkeyOptions)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/passkey", Need: role.Public, Tag: "Session", Anew: true,
		Summary: "Sign in with a passkey alone",
		Faults:  []*fault.Fault{factor.ErrWrong, factor.ErrOver, factor.ErrSite}}, s.byPasskey)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/step-up/passkey", Need: role.FactorOwn, Tag: "Session", Anew: true,
		Summary: "What to ask the browser for, to confirm with a passkey",
		Faults:  []*fault.Fault{factor.ErrNone, factor.ErrSite}}, s.stepUpPasskey)
}

type secondRequest struct {
	session.Browser
	Body struct {
		Step string `json:"step" maxLength:"8192" doc:"As in the problem factor.needed."`
		factor.Shown
	}
}

func (s *Service) second(ctx context.Context, by actor.Actor, in *secondRequest) (*signInAnswer, error) {
	signed, err := s.Authenticated(ctx, by.Tenant, Second{Step: in.Body.Step, Proof: in.Body.Proof(in.Host), Session: in.New("")})
	if err != nil {
		return nil, err
	}
	return s.welcomed(signed, in.Secure), nil
}

type secondPasskeyRequest struct {
	session.Browser
	Body struct {
		Step string `json:"step" maxLength:"8192" doc:"As in the problem factor.needed."`
	}
}

func (s *Service) secondPasskey(ctx context.Context, by actor.Actor, in *secondPasskeyRequest) (*factor.QuestionAnswer, error) {
	staff, _, err := s.factors.Continue(ctx, by.Tenant, in.Body.Step)
	if err != nil {
		return nil, err
	}
	return s.question(ctx, func(tx *db.Tx) (factor.Question, error) {
		return s.factors.AskPasskey(ctx, tx, by.Tenant, staff, in.Host)
	})
}

func (s *Service) passkeyOptions(ctx context.Context, by actor.Actor, in *struct{ session.Browser }) (*factor.QuestionAnswer, error) {
	return s.question(ctx, func(tx *db.Tx) (factor.Question, error) {
		return s.factors.AskAnybody(ctx, tx, by.Tenant, in.Host)
	})
}

func (s *Service) stepUpPasskey(ctx context.Context, by actor.Actor, in *struct{ session.Browser }) (*factor.QuestionAnswer, error) {
	return s.question(ctx, func(tx *db.Tx) (factor.Question, error) {
		return s.factors.AskPasskey(ctx, tx, by.Tenant, by.ID, in.Host)
	})
}

// question makes one without storing anything.
func (s *Service) question(ctx context.Context, ask func(tx *db.Tx) (factor.Question, error)) (out *factor.QuestionAnswer, err error) {
	err = s.store.Read(ctx, func(tx *db.Tx) error {
		q, err := ask(tx)
		out = factor.Asked(q)
		return err
	})
	return out, err
}

type passkeyRequest struct {
	session.Browser
	Body struct {
		Ticket   string         `json:"ticket" maxLength:"8192"`
		Response map[string]any `json:"response" doc:"What the browser answered, as its toJSON() writes it."`
	}
}

func (s *Service) byPasskey(ctx context.Context, by actor.Actor, in *passkeyRequest) (*signInAnswer, error) {
	var signed Signed
	err := s.store.Write(ctx, func(tx *db.Tx) (err error) {
		shown := factor.Proof{Ticket: in.Body.Ticket, Response: in.Body.Response, Host: in.Host}
		signed, err = s.ByPasskey(ctx, tx, by.Tenant, shown, in.New(""))
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.welcomed(signed, in.Secure), nil
}
