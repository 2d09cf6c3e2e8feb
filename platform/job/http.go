package job

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// View is a job as operators see it. Arguments stay private: they may be
// personal.
type View struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind"`
	Key         string    `json:"key,omitempty"`
	State       State     `json:"state" enum:"waiting,running,paused,dead"`
	RunAt       time.Time `json:"run_at"`
	Attempt     int       `json:"attempt"`
	MaxAttempts int       `json:"max_attempts"`
	LastError   string    `json:"last_error,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
}

func view(j Job) View {
	return View{j.ID, j.Kind, j.Key, j.State, j.RunAt, j.Attempt, j.MaxAttempts, j.LastError, j.CreatedAt}
}

type listIn struct {
	httpapi.Page
	State State `query:"state" default:"dead" enum:"waiting,running,paused,dead" doc:"Only jobs in this state"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items"`
		Next  string `json:"next"`
	}
}

type actIn struct {
	ID   string `path:"id"`
	Body struct {
		Action string `json:"action" enum:"run,discard" doc:"run: try again now; discard: give up a dead job"`
	}
}

type actOut struct{}

// Routes adds the operators' view of the queue.
func (q *Queue) Routes(a *httpapi.API, read, manage actor.Permission) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/jobs", Need: read, Tag: "operation", Summary: "List jobs by state"}, q.list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/jobs/{id}/actions", Need: manage, Tag: "operation", Status: 204,
		Summary: "Run a dead job again or discard it", Faults: []*fault.Fault{ErrUnknown, ErrState}}, q.act)
}

func (q *Queue) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	jobs, next, err := httpapi.PageByID(in.Page, func(j Job) string { return j.ID }, func(after string, limit int) ([]Job, error) {
		return page(ctx, tx, by.Tenant, in.State, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items, out.Body.Next = []View{}, next
	for _, j := range jobs {
		out.Body.Items = append(out.Body.Items, view(j))
	}
	return out, nil
}

func (q *Queue) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*actOut, error) {
	return &actOut{}, q.Act(ctx, tx, by.Tenant, in.ID, in.Body.Action)
}
