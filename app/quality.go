package app

import (
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/quality/insight"
	"github.com/aftercare/aftercare/quality/rating"
)

// quality makes what looks at the past to judge the rules.
func (h *House) quality(s *services) {
	trials := &backtest.Service{Store: h.DB, Queue: s.queue, Book: s.law, Log: h.Log}
	trials.Routes(s.api)
	trials.Jobs(s.queue)
	ratings := &rating.Service{Store: h.DB}
	ratings.Routes(s.api)
	figures := &insight.Service{Store: h.DB, Queue: s.queue}
	figures.Routes(s.api)
	figures.Jobs(s.queue)
	types, react := figures.Events()
	s.followers.Follow("insight", types, react)
}
