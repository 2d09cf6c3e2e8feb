package account

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/factor"
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
		Faults:  []*fault.Fault{ErrWrong, ErrLocked, ErrCrowd, ErrPassword, ErrDemo}}, s.changeOwn)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session/step-up", Need: role.FactorOwn, Tag: "Session", Anew: true,
		Summary: "Confirm with your password, or your second factor if you have one; counts for five minutes",
		Faults: []*fault.Fault{ErrWrong, ErrLocked, ErrCrowd, session.ErrUnknown, secret.ErrBusy,
			factor.ErrNeeded, factor.ErrWrong, factor.ErrLocked, factor.ErrOver, factor.ErrSite}}, s.stepUp)
}

type stepUpRequest struct {
	session.Browser
	Body struct {
		Password string `json:"password,omitempty" maxLength:"512" doc:"For whoever has no second factor."`
		factor.Shown
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
	if in.Body.Some() {
		out.Body.ConfirmedUntil, err = s.ConfirmWith(ctx, by, in.Body.Proof(in.Host))
		return out, err
	}
	if in.Body.Password == "" {
		return nil, httpapi.ErrInvalid.At("body.password", "is missing", "the password, or a second factor")
	}
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
	if err == nil && s.isShared(own.Email) {
		err = ErrDemo
	}
	if err != nil {
		return nil, err
	}
	p, err := s.Password(ctx, own.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	try := SignIn{Email: own.Email, Password: in.Body.Current, Session: in.New("")}
	return &struct{}{}, s.judge(ctx, by.Tenant, try, func(tx *db.Tx, a Account, _ string) error {
		if a.ID != by.ID { // the e-mail went to somebody else meanwhile
			return ErrWrong
		}
		if err := s.SetPassword(ctx, tx, by, by.ID, p); err != nil {
			return err
		}
		return httpapi.Keep(ctx, tx, &struct{}{})
	})
}
