package policy

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type draftIn struct {
	httpapi.IfMatch
	ID   string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"120"`
		Rules Rules  `json:"rules"`
		Note  string `json:"note,omitempty" maxLength:"2000" doc:"Why it is written"`
		Tests []Test `json:"tests,omitempty" maxItems:"200"`
	}
}

type actIn struct {
	ID      string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
	Version int64  `path:"version" minimum:"1"`
	Body    struct {
		Action string `json:"action" enum:"review,reject,activate,retire"`
		Note   string `json:"note,omitempty" maxLength:"2000"`
	}
}

type checkIn struct {
	Body struct {
		Rules Rules `json:"rules"`
	}
}

type checkOut struct {
	Body Checked
}

type tryIn struct {
	ID   string `path:"id" pattern:"^[a-z0-9-]{1,40}$"`
	Body struct {
		Rules   *Rules `json:"rules,omitempty" doc:"Rules that are not saved; else a version"`
		Version int64  `json:"version,omitempty" minimum:"0" doc:"0: the draft, where there is none the live one"`
		Tests   []Test `json:"tests,omitempty" maxItems:"200" doc:"Left out: those saved with the version"`
	}
}

type tryOut struct {
	Body struct {
		Items []Result `json:"items"`
	}
}

func (s *Service) edit(ctx context.Context, tx *db.Tx, by actor.Actor, in *draftIn) (*policyOut, error) {
	seen, err := in.IfMatch.Version()
	if err != nil {
		return nil, err
	}
	p, err := s.Edit(ctx, tx, by, in.ID, Draftable{in.Body.Name, in.Body.Rules, in.Body.Note, in.Body.Tests}, seen)
	return answer(p), err
}

func (s *Service) discard(ctx context.Context, tx *db.Tx, by actor.Actor, in *idIn) (*struct{}, error) {
	return nil, s.Discard(ctx, tx, by, in.ID)
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*policyOut, error) {
	p, err := s.Act(ctx, tx, by, in.ID, in.Version, in.Body.Action, in.Body.Note)
	return answer(p), err
}

func (s *Service) check(ctx context.Context, tx *db.Tx, by actor.Actor, in *checkIn) (*checkOut, error) {
	all, err := s.Look(ctx, tx, by.Tenant, in.Body.Rules)
	return &checkOut{all}, err
}

func (s *Service) try(ctx context.Context, tx *db.Tx, by actor.Actor, in *tryIn) (*tryOut, error) {
	results, err := s.Try(ctx, tx, by.Tenant, in.ID, in.Body.Version, in.Body.Rules, in.Body.Tests)
	out := &tryOut{}
	out.Body.Items = results
	return out, err
}
