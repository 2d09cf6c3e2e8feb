package merchant

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the management of accounts.
func (s *Service) Routes(a *httpapi.API) {
	op := func(route, summary string, status int, faults ...*fault.Fault) httpapi.Op {
		return httpapi.Op{Route: route, Need: role.AccountManage, Tag: "accounts", Summary: summary, Status: status, Faults: faults, MaxBody: 128 << 10}
	}
	httpapi.Read(a, op("GET /v1/accounts", "List the shop's accounts at payment companies and carriers", 200), s.list)
	httpapi.Read(a, op("GET /v1/accounts/providers", "List the companies that accounts can be of, with what they need", 200), s.providers)
	httpapi.Write(a, op("POST /v1/accounts", "Add an account, and try it", http.StatusCreated, ErrInvalid, ErrMany, session.ErrStepUp), s.post)
	httpapi.Read(a, op("GET /v1/accounts/{id}", "Read an account", 200, ErrUnknown), s.get)
	httpapi.Write(a, op("PUT /v1/accounts/{id}", "Change an account, and try it", 200, ErrUnknown, ErrInvalid, ErrStale, ErrMove, ErrIdentity, session.ErrStepUp), s.put)
	httpapi.Write(a, op("DELETE /v1/accounts/{id}", "Remove an account; its secrets go with the last thing under way", http.StatusNoContent, ErrUnknown, ErrMove, session.ErrStepUp), s.remove)
	httpapi.Write(a, op("POST /v1/accounts/{id}/actions", "Enable, disable or try an account", 200, ErrUnknown, ErrMove, ErrTesting, session.ErrStepUp), s.act)
}

// View is an account as the API shows it. No secret is in it.
type View struct {
	ID        string            `json:"id"`
	Provider  string            `json:"provider" doc:"As tenders and bookings call it"`
	Kind      Kind              `json:"kind" enum:"payment,carrier"`
	Name      string            `json:"name"`
	State     State             `json:"state" enum:"enabled,disabled,removed" doc:"removed: what is under way ends with it, then its secrets are forgotten"`
	Settings  map[string]string `json:"settings" doc:"What is no secret"`
	Secrets   []Mark            `json:"secrets" nullable:"false" doc:"Which secrets there are, by what they can be told apart"`
	Since     *time.Time        `json:"since,omitempty" doc:"Payments from here on were taken by it; missing: all"`
	Until     *time.Time        `json:"until,omitempty" doc:"And before here; missing: until now"`
	Identity  string            `json:"identity,omitempty" doc:"Who the company says it is"`
	Test      TestView          `json:"test"`
	Hook      string            `json:"hook" doc:"Where the company shall send its messages"`
	UnderWay  int64             `json:"under_way" doc:"Payouts, payments and bookings that began with it and have not ended"`
	Version   int64             `json:"version"`
	CreatedAt time.Time         `json:"created_at"`
	UpdatedAt time.Time         `json:"updated_at"`
}

// TestView is what came of trying an account.
type TestView struct {
	State Test       `json:"state" enum:",running,passed,failed"`
	Code  string     `json:"code,omitempty" enum:"refused,unreachable,unclear,other,unsealed" doc:"Why it failed. other: the credentials are of another account; unsealed: sealed with another key than this installation's"`
	Text  string     `json:"text,omitempty" doc:"The company's words"`
	At    *time.Time `json:"at,omitempty" doc:"When it began or ended"`
}

