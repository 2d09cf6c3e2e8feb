package inspection

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const (
	maxRuns     = 1000 // grades of one case
	maxNote     = 2000
	maxPhotos   = 50 // of one grade or finding
	maxFindings = 200
	maxTitle    = 500
)

// Grade records the findings on all received units at once. It fails with
// ErrGrade, with ErrUnmatched where a line's grades are not as many as its
// received units, with ErrGraded when called twice and ErrUnknown before
// Receive, and with ErrCounting while more parcels are to come.
func (s *Service) Grade(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, given []Grade) (Report, error) {
	sorted, err := checked(given)
	if err != nil {
		return Report{}, err
	}
	r, err := finish(ctx, tx, by.Tenant, caseID)
	if errors.Is(err, ErrUnknown) {
		var r Report
		if r, err = byCase(ctx, tx, by.Tenant, caseID); err == nil {
			err = ErrGraded
			if r.State == Counting {
				err = ErrCounting
			}
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
		fact.Grades = append(fact.Grades, UnitGrade{Line: g.Line, Count: g.Count, Grade: g.Grade, Reasons: g.Reasons, Disposition: g.Disposition, Accepted: g.Accepted})
	}
	return r, announce(ctx, tx, by, caseID, fact)
}

// Again sets the report of a case aside: its goods went back to the customer, or
// never came, and are sent once more, to be counted and graded anew. What was
// found before stays on record under a name of its own. A case without a report
// stays as it is.
func (s *Service) Again(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	if err := aside(ctx, tx, tenant, caseID, fmt.Sprintf("%s/%d", caseID, db.Millis(tx.Now))); err != nil {
		return fmt.Errorf("goods of case %s once more: %w", caseID, err)
	}
	return nil
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
		case !isText(g.Note, maxNote):
			return nil, ErrGrade.At(field("note"), "is too long or not text", fmt.Sprintf("at most %d characters", maxNote))
		case len(g.Photos) > maxPhotos:
			return nil, ErrGrade.At(field("photos"), "are too many", fmt.Sprintf("at most %d", maxPhotos))
		case !reasonable(g.Reasons):
			return nil, ErrGrade.At(field("reasons"), "are not known, or do not go together", strings.Join(Reasons, ", ")+"; each once, as_new alone")
		}
		if g.Photos == nil {
			g.Photos = []string{}
		}
		sorted[i] = g
	}
	slices.SortStableFunc(sorted, func(a, b Grade) int { return cmp.Compare(a.Line, b.Line) })
	return sorted, nil
}

func reasonable(reasons []string) bool {
	for i, r := range reasons {
		if !slices.Contains(Reasons, r) || slices.Contains(reasons[:i], r) || r == Reasons[0] && len(reasons) > 1 {
			return false
		}
	}
	return true
}

// isText accepts what people write, up to a number of characters.
func isText(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsRune(s, 0)
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
