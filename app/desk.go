package app

import (
	"context"

	"github.com/aftercare/aftercare/desk/alert"
	"github.com/aftercare/aftercare/desk/mention"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/desk/presence"
	"github.com/aftercare/aftercare/desk/view"
)

// desk connects what people at the console share: kept lists, who is at a case,
// and mentions in notes.
func (h *House) desk(s *services) {
	view.Routes(s.api)
	(&presence.Service{Store: h.DB, Live: s.hub}).Routes(s.api)
	told := &mention.Service{Store: h.DB, Queue: s.queue}
	if h.Config.MailURL() != "" {
		told.Send = func(ctx context.Context, l mention.Letter) error {
			return s.notices.Mentioned(ctx, notice.Mentioned{
				Key: l.Key, Tenant: l.To.Tenant, To: l.To.Email, Name: l.To.Name, Language: l.To.Language, By: l.By, Number: l.Number, Case: l.Case,
			})
		}
	}
	mention.Routes(s.api)
	told.Jobs(s.queue)
	types, react := told.Events()
	s.followers.FollowFromNow("mentions", types, react)
	h.alert(s)
	h.talk(s)
}

// alert calls people to what waits past its time.
func (h *House) alert(s *services) {
	calls := &alert.Service{Store: h.DB, Queue: s.queue}
	if h.Config.MailURL() != "" {
		// Not s.notices.Call: the messages are made later than this.
		calls.Send = func(ctx context.Context, m notice.Called) error { return s.notices.Call(ctx, m) }
	}
	alert.Routes(s.api)
	calls.Jobs(s.queue)
	if types, react := calls.Events(); react != nil {
		s.followers.FollowFromNow("alerts", types, react)
	}
}
