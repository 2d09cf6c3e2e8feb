package account

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/secret"
)

// needed refuses to go on with the password alone where there is a second
// factor; nil where there is none. The fault carries the step to go on from.
func (s *Service) needed(ctx context.Context, tx *db.Tx, a Account, phc string) (*fault.Fault, error) {
	ways, err := factor.Ways(ctx, tx, a.Tenant, a.ID)
	if err != nil || len(ways) == 0 {
		return nil, err
	}
	step, until, err := s.factors.Step(tx, a.Tenant, a.ID, proofOf(phc))
	return factor.ErrNeeded.With("ways", ways).With("step", step).With("until", until), err
}

// proofOf says which password was right without keeping it or its hash.
func proofOf(phc string) []byte {
	sum := sha256.Sum256([]byte("step " + phc))
	return sum[:]
}

// Second is the second step of signing in.
type Second struct {
	Step    string // of factor.ErrNeeded
	Proof   factor.Proof
	Session session.New
}

// Authenticated finishes a sign-in whose password was right by judging the
// second factor. It fails with factor.ErrOver when the step has expired, was
// finished before, or the account has changed since; otherwise as
// factor.Service.Judge does.
func (s *Service) Authenticated(ctx context.Context, tenant string, in Second) (signed Signed, err error) {
	staff, proof, err := s.factors.Continue(ctx, tenant, in.Step)
	if err != nil {
		return signed, err
	}
	err = s.factors.Judge(ctx, tenant, staff, in.Proof, func(tx *db.Tx, used factor.Kind) error {
		a, phc, err := byIDWithPassword(ctx, tx, tenant, staff)
		if err != nil || a.State != Active || !secret.Equal(string(proofOf(phc)), string(proof)) {
			return firstOf(err, factor.ErrOver)
		}
		if err := s.factors.Finish(ctx, tx, tenant, in.Step); err != nil {
			return err
		}
		in.Session.Factors = session.Password + " " + string(used)
		signed, err = begin(ctx, tx, a, in.Session)
		return err
	})
	return signed, err
}

// ByPasskey signs in whoever shows a passkey that asked for him in person: two
// factors in one. It fails with factor.ErrWrong and factor.ErrOver.
func (s *Service) ByPasskey(ctx context.Context, tx *db.Tx, tenant string, shown factor.Proof, n session.New) (Signed, error) {
	staff, err := s.factors.Identify(ctx, tx, tenant, shown)
	if err != nil {
		return Signed{}, err
	}
	a, err := ByID(ctx, tx, tenant, staff)
	if err != nil || a.State != Active {
		return Signed{}, firstOf(err, factor.ErrWrong)
	}
	n.Factors = string(factor.Passkey)
	return begin(ctx, tx, a, n)
}

// ConfirmWith is Confirm by a second factor. The session counts as signed in
// with it from then on.
func (s *Service) ConfirmWith(ctx context.Context, by actor.Actor, shown factor.Proof) (until time.Time, err error) {
	err = s.factors.Judge(ctx, by.Tenant, by.ID, shown, func(tx *db.Tx, used factor.Kind) (err error) {
		if err := session.Strengthen(ctx, tx, by, string(used)); err != nil {
			return err
		}
		until, err = session.Confirm(ctx, tx, by)
		return err
	})
	return until, err
}

// firstOf is err, or what is to be said when there is none.
func firstOf(err error, otherwise *fault.Fault) error {
	if err != nil {
		return err
	}
	return otherwise
}
