package app

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/desk/message"
	"github.com/aftercare/aftercare/desk/reply"
	"github.com/aftercare/aftercare/desk/search"
	"github.com/aftercare/aftercare/platform/db"
)

// talk connects what shop and customer write to each other.
func (h *House) talk(s *services) {
	(&message.Service{Files: s.photos}).Routes(s.api)
	ready := &reply.Service{Fill: func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, lang, text string) (string, error) {
		return s.notices.Fill(ctx, tx, by, caseID, lang, text)
	}}
	ready.Routes(s.api)
	types, react := ready.Events()
	s.followers.FollowFromNow("replies", types, react)
	types, react = search.Events(s.queue)
	s.followers.Follow(search.Follower, types, react)
}