func (s *Service) view(ctx context.Context, tx *db.Tx, a Account) (View, error) {
	spec, _ := specOf(a.Provider)
	v := View{ID: a.ID, Provider: a.Provider, Kind: spec.Kind, Name: a.Name, State: a.State, Settings: a.Settings, Secrets: append([]Mark{}, a.Marks...),
		Since: instant(a.Since), Until: instant(a.Until), Identity: a.Identity, Test: TestView{a.Test, a.TestCode, a.TestText, instant(a.TestedAt)},
		Hook: s.o.Base + a.Hook(), Version: a.Version, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt}
	if a.Test == Running && tx.Now.Sub(a.TestedAt) >= testing { // who tried it has died
		v.Test = TestView{State: Untested}
	}
	var err error
	v.UnderWay, err = s.o.UnderWay(ctx, tx, a.Tenant, a.ID)
	return v, err
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type listIn struct {
	Kind Kind `query:"kind" enum:"payment,carrier" doc:"Only these"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
	}
}

// list leaves out accounts that were removed and have nothing under way.
func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	known, err := all(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []View{}
	for _, a := range known {
		spec, _ := specOf(a.Provider)
		if a.State == Removed && a.key == "" || in.Kind != "" && spec.Kind != in.Kind {
			continue
		}
		v, err := s.view(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

// Offered is a company that accounts can be of.
type Offered struct {
	Spec
	Default bool `json:"default" doc:"The installation has an account that serves shops without their own"`
}

type providersOut struct {
	Body struct {
		Items []Offered `json:"items" nullable:"false"`
	}
}

func (s *Service) providers(context.Context, *db.Tx, actor.Actor, *struct{}) (*providersOut, error) {
	out := &providersOut{}
	out.Body.Items = []Offered{}
	for _, one := range specs {
		out.Body.Items = append(out.Body.Items, Offered{one, s.isDefault(one.Name)})
	}
	return out, nil
}

type fields struct {
	Name     string            `json:"name" maxLength:"400" doc:"What people call it"`
	Settings map[string]string `json:"settings,omitempty" maxProperties:"20" doc:"What is no secret, by field"`
	Secrets  map[string]string `json:"secrets,omitempty" maxProperties:"20" doc:"By field; one that is not given stays, an empty one is forgotten. Never told again"`
	Since    *time.Time        `json:"since,omitempty" doc:"Payments from here on were taken by it"`
}

type postIn struct {
	Body struct {
		Provider string            `json:"provider" maxLength:"60" doc:"One of GET /v1/accounts/providers"`
		Name     string            `json:"name" maxLength:"400" doc:"What people call it"`
		Settings map[string]string `json:"settings,omitempty" maxProperties:"20" doc:"What is no secret, by field"`
		Secrets  map[string]string `json:"secrets,omitempty" maxProperties:"20" doc:"By field. Never told again"`
		Since    *time.Time        `json:"since,omitempty" doc:"Payments from here on were taken by it"`
	}
}

type oneOut struct {
	ETag string `header:"ETag"`
	Body View
}

func (s *Service) shown(ctx context.Context, tx *db.Tx, a Account, err error) (*oneOut, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.view(ctx, tx, a)
	return &oneOut{httpapi.ETag(a.Version), v}, err
}

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*oneOut, error) {
	a := Account{Provider: in.Body.Provider, Name: in.Body.Name, Settings: maps.Clone(in.Body.Settings)}
	a, err := s.Add(ctx, tx, by, a, maps.Clone(in.Body.Secrets), in.Body.Since)
	return s.shown(ctx, tx, a, err)
}

type idIn struct {
	ID string `path:"id"`
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *idIn) (*oneOut, error) {
	a, err := byID(ctx, tx, by.Tenant, in.ID)
	return s.shown(ctx, tx, a, err)
}

type putIn struct {
	httpapi.IfMatch
	ID   string `path:"id"`
	Body fields
}

func (s *Service) put(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*oneOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	to := Account{ID: in.ID, Name: in.Body.Name, Settings: maps.Clone(in.Body.Settings), Version: version}
	a, err := s.Change(ctx, tx, by, to, maps.Clone(in.Body.Secrets), in.Body.Since)
	return s.shown(ctx, tx, a, err)
}

func (s *Service) remove(ctx context.Context, tx *db.Tx, by actor.Actor, in *idIn) (*struct{}, error) {
	_, err := s.Remove(ctx, tx, by, in.ID)
	return nil, err
}

type actIn struct {
	ID   string `path:"id"`
	Body struct {
		Action string `json:"action" enum:"enable,disable,test" doc:"test: ask the company something that needs the credentials and changes nothing; the account tells what came of it"`
	}
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*oneOut, error) {
	do := s.Try
	switch in.Body.Action {
	case "enable":
		do = s.Enable
	case "disable":
		do = s.Disable
	}
	a, err := do(ctx, tx, by, in.ID)
	return s.shown(ctx, tx, a, err)
}
