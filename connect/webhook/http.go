package webhook

import (
	"context"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the management of webhooks. kinds are all kinds of events
// with what they mean, for who chooses among them; names finds the numbers of
// cases and orders that the log tells.
func (s *Service) Routes(a *httpapi.API, kinds []Kind, names audit.Names) {
	s.names = names
	op := func(route, summary string, status int, faults ...*fault.Fault) httpapi.Op {
		return httpapi.Op{Route: route, Need: role.WebhookManage, Tag: "webhooks", Summary: summary, Status: status, Faults: faults}
	}
	secret := func(o httpapi.Op) httpapi.Op { o.Secret = true; return o }
	httpapi.Read(a, op("GET /v1/webhooks", "List webhooks", 200), s.list)
	httpapi.Read(a, op("GET /v1/webhooks/kinds", "List the events that webhooks are told", 200), func(context.Context, *db.Tx, actor.Actor, *struct{}) (*kindsOut, error) {
		out := &kindsOut{}
		out.Body.Items = []Kind{}
		for _, k := range kinds {
			if offered(k.Kind) {
				out.Body.Items = append(out.Body.Items, k)
			}
		}
		return out, nil
	})
	httpapi.Write(a, secret(op("POST /v1/webhooks", "Add a webhook; its secret is shown only in this answer", http.StatusCreated, ErrInvalid, ErrMany)), s.post)
	httpapi.Read(a, op("GET /v1/webhooks/{id}", "Read a webhook", 200, ErrUnknown), s.get)
	httpapi.Write(a, op("PUT /v1/webhooks/{id}", "Change a webhook", 200, ErrUnknown, ErrInvalid, ErrStale), s.put1)
	httpapi.Write(a, op("DELETE /v1/webhooks/{id}", "Delete a webhook and its log", http.StatusNoContent, ErrUnknown), s.remove)
	httpapi.Write(a, secret(op("POST /v1/webhooks/{id}/actions", "Enable, disable or test a webhook, or give it a new secret", 200, ErrUnknown, ErrMove)), s.act)
	httpapi.Read(a, op("GET /v1/webhooks/{id}/deliveries", "List what was sent to a webhook, the latest first", 200, ErrUnknown), s.deliveries)
	httpapi.Write(a, op("POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver", "Send a delivery once more", 200, ErrUnknown, ErrDelivery, ErrMove), s.redeliver)
}

// Kind is a kind of event that a webhook can be told.
type Kind struct {
	Kind    string `json:"kind"`
	Meaning string `json:"meaning"`
}

type kindsOut struct {
	Body struct {
		Items []Kind `json:"items" nullable:"false"`
	}
}

// View is a webhook as the API shows it.
type View struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	URL          string     `json:"url"`
	Kinds        []string   `json:"kinds" nullable:"false" doc:"Exact kinds or families such as case.*; empty: everything that is offered"`
	State        State      `json:"state" enum:"active,disabled"`
	Why          string     `json:"why,omitempty" enum:"person,failing,gone" doc:"Of a disabled one: by a person, after three days without success, or because the receiver answered 410"`
	FailingSince *time.Time `json:"failing_since,omitempty" doc:"Missing: the last attempt succeeded"`
	OldUntil     *time.Time `json:"old_secret_until,omitempty" doc:"Until when the secret before the last rotation signs too"`
	Waiting      int64      `json:"waiting" doc:"Deliveries to be sent"`
	Version      int64      `json:"version"`
	CreatedAt    time.Time  `json:"created_at"`
	Secret       string     `json:"secret,omitempty" doc:"Only in the answer that makes it"`
}

func view(e Endpoint, waiting int64, secret string, now time.Time) View {
	v := View{ID: e.ID, Name: e.Name, URL: e.URL, Kinds: append([]string{}, e.Kinds...), State: e.State, Why: e.Why, Waiting: waiting, Version: e.Version, CreatedAt: e.CreatedAt, Secret: secret}
	if !e.FailingSince.IsZero() {
		v.FailingSince = &e.FailingSince
	}
	if e.OldUntil.After(now) {
		v.OldUntil = &e.OldUntil
	}
	return v
}

// DeliveryView is a delivery as the API shows it.
type DeliveryView struct {
	ID        string     `json:"id"`
	Event     string     `json:"event" doc:"webhook-id: the same for each attempt"`
	Kind      string     `json:"kind"`
	Subject   string     `json:"subject"`
	In        string     `json:"in,omitempty" doc:"Id of the case or the order that the subject is or belongs to, where known"`
	Number    string     `json:"number,omitempty" doc:"Number of that case or order"`
	State     string     `json:"state" enum:"waiting,delivered,failed"`
	Attempts  int64      `json:"attempts"`
	Status    int64      `json:"status,omitempty" doc:"Of the last answer; missing: none came"`
	Took      int64      `json:"took_ms,omitempty"`
	Error     string     `json:"error,omitempty"`
	Answer    string     `json:"answer,omitempty" doc:"The beginning of the last answer"`
	Request   string     `json:"request" doc:"The body that is sent"`
	CreatedAt time.Time  `json:"created_at"`
	TriedAt   *time.Time `json:"tried_at,omitempty"`
}

