package proof

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

func (s *Service) keyRoutes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/shop/keys", Need: role.ShopManage, Tag: "Shop",
		Summary: "List the keys that the shop signs tokens for its customers with"}, s.listKeys)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/shop/keys", Need: role.ShopManage, Tag: "Shop", Status: http.StatusCreated, Secret: true,
		Summary: "Make a key to sign tokens for customers with; its secret is shown only in this answer", Faults: []*fault.Fault{ErrKeyName, ErrKeys}}, s.postKey)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/shop/keys/{id}", Need: role.ShopManage, Tag: "Shop", Status: http.StatusNoContent,
		Summary: "End a key, and with it every token signed with it", Faults: []*fault.Fault{ErrKey}}, s.deleteKey)
}

// ShopKeyView is how a key looks in the API.
type ShopKeyView struct {
	ID        string     `json:"id" doc:"Goes into the token's header as kid."`
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"Within a minute."`
	Secret    string     `json:"secret,omitempty" doc:"Signs tokens with HMAC-SHA-256, byte for byte as it stands here. Only in the answer that makes the key."`
}

func keyView(k ShopKey, secret string) ShopKeyView {
	v := ShopKeyView{ID: k.ID, Name: k.Name, CreatedAt: k.CreatedAt, Secret: secret}
	if !k.UsedAt.IsZero() {
		v.UsedAt = &k.UsedAt
	}
	return v
}

type shopKeysAnswer struct {
	Body struct {
		Items []ShopKeyView `json:"items"`
		Next  string        `json:"next"`
	}
}

func (s *Service) listKeys(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*shopKeysAnswer, error) {
	all, err := s.ShopKeys(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	out := &shopKeysAnswer{}
	out.Body.Items = make([]ShopKeyView, 0, len(all))
	for _, k := range all {
		out.Body.Items = append(out.Body.Items, keyView(k, ""))
	}
	return out, nil
}

type shopKeyRequest struct {
	Body struct {
		Name string `json:"name" maxLength:"320"`
	}
}

type shopKeyAnswer struct{ Body ShopKeyView }

func (s *Service) postKey(ctx context.Context, tx *db.Tx, by actor.Actor, in *shopKeyRequest) (*shopKeyAnswer, error) {
	k, secret, err := s.MakeKey(ctx, tx, by, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &shopKeyAnswer{Body: keyView(k, secret)}, nil
}

func (s *Service) deleteKey(ctx context.Context, tx *db.Tx, by actor.Actor, in *struct {
	ID string `path:"id" maxLength:"64"`
}) (*struct{}, error) {
	return nil, s.RemoveKey(ctx, tx, by, in.ID)
}
