package record

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/seal"
	"github.com/aftercare/aftercare/platform/seal/bundle"
	"github.com/aftercare/aftercare/sales/customer"
)

// Routes adds the seal and the evidence of a case, for staff and for customers.
func (s *Service) Routes(a *httpapi.API) {
	s.filesRoute(a)
	for _, who := range []struct {
		path string
		need actor.Permission
		take actor.Permission
		tag  string
	}{{"/v1/cases/{id}", role.CaseRead, role.CaseExport, "cases"}, {"/v1/my/cases/{id}", role.MyCases, role.MyCases, "customer"}} {
		faults := []*fault.Fault{cases.ErrUnknown, ErrUnsealed, seal.ErrBegun}
		httpapi.Read(a, httpapi.Op{Route: "GET " + who.path + "/seal", Need: who.need, Tag: who.tag, Faults: faults,
			Summary: "Show how far a case is sealed, with a proof for every event"}, s.get)
		httpapi.Stream(a, httpapi.Op{Route: "GET " + who.path + "/evidence.zip", Need: who.take, Tag: who.tag, Produces: "application/zip", Faults: faults,
			Summary: "Take the evidence of a case as one file that verifies without the shop; needs customer.read as well"}, s.file)
		httpapi.Write(a, httpapi.Op{Route: "POST " + who.path + "/evidence", Need: who.take, Tag: who.tag, Status: http.StatusAccepted, Faults: faults,
			Summary: "Have the evidence of a case made into one file, for cases with many files"}, s.ask)
		httpapi.Read(a, httpapi.Op{Route: "GET " + who.path + "/evidence/{file}", Need: who.take, Tag: who.tag, Faults: []*fault.Fault{cases.ErrUnknown, ErrUnknown},
			Summary: "Tell how far an evidence file is"}, s.made)
		httpapi.Stream(a, httpapi.Op{Route: "GET " + who.path + "/evidence/{file}/zip", Need: who.take, Tag: who.tag, Produces: "application/zip", Faults: []*fault.Fault{cases.ErrUnknown, ErrUnknown, ErrNotReady},
			Summary: "Fetch an evidence file that is ready"}, s.fetch)
	}
}

type caseIn struct {
	ID string `path:"id" doc:"Case id"`
}

// SealView is how far a case is sealed.
type SealView struct {
	Case       string          `json:"case"`
	Log        string          `json:"log"`        // name of the log
	Checkpoint string          `json:"checkpoint"` // signed note
	Keys       []string        `json:"keys"`
	Sealed     int             `json:"sealed"`  // events with an entry
	Waiting    int             `json:"waiting"` // events without
	Events     []SealEventView `json:"events"`
}

// SealEventView is the seal of one event.
type SealEventView struct {
	ID       string     `json:"id"`
	Type     string     `json:"type"`
	At       time.Time  `json:"at"`
	State    string     `json:"state" enum:"sealed,waiting,adopted"`
	Entry    *int64     `json:"entry,omitempty"` // number in the log, from 0
	Leaf     string     `json:"leaf"`
	SealedBy *time.Time `json:"sealed_by,omitempty"` // of the first kept checkpoint over it
	Erased   bool       `json:"erased,omitempty"`
	Proof    []string   `json:"proof"`
	Parts    PartsView  `json:"parts" doc:"What the leaf is made from, as docs/formats/seal.md has it"`
}

// PartsView is what the leaf of an event is made from, for who checks it again.
// What the reader does not get is left out, with its salt.
type PartsView struct {
	Kind      int    `json:"kind"`
	Tenant    string `json:"tenant"`
	Stream    string `json:"stream"`
	Subject   string `json:"subject"`
	Version   int64  `json:"version"`
	ActorKind string `json:"actor_kind"`
	At        int64  `json:"at" doc:"Unix milliseconds"`
	Who       string `json:"who"`
	DataHash  string `json:"data_hash"`
	WhoSalt   string `json:"who_salt,omitempty"`
	ActorID   string `json:"actor_id,omitempty"`
	ActorName string `json:"actor_name,omitempty"`
	DataSalt  string `json:"data_salt,omitempty"`
	Data      string `json:"data,omitempty"`
	Previous  string `json:"previous"`
}

func partsView(e bundle.Event) PartsView {
	return PartsView{
		Kind: int(e.Kind), Tenant: e.Tenant, Stream: e.Stream, Subject: e.Subject, Version: e.Version, ActorKind: e.ActorKind, At: e.At, Who: e.Who, DataHash: e.DataHash,
		WhoSalt: e.WhoSalt, ActorID: e.ActorID, ActorName: e.ActorName, DataSalt: e.DataSalt, Data: e.Data, Previous: e.Previous,
	}
}

type sealOut struct{ Body SealView }

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *caseIn) (*sealOut, error) {
	b, err := s.Collect(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	v := SealView{Case: b.Case.Case, Log: b.Origin, Checkpoint: b.Checkpoint, Keys: b.Keys, Events: []SealEventView{}}
	for _, e := range b.Events {
		one := SealEventView{ID: e.ID, Type: e.Type, At: e.Time(), State: "waiting", Erased: by.Kind != actor.Customer && customer.SightOf(by).Contacts() && e.DataSalt == "", Proof: []string{}, Parts: partsView(e)}
		if one.Leaf, err = e.LeafHash(); err != nil {
			return nil, err
		}
		if e.Proof == nil {
			v.Waiting++
		} else if err := sealedEvent(ctx, tx, e, &one); err != nil {
			return nil, err
		} else {
			v.Sealed++
		}
		v.Events = append(v.Events, one)
	}
	return &sealOut{v}, nil
}

func sealedEvent(ctx context.Context, tx *db.Tx, e bundle.Event, v *SealEventView) error {
	n := e.Position - 1
	v.State, v.Entry = "sealed", &n
	if e.Kind != 1 {
		v.State = "adopted"
	}
	for _, h := range e.Proof {
		v.Proof = append(v.Proof, tlog.Hash(h).String())
	}
	at, err := seal.Since(ctx, tx, n)
	if !at.IsZero() {
		v.SealedBy = &at
	}
	return err
}

// mayTake refuses the evidence of a case, which is whole or proves nothing, to
// who may not see all of it.
func mayTake(by actor.Actor) error {
	if !customer.SightOf(by).Contacts() {
		return role.ErrDenied.With("permission", string(role.CustomerRead))
	}
	return nil
}

// file notes who took the evidence before the first byte of it is sent.
func (s *Service) file(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	if err := mayTake(by); err != nil {
		return err
	}
	b, err := s.Bundle(ctx, by, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := audit.Export(ctx, s.Store, by, audit.Exported{What: "evidence", Format: "zip", Filter: b.Case.Case}); err != nil {
		return err
	}
	zipHeader(w, b.Case.Case)
	return bundle.Write(w, b)
}