func deliveryView(d Delivery) DeliveryView {
	v := DeliveryView{ID: d.ID, Event: d.Event, Kind: d.Kind, Subject: d.Subject, State: d.State, Attempts: d.Attempts, Status: d.Status, Took: d.Took,
		Error: d.Error, Answer: d.Answer, Request: d.Body, CreatedAt: d.CreatedAt}
	if !d.TriedAt.IsZero() {
		v.TriedAt = &d.TriedAt
	}
	return v
}

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
	}
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*listOut, error) {
	found, err := all(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	counts, err := waiting(ctx, tx, by.Tenant)
	out := &listOut{}
	out.Body.Items = []View{}
	for _, e := range found {
		out.Body.Items = append(out.Body.Items, view(e, counts[e.ID], "", tx.Now))
	}
	return out, err
}

type fields struct {
	Name  string   `json:"name" maxLength:"400" doc:"What people call it"`
	URL   string   `json:"url" maxLength:"2000" doc:"Where events are sent by POST" example:"https://erp.example.com/hooks/aftercare"`
	Kinds []string `json:"kinds,omitempty" maxItems:"200" doc:"Exact kinds or families such as case.*; empty: everything that is offered"`
}

type oneOut struct {
	ETag string `header:"ETag"`
	Body View
}

func (s *Service) shown(ctx context.Context, tx *db.Tx, e Endpoint, secret string) (*oneOut, error) {
	counts, err := waiting(ctx, tx, e.Tenant)
	return &oneOut{httpapi.ETag(e.Version), view(e, counts[e.ID], secret, tx.Now)}, err
}

func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct{ Body fields }) (*oneOut, error) {
	e, secret, err := s.Create(ctx, tx, by, Endpoint{Name: in.Body.Name, URL: in.Body.URL, Kinds: in.Body.Kinds})
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, e, secret)
}

type idIn struct {
	ID string `path:"id"`
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *idIn) (*oneOut, error) {
	e, err := byID(ctx, tx, by.Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, e, "")
}

type putIn struct {
	httpapi.IfMatch
	ID   string `path:"id"`
	Body fields
}

func (s *Service) put1(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*oneOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	e, err := s.Update(ctx, tx, by, Endpoint{ID: in.ID, Name: in.Body.Name, URL: in.Body.URL, Kinds: in.Body.Kinds, Version: version})
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, e, "")
}

func (s *Service) remove(ctx context.Context, tx *db.Tx, by actor.Actor, in *idIn) (*struct{}, error) {
	return nil, s.Delete(ctx, tx, by, in.ID)
}

type actIn struct {
	ID   string `path:"id"`
	Body struct {
		Action string `json:"action" enum:"enable,disable,rotate,ping" doc:"rotate: a new secret; the old one signs too for 24 hours. ping: send a test message"`
	}
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*oneOut, error) {
	e, err := byID(ctx, tx, by.Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	secret := ""
	switch in.Body.Action {
	case "enable":
		e, err = s.Enable(ctx, tx, by, e)
	case "disable":
		e, err = s.Disable(ctx, tx, by, e)
	case "rotate":
		e, secret, err = s.Rotate(ctx, tx, by, e)
	default:
		_, err = s.Ping(ctx, tx, by, e)
	}
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, e, secret)
}

type deliveriesIn struct {
	httpapi.Page
	ID    string `path:"id"`
	State string `query:"state" enum:"waiting,delivered,failed" doc:"Only these"`
}

type deliveriesOut struct {
	Body struct {
		Items []DeliveryView `json:"items" nullable:"false"`
		Next  string         `json:"next"`
	}
}

func (s *Service) deliveries(ctx context.Context, tx *db.Tx, by actor.Actor, in *deliveriesIn) (*deliveriesOut, error) {
	if _, err := byID(ctx, tx, by.Tenant, in.ID); err != nil {
		return nil, err
	}
	found, next, err := httpapi.PageByID(in.Page, func(d Delivery) string { return d.ID }, func(before string, limit int) ([]Delivery, error) {
		return page(ctx, tx, by.Tenant, in.ID, in.State, before, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &deliveriesOut{}
	out.Body.Items, out.Body.Next = []DeliveryView{}, next
	for _, d := range found {
		out.Body.Items = append(out.Body.Items, deliveryView(d))
	}
	return out, audit.Tell(ctx, tx, s.names, by.Tenant, out.Body.Items, func(d *DeliveryView) (string, *string, *string) { return d.Subject, &d.In, &d.Number })
}

type redeliverIn struct {
	ID       string `path:"id"`
	Delivery string `path:"delivery"`
}

type deliveryOut struct{ Body DeliveryView }

func (s *Service) redeliver(ctx context.Context, tx *db.Tx, by actor.Actor, in *redeliverIn) (*deliveryOut, error) {
	e, err := byID(ctx, tx, by.Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := s.Redeliver(ctx, tx, by, e, in.Delivery)
	return &deliveryOut{deliveryView(d)}, err
}
