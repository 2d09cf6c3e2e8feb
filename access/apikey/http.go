package apikey

import (
	"context"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the management of keys.
func Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/api-keys", Need: role.KeyManage, Tag: "API keys", Summary: "List API keys"}, list)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/api-keys", Need: role.KeyManage, Tag: "API keys", Summary: "Make an API key, which is shown only in this answer",
		Status: http.StatusCreated, Secret: true, Faults: []*fault.Fault{ErrInvalid}}, post)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/api-keys/{id}", Need: role.KeyManage, Tag: "API keys", Summary: "Revoke an API key",
		Status: http.StatusNoContent, Faults: []*fault.Fault{ErrUnknown}}, remove)
}

// Shown is how a key looks in the API.
type Shown struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Scopes     []actor.Permission `json:"scopes"`
	Seller     string             `json:"seller,omitempty"`
	CreatedAt  time.Time          `json:"created_at"`
	ExpiresAt  *time.Time         `json:"expires_at,omitempty"`
	LastUsedAt *time.Time         `json:"last_used_at,omitempty" doc:"Within a minute."`
	Secret     string             `json:"secret,omitempty" doc:"What the program sends as Authorization: Bearer. Only in the answer that makes the key."`
}

func shown(k Key, secret string) Shown {
	out := Shown{ID: k.ID, Name: k.Name, Scopes: k.Scopes, Seller: k.Seller, CreatedAt: k.CreatedAt, Secret: secret}
	if !k.ExpiresAt.IsZero() {
		out.ExpiresAt = &k.ExpiresAt
	}
	if !k.LastUsedAt.IsZero() {
		out.LastUsedAt = &k.LastUsedAt
	}
	return out
}

type listAnswer struct {
	Body struct {
		Items []Shown `json:"items"`
		Next  string  `json:"next"`
	}
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct{ httpapi.Page }) (*listAnswer, error) {
	all, next, err := httpapi.PageByID(in.Page, func(k Key) string { return k.ID }, func(after string, limit int) ([]Key, error) {
		return Page(ctx, tx, by.Tenant, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &listAnswer{}
	out.Body.Next = next
	out.Body.Items = make([]Shown, 0, len(all))
	for _, k := range all {
		out.Body.Items = append(out.Body.Items, shown(k, ""))
	}
	return out, nil
}

type postRequest struct {
	Body struct {
		Name      string             `json:"name" maxLength:"320"`
		Role      string             `json:"role,omitempty" doc:"Instead of scopes: everything of a role that keys may hold."`
		Scopes    []actor.Permission `json:"scopes,omitempty" maxItems:"50" doc:"Permissions such as order.write."`
		Seller    string             `json:"seller,omitempty" maxLength:"64" doc:"Only this seller's orders and cases exist for the key."`
		ExpiresAt time.Time          `json:"expires_at,omitempty"`
	}
}

type postAnswer struct{ Body Shown }

func post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postRequest) (*postAnswer, error) {
	k, secret, err := Create(ctx, tx, by, New{
		Name: in.Body.Name, Role: in.Body.Role, Scopes: in.Body.Scopes, Seller: in.Body.Seller, ExpiresAt: in.Body.ExpiresAt,
	})
	if err != nil {
		return nil, err
	}
	return &postAnswer{Body: shown(k, secret)}, nil
}

func remove(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct {
	ID string `path:"id" maxLength:"64"`
}) (*struct{}, error) {
	return nil, Revoke(ctx, tx, by, in.ID)
}
