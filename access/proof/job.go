package proof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	sendCode = "proof.send_code"
	sendLink = "proof.send_link"
)

type linkArgs struct {
	Customer string `json:"customer"`
	Order    string `json:"order"`
	Language string `json:"language"`
}

type sendArgs struct {
	Challenge string `json:"challenge"`
}

// Jobs registers the sending of codes and the removal of what has expired.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(sendCode, s.send)
	q.HandleOutside(sendLink, s.sendLink)
	q.Handle("proof.sweep", func(ctx context.Context, tx *db.Tx, _ job.Job) error { return sweep(ctx, tx) })
	q.Every("proof.sweep", time.Hour)
}

func (s *Service) enqueue(ctx context.Context, tx *db.Tx, c challenge) error {
	return s.o.Queue.Enqueue(ctx, tx, job.New{
		Tenant: c.Tenant, Kind: sendCode, Key: c.ID, Args: sendArgs{Challenge: c.ID}, MaxAttempts: 6,
	})
}

// send delivers a code to the contact that the customer has now. It does
// nothing once the code is of no use, or when the customer's contact is no
// longer the one that was typed.
func (s *Service) send(ctx context.Context, j job.Job) error {
	var args sendArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(fmt.Errorf("arguments: %w", err))
	}
	var c challenge
	var to string
	err := s.o.Store.Read(ctx, func(tx *db.Tx) (err error) {
		to = ""
		c, err = byID(ctx, tx, j.Tenant, args.Challenge)
		if errors.Is(err, ErrOver) {
			return nil
		}
		if err != nil || !c.UsedAt.IsZero() || c.Attempts >= Tries || !tx.Now.Before(c.ExpiresAt) {
			return err
		}
		h, found, err := s.holder(ctx, tx, c.Tenant, c.Customer)
		if found {
			to = s.address(h, c)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("send code of %s: %w", args.Challenge, err)
	}
	if to == "" {
		return nil
	}
	return s.o.Deliver(ctx, Contact{Tenant: c.Tenant, Customer: c.Customer, Channel: c.Channel, Address: to, Expires: c.ExpiresAt}, s.code(c), c.Language)
}

// sendLink delivers a new link to the contact that the customer has now.
func (s *Service) sendLink(ctx context.Context, j job.Job) error {
	var args linkArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(fmt.Errorf("arguments: %w", err))
	}
	var h Holder
	var found bool
	var expires time.Time
	err := s.o.Store.Read(ctx, func(tx *db.Tx) (err error) {
		expires = tx.Now.Add(LinkLife)
		h, found, err = s.holder(ctx, tx, j.Tenant, args.Customer)
		return err
	})
	if err != nil || !found || h.Email == "" {
		return err
	}
	to := Contact{Tenant: j.Tenant, Customer: h.Customer, Channel: Email, Address: h.Email, Expires: expires}
	return s.o.DeliverLink(ctx, to, s.Link(j.Tenant, h.Customer, args.Order, expires), args.Order, args.Language)
}
