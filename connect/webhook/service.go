package webhook

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

// Service keeps endpoints and sends to them.
type Service struct {
	Store *db.DB
	Queue *job.Queue
	Keys  *secret.Keys
	Allow []netip.Prefix // private networks that may be reached

	http  *http.Client
	asked asked
	names audit.Names
}

// New makes the service.
func New(store *db.DB, queue *job.Queue, keys *secret.Keys, allow []netip.Prefix) *Service {
	return &Service{Store: store, Queue: queue, Keys: keys, Allow: allow, http: client(allow)}
}

const purpose = "webhook"

func (s *Service) seal(e Endpoint, plain string) ([]byte, error) {
	return s.Keys.Seal(purpose, e.Tenant+"/"+e.ID, []byte(plain))
}

// Create adds an endpoint and tells its secret, once.
func (s *Service) Create(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint) (Endpoint, string, error) {
	e, err := e.normal(s.Allow)
	if err != nil {
		return e, "", err
	}
	known, err := all(ctx, tx, by.Tenant)
	if err != nil {
		return e, "", err
	}
	if len(known) >= mostEndpoints {
		return e, "", ErrMany.With("most", mostEndpoints)
	}
	e.ID, e.Tenant, e.State, e.Version, e.CreatedAt, e.OldSecret = id.New("whk"), by.Tenant, Active, 1, tx.Now, []byte{}
	plain := newSecret()
	if e.Secret, err = s.seal(e, plain); err != nil {
		return e, "", err
	}
	if err := insertEndpoint(ctx, tx, e); err != nil {
		return e, "", err
	}
	return e, plain, announce(ctx, tx, by, e, Created{e.Name, host(e.URL)})
}

// Update changes name, address and kinds of an endpoint.
func (s *Service) Update(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint) (Endpoint, error) {
	old, err := byID(ctx, tx, by.Tenant, e.ID)
	if err != nil {
		return e, err
	}
	if old.Version != e.Version {
		return e, ErrStale
	}
	old.Name, old.URL, old.Kinds = e.Name, e.URL, e.Kinds
	if e, err = old.normal(s.Allow); err != nil {
		return e, err
	}
	if err := updateEndpoint(ctx, tx, &e); err != nil {
		return e, err
	}
	return e, announce(ctx, tx, by, e, Changed{"updated", e.Name})
}

// Rotate gives an endpoint a new secret; the old one signs too for a day.
func (s *Service) Rotate(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint) (Endpoint, string, error) {
	e.OldSecret, e.OldUntil = e.Secret, tx.Now.Add(rotation)
	plain := newSecret()
	var err error
	if e.Secret, err = s.seal(e, plain); err != nil {
		return e, "", err
	}
	if err := updateEndpoint(ctx, tx, &e); err != nil {
		return e, "", err
	}
	return e, plain, announce(ctx, tx, by, e, Changed{"rotated", e.Name})
}

// Enable uses an endpoint again: what waited is sent.
func (s *Service) Enable(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint) (Endpoint, error) {
	if e.State == Active {
		return e, ErrMove.With("state", string(e.State))
	}
	e.State, e.Why, e.FailingSince = Active, "", time.Time{}
	if err := updateEndpoint(ctx, tx, &e); err != nil {
		return e, err
	}
	if err := s.sweepTenant(ctx, tx, e.Tenant); err != nil {
		return e, err
	}
	return e, announce(ctx, tx, by, e, Changed{"enabled", e.Name})
}

// Disable stops an endpoint: what happens from now on is not for it, what waits
// is kept.
func (s *Service) Disable(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint) (Endpoint, error) {
	if e.State != Active {
		return e, ErrMove.With("state", string(e.State))
	}
	e.State, e.Why = Disabled, "person"
	if err := updateEndpoint(ctx, tx, &e); err != nil {
		return e, err
	}
	return e, announce(ctx, tx, by, e, Changed{"disabled", e.Name})
}

// Delete forgets an endpoint and its log.
func (s *Service) Delete(ctx context.Context, tx *db.Tx, by actor.Actor, endpoint string) error {
	e, err := byID(ctx, tx, by.Tenant, endpoint)
	if err != nil {
		return err
	}
	if err := deleteEndpoint(ctx, tx, by.Tenant, endpoint); err != nil {
		return err
	}
	return announce(ctx, tx, by, e, Changed{"deleted", e.Name})
}

// Ping sends a test message.
func (s *Service) Ping(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint) (Delivery, error) {
	if e.State != Active {
		return Delivery{}, ErrMove.With("state", string(e.State))
	}
	data, err := json.Marshal(map[string]string{"webhook": e.ID})
	if err != nil {
		return Delivery{}, err
	}
	return s.put(ctx, tx, e, event.Event{ID: id.New("evt"), Tenant: by.Tenant, Stream: "webhook", Subject: e.ID, Type: ping, Actor: by.Kind, At: tx.Now, Data: data})
}

// Redeliver sends a delivery that ended once more.
func (s *Service) Redeliver(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint, delivery string) (Delivery, error) {
	if e.State != Active {
		return Delivery{}, ErrMove.With("state", string(e.State))
	}
	d, err := deliveryByID(ctx, tx, by.Tenant, e.ID, delivery)
	if err != nil {
		return d, err
	}
	if _, err := again(ctx, tx, by.Tenant, d.ID); err != nil {
		return d, err
	}
	d.State, d.Attempts = Waiting, 0
	return d, s.enqueue(ctx, tx, line{d.Tenant, d.Endpoint, d.Subject}, false)
}

// message is what a receiver reads.
type message struct {
	Type      string          `json:"type"`
	Timestamp time.Time       `json:"timestamp"`
	ID        string          `json:"id"`
	Position  int64           `json:"position,omitempty"`
	Stream    string          `json:"stream"`
	Subject   string          `json:"subject"`
	Version   int64           `json:"version,omitempty"`
	Actor     actor.Kind      `json:"actor"`
	Data      json.RawMessage `json:"data"`
}

// Events writes a delivery for each endpoint that wants an event.
func (s *Service) Events() (types []string, follow event.Reaction) {
	for _, family := range Families {
		types = append(types, family+".*")
	}
	return types, s.follow
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, e event.Event) error {
	endpoints, err := s.asked.all(ctx, tx, e.Tenant)
	if err != nil {
		return err
	}
	for _, one := range endpoints {
		if one.State != Active || !one.wants(e.Type) {
			continue
		}
		if _, err := s.put(ctx, tx, one, e); err != nil {
			return err
		}
	}
	return nil
}

// put writes a delivery and has it sent.
func (s *Service) put(ctx context.Context, tx *db.Tx, to Endpoint, e event.Event) (Delivery, error) {
	body, err := json.Marshal(message{e.Type, e.At, e.ID, e.Position, e.Stream, e.Subject, e.Version, e.Actor, e.Data})
	if err != nil {
		return Delivery{}, err
	}
	d := Delivery{ID: id.New("whd"), Tenant: to.Tenant, Endpoint: to.ID, Event: e.ID, Kind: e.Type, Subject: e.Subject, Body: string(body), State: Waiting, CreatedAt: tx.Now}
	if err := insertDelivery(ctx, tx, d); err != nil {
		return d, err
	}
	return d, s.enqueue(ctx, tx, line{d.Tenant, d.Endpoint, d.Subject}, true)
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, e Endpoint, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: "webhook", Subject: e.ID, Version: e.Version}, fact)
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
