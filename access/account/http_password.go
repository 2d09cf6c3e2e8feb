package account

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/secret"
)

func (s *Service) passwordRoute(a *httpapi.API) {
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/password", Need: role.SessionOwn, Tag: "Session",
		Summary: "Change your own password; all your other sessions end",
		Faults:  []*fault.Fault{ErrWrong, ErrLocked, ErrCrowd, ErrPassword}}, s.changeOwn)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/step-up", Need: role.SessionOwn, Tag: "Session",
		Summary: "Give your password once more for what needs it; counts for five minutes",
		Faults:  []*fault.Fault{ErrWrong, ErrLocked, ErrCrowd, session.ErrUnknown, secret.ErrBusy}}, s.stepUp)
}

type stepUpRequest struct {
	session.Browser
	Body struct {
		Password string `json:"password" maxLength:"512"`
	}
}

type stepUpAnswer struct {
	Body struct {
		ConfirmedUntil time.Time `json:"confirmed_until"`
	}
}

func (s *Service) stepUp(ctx context.Context, by actor.Actor, in *stepUpRequest) (*stepUpAnswer, error) {
	out := &stepUpAnswer{}
	var err error
	out.Body.ConfirmedUntil, err = s.Confirm(ctx, by, in.Body.Password, in.Address)
	return out, err
}

type ownPasswordRequest struct {
	session.Browser
	Body struct {
		Current  string `json:"current" maxLength:"512"`
		Password string `json:"password" maxLength:"512" doc:"12 to 128 characters"`
	}
}

// changeOwn judges the current password as signing in does, with its counting
// of wrong ones: whoever finds an open console must not be able to guess. All
// sessions but the caller's end.
func (s *Service) changeOwn(ctx context.Context, by actor.Actor, in *ownPasswordRequest) (*struct{}, error) {
	var own Account
	err := s.store.Read(ctx, func(tx *db.Tx) (err error) {
		own, err = ByID(ctx, tx, by.Tenant, by.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	p, err := s.Password(ctx, own.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	if _, err := s.Authenticate(ctx, by.Tenant, SignIn{Email: own.Email, Password: in.Body.Current, Session: in.New("")}); err != nil {
		return nil, err
	}
	err = s.store.Write(ctx, func(tx *db.Tx) error { return s.SetPassword(ctx, tx, by, by.ID, p) })
	return &struct{}{}, err
}
