package policy

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type listOut struct {
	Body struct {
		Items []Policy `json:"items"`
		Next  string   `json:"next" doc:"Always empty: a shop has few policies"`
	}
}

type packsOut struct {
	Body struct {
		Items []Pack `json:"items"`
		Next  string `json:"next" doc:"Always empty"`
	}
}

type getIn struct {
	ID      string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
	Version int64  `query:"version" minimum:"0" doc:"0 or missing: the newest"`
}

type policyOut struct {
	ETag string `header:"ETag"`
	Body Policy
}

type putIn struct {
	httpapi.IfMatch
	ID   string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"120"`
		Rules Rules  `json:"rules"`
	}
}

// Routes adds reading and changing policies.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policies", Need: role.PolicyRead, Tag: "policies", Summary: "List policies in their newest version"}, s.list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policies/{id}", Need: role.PolicyRead, Tag: "policies", Summary: "Read a version of a policy", Faults: []*fault.Fault{ErrUnknown}}, s.get)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policy-presets", Need: role.PolicyRead, Tag: "policies", Summary: "List what is usual on kinds of channels, to start a policy from"}, s.packs)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/policies/{id}", Need: role.PolicyWrite, Tag: "policies", Summary: "Save a new version of a policy", Faults: []*fault.Fault{ErrInvalid, ErrStale}}, s.put)
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*listOut, error) {
	all, err := lives(ctx, tx, by.Tenant)
	out := &listOut{}
	out.Body.Items = all
	return out, err
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*policyOut, error) {
	p, err := At(ctx, tx, by.Tenant, in.ID, in.Version)
	return &policyOut{ETag: httpapi.ETag(p.Version), Body: p}, err
}

func (s *Service) packs(context.Context, *db.Tx, actor.Actor, *struct{}) (*packsOut, error) {
	out := &packsOut{}
	out.Body.Items = Presets()
	return out, nil
}

// put makes the first version of a new policy with If-Match: *, and otherwise
// the next one from the version the author has read.
func (s *Service) put(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*policyOut, error) {
	seen, err := in.IfMatch.Version()
	if err != nil {
		return nil, err
	}
	if seen == 0 {
		now, err := At(ctx, tx, by.Tenant, in.ID, 0)
		if err != nil && !errors.Is(err, ErrUnknown) {
			return nil, err
		}
		seen = now.Version
	}
	p, err := s.Save(ctx, tx, by, in.ID, in.Body.Name, in.Body.Rules, seen)
	return &policyOut{ETag: httpapi.ETag(p.Version), Body: p}, err
}
