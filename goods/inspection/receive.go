package inspection

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Receive records what was in a parcel, against what was announced by line. It
// may be called for several parcels of a case; the last one closes the count,
// and what has not come by then is missing. Lines that are not named did not
// arrive in this parcel; an empty box is a report too. What was announced is
// taken from the first parcel. It fails with ErrExcess, ErrCount, ErrFinding,
// and with ErrReceived when the count is closed.
func (s *Service) Receive(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, announced map[int]int64, got []Received, last bool) (Report, error) {
	r := Report{Tenant: by.Tenant, Case: caseID, Version: 1, ReceivedAt: tx.Now}
	for _, line := range slices.Sorted(maps.Keys(announced)) {
		r.Lines = append(r.Lines, Line{Line: line, Announced: announced[line]})
	}
	if err := r.count(got, last); err != nil {
		return Report{}, err
	}
	if r.State == Done {
		r.GradedAt = tx.Now
	}
	fresh, err := insert(ctx, tx, r)
	if err == nil && !fresh {
		r, err = s.receiveMore(ctx, tx, by.Tenant, caseID, got, last)
	}
	if err != nil {
		return Report{}, fmt.Errorf("receive goods of case %s: %w", caseID, err)
	}
	fact := UnitsReceived{Open: r.State == Counting}
	for _, l := range r.Lines {
		fact.Lines = append(fact.Lines, LineReceived{Line: l.Line, Received: l.Received, Missing: l.Missing()})
	}
	for _, f := range r.Findings[len(r.Findings)-found(got):] {
		fact.Findings = append(fact.Findings, UnitFound{Line: f.Line, Finding: f.Finding, SKU: f.SKU, Quantity: f.Quantity})
	}
	return r, announce(ctx, tx, by, caseID, fact)
}

// receiveMore adds a parcel to an open report. Of two at once one waits.
func (s *Service) receiveMore(ctx context.Context, tx *db.Tx, tenant, caseID string, got []Received, last bool) (Report, error) {
	r, err := open(ctx, tx, tenant, caseID)
	if err != nil {
		return Report{}, err
	}
	if err := r.count(got, last); err != nil {
		return Report{}, err
	}
	if r.State == Done {
		r.GradedAt = tx.Now
	}
	return r, update(ctx, tx, r)
}

// count adds what was in a parcel, and closes the report after the last one.
func (r *Report) count(got []Received, last bool) error {
	for i, g := range got {
		field := func(name string) string { return fmt.Sprintf("items[%d].%s", i, name) }
		if g.Finding != "" {
			if err := r.find(g, field); err != nil {
				return err
			}
			continue
		}
		at := field("quantity")
		if g.Quantity < 0 {
			return ErrCount.At(at, "is negative", "the number of units that arrived")
		}
		n := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Line == g.Line })
		if n < 0 {
			if g.Quantity == 0 {
				continue
			}
			return ErrExcess.With("line", g.Line).With("announced", 0).With("received", g.Quantity).
				At(at, "is more than announced", "0, or a finding")
		}
		l := &r.Lines[n]
		if g.Quantity > l.Missing() { // a line may be named more than once
			return ErrExcess.With("line", g.Line).With("announced", l.Announced).With("received", g.Quantity+l.Received).
				At(at, "is more than announced", fmt.Sprintf("%d, or a finding", l.Missing()))
		}
		l.Received += g.Quantity
	}
	r.State = Counting
	if last {
		r.State = Done
		if slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Received > 0 }) {
			r.State = Counted
		}
	}
	return nil
}

func (r *Report) find(g Received, field func(string) string) error {
	f := Finding{Line: g.Line, Finding: g.Finding, SKU: strings.TrimSpace(g.SKU), Title: strings.TrimSpace(g.Title), Quantity: g.Quantity, Note: strings.TrimSpace(g.Note), Photos: g.Photos}
	known := slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Line == g.Line })
	switch {
	case !slices.Contains(Findings, f.Finding):
		return ErrFinding.At(field("finding"), "is not known", strings.Join(Findings, ", "))
	case f.Quantity < 1 || f.Quantity > 1_000_000:
		return ErrFinding.At(field("quantity"), "is not possible", "1 or more")
	case f.Line != 0 && !known:
		return ErrFinding.At(field("line"), "was not announced", "a line of the case, or none")
	case f.Line == 0 && f.Finding != Extra:
		return ErrFinding.At(field("line"), "is missing", "the line whose goods should have been in its place")
	case !isText(f.SKU, maxTitle) || !isText(f.Title, maxTitle):
		return ErrFinding.At(field("title"), "is too long or not text", fmt.Sprintf("at most %d characters", maxTitle))
	case f.Title == "" && f.SKU == "" && f.Note == "":
		return ErrFinding.At(field("note"), "is empty", "what was found: an article number, a title or a note")
	case !isText(f.Note, maxNote):
		return ErrFinding.At(field("note"), "is too long or not text", fmt.Sprintf("at most %d characters", maxNote))
	case len(f.Photos) > maxPhotos:
		return ErrFinding.At(field("photos"), "are too many", fmt.Sprintf("at most %d", maxPhotos))
	case len(r.Findings) >= maxFindings:
		return ErrFinding.At(field("finding"), "is one too many", fmt.Sprintf("at most %d in a case", maxFindings))
	}
	r.Findings = append(r.Findings, f)
	return nil
}

func found(got []Received) (n int) {
	for _, g := range got {
		if g.Finding != "" {
			n++
		}
	}
	return n
}
