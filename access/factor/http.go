package factor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers one's own factors, and what administrators do about those
// of others.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/factors", Need: role.FactorOwn, Tag: "Second factor", Summary: "Your own second factors"}, s.list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/factors/totp/options", Need: role.FactorOwn, Tag: "Second factor", Secret: true,
		Summary: "A key for an app, to be added with a code of it", Faults: []*fault.Fault{ErrDemo, session.ErrStepUp}}, s.totpOptions)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/factors/totp", Need: role.FactorOwn, Tag: "Second factor", Status: http.StatusCreated, Secret: true,
		Summary: "Add an app", Faults: []*fault.Fault{ErrWrong, ErrOver, ErrMany, ErrName, ErrDemo, session.ErrStepUp}}, s.addTOTP)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/factors/passkey/options", Need: role.FactorOwn, Tag: "Second factor", Secret: true,
		Summary: "What to ask the browser for, to add a passkey", Faults: []*fault.Fault{ErrDemo, ErrSite, session.ErrStepUp}}, s.passkeyOptions)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/factors/passkey", Need: role.FactorOwn, Tag: "Second factor", Status: http.StatusCreated, Secret: true,
		Summary: "Add a passkey", Faults: []*fault.Fault{ErrWrong, ErrOver, ErrSite, ErrMany, ErrName, ErrDemo, session.ErrStepUp}}, s.addPasskey)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/factors/recovery", Need: role.FactorOwn, Tag: "Second factor", Status: http.StatusCreated, Secret: true,
		Summary: "New recovery codes; the old ones are void", Faults: []*fault.Fault{ErrNone, session.ErrStepUp}}, s.newCodes)
	httpapi.Write(a, httpapi.Op{Route: "PATCH /v1/factors/{id}", Need: role.FactorOwn, Tag: "Second factor",
		Summary: "Rename a second factor", Faults: []*fault.Fault{ErrUnknown, ErrName}}, s.rename)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/factors/{id}", Need: role.FactorOwn, Tag: "Second factor", Status: http.StatusNoContent,
		Summary: "Remove a second factor", Faults: []*fault.Fault{ErrUnknown, ErrLast, session.ErrStepUp}}, s.remove)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/staff/{id}/factors", Need: role.StaffManage, Tag: "Staff", Status: http.StatusNoContent,
		Summary: "Take all second factors of a member of staff away, who has lost them; the sessions end", Faults: []*fault.Fault{ErrNone, session.ErrStepUp}}, s.reset)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/sign-in-rules", Need: role.StaffManage, Tag: "Staff", Summary: "Which roles must have a second factor"}, s.rules)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/sign-in-rules", Need: role.StaffManage, Tag: "Staff", Summary: "Say which roles must have a second factor",
		Faults: []*fault.Fault{ErrRoles, ErrDemo, session.ErrStepUp}}, s.setRules)
}

// Item is one of one's own factors.
type Item struct {
	ID        string     `json:"id"`
	Kind      Kind       `json:"kind" enum:"totp,passkey"`
	Name      string     `json:"name"`
	Site      string     `json:"site,omitempty" doc:"Host that a passkey belongs to."`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty"`
}

func item(f Factor) Item {
	out := Item{ID: f.ID, Kind: f.Kind, Name: f.Name, Site: f.Site, CreatedAt: f.CreatedAt}
	if !f.UsedAt.IsZero() {
		out.UsedAt = &f.UsedAt
	}
	return out
}

type listAnswer struct {
	Body struct {
		Items    []Item `json:"items"`
		Recovery int64  `json:"recovery_left" doc:"Recovery codes that can still be used."`
		Required bool   `json:"required" doc:"Your role must have a second factor."`
	}
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*listAnswer, error) {
	all, err := Of(ctx, tx, by.Tenant, by.ID)
	if err != nil {
		return nil, err
	}
	out := &listAnswer{}
	out.Body.Items = make([]Item, 0, len(all))
	for _, f := range all {
		out.Body.Items = append(out.Body.Items, item(f))
	}
	if out.Body.Recovery, err = codesLeft(ctx, tx, by.Tenant, by.ID); err != nil {
		return nil, err
	}
	out.Body.Required, err = required(ctx, tx, by.Tenant, by.Role)
	return out, err
}

type setupAnswer struct {
	Body struct {
		Ticket string `json:"ticket" doc:"Counts for ten minutes."`
		Secret string `json:"secret" doc:"Base32, for typing."`
		URI    string `json:"uri" doc:"otpauth:// address, for the app on this device."`
		QR     string `json:"qr" doc:"The address as a picture (SVG)."`
	}
}

