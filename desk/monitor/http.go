package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/seal"
)

// Routes adds how the log is, and its audits.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/seal", Need: role.AuditRead, Tag: "seal", Summary: "How the sealed log is: size, keys, witnesses, checkpoints, audits"}, s.get)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/seal/audits", Need: role.AuditRead, Tag: "seal", Status: http.StatusAccepted, Faults: []*fault.Fault{ErrElsewhere},
		Summary: "Have the log compared with the database"}, s.post)
}

// View is the log as it is shown.
type View struct {
	Begun       bool             `json:"begun"`
	Log         string           `json:"log" doc:"Name of the log"`
	Entries     int64            `json:"entries"`
	Unsealed    int64            `json:"unsealed" doc:"Events that have no entry yet"`
	LagMS       int64            `json:"lag_ms" doc:"Age of the oldest of them in milliseconds"`
	SealedAt    *time.Time       `json:"sealed_at,omitempty"`
	Sealing     bool             `json:"sealing" doc:"A process seals"`
	Keys        []KeyView        `json:"keys"`
	Witnesses   []WitnessView    `json:"witnesses"`
	Checkpoints []CheckpointView `json:"checkpoints" doc:"The last ones that were kept, the newest first"`
	Audits      []RunView        `json:"audits" doc:"The newest first; only for the first shop of the installation"`
	MayAudit    bool             `json:"may_audit"`
}

// KeyView is a public key of the log.
type KeyView struct {
	Verifier  string     `json:"verifier" doc:"As C2SP signed-note has it"`
	Since     int64      `json:"since" doc:"Entries of the log when it was added"`
	AddedAt   time.Time  `json:"added_at"`
	RetiredAt *time.Time `json:"retired_at,omitempty"`
}

// WitnessView is what a witness has signed last.
type WitnessView struct {
	Name     string     `json:"name"`
	Entries  int64      `json:"entries"`
	SignedAt *time.Time `json:"signed_at,omitempty"`
	Problem  string     `json:"problem,omitempty"`
}

// CheckpointView is a kept checkpoint.
type CheckpointView struct {
	Entries  int64     `json:"entries"`
	SealedAt time.Time `json:"sealed_at"`
	Note     string    `json:"note" doc:"Signed note"`
}

// RunView is an audit.
type RunView struct {
	ID      string       `json:"id"`
	State   string       `json:"state" enum:"waiting,running,ended,failed"`
	Files   bool         `json:"files" doc:"Stored files were read as well"`
	By      string       `json:"by,omitempty" doc:"Who asked; empty: the program itself, daily"`
	AskedAt time.Time    `json:"asked_at"`
	EndedAt *time.Time   `json:"ended_at,omitempty"`
	Done    int64        `json:"done"`
	Of      int64        `json:"of"`
	Report  *seal.Report `json:"report,omitempty"`
	Failed  bool         `json:"failed,omitempty"`
}

func runView(r Run) (v RunView, err error) {
	v = RunView{ID: r.ID, State: r.State, Files: r.Files, By: r.By, AskedAt: r.AskedAt, Done: r.Done, Of: r.Of, Failed: r.State == Failed}
	if !r.EndedAt.IsZero() {
		v.EndedAt = &r.EndedAt
	}
	if len(r.Report) > 0 {
		v.Report = &seal.Report{}
		err = json.Unmarshal(r.Report, v.Report)
	}
	return v, err
}

type out struct{ Body View }

type none struct{}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, _ *none) (*out, error) {
	v := View{Keys: []KeyView{}, Witnesses: []WitnessView{}, Checkpoints: []CheckpointView{}, Audits: []RunView{}, MayAudit: by.Tenant == s.Owner}
	log, err := seal.Look(ctx, tx, 24)
	if errors.Is(err, seal.ErrBegun) {
		return &out{v}, nil
	}
	if err != nil {
		return nil, err
	}
	v.Begun, v.Log, v.Entries, v.Unsealed, v.LagMS, v.Sealing = true, log.Origin, log.Size, log.Unsealed, log.Lag.Milliseconds(), log.Holder != ""
	if !log.SealedAt.IsZero() {
		v.SealedAt = &log.SealedAt
	}
	for _, k := range log.Keys {
		one := KeyView{Verifier: k.Verifier, Since: k.Since, AddedAt: k.AddedAt}
		if !k.RetiredAt.IsZero() {
			one.RetiredAt = &k.RetiredAt
		}
		v.Keys = append(v.Keys, one)
	}
	for _, w := range log.Witnesses {
		one := WitnessView{Name: w.Name, Entries: w.Size, Problem: w.Problem}
		if !w.SignedAt.IsZero() {
			one.SignedAt = &w.SignedAt
		}
		v.Witnesses = append(v.Witnesses, one)
	}
	for _, c := range log.Checkpoints {
		v.Checkpoints = append(v.Checkpoints, CheckpointView{c.Size, c.SealedAt, c.Note})
	}
	runs, err := s.Page(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		one, err := runView(r)
		if err != nil {
			return nil, err
		}
		v.Audits = append(v.Audits, one)
	}
	return &out{v}, nil
}

type postIn struct {
	Body struct {
		Files bool `json:"files,omitempty" doc:"Read every stored file and compare it as well"`
	}
}

type postOut struct{ Body RunView }

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*postOut, error) {
	r, err := s.Ask(ctx, tx, by, in.Body.Files)
	if err != nil {
		return nil, err
	}
	v, err := runView(r)
	return &postOut{v}, err
}
