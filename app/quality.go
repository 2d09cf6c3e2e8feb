package app

import "github.com/aftercare/aftercare/quality/backtest"

// quality makes what looks at the past to judge the rules.
func (h *House) quality(s *services) {
	trials := &backtest.Service{Store: h.DB, Queue: s.queue, Book: s.law, Log: h.Log}
	trials.Routes(s.api)
	trials.Jobs(s.queue)
}
