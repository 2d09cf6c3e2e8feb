package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/connect/webhook"
)

// webhooks connects what tells other programs of events.
func (h *House) webhooks(s *services) error {
	allow, err := webhook.Networks(h.Config.WebhookAllow)
	if err != nil {
		return fmt.Errorf("webhook_allow: %w", err)
	}
	out := webhook.New(h.DB, s.queue, h.Keys, allow)
	out.Routes(s.api, told(), names)
	out.Jobs(s.queue)
	types, react := out.Events()
	s.followers.FollowFromNow("webhooks", types, react)
	return nil
}

// told are the kinds of events that programs can choose from: those that have
// a name of their own, and the steps and decisions of cases.
func told() (all []webhook.Kind) {
	add := func(kind, meaning string) {
		if !slices.ContainsFunc(all, func(k webhook.Kind) bool { return k.Kind == kind }) {
			all = append(all, webhook.Kind{Kind: kind, Meaning: meaning})
		}
	}
	for _, outcome := range []string{"approve", "refuse", "ask", "review"} {
		add(cases.Decided{Outcome: outcome}.Type(), "A request was decided.")
	}
	for _, m := range cases.Moves {
		if !slices.Contains([]cases.Action{cases.Approve, cases.Refuse, cases.Propose, cases.Answer, cases.Grade, cases.Amend, cases.Accept, cases.Decline, cases.Lapse}, m.Do) {
			add(cases.Moved{Do: m.Do}.Type(), "A case took this step.")
		}
	}
	for _, f := range facts {
		if f.name == strings.ToLower(f.name) {
			add(f.name, f.meaning)
		}
	}
	slices.SortFunc(all, func(a, b webhook.Kind) int { return strings.Compare(a.Kind, b.Kind) })
	return all
}
