package inspection

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const (
	maxRuns   = 1000 // grades of one case
	maxNote   = 2000
	maxPhotos = 50 // of one grade
)

// Receive records what was in the parcel, against what was announced by line.
// Lines that are not named did not arrive; fewer units than announced are
// missing, and an empty box is a report too. It fails with ErrExcess, ErrCount,
// and ErrReceived when called twice.
func (s *Service) Receive(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, announced map[int]int64, got []Received) (Report, error) {
	r, err := counted(announced, got)
	if err != nil {
		return Report{}, err
	}
	r.Tenant, r.Case, r.Version, r.ReceivedAt = by.Tenant, caseID, 1, tx.Now
	if r.State == Done {
		r.GradedAt = tx.Now
	}
	fresh, err := insert(ctx, tx, r)
	if err != nil {
		return Report{}, fmt.Errorf("receive goods of case %s: %w", caseID, err)
	}
	if !fresh {
		return Report{}, ErrReceived
	}
	fact := UnitsReceived{}
	for _, l := range r.Lines {
		fact.Lines = append(fact.Lines, LineReceived{Line: l.Line, Received: l.Received, Missing: l.Missing()})
	}
	return r, announce(ctx, tx, by, caseID, fact)
}

func counted(announced map[int]int64, got []Received) (Report, error) {
	r := Report{State: Done}
	for _, line := range slices.Sorted(maps.Keys(announced)) {
		r.Lines = append(r.Lines, Line{Line: line, Announced: announced[line]})
	}
	for i, g := range got {
		at := fmt.Sprintf("items[%d].quantity", i)
		if g.Quantity < 0 {
			return Report{}, ErrCount.At(at, "is negative", "the number of units that arrived")
		}
		n := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Line == g.Line })
		if n < 0 {
			if g.Quantity == 0 {
				continue
			}
			return Report{}, ErrExcess.With("line", g.Line).With("announced", 0).With("received", g.Quantity).
				At(at, "is more than announced", "0")
		}
		l := &r.Lines[n]
		if g.Quantity > l.Announced-l.Received { // a line may be named more than once
			return Report{}, ErrExcess.With("line", g.Line).With("announced", l.Announced).With("received", g.Quantity+l.Received).
				At(at, "is more than announced", fmt.Sprint(l.Announced-l.Received))
		}
		l.Received += g.Quantity
		if g.Quantity > 0 {
			r.State = Counted
		}
	}
	return r, nil
}

// Grade records the findings on all received units at once. It fails with
// ErrGrade, with ErrUnmatched where a line's grades are not as many as its
// received units, with ErrGraded when called twice and ErrUnknown before
// Receive.
func (s *Service) Grade(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, given []Grade) (Report, error) {
	sorted, err := checked(given)
	if err != nil {
		return Report{}, err
	}
	r, err := finish(ctx, tx, by.Tenant, caseID)
	if errors.Is(err, ErrUnknown) {
		if _, err = byCase(ctx, tx, by.Tenant, caseID); err == nil {
			err = ErrGraded
		}
	}
	if err != nil {
		return Report{}, err
	}
	r.Grades = sorted
	if err := r.match(); err != nil {
		return Report{}, err
	}
	if err := insertGrades(ctx, tx, r); err != nil {
		return Report{}, fmt.Errorf("grade goods of case %s: %w", caseID, err)
	}
	fact := UnitsGraded{}
	for _, g := range r.Grades {
		fact.Grades = append(fact.Grades, UnitGrade{Line: g.Line, Count: g.Count, Grade: g.Grade, Disposition: g.Disposition, Accepted: g.Accepted})
	}
	return r, announce(ctx, tx, by, caseID, fact)
}

// checked returns the grades by line, or what is wrong with the first bad one.
func checked(given []Grade) ([]Grade, error) {
	if len(given) > maxRuns {
		return nil, ErrGrade.At("items", "are too many", fmt.Sprintf("at most %d", maxRuns))
	}
	sorted := make([]Grade, len(given))
	for i, g := range given {
		field := func(name string) string { return fmt.Sprintf("items[%d].%s", i, name) }
		g.Note = strings.TrimSpace(g.Note)
		switch {
		case g.Count < 1 || g.Count > 1_000_000:
			return nil, ErrGrade.At(field("count"), "is not possible", "1 or more")
		case !slices.Contains(Grades, g.Grade):
			return nil, ErrGrade.At(field("grade"), "is not known", strings.Join(Grades, ", "))
		case !slices.Contains(Dispositions, g.Disposition):
			return nil, ErrGrade.At(field("disposition"), "is not known", strings.Join(Dispositions, ", "))
		case g.Accepted == (g.Disposition == Back):
			return nil, ErrGrade.At(field("disposition"), "does not fit: refused units go back to the customer, accepted ones do not", "")
		case utf8.RuneCountInString(g.Note) > maxNote || !utf8.ValidString(g.Note) || strings.ContainsRune(g.Note, 0):
			return nil, ErrGrade.At(field("note"), "is too long or not text", fmt.Sprintf("at most %d characters", maxNote))
		case len(g.Photos) > maxPhotos:
			return nil, ErrGrade.At(field("photos"), "are too many", fmt.Sprintf("at most %d", maxPhotos))
		}
		if g.Photos == nil {
			g.Photos = []string{}
		}
		sorted[i] = g
	}
	slices.SortStableFunc(sorted, func(a, b Grade) int { return cmp.Compare(a.Line, b.Line) })
	return sorted, nil
}

// match checks that each line has as many grades as received units.
func (r Report) match() error {
	graded := map[int]int64{}
	for _, g := range r.Grades {
		graded[g.Line] += g.Count
	}
	for _, l := range r.Lines {
		if graded[l.Line] != l.Received {
			return ErrUnmatched.With("line", l.Line).With("received", l.Received).With("graded", graded[l.Line])
		}
		delete(graded, l.Line)
	}
	for line, n := range graded {
		return ErrUnmatched.With("line", line).With("received", 0).With("graded", n)
	}
	return nil
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: "case", Subject: caseID}, fact)
}

// ByCase returns the report of a case, or ErrUnknown where nothing has been
// received.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) (Report, error) {
	r, err := byCase(ctx, tx, tenant, caseID)
	if err != nil || r.State != Done {
		return r, err
	}
	r.Grades, err = grades(ctx, tx, tenant, caseID)
	return r, err
}