func (s *Service) totpOptions(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*setupAnswer, error) {
	setup, err := s.BeginTOTP(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	out := &setupAnswer{}
	out.Body.Ticket, out.Body.Secret, out.Body.URI = setup.Ticket, setup.Secret, setup.URI
	out.Body.QR, err = picture(setup.URI)
	return out, err
}

type addTOTPRequest struct {
	Body struct {
		Ticket string `json:"ticket" maxLength:"8192"`
		Code   string `json:"code" maxLength:"32" doc:"What the app shows."`
		Name   string `json:"name" maxLength:"240"`
	}
}

type addedAnswer struct {
	Body struct {
		Factor   Item     `json:"factor"`
		Recovery []string `json:"recovery,omitempty" doc:"With the first factor: recovery codes, shown only now."`
	}
}

func added(f Factor, codes []string) *addedAnswer {
	out := &addedAnswer{}
	out.Body.Factor, out.Body.Recovery = item(f), codes
	return out
}

func (s *Service) addTOTP(ctx context.Context, tx *db.Tx, by actor.Actor, in *addTOTPRequest) (*addedAnswer, error) {
	f, codes, err := s.AddTOTP(ctx, tx, by, in.Body.Ticket, in.Body.Code, in.Body.Name)
	return added(f, codes), err
}

func (s *Service) passkeyOptions(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct{ session.Browser }) (*QuestionAnswer, error) {
	q, err := s.BeginPasskey(ctx, tx, by, in.Host)
	return Asked(q), err
}

type addPasskeyRequest struct {
	session.Browser
	Body struct {
		Ticket   string         `json:"ticket" maxLength:"8192"`
		Response map[string]any `json:"response" doc:"What the browser answered, as its toJSON() writes it."`
		Name     string         `json:"name" maxLength:"240"`
	}
}

func (s *Service) addPasskey(ctx context.Context, tx *db.Tx, by actor.Actor, in *addPasskeyRequest) (*addedAnswer, error) {
	f, codes, err := s.AddPasskey(ctx, tx, by, Proof{Ticket: in.Body.Ticket, Response: in.Body.Response, Host: in.Host}, in.Body.Name)
	return added(f, codes), err
}

type codesAnswer struct {
	Body struct {
		Recovery []string `json:"recovery" doc:"Shown only now."`
	}
}

func (s *Service) newCodes(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*codesAnswer, error) {
	codes, err := s.NewCodes(ctx, tx, by)
	out := &codesAnswer{}
	out.Body.Recovery = codes
	return out, err
}

type renameRequest struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Name string `json:"name" maxLength:"240"`
	}
}

type itemAnswer struct{ Body Item }

func (s *Service) rename(ctx context.Context, tx *db.Tx, by actor.Actor, in *renameRequest) (*itemAnswer, error) {
	f, err := Rename(ctx, tx, by, in.ID, in.Body.Name)
	return &itemAnswer{item(f)}, err
}

type idRequest struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Service) remove(ctx context.Context, tx *db.Tx, by actor.Actor, in *idRequest) (*struct{}, error) {
	return nil, s.Remove(ctx, tx, by, in.ID)
}

func (s *Service) reset(ctx context.Context, tx *db.Tx, by actor.Actor, in *idRequest) (*struct{}, error) {
	return nil, s.Reset(ctx, tx, by, in.ID)
}

type rulesBody struct {
	Roles []string `json:"roles" maxItems:"10" doc:"Roles that must have a second factor."`
}

type rulesAnswer struct{ Body rulesBody }

func (s *Service) rules(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*rulesAnswer, error) {
	names, err := roles(ctx, tx, by.Tenant)
	if names == nil {
		names = []string{}
	}
	return &rulesAnswer{rulesBody{names}}, err
}

func (s *Service) setRules(ctx context.Context, tx *db.Tx, by actor.Actor, in *rulesAnswer) (*rulesAnswer, error) {
	if err := s.Require(ctx, tx, by, in.Body.Roles); err != nil {
		return nil, err
	}
	return s.rules(ctx, tx, by, nil)
}

// Shown is embedded in bodies of routes that take a proof: one of the three.
type Shown struct {
	Code     string         `json:"code,omitempty" maxLength:"32" doc:"Six digits of the app."`
	Recovery string         `json:"recovery,omitempty" maxLength:"64" doc:"One of the recovery codes, which counts once."`
	Ticket   string         `json:"ticket,omitempty" maxLength:"8192" doc:"With response: of the question that the browser answered."`
	Response map[string]any `json:"response,omitempty" doc:"What the browser answered, as its toJSON() writes it."`
}

// Some reports whether anything was shown.
func (s Shown) Some() bool { return s.Code != "" || s.Recovery != "" || s.Ticket != "" }

// Proof is what was shown at a host.
func (s Shown) Proof(host string) Proof {
	return Proof{Code: s.Code, Recovery: s.Recovery, Ticket: s.Ticket, Response: s.Response, Host: host}
}

// QuestionAnswer is what a browser is asked for a passkey.
type QuestionAnswer struct {
	Body struct {
		Ticket  string         `json:"ticket" doc:"Goes back with the answer of the browser."`
		Options map[string]any `json:"options" doc:"The publicKey of navigator.credentials.create or get, as JSON."`
		Until   time.Time      `json:"until"`
	}
}

// Asked writes a question.
func Asked(q Question) *QuestionAnswer {
	out := &QuestionAnswer{}
	out.Body.Ticket, out.Body.Options, out.Body.Until = q.Ticket, q.Options, q.Until
	return out
}

// picture draws a text as a QR code with its quiet zone.
func picture(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return "", err
	}
	const quiet = 4
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				writeDot(&path, x+quiet, y+quiet)
			}
		}
	}
	return frame(size+2*quiet, path.String()), nil
}
