package factor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Judge judges what somebody shows. If it is right, then runs in the same
// transaction, so that a code is used up only by what it was shown for. It
// opens its own transactions: a code is counted and committed before it is
// judged, 8 wrong ones in a row are the most that are ever judged before a
// block. Passkeys cannot be guessed and are neither counted nor blocked. It
// fails with ErrWrong, ErrLocked, ErrOver, or as then does.
func (s *Service) Judge(ctx context.Context, tenant, staff string, p Proof, then func(tx *db.Tx, used Kind) error) error {
	var failed int64
	var until time.Time
	if p.Ticket == "" {
		var err error
		if failed, until, err = s.count(ctx, tenant, staff); err != nil {
			return err
		}
	}
	err := s.o.Store.Write(ctx, func(tx *db.Tx) error {
		used, err := s.check(ctx, tx, tenant, staff, p)
		if err != nil {
			return err
		}
		if p.Ticket == "" {
			if err := forgive(ctx, tx, tenant, staff); err != nil {
				return err
			}
		}
		return then(tx, used)
	})
	if errors.Is(err, ErrWrong) && !until.IsZero() {
		return errors.Join(ErrWrong, s.blocked(ctx, tenant, staff, failed, until))
	}
	return err
}

// count counts a code. When it makes a block, unless it is right, until says
// until when.
func (s *Service) count(ctx context.Context, tenant, staff string) (failed int64, until time.Time, err error) {
	var refused error // a decision, not an error: what was counted is kept
	err = s.o.Store.Write(ctx, func(tx *db.Tx) error {
		refused, until = nil, time.Time{}
		n, locked, err := guess(ctx, tx, tenant, staff)
		if err != nil {
			return err
		}
		if failed = n; !locked.IsZero() {
			refused = ErrLocked.With("until", locked)
			return nil
		}
		if n%Tries == 0 {
			until = tx.Now.Add(lockFor(n))
			return block(ctx, tx, tenant, staff, until)
		}
		return nil
	})
	if err != nil {
		return 0, until, fmt.Errorf("count a code of %s: %w", staff, err)
	}
	return failed, until, refused
}

func (s *Service) blocked(ctx context.Context, tenant, staff string, failed int64, until time.Time) error {
	return s.o.Store.Write(ctx, func(tx *db.Tx) error {
		version, err := lock(ctx, tx, tenant, staff)
		if err != nil {
			return err
		}
		by := actor.Actor{Tenant: tenant, Kind: actor.Nobody}
		return event.Append(ctx, tx, by, about(staff, version), Blocked{Failed: failed, Until: until})
	})
}

// check tells which kind of proof was right, or ErrWrong.
func (s *Service) check(ctx context.Context, tx *db.Tx, tenant, staff string, p Proof) (Kind, error) {
	if p.Ticket != "" {
		return Passkey, s.checkPasskey(ctx, tx, tenant, staff, p)
	}
	if p.Recovery != "" {
		ok, err := s.recover(ctx, tx, tenant, staff, p.Recovery)
		if err == nil && !ok {
			err = ErrWrong
		}
		return Recovery, err
	}
	code := digits(p.Code)
	all, err := of(ctx, tx, tenant, staff)
	if err != nil {
		return TOTP, err
	}
	for _, r := range all {
		if r.Kind != TOTP {
			continue
		}
		key, err := s.o.Keys.Open(sealPurpose, place(r), r.secret)
		if err != nil {
			return TOTP, err
		}
		step, ok := stepOf(string(key), code, tx.Now, r.step)
		if !ok {
			continue
		}
		if ok, err = use(ctx, tx, r, step); err != nil || ok {
			return TOTP, err
		}
	}
	return TOTP, ErrWrong
}

// Step makes the ticket with which somebody whose password was right goes on.
// proof is a digest of that password: when it changes meanwhile, Continue tells.
func (s *Service) Step(tx *db.Tx, tenant, staff string, proof []byte) (sealed string, until time.Time, err error) {
	return s.seal(tx, tenant, forStep, ticket{Staff: staff, Proof: proof})
}

// Continue reads a ticket of Step: whose it is and which password was right.
func (s *Service) Continue(ctx context.Context, tenant, sealed string) (staff string, proof []byte, err error) {
	err = s.o.Store.Read(ctx, func(tx *db.Tx) error {
		t, err := s.open(tx, tenant, forStep, sealed)
		staff, proof = t.Staff, t.Proof
		return err
	})
	return staff, proof, err
}

// Finish ends a ticket of Step in the transaction that starts the session. It
// fails with ErrOver when that was done before.
func (s *Service) Finish(ctx context.Context, tx *db.Tx, tenant, sealed string) error {
	t, err := s.open(tx, tenant, forStep, sealed)
	if err != nil {
		return err
	}
	return t.spend(ctx, tx, tenant)
}
