package presence

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/live"
)

// Routes registers the seats at cases. Only people sit: a program looks at
// nothing.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/cases/{id}/presence", Need: role.SessionOwn, Tag: "cases", Anew: true, Summary: "Say that you are at a case, and hear who else is",
		Faults: []*fault.Fault{cases.ErrUnknown, ErrInvalid}}, s.post)
}

type postIn struct {
	ID   string `path:"id"`
	Body struct {
		Page  string `json:"page" minLength:"1" maxLength:"40" doc:"Any name of the open page: two pages of one person are two seats"`
		Doing Doing  `json:"doing" enum:"looking,writing,acting,gone" doc:"Say it again every ten seconds: a seat is empty after 25"`
	}
}

// Item is somebody else at the case.
type Item struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Doing Doing     `json:"doing" enum:"looking,writing,acting"`
	Since time.Time `json:"since"`
}

type postOut struct {
	Body struct {
		Others []Item `json:"others"`
	}
}

// post opens its own transaction: others are told after it.
func (s *Service) post(ctx context.Context, by actor.Actor, in *postIn) (*postOut, error) {
	var others []Seat
	var changed bool
	err := s.Store.Write(ctx, func(tx *db.Tx) (err error) {
		others, changed, err = Sit(ctx, tx, by, in.ID, in.Body.Page, in.Body.Doing)
		return err
	})
	if err != nil {
		return nil, err
	}
	if changed && s.Live != nil {
		s.Live.Whisper(live.Whisper{Tenant: by.Tenant, Stream: Stream, Subject: in.ID})
	}
	out := &postOut{}
	out.Body.Others = make([]Item, 0, len(others))
	for _, o := range others {
		out.Body.Others = append(out.Body.Others, Item{o.Person, o.Name, o.Doing, o.Since})
	}
	return out, nil
}
