package cases

import (
	"context"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type listIn struct {
	httpapi.Page
	httpapi.Lang
	State  string `query:"state" doc:"Only these states, separated by commas" example:"submitted,inspecting"`
	Query  string `query:"q" maxLength:"100" doc:"Case, order or tracking number, or part of a name or title"`
	Reason string `query:"reason" maxLength:"40"`
	Sort   string `query:"sort" enum:"newest,oldest" default:"newest"`
	Counts bool   `query:"counts" doc:"Count the cases of each state that match the rest of the filter"`
}

type listOut struct {
	Body struct {
		Items  []Summary       `json:"items"`
		Next   string          `json:"next"`
		Counts map[State]int64 `json:"counts,omitempty"`
	}
}

func (in *listIn) filter() (Filter, error) {
	f := Filter{Query: in.Query, Reason: in.Reason, Oldest: in.Sort == "oldest", Limit: in.Limit + 1}
	var err error
	if f.States, err = states(in.State); err != nil || in.Cursor == "" {
		return f, err
	}
	var at int64
	err = httpapi.DecodeCursor(in.Cursor, &at, &f.After.ID)
	f.After.OpenedAt = time.UnixMilli(at)
	return f, err
}

func states(list string) ([]State, error) {
	var all []State
	for word := range strings.SplitSeq(list, ",") {
		if word == "" {
			continue
		}
		if _, known := waitingFor[State(word)]; !known {
			return nil, httpapi.ErrInvalid.At("query.state", word+" is not a state", "submitted, await_return, returning, inspecting, resolving, completed, rejected, closed")
		}
		all = append(all, State(word))
	}
	return all, nil
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	found, err := page(ctx, tx, by, f)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []Summary{}
	for i, c := range found {
		if i == in.Limit {
			last := found[i-1]
			out.Body.Next = httpapi.EncodeCursor(last.OpenedAt.UnixMilli(), last.ID)
			break
		}
		out.Body.Items = append(out.Body.Items, summary(c, in.Language()))
	}
	if in.Counts {
		out.Body.Counts, err = counts(ctx, tx, by, f)
	}
	return out, err
}
