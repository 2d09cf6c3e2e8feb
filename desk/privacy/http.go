package privacy

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/customer"
)

// Routes adds erasing a customer, and what became of it.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/customers/{id}/erasure", Need: role.PrivacyErase, Tag: "privacy", Summary: "Erase a customer; proofs of the sealed log stay valid",
		Faults: []*fault.Fault{customer.ErrUnknown, cases.ErrUnfinished, ErrErased, ErrReason}}, s.post)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/customers/{id}/erasure", Need: role.PrivacyRead, Tag: "privacy", Summary: "What was erased of a customer",
		Faults: []*fault.Fault{ErrNotErased}}, s.get)
}

// View is an erasure as it is shown.
type View struct {
	Customer string     `json:"customer"`
	Reason   string     `json:"reason"`
	By       string     `json:"by" doc:"Who asked for it, by name"`
	At       time.Time  `json:"at"`
	Cases    int64      `json:"cases"`
	Orders   int64      `json:"orders"`
	Events   int64      `json:"events" doc:"Events whose content is gone"`
	Files    int64      `json:"files"`
	DoneAt   *time.Time `json:"done_at,omitempty" doc:"When the log was searched to its end; missing: it is being searched"`
}

func view(e Erasure) *out {
	v := View{Customer: e.Customer, Reason: e.Reason, By: e.Name, At: e.At, Cases: e.Cases, Orders: e.Orders, Events: e.Events, Files: e.Files}
	if !e.DoneAt.IsZero() {
		v.DoneAt = &e.DoneAt
	}
	return &out{v}
}

type out struct{ Body View }

type postIn struct {
	ID   string `path:"id" doc:"Customer id"`
	Body struct {
		Reason string `json:"reason" maxLength:"400" doc:"Why, for the record: it is sealed" example:"asked for by the customer"`
	}
}

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*out, error) {
	e, err := s.Erase(ctx, tx, by, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return view(e), nil
}

type getIn struct {
	ID string `path:"id" doc:"Customer id"`
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*out, error) {
	e, err := ByCustomer(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return view(e), nil
}
