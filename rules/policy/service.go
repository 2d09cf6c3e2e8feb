package policy

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/rights"
)

// Service changes policies. New makes it; one that was not made by New lets the
// program itself write, and nobody without a second reader.
type Service struct {
	// Together answers tests that are about the law as well; nil: those fail.
	Together Together

	publishers Publishers
	law        *rights.Book
}

// Publishers counts the staff of a tenant who may publish policies, up to two.
type Publishers func(ctx context.Context, tx *db.Tx, tenant string) (int, error)

// New makes the verbs on policies. book is the law that they are measured
// against; nil: the packs that are shipped.
func New(book *rights.Book, publishers Publishers) *Service {
	return &Service{publishers: publishers, law: book}
}

// Alone is for a program that one person runs, such as the command line on an
// empty store: there is no second reader.
func Alone(context.Context, *db.Tx, string) (int, error) { return 1, nil }

// Draftable is what an author writes.
type Draftable struct {
	Name  string
	Rules Rules
	Note  string
	Tests []Test
}

// Save writes a new version and makes it live at once. seen is the live version
// the author read, 0 for a new policy; another version in between is ErrStale.
// Where a second member of staff could read it first, it is ErrFourEyes.
func (s *Service) Save(ctx context.Context, tx *db.Tx, by actor.Actor, id, name string, rules Rules, seen int64) (Policy, error) {
	if err := rules.Check(); err != nil {
		return Policy{}, err
	}
	now, err := Live(ctx, tx, by.Tenant, id)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Policy{}, err
	}
	if now.Version != seen {
		return Policy{}, ErrStale.With("version", now.Version)
	}
	if by.Kind == actor.Staff || by.Kind == actor.Key {
		if err := s.eyes(ctx, tx, by.Tenant); err != nil {
			return Policy{}, err
		}
	}
	number, err := last(ctx, tx, by.Tenant, id)
	if err != nil {
		return Policy{}, err
	}
	p := Policy{
		ID: id, Name: name, Version: number + 1, State: Draft, Rules: rules, Tests: now.Tests, Author: nameOf(by), Revision: db.Millis(tx.Now), CreatedAt: tx.Now,
		Steps: []Step{{Action: "activate", By: nameOf(by), At: tx.Now}},
	}
	return s.enforce(ctx, tx, by, p, 0)
}

// Edit makes the draft of a policy, or changes it. seen is the revision of the
// draft that the author read, the live version where there is no draft yet, or
// 0 for whatever is there. Only one draft exists at a time; what was read goes
// back to being a draft.
func (s *Service) Edit(ctx context.Context, tx *db.Tx, by actor.Actor, id string, d Draftable, seen int64) (Policy, error) {
	if err := errors.Join(d.Rules.Check(), checkTests(d.Tests)); err != nil {
		return Policy{}, err
	}
	p, err := draftOf(ctx, tx, by.Tenant, id)
	if errors.Is(err, ErrUnknown) {
		return s.begin(ctx, tx, by, id, d, seen)
	}
	if err != nil {
		return Policy{}, err
	}
	if seen != 0 && seen != p.Revision {
		return Policy{}, ErrStale.With("revision", p.Revision)
	}
	read := p.Revision
	p.Name, p.Rules, p.Tests, p.Note, p.State = d.Name, d.Rules, d.Tests, d.Note, Draft
	p.Author, p.Reviewer = nameOf(by), Name{}
	p.edited(tx, by, d.Note)
	if err := s.under(ctx, tx, by.Tenant, &p); err != nil {
		return Policy{}, err
	}
	return s.save(ctx, tx, by, p, read, "edit")
}

// edited notes a change; of several by one author in a row, the last.
func (p *Policy) edited(tx *db.Tx, by actor.Actor, note string) {
	if n := len(p.Steps); n > 0 && p.Steps[n-1].Action == "edit" && p.Steps[n-1].By == nameOf(by) {
		p.Steps = p.Steps[:n-1]
	}
	p.step(tx, by, "edit", note)
}

