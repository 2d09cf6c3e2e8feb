package rating

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/customer"
)

// Routes adds what HTTP can ask of ratings.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/cases/{id}/rating", Need: role.MyCases, Tag: "Customer", Summary: "How a case was rated, and whether it can be",
		Faults: []*fault.Fault{cases.ErrUnknown}}, s.getMine)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/my/cases/{id}/rating", Need: role.MyCases, Tag: "Customer", Summary: "Rate a case that is over, or change the rating",
		Faults: []*fault.Fault{cases.ErrUnknown, ErrInvalid, ErrEarly, ErrLate}}, s.putMine)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/cases/{id}/rating", Need: role.CaseRead, Tag: "Ratings", Summary: "How the customer rated a case",
		Faults: []*fault.Fault{cases.ErrUnknown, ErrNone}}, s.getOne)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/cases/{id}/rating/look", Need: role.CaseNote, Tag: "Ratings", Summary: "Note that a low score was looked at",
		Faults: []*fault.Fault{cases.ErrUnknown, ErrNone}}, s.postLook)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/ratings", Need: role.InsightRead, Tag: "Ratings", Summary: "List ratings with their figures, the newest first"}, s.list)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/ratings.csv", Need: role.CaseExport, Tag: "Ratings", Summary: "Export ratings as a table", Produces: "text/csv",
		Query: map[string]string{"since": "Given at this instant or later", "before": "Given before this instant", "low": "true: only low scores that nobody has looked at"}}, s.csv)
}

type mineIn struct {
	ID string `path:"id" maxLength:"64"`
}

// Mine is a customer's own rating of a case.
type Mine struct {
	Score    int64      `json:"score,omitempty" doc:"Missing: not rated yet"`
	Comment  string     `json:"comment,omitempty"`
	At       *time.Time `json:"at,omitempty"`
	Possible bool       `json:"possible" doc:"The case can be rated, or the rating changed, now"`
	Until    *time.Time `json:"until,omitempty" doc:"How long"`
}

type mineOut struct{ Body Mine }

func mine(r Rating, c cases.Case, now time.Time) *mineOut {
	out := &mineOut{Body: Mine{Score: r.Score, Comment: r.Comment}}
	if !r.ChangedAt.IsZero() {
		out.Body.At = &r.ChangedAt
	}
	if until, open := Until(c, r); open {
		out.Body.Until, out.Body.Possible = &until, now.Before(until)
	}
	return out
}

func (s *Service) getMine(ctx context.Context, tx *db.Tx, by actor.Actor, in *mineIn) (*mineOut, error) {
	r, c, err := Of(ctx, tx, by, in.ID)
	if err != nil && !errors.Is(err, ErrNone) {
		return nil, err
	}
	return mine(r, c, tx.Now), nil
}

type putIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Score   int64  `json:"score" doc:"1 very dissatisfied to 5 very satisfied"`
		Comment string `json:"comment,omitempty" maxLength:"4000"`
	}
}

func (s *Service) putMine(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*mineOut, error) {
	r, err := s.Rate(ctx, tx, by, in.ID, Said{in.Body.Score, in.Body.Comment})
	if err != nil {
		return nil, err
	}
	c, err := cases.ByID(ctx, tx, by, in.ID)
	return mine(r, c, tx.Now), err
}

// View is a rating as staff see it.
type View struct {
	ID       string     `json:"id"`
	Case     string     `json:"case"`
	Number   string     `json:"number"`
	Kind     string     `json:"kind"`
	Seller   string     `json:"seller,omitempty"`
	Score    int64      `json:"score"`
	Comment  string     `json:"comment,omitempty"`
	Waits    bool       `json:"waits" doc:"A low score that nobody has looked at"`
	LookedBy string     `json:"looked_by,omitempty"`
	LookedAt *time.Time `json:"looked_at,omitempty"`
	At       time.Time  `json:"at"`
}

