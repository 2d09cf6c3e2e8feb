package account

import (
	"context"
	"net/http"
	"strings"
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

// Routes registers signing in and out, the list of sessions, and the staff.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/session", Need: role.Public, Tag: "Session", Summary: "Sign in to the console", Anew: true,
		Faults: []*fault.Fault{ErrWrong, ErrLocked, ErrCrowd, factor.ErrNeeded, secret.ErrBusy}}, s.signIn)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/session", Need: role.FactorOwn, Tag: "Session", Summary: "Who is signed in",
		Faults: []*fault.Fault{session.ErrUnknown}}, s.whoAmI)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/session", Need: role.Public, Tag: "Session", Summary: "Sign out", Status: http.StatusNoContent}, s.signOut)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/sessions", Need: role.SessionOwn, Tag: "Session", Summary: "Where you, or all staff, are signed in",
		Faults: []*fault.Fault{role.ErrDenied}}, s.sessions)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/sessions", Need: role.SessionOwn, Tag: "Session", Summary: "Sign out everywhere else", Status: http.StatusNoContent,
		Faults: []*fault.Fault{ErrDemo}}, s.endOthers)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/sessions/{id}", Need: role.SessionOwn, Tag: "Session", Summary: "End one session", Status: http.StatusNoContent,
		Faults: []*fault.Fault{session.ErrUnknown, ErrDemo}}, s.endOne)

	s.passwordRoute(a)
	s.factorRoutes(a)

	httpapi.Read(a, httpapi.Op{Route: "GET /v1/colleagues", Need: role.SessionOwn, Tag: "Staff",
		Summary: "Whom cases can be given to, by name; people of a seller see only their own"}, s.colleagues)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/staff", Need: role.StaffManage, Tag: "Staff", Summary: "List staff"}, s.list)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/staff", Need: role.StaffManage, Tag: "Staff", Summary: "Add a member of staff", Status: http.StatusCreated,
		Faults: []*fault.Fault{ErrInvalid, ErrPassword, ErrTaken}}, s.post)
	httpapi.Plain(a, httpapi.Op{Route: "PATCH /v1/staff/{id}", Need: role.StaffManage, Tag: "Staff", Summary: "Change a member of staff",
		Faults: []*fault.Fault{ErrUnknown, ErrInvalid, ErrPassword, ErrTaken, ErrLast, ErrDemo}}, s.patch)
}

// Staff is how a member of staff looks in the API.
type Staff struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Email       string             `json:"email"`
	Role        string             `json:"role" enum:"administrator,supervisor,agent,warehouse,seller,auditor,privacy"`
	Seller      string             `json:"seller,omitempty"`
	Language    string             `json:"language"`
	State       State              `json:"state" enum:"active,disabled"`
	Permissions []actor.Permission `json:"permissions"`
	LockedUntil *time.Time         `json:"locked_until,omitempty" doc:"Signing in is blocked until then."`
	Factors     []string           `json:"factors" doc:"Kinds of second factors that can be shown; empty: the password is enough."`
	CreatedAt   time.Time          `json:"created_at"`
	Version     int64              `json:"version"`
}

// SignedIn is who is signed in, and until when at most.
type SignedIn struct {
	Staff     Staff     `json:"staff"`
	ExpiresAt time.Time `json:"expires_at"`
	// ConfirmedUntil is set while the password, given once more, counts.
	ConfirmedUntil *time.Time `json:"confirmed_until,omitempty" doc:"The password or second factor was given once more (step-up) and counts until then."`
	Shown          []string   `json:"shown" doc:"What this session was signed in with: password, totp, passkey, recovery."`
	Half           bool       `json:"half" doc:"The role needs a second factor that this session has not seen; only setting one up, or showing it (step-up), is possible."`

	Held []actor.Permission `json:"held,omitempty" doc:"Of a demonstration: what may be looked at with this sign-in, and not changed."`
}

// Device is one session in a list.
type Device struct {
	ID         string    `json:"id"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at" doc:"Within a minute."`
	IP         string    `json:"ip"`
	Agent      string    `json:"agent"`
	Current    bool      `json:"current"`
	Shown      []string  `json:"shown" doc:"What was shown to sign in: password, totp, passkey, recovery."`
	Staff      Owner     `json:"staff"`
}

// Owner is whose session it is.
type Owner struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func shown(a Account) Staff {
	out := Staff{
		ID: a.ID, Name: a.Name, Email: a.Email, Role: a.Role, Seller: a.Seller, Language: a.Language, State: a.State,
		Permissions: role.Permissions(a.Role), Factors: []string{}, CreatedAt: a.CreatedAt, Version: a.Version,
	}
	if len(a.Factors) > 0 {
		out.Factors = a.Factors
	}
	if !a.LockedUntil.IsZero() {
		out.LockedUntil = &a.LockedUntil
	}
	return out
}