func (s *Service) begin(ctx context.Context, tx *db.Tx, by actor.Actor, id string, d Draftable, seen int64) (Policy, error) {
	now, err := Live(ctx, tx, by.Tenant, id)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Policy{}, err
	}
	if seen != 0 && seen != now.Version {
		return Policy{}, ErrStale.With("version", now.Version)
	}
	number, err := last(ctx, tx, by.Tenant, id)
	if err != nil {
		return Policy{}, err
	}
	p := Policy{
		ID: id, Name: d.Name, Version: number + 1, State: Draft, Rules: d.Rules, Tests: d.Tests, Note: d.Note, Author: nameOf(by), Revision: db.Millis(tx.Now),
		CreatedAt: tx.Now, Steps: []Step{{Action: "draft", By: nameOf(by), At: tx.Now, Note: d.Note}},
	}
	if err := s.under(ctx, tx, by.Tenant, &p); err != nil {
		return Policy{}, err
	}
	fresh, err := insert(ctx, tx, by.Tenant, p)
	if err != nil {
		return Policy{}, err
	}
	if !fresh {
		return Policy{}, ErrStale.With("version", p.Version)
	}
	return p, p.announce(ctx, tx, by, "draft")
}

// Discard throws the draft of a policy away.
func (s *Service) Discard(ctx context.Context, tx *db.Tx, by actor.Actor, id string) error {
	p, err := draftOf(ctx, tx, by.Tenant, id)
	if err != nil {
		return err
	}
	if err := remove(ctx, tx, by.Tenant, p); err != nil {
		return err
	}
	return p.announce(ctx, tx, by, "discard")
}

// Act moves a version on: review, reject, activate, retire.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by actor.Actor, id string, version int64, action, note string) (Policy, error) {
	p, err := At(ctx, tx, by.Tenant, id, version)
	if err != nil {
		return Policy{}, err
	}
	to, err := next(p.State, action)
	if err != nil {
		return Policy{}, err
	}
	seen := p.Revision
	p.step(tx, by, action, note)
	switch action {
	case "review":
		if by.ID == p.Author.ID {
			if err := s.eyes(ctx, tx, by.Tenant); err != nil {
				return Policy{}, err
			}
		}
		p.Reviewer = nameOf(by)
	case "reject":
		p.Reviewer = Name{}
	case "activate":
		return s.enforce(ctx, tx, by, p, seen)
	case "retire":
		if err := s.dispensable(ctx, tx, by.Tenant, p); err != nil {
			return Policy{}, err
		}
		p.RetiredAt = tx.Now
	}
	p.State = to
	return s.save(ctx, tx, by, p, seen, action)
}

// dispensable refuses to retire what orders or other policies need.
func (s *Service) dispensable(ctx context.Context, tx *db.Tx, tenant string, p Policy) error {
	if p.ID == Standard {
		return ErrNeeded.With("by", "orders")
	}
	above, err := children(ctx, tx, tenant, p.ID)
	if err != nil {
		return err
	}
	if len(above) > 0 {
		return ErrNeeded.With("by", above[0].ID)
	}
	return nil
}

// step notes what is done with a version.
func (p *Policy) step(tx *db.Tx, by actor.Actor, action, note string) {
	p.Steps = append(p.Steps, Step{Action: action, By: nameOf(by), At: tx.Now, Note: note})
	p.Revision = max(p.Revision+1, db.Millis(tx.Now))
}

// save writes a version over the revision that was read, and announces it.
func (s *Service) save(ctx context.Context, tx *db.Tx, by actor.Actor, p Policy, seen int64, action string) (Policy, error) {
	ok, err := update(ctx, tx, by.Tenant, p, seen)
	if err != nil {
		return Policy{}, err
	}
	if !ok {
		return Policy{}, ErrStale.With("version", p.Version)
	}
	return p, p.announce(ctx, tx, by, action)
}

// eyes refuses an author who reads his own words where somebody else could.
func (s *Service) eyes(ctx context.Context, tx *db.Tx, tenant string) error {
	if s.publishers == nil {
		return ErrFourEyes
	}
	n, err := s.publishers(ctx, tx, tenant)
	if err != nil {
		return err
	}
	if n >= 2 {
		return ErrFourEyes
	}
	return nil
}

func nameOf(by actor.Actor) Name {
	if by.ID == "" && by.Name == "" {
		return Name{Name: string(by.Kind)}
	}
	return Name{by.ID, by.Name}
}

// Found gives a tenant its first policy, once.
func (s *Service) Found(ctx context.Context, tx *db.Tx, by actor.Actor) error {
	if _, err := Live(ctx, tx, by.Tenant, Standard); err == nil || !errors.Is(err, ErrUnknown) {
		return err
	}
	_, err := s.Save(ctx, tx, by, Standard, "Standard", Default(), 0)
	return err
}
