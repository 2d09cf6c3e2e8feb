package proof

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

const linkPurpose = "proof.link"

// LinkLife is how long the link in a message signs its reader in. Who comes
// later has a new one sent.
const LinkLife = 7 * 24 * time.Hour

// Link makes a token that proves, until it expires, to be the customer of an
// order. It goes into messages to that customer only.
func (s *Service) Link(tenant, customer, order string, expires time.Time) string {
	payload, _ := json.Marshal([]string{tenant, customer, order}) // strings always encode
	return s.o.Keys.Sign(linkPurpose, string(payload), expires)
}

// Follow starts the session that a link stands for. It fails with ErrLinkOld
// when it has expired, and with ErrLink when it was not made here, was changed,
// is another tenant's, or when the customer no longer exists.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, by actor.Actor, link string, n session.New) (Proved, error) {
	h, order, err := s.linked(ctx, tx, by.Tenant, link)
	if err != nil {
		return Proved{}, err
	}
	if _, err := s.o.Keys.Verify(linkPurpose, link, tx.Now); err != nil {
		return Proved{}, ErrLinkOld
	}
	n.Order = order
	about := event.About{Stream: "proof", Subject: h.Customer, Version: 1}
	return s.begin(ctx, tx, about, Succeeded{By: "link", Order: n.Order}, by.Tenant, h, n)
}

// linked tells whom and which order a link of this tenant names, also one that
// has expired.
func (s *Service) linked(ctx context.Context, tx *db.Tx, tenant, link string) (Holder, string, error) {
	payload, err := s.o.Keys.Verify(linkPurpose, link, time.Time{})
	if err != nil {
		return Holder{}, "", ErrLink
	}
	var parts []string
	if json.Unmarshal([]byte(payload), &parts) != nil || len(parts) != 3 || parts[0] != tenant {
		return Holder{}, "", ErrLink
	}
	h, found, err := s.holder(ctx, tx, tenant, parts[1])
	if err == nil && !found {
		err = ErrLink
	}
	return h, parts[2], err
}

// Renew has a new link sent in place of one that has expired: whoever holds the
// old one learns nothing, the new one goes to the customer's own address. It
// fails with ErrLink and ErrLimited, which counts as a code would.
func (s *Service) Renew(ctx context.Context, tx *db.Tx, by actor.Actor, link, language, address string) error {
	h, order, err := s.linked(ctx, tx, by.Tenant, link)
	if err != nil {
		return err
	}
	contact, channel, ok := normal(h.Email)
	if !ok || channel != Email {
		return ErrLink
	}
	if err := s.limit(ctx, tx, by.Tenant, s.mac(by.Tenant, contact), address); err != nil {
		return err
	}
	args := linkArgs{Customer: h.Customer, Order: order, Language: language}
	if err := s.o.Queue.Enqueue(ctx, tx, job.New{Tenant: by.Tenant, Kind: sendLink, Args: args, MaxAttempts: 6}); err != nil {
		return err
	}
	about := event.About{Stream: "proof", Subject: h.Customer, Version: 1}
	return event.Append(ctx, tx, actor.Actor{Tenant: by.Tenant, Kind: actor.Nobody}, about, Resent{})
}