func view(r Rating) View {
	v := View{ID: r.ID, Case: r.Case, Number: r.Number, Kind: r.Kind, Seller: r.Seller, Score: r.Score, Comment: r.Comment, Waits: r.Waits(), LookedBy: r.LookedBy, At: r.ChangedAt}
	if !r.LookedAt.IsZero() {
		v.LookedAt = &r.LookedAt
	}
	return v
}

// seen are ratings with what the actor may see of the words in them.
func seen(ctx context.Context, tx *db.Tx, by actor.Actor, all []Rating) ([]Rating, error) {
	texts := customer.ReaderFor(by)
	for i := range all {
		clean, err := texts.Text(ctx, tx, all[i].Tenant, all[i].Customer, all[i].Comment)
		if err != nil {
			return all, err
		}
		all[i].Comment = clean
	}
	return all, nil
}

type oneOut struct{ Body View }

func (s *Service) getOne(ctx context.Context, tx *db.Tx, by actor.Actor, in *mineIn) (*oneOut, error) {
	r, _, err := Of(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	shown, err := seen(ctx, tx, by, []Rating{r})
	return &oneOut{view(shown[0])}, err
}

func (s *Service) postLook(ctx context.Context, tx *db.Tx, by actor.Actor, in *mineIn) (*oneOut, error) {
	r, err := s.Look(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	shown, err := seen(ctx, tx, by, []Rating{r})
	return &oneOut{view(shown[0])}, err
}

type listIn struct {
	httpapi.Page
	Since  time.Time `query:"since" doc:"Given at this instant or later"`
	Before time.Time `query:"before" doc:"Given before this instant"`
	Low    bool      `query:"low" doc:"Only low scores that nobody has looked at"`
}

type listOut struct {
	Body struct {
		Items   []View  `json:"items" nullable:"false"`
		Next    string  `json:"next"`
		Figures Figures `json:"figures"`
	}
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	f := Filter{Since: in.Since, Before: in.Before, Low: in.Low}
	all, next, err := httpapi.PageByID(in.Page, func(r Rating) string { return r.ID }, func(after string, limit int) ([]Rating, error) {
		return Page(ctx, tx, by, f, after, limit)
	})
	if err == nil {
		all, err = seen(ctx, tx, by, all)
	}
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Next, out.Body.Items = next, make([]View, 0, len(all))
	for _, r := range all {
		out.Body.Items = append(out.Body.Items, view(r))
	}
	out.Body.Figures, err = Sum(ctx, tx, by, f)
	return out, err
}

const batch = 500

func (s *Service) csv(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	f := Filter{Low: r.URL.Query().Get("low") == "true"}
	for name, at := range map[string]*time.Time{"since": &f.Since, "before": &f.Before} {
		text := r.URL.Query().Get(name)
		if text == "" {
			continue
		}
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return httpapi.ErrInvalid.At("query."+name, "is not an instant", "RFC 3339, such as 2026-03-01T00:00:00Z")
		}
		*at = parsed
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="ratings.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"rated_at", "case", "kind", "seller", "score", "comment", "looked_at"})
	for after := ""; ; {
		var found []Rating
		err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
			if found, err = Page(ctx, tx, by, f, after, batch); err == nil {
				found, err = seen(ctx, tx, by, found)
			}
			return err
		})
		if err != nil {
			return err
		}
		httpapi.Told(ctx, len(found))
		for _, one := range found {
			looked := ""
			if !one.LookedAt.IsZero() {
				looked = one.LookedAt.Format(time.RFC3339)
			}
			_ = out.Write([]string{one.ChangedAt.Format(time.RFC3339), sheet.Inert(one.Number), one.Kind, sheet.Inert(one.Seller), strconv.FormatInt(one.Score, 10), sheet.Inert(one.Comment), looked})
			after = one.ID
		}
		out.Flush()
		if err := out.Error(); err != nil || len(found) < batch {
			return err
		}
	}
}
