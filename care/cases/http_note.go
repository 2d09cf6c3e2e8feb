package cases

import (
	"context"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

func (s *Service) noteRoutes(a *httpapi.API) {
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/cases/{id}/notes/{note}", Need: role.CaseNote, Tag: "cases", Status: 200, Summary: "Take a note of your own back, within ten minutes",
		Faults: []*fault.Fault{ErrUnknown, ErrNoteUnknown, ErrNoteOld}}, s.deleteNote)
}

type noteIn struct {
	httpapi.Lang
	ID   string `path:"id"`
	Note string `path:"note" doc:"The id of its entry in the timeline"`
}

func (s *Service) deleteNote(ctx context.Context, tx *db.Tx, by actor.Actor, in *noteIn) (*caseOut, error) {
	c, err := s.TakeBack(ctx, tx, by, in.ID, in.Note)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, tx, by, c, in.Language(), "")
}
