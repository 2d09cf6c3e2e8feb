package cases

import (
	"context"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

func (s *Service) bulkRoutes(a *httpapi.API) {
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/cases/bulk", Need: role.CaseDecide, Tag: "cases", Summary: "Do the same to up to 100 cases, each on its own",
		Faults: []*fault.Fault{session.ErrStepUp, ErrBulk, ErrNote}}, s.postBulk)
}

type bulkIn struct {
	Body struct {
		Action Action       `json:"action" enum:"approve,assign,note" doc:"approve needs POST /v1/session/step-up within the last five minutes"`
		Cases  []bulkCaseIn `json:"cases" minItems:"1" maxItems:"100"`
		Note   string       `json:"note,omitempty" maxLength:"2000" doc:"approve: a word to the customers"`
		Text   string       `json:"text,omitempty" maxLength:"4000" doc:"note: for staff only"`
		To     string       `json:"assignee,omitempty" maxLength:"60" doc:"assign: a member of staff; missing: nobody"`
	}
}

type bulkCaseIn struct {
	ID      string `json:"id" maxLength:"64"`
	Version int64  `json:"version" minimum:"1" doc:"Version the change is based on"`
}

// BulkCase is what became of one case of many.
type BulkCase struct {
	ID      string       `json:"id"`
	OK      bool         `json:"ok"`
	Number  string       `json:"number,omitempty"`
	State   State        `json:"state,omitempty"`
	Version int64        `json:"version,omitempty"`
	Problem *BulkProblem `json:"problem,omitempty" doc:"Why nothing was done to this case"`
}

// BulkProblem is a refusal as problem documents have it.
type BulkProblem struct {
	Code   string         `json:"code"`
	Title  string         `json:"title"`
	Detail string         `json:"detail,omitempty"`
	Errors []fault.Field  `json:"errors,omitempty"`
	Facts  map[string]any `json:"facts,omitempty"`
}

type bulkOut struct {
	Body struct {
		Done   int        `json:"done"`
		Failed int        `json:"failed"`
		Items  []BulkCase `json:"items" doc:"In the order of the request"`
	}
}

func (s *Service) postBulk(ctx context.Context, tx *db.Tx, by actor.Actor, in *bulkIn) (*bulkOut, error) {
	b := in.Body
	if err := role.Allow(by, needed[b.Action]); err != nil {
		return nil, err
	}
	if b.Action == Note && strings.TrimSpace(b.Text) == "" {
		return nil, ErrNote.At("text", "is empty", "1 to 4000 characters")
	}
	all, named := make([]Seen, len(b.Cases)), map[string]bool{}
	for i, c := range b.Cases {
		if named[c.ID] {
			return nil, httpapi.ErrInvalid.At(fmt.Sprintf("body.cases[%d].id", i), "is named twice", "each case once")
		}
		named[c.ID] = true
		all[i] = Seen(c)
	}
	done, err := s.ActOnMany(ctx, tx, by, all, actionIn{Action: b.Action, Note: b.Note, Text: b.Text, Assignee: b.To}.input())
	if err != nil {
		return nil, err
	}
	out := &bulkOut{}
	for _, one := range done {
		v := BulkCase{ID: one.ID, OK: one.Refused == nil}
		if f := one.Refused; f != nil {
			out.Body.Failed++
			v.Problem = &BulkProblem{Code: f.Code, Title: f.Title, Detail: f.Detail, Errors: f.Fields, Facts: f.Facts}
		} else {
			out.Body.Done++
			v.Number, v.State, v.Version = one.Case.Number, one.Case.State, one.Case.Version
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}
