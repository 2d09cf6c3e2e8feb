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

type wordsOut struct {
	Body struct {
		Items []Word `json:"items"`
		Next  string `json:"next" doc:"Always empty"`
	}
}

type idIn struct {
	ID string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
}

type getIn struct {
	ID      string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
	Version int64  `query:"version" minimum:"0" doc:"0 or missing: the live one; where none is live, the newest"`
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

type diffIn struct {
	ID   string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
	From int64  `query:"from" required:"true" minimum:"1"`
	To   int64  `query:"to" required:"true" minimum:"1"`
}

type diffOut struct {
	Body struct {
		Changes []Change `json:"changes"`
	}
}

const tag = "policies"

// Routes adds reading, writing, checking and publishing policies.
func (s *Service) Routes(a *httpapi.API) {
	read, write, publish := role.PolicyRead, role.PolicyWrite, role.PolicyPublish
	live := []*fault.Fault{ErrInvalid, ErrStale, ErrFloor, ErrTests, ErrParent, ErrFourEyes}
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policies", Need: role.TermsRead, Tag: tag, Summary: "List policies: the live version of each, the newest where none is live"}, s.list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policies/{id}", Need: role.TermsRead, Tag: tag, Summary: "Read a version of a policy", Faults: []*fault.Fault{ErrUnknown}}, s.get)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policies/{id}/versions", Need: role.TermsRead, Tag: tag, Summary: "List the versions of a policy, the newest first", Faults: []*fault.Fault{ErrUnknown}}, s.versions)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policies/{id}/diff", Need: read, Tag: tag, Summary: "List what differs between two versions", Faults: []*fault.Fault{ErrUnknown}}, s.diff)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policy-presets", Need: read, Tag: tag, Summary: "List what is usual on kinds of channels, to start a policy from"}, s.packs)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/policy-words", Need: read, Tag: tag, Summary: "List the names that expressions may use"}, s.words)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/policies/{id}", Need: publish, Tag: tag, Summary: "Save a new version of a policy and make it live at once", Faults: live}, s.putLive)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/policies/{id}/draft", Need: write, Tag: tag, Summary: "Make or change the draft of a policy", Faults: []*fault.Fault{ErrInvalid, ErrStale, ErrParent}}, s.edit)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/policies/{id}/draft", Need: write, Tag: tag, Summary: "Throw the draft of a policy away", Faults: []*fault.Fault{ErrUnknown}}, s.discard)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/policies/{id}/versions/{version}/actions", Need: publish, Tag: tag, Summary: "Review, reject, activate or retire a version", Faults: append(live, ErrUnknown, ErrMove, ErrNeeded)}, s.act)
	httpapi.Read(a, httpapi.Op{Route: "POST /v1/policies/check", Need: read, Tag: tag, Summary: "Check rules: what is wrong, what the law forbids, what has no effect", Faults: []*fault.Fault{ErrParent}}, s.check)
	httpapi.Read(a, httpapi.Op{Route: "POST /v1/policies/{id}/tests", Need: read, Tag: tag, Summary: "Run examples on a version, or on rules that are not saved", Faults: []*fault.Fault{ErrUnknown, ErrInvalid, ErrParent}}, s.try)
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*listOut, error) {
	all, err := current(ctx, tx, by.Tenant)
	if err == nil {
		all, err = s.readable(ctx, tx, by, all)
	}
	out := &listOut{}
	out.Body.Items = all
	return out, err
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*policyOut, error) {
	p, err := At(ctx, tx, by.Tenant, in.ID, in.Version)
	if errors.Is(err, ErrUnknown) && in.Version == 0 {
		p, err = newest(ctx, tx, by.Tenant, in.ID)
	}
	if err != nil {
		return nil, err
	}
	shown, err := s.readable(ctx, tx, by, []Policy{p})
	if err == nil && len(shown) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	return answer(shown[0]), nil
}

// answer names the version to change: of a draft its revision.
func answer(p Policy) *policyOut {
	if p.State == Draft || p.State == Reviewed {
		return &policyOut{ETag: httpapi.ETag(p.Revision), Body: p}
	}
	return &policyOut{ETag: httpapi.ETag(p.Version), Body: p}
}

func (s *Service) versions(ctx context.Context, tx *db.Tx, by actor.Actor, in *idIn) (*listOut, error) {
	all, err := versions(ctx, tx, by.Tenant, in.ID)
	if err == nil {
		all, err = s.readable(ctx, tx, by, all)
	}
	if err == nil && len(all) == 0 {
		err = ErrUnknown
	}
	out := &listOut{}
	out.Body.Items = all
	return out, err
}

func (s *Service) diff(ctx context.Context, tx *db.Tx, by actor.Actor, in *diffIn) (*diffOut, error) {
	from, err := At(ctx, tx, by.Tenant, in.ID, in.From)
	if err != nil {
		return nil, err
	}
	to, err := At(ctx, tx, by.Tenant, in.ID, in.To)
	if err != nil {
		return nil, err
	}
	out := &diffOut{}
	out.Body.Changes, err = Diff(from, to)
	return out, err
}

func (s *Service) packs(context.Context, *db.Tx, actor.Actor, *struct{}) (*packsOut, error) {
	out := &packsOut{}
	out.Body.Items = Presets()
	return out, nil
}

func (s *Service) words(context.Context, *db.Tx, actor.Actor, *struct{}) (*wordsOut, error) {
	out := &wordsOut{}
	out.Body.Items = Vocabulary()
	return out, nil
}

// putLive makes the first version of a new policy with If-Match: *, and otherwise
// the next one from the live version that the author has read.
func (s *Service) putLive(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*policyOut, error) {
	seen, err := in.IfMatch.Version()
	if err != nil {
		return nil, err
	}
	if seen == 0 {
		now, err := Live(ctx, tx, by.Tenant, in.ID)
		if err != nil && !errors.Is(err, ErrUnknown) {
			return nil, err
		}
		seen = now.Version
	}
	p, err := s.Save(ctx, tx, by, in.ID, in.Body.Name, in.Body.Rules, seen)
	return answer(p), err
}