type signInRequest struct {
	session.Browser
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"512"`
	}
}

type signInAnswer struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      SignedIn
}

func (s *Service) signIn(ctx context.Context, by actor.Actor, in *signInRequest) (*signInAnswer, error) {
	signed, err := s.Authenticate(ctx, by.Tenant, SignIn{Email: in.Body.Email, Password: in.Body.Password, Session: in.New("")})
	if err != nil {
		return nil, err
	}
	return s.welcomed(signed, in.Secure), nil
}

func (s *Service) welcomed(signed Signed, secure bool) *signInAnswer {
	return &signInAnswer{
		SetCookie: session.Cookie(signed.Session, signed.Token, secure),
		Body: SignedIn{Staff: shown(signed.Account), ExpiresAt: signed.Session.ExpiresAt, Shown: strings.Fields(signed.Session.Factors), Half: signed.Half,
			Held: s.held(signed.Account)},
	}
}

type signedInAnswer struct{ Body SignedIn }

func (s *Service) whoAmI(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*signedInAnswer, error) {
	now, err := session.ByID(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	a, err := ByID(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return nil, err
	}
	if a.Factors, err = factor.Ways(ctx, tx, by.Tenant, by.ID); err != nil {
		return nil, err
	}
	out := &signedInAnswer{Body: SignedIn{Staff: shown(a), ExpiresAt: now.ExpiresAt, Shown: strings.Fields(now.Factors), Half: by.Half, Held: s.held(a)}}
	if now.Fresh(tx.Now) {
		until := now.ConfirmedAt.Add(session.Confirmed)
		out.Body.ConfirmedUntil = &until
	}
	return out, nil
}

type signOutAnswer struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

// signOut also answers whoever is not signed in any more, so that the browser
// forgets its cookie.
func (s *Service) signOut(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct{ session.Browser }) (*signOutAnswer, error) {
	if by.Kind == actor.Staff {
		if err := session.End(ctx, tx, by); err != nil {
			return nil, err
		}
	}
	return &signOutAnswer{SetCookie: session.NoCookie(actor.Staff, in.Secure)}, nil
}

type sessionsRequest struct {
	httpapi.Page
	All bool `query:"all" doc:"Those of all staff; for administrators."`
}

type sessionsAnswer struct {
	Body struct {
		Items []Device `json:"items"`
		Next  string   `json:"next"`
	}
}

func (s *Service) sessions(ctx context.Context, tx *db.Tx, by actor.Actor, in *sessionsRequest) (*sessionsAnswer, error) {
	whose := by.ID
	if in.All {
		if err := role.Allow(by, role.StaffManage); err != nil {
			return nil, err
		}
		whose = ""
	}
	all, next, err := httpapi.PageByID(in.Page, func(one session.Session) string { return one.ID }, func(after string, limit int) ([]session.Session, error) {
		return session.Of(ctx, tx, by.Tenant, whose, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &sessionsAnswer{}
	out.Body.Next = next
	who := map[string]string{}
	for _, one := range all {
		who[one.Subject] = ""
	}
	if err := names(ctx, tx, by.Tenant, who); err != nil {
		return nil, err
	}
	out.Body.Items = make([]Device, 0, len(all))
	for _, one := range all {
		if one.ID != by.Session && len(s.shared) > 0 { // of another visitor
			one.IP = ""
		}
		out.Body.Items = append(out.Body.Items, Device{
			ID: one.ID, CreatedAt: one.CreatedAt, LastSeenAt: one.LastSeenAt, IP: one.IP, Agent: one.Agent,
			Current: one.ID == by.Session, Shown: strings.Fields(one.Factors), Staff: Owner{ID: one.Subject, Name: who[one.Subject]},
		})
	}
	return out, nil
}

func (s *Service) endOthers(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*struct{}, error) {
	if err := s.spareSessions(ctx, tx, by, by.ID); err != nil {
		return nil, err
	}
	_, err := session.EndAll(ctx, tx, by, by.ID, by.Session, session.ByHand)
	return nil, err
}

type idRequest struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Service) endOne(ctx context.Context, tx *db.Tx, by actor.Actor, in *idRequest) (*struct{}, error) {
	own := role.Allow(by, role.StaffManage) != nil
	if in.ID != by.Session {
		whose, err := session.Whose(ctx, tx, by, in.ID, own)
		if err == nil {
			err = s.spareSessions(ctx, tx, by, whose)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, session.EndStaff(ctx, tx, by, in.ID, own)
}
