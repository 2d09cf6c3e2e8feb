package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
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
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/seal/keys", Need: role.SealManage, Tag: "seal", Status: http.StatusCreated,
		Summary: "Add a fresh key that signs the log beside the others", Faults: []*fault.Fault{ErrElsewhere, session.ErrStepUp, seal.ErrBegun, seal.ErrKeyText, seal.ErrKeyElse, seal.ErrManyKeys}}, s.rotate)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/seal/keys/{id}/retire", Need: role.SealManage, Tag: "seal",
		Summary: "Let a key of the log sign nothing any more", Faults: []*fault.Fault{session.ErrStepUp, seal.ErrNoKey, seal.ErrLastKey, seal.ErrKeyNotUsed}}, s.retire)
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
	KeySource   string           `json:"key_source" enum:"file,config,master" doc:"Where its private keys are: in a file of the server, in its configuration, or derived from the master key"`
	Witnesses   []WitnessView    `json:"witnesses"`
	Checkpoints []CheckpointView `json:"checkpoints" doc:"The last ones that were kept, the newest first"`
	Audits      []RunView        `json:"audits" doc:"The newest first; only for the first shop of the installation"`
	MayAudit    bool             `json:"may_audit" doc:"Audits may be asked for here: this is the first shop of the installation"`
	MayKeys     bool             `json:"may_keys" doc:"The asker may add and retire keys"`
}

// KeyView is a public key of the log.
type KeyView struct {
	ID        string     `json:"id" doc:"Its number, as it stands in signatures"`
	Verifier  string     `json:"verifier" doc:"As C2SP signed-note has it"`
	Signs     bool       `json:"signs" doc:"The newest checkpoint carries its signature"`
	Since     int64      `json:"since" doc:"Entries of the log when it was added"`
	AddedAt   time.Time  `json:"added_at"`
	RetiredAt *time.Time `json:"retired_at,omitempty"`
}

// WitnessView is what a witness has signed last.
type WitnessView struct {
	Name     string     `json:"name"`
	Entries  int64      `json:"entries"`
	SignedAt *time.Time `json:"signed_at,omitempty"`
	TriedAt  *time.Time `json:"tried_at,omitempty" doc:"When it was asked last"`
	Problem  string     `json:"problem,omitempty"`
	Asked    bool       `json:"asked" doc:"It is asked for new checkpoints; otherwise it once was"`
}

// CheckpointView is a kept checkpoint.
type CheckpointView struct {
	Entries  int64     `json:"entries"`
	SealedAt time.Time `json:"sealed_at"`
	Note     string    `json:"note" doc:"Signed note"`
	Signers  []string  `json:"signers" doc:"Numbers of the keys whose signature is right"`
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
	v := View{Keys: []KeyView{}, Witnesses: []WitnessView{}, Checkpoints: []CheckpointView{}, Audits: []RunView{}, KeySource: s.Sealed.Source(), MayAudit: by.Tenant == s.Owner}
	v.MayKeys = v.MayAudit && role.Allow(by, role.SealManage) == nil
	log, err := s.Sealed.Look(ctx, tx, 24)
	if errors.Is(err, seal.ErrBegun) {
		return &out{v}, nil
	}
	if err != nil {
		return nil, err
	}
	v.picture(log)
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

// picture fills in what the log says of itself.
func (v *View) picture(log seal.Picture) {
	some := func(at time.Time) *time.Time {
		if at.IsZero() {
			return nil
		}
		return &at
	}
	v.Begun, v.Log, v.Entries, v.Unsealed, v.LagMS, v.Sealing = true, log.Origin, log.Size, log.Unsealed, log.Lag.Milliseconds(), log.Holder != ""
	v.SealedAt = some(log.SealedAt)
	for _, k := range log.Keys {
		v.Keys = append(v.Keys, KeyView{keyID(k.Verifier), k.Verifier, k.Signs, k.Since, k.AddedAt, some(k.RetiredAt)})
	}
	for _, w := range log.Witnesses {
		v.Witnesses = append(v.Witnesses, WitnessView{w.Name, w.Size, some(w.SignedAt), some(w.TriedAt), w.Problem, w.Configured})
	}
	for _, c := range log.Checkpoints {
		one := CheckpointView{c.Size, c.SealedAt, c.Note, []string{}}
		for _, verifier := range c.Signers {
			one.Signers = append(one.Signers, keyID(verifier))
		}
		v.Checkpoints = append(v.Checkpoints, one)
	}
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
