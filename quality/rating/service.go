package rating

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Service holds the verbs of ratings.
type Service struct{ Store *db.DB }

// Said is what a customer says of a case.
type Said struct {
	Score   int64
	Comment string
}

// Rate keeps what a customer says of his case, or changes it. It fails with
// ErrInvalid, with ErrEarly while the case is not over, and with ErrLate when
// its time, or the time to change a rating, has passed.
func (s *Service) Rate(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, said Said) (Rating, error) {
	said.Comment = strings.TrimSpace(said.Comment)
	bad := ErrInvalid
	if said.Score < Least || said.Score > Most {
		bad = bad.At("score", "is not on the scale", "1 to 5")
	}
	if utf8.RuneCountInString(said.Comment) > Words {
		bad = bad.At("comment", "is too long", fmt.Sprintf("at most %d characters", Words))
	}
	if len(bad.Fields) > 0 {
		return Rating{}, bad
	}
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return Rating{}, err
	}
	old, err := byCase(ctx, tx, by.Tenant, caseID)
	fresh := errors.Is(err, ErrNone)
	if err != nil && !fresh {
		return Rating{}, err
	}
	until, open := Until(c, old)
	if !open {
		return Rating{}, ErrEarly.With("state", string(c.State))
	}
	if !tx.Now.Before(until) {
		return Rating{}, ErrLate.With("until", until)
	}
	if fresh {
		r := Rating{Tenant: by.Tenant, ID: id.New("rat"), Case: c.ID, Number: c.Number, Kind: string(c.Kind), Seller: c.Seller, Customer: c.Customer,
			Score: said.Score, Comment: said.Comment, Version: 1, CreatedAt: tx.Now, ChangedAt: tx.Now}
		if err := insert(ctx, tx, r); err != nil {
			return r, fmt.Errorf("rate case %s: %w", caseID, err)
		}
		return r, event.Append(ctx, tx, by, about(r), Given{r.Case, r.Score})
	}
	if old.Score == said.Score && old.Comment == said.Comment {
		return old, nil
	}
	r, err := change(ctx, tx, old, said)
	if err != nil {
		return r, fmt.Errorf("rate case %s again: %w", caseID, err)
	}
	return r, event.Append(ctx, tx, by, about(r), Changed{r.Case, r.Score})
}

// Until tells how long a case can be rated, or its rating changed; open is
// false while the case is not over, and where the customer withdrew it.
func Until(c cases.Case, old Rating) (until time.Time, open bool) {
	if !c.State.Final() || c.ClosedAs == "withdrawn" {
		return until, false
	}
	if !old.CreatedAt.IsZero() {
		return old.CreatedAt.Add(Editable), true
	}
	return c.UpdatedAt.Add(Open), true
}

// Of finds the rating of a case that the actor may see, or ErrNone.
func Of(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (Rating, cases.Case, error) {
	c, err := cases.ByID(ctx, tx, by, caseID)
	if err != nil {
		return Rating{}, c, err
	}
	r, err := byCase(ctx, tx, by.Tenant, caseID)
	return r, c, err
}

// Look notes that somebody has looked at a score. It fails with ErrNone.
func (s *Service) Look(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (Rating, error) {
	r, _, err := Of(ctx, tx, by, caseID)
	if err != nil || !r.Waits() {
		return r, err
	}
	if r, err = look(ctx, tx, r, by.ID); err != nil {
		return r, err
	}
	return r, event.Append(ctx, tx, by, about(r), Looked{r.Case})
}

// Filter narrows a list of ratings.
type Filter struct {
	Since  time.Time // given at this instant or later
	Before time.Time
	Seller string
	Low    bool // only low scores that nobody has looked at
}

// seen narrows a filter to what the actor may see.
func (f Filter) seen(by actor.Actor) Filter {
	if by.Seller != "" {
		f.Seller = by.Seller
	}
	return f
}

// Page lists ratings, the newest first.
func Page(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter, after string, limit int) ([]Rating, error) {
	return page(ctx, tx, by.Tenant, f.seen(by), after, limit)
}

// Sum adds up the ratings that match.
func Sum(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (Figures, error) {
	out, err := count(ctx, tx, by.Tenant, f.seen(by))
	if err != nil {
		return out, fmt.Errorf("sum up ratings: %w", err)
	}
	sum, happy := int64(0), int64(0)
	for i, n := range out.Scores {
		score := int64(i + 1)
		out.Count += n
		sum += n * score
		if score >= Happy {
			happy += n
		}
	}
	if out.Count > 0 {
		out.CSAT = math.Round(float64(happy)/float64(out.Count)*1000) / 10
		out.Mean = math.Round(float64(sum)/float64(out.Count)*100) / 100
	}
	return out, nil
}

func about(r Rating) event.About {
	return event.About{Stream: "rating", Subject: r.Case, Version: r.Version}
}
