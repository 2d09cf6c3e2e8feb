package app

import "github.com/aftercare/aftercare/desk/template"

// templates lets shops word their e-mails themselves.
func (h *House) templates(s *services) {
	words := &template.Service{Queue: s.queue, Notices: s.notices}
	s.notices.Words = words.Words
	words.Routes(s.api)
	words.Jobs(s.queue)
}
