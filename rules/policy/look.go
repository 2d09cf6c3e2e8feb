package policy

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

// Checked is all there is to say about rules before they are saved.
type Checked struct {
	Problems []Problem   `json:"problems"`
	Floor    []Violation `json:"floor"`
	Warnings []Warning   `json:"warnings"`
}

// Look checks rules without saving them.
func (s *Service) Look(ctx context.Context, tx *db.Tx, tenant string, r Rules) (Checked, error) {
	out := Checked{Problems: r.Problems(), Floor: []Violation{}, Warnings: []Warning{}}
	if len(out.Problems) > 0 {
		return out, nil
	}
	out.Problems = []Problem{}
	p := Policy{Rules: r}
	if err := s.under(ctx, tx, tenant, &p); err != nil {
		if !errors.Is(err, ErrParent) {
			return out, err
		}
		out.Problems = append(out.Problems, problem("parent", sayNoParent, wantLiveParent))
		return out, nil
	}
	found, err := s.violations(&p, tx.Now)
	if err != nil {
		return out, err
	}
	out.Floor = append(out.Floor, found...)
	book, err := s.book()
	if err != nil {
		return out, err
	}
	out.Warnings = append(out.Warnings, r.Warnings(book)...)
	return out, nil
}

// Try runs tests: on rules that are not saved, or on a version, 0 for the draft
// or else the live one; without tests, those saved with the version.
func (s *Service) Try(ctx context.Context, tx *db.Tx, tenant, id string, version int64, rules *Rules, tests []Test) ([]Result, error) {
	if err := checkTests(tests); err != nil {
		return nil, err
	}
	p, err := s.subject(ctx, tx, tenant, id, version, rules)
	if err != nil {
		return nil, err
	}
	if tests == nil {
		tests = p.Tests
	}
	return p.Try(tests, s.Together), nil
}

func (s *Service) subject(ctx context.Context, tx *db.Tx, tenant, id string, version int64, rules *Rules) (p Policy, err error) {
	if version > 0 {
		p, err = At(ctx, tx, tenant, id, version)
	} else if p, err = draftOf(ctx, tx, tenant, id); errors.Is(err, ErrUnknown) {
		p, err = Live(ctx, tx, tenant, id)
	}
	if rules == nil || err != nil && !errors.Is(err, ErrUnknown) {
		return p, err
	}
	if err := rules.Check(); err != nil {
		return Policy{}, err
	}
	p.ID, p.Rules, p.Parent = id, *rules, 0
	return p, s.under(ctx, tx, tenant, &p)
}
