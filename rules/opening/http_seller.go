package opening

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// SellerName is a seller with a calendar of the own.
type SellerName struct {
	Seller string `json:"seller"`
}

type ownersIn struct {
	Cursor string `query:"cursor" maxLength:"100"`
}

type ownersOut struct {
	Body struct {
		Items []SellerName `json:"items" nullable:"false"`
		Next  string       `json:"next"`
	}
}

const ownersPage = 200

// owners are the sellers with a calendar of their own; whoever works for one
// sees that one.
func owners(ctx context.Context, tx *db.Tx, by actor.Actor, in *ownersIn) (*ownersOut, error) {
	out := &ownersOut{}
	out.Body.Items = []SellerName{}
	if by.Seller != "" {
		if c, err := stored(ctx, tx, by.Tenant, by.Seller, AtService); err != nil || !c.Own {
			return out, err
		}
		out.Body.Items = append(out.Body.Items, SellerName{by.Seller})
		return out, nil
	}
	all, err := sellers(ctx, tx, by.Tenant, AtService, in.Cursor, ownersPage+1)
	if len(all) > ownersPage {
		all = all[:ownersPage]
		out.Body.Next = all[ownersPage-1]
	}
	for _, name := range all {
		out.Body.Items = append(out.Body.Items, SellerName{name})
	}
	return out, err
}
