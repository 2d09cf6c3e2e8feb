package proof

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const linkPurpose = "proof.link"

// Link makes a token that proves, until it expires, to be the customer of an
// order. It goes into messages to that customer only.
func (s *Service) Link(tenant, customer, order string, expires time.Time) string {
	payload, _ := json.Marshal([]string{tenant, customer, order}) // strings always encode
	return s.o.Keys.Sign(linkPurpose, string(payload), expires)
}

// Follow starts the session that a link stands for. It fails with ErrLink when
// the link was not made here, was changed, has expired, is another tenant's, or
// when the customer no longer exists.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, by actor.Actor, link string, n session.New) (Proved, error) {
	payload, err := s.o.Keys.Verify(linkPurpose, link, tx.Now)
	if err != nil {
		return Proved{}, ErrLink
	}
	var parts []string
	if json.Unmarshal([]byte(payload), &parts) != nil || len(parts) != 3 || parts[0] != by.Tenant {
		return Proved{}, ErrLink
	}
	h, found, err := s.holder(ctx, tx, by.Tenant, parts[1])
	if err != nil {
		return Proved{}, err
	}
	if !found {
		return Proved{}, ErrLink
	}
	n.Order = parts[2]
	about := event.About{Stream: "proof", Subject: h.Customer, Version: 1}
	return s.begin(ctx, tx, about, Succeeded{By: "link", Order: n.Order}, by.Tenant, h, n)
}
