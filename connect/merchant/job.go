package merchant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	testKind  = "merchant.test"
	sweepKind = "merchant.sweep"
)

type testArgs struct {
	Account string `json:"account"`
	Version int64  `json:"version"`
}

// Jobs registers the trying of accounts, and the forgetting of those that left.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(testKind, s.try)
	q.Handle(sweepKind, s.sweep)
	q.Every(sweepKind, 5*time.Minute)
}

// checker is an adapter that can be tried without moving money or parcels.
type checker interface {
	Check(ctx context.Context) (who, no string, err error)
}

// Try has an account tried: its company is asked something that needs the
// credentials and changes nothing. Refusals: ErrUnknown, ErrMove, ErrTesting.
func (s *Service) Try(ctx context.Context, tx *db.Tx, by actor.Actor, account string) (Account, error) {
	a, err := byID(ctx, tx, by.Tenant, account)
	switch {
	case err != nil:
		return Account{}, err
	case a.State == Removed:
		return Account{}, ErrMove.With("state", string(a.State))
	case a.Test == Running && tx.Now.Sub(a.TestedAt) < testing:
		return Account{}, ErrTesting
	}
	if a, err = s.ask(ctx, tx, a); err != nil {
		return Account{}, err
	}
	_, err = noteTest(ctx, tx, a)
	return a, err
}

// ask has an account tried as it is at its version.
func (s *Service) ask(ctx context.Context, tx *db.Tx, a Account) (Account, error) {
	a.Test, a.TestCode, a.TestText, a.TestedAt = Running, "", "", tx.Now
	key := fmt.Sprintf("%s/%d/%d", a.ID, a.Version, tx.Now.UnixMilli())
	return a, s.o.Queue.Enqueue(ctx, tx, job.New{Tenant: a.Tenant, Kind: testKind, Key: key, Args: testArgs{a.ID, a.Version}, MaxAttempts: 3})
}

func (s *Service) try(ctx context.Context, j job.Job) error {
	var args testArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(fmt.Errorf("arguments of %s: %w", j.ID, err))
	}
	var a Account
	err := s.o.Store.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = byID(ctx, tx, j.Tenant, args.Account)
		return err
	})
	if errors.Is(err, ErrUnknown) || err == nil && (a.State == Removed || a.Version != args.Version) {
		return nil // changed since, and tried anew where that matters
	}
	if err != nil {
		return err
	}
	a = s.tried(ctx, a)
	return s.o.Store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		a.TestedAt = tx.Now
		fresh, err := noteTest(ctx, tx, a)
		if err == nil && fresh {
			err = announce(ctx, tx, actor.Of(a.Tenant), a, TestedFact{about(a), a.Test == Passed, a.TestCode})
		}
		if err != nil {
			return err
		}
		return s.o.Queue.Finish(ctx, tx, j)
	})
}

// tried asks the company and says what came of it.
func (s *Service) tried(ctx context.Context, a Account) Account {
	fail := func(code, text string) Account {
		a.Test, a.TestCode, a.TestText = Failed, code, text
		return a
	}
	plain, err := secrets(s.o.Keys, a)
	if err != nil {
		return fail(Unsealed, "")
	}
	made, err := s.build(a, plain)
	if err != nil {
		return fail(Refused, harmless(err.Error(), plain))
	}
	c, ok := made.(checker)
	if !ok {
		return fail(Unclear, "")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	who, no, err := c.Check(ctx)
	switch {
	case no != "":
		return fail(Refused, harmless(no, plain))
	case err != nil:
		code, text := why(err)
		return fail(code, harmless(text, plain))
	case who != "" && a.Identity != "" && who != a.Identity:
		return fail(Other, who+" ≠ "+a.Identity)
	}
	if who != "" {
		a.Identity = who
	}
	a.Test, a.TestCode, a.TestText = Passed, "", ""
	return a
}

// why tells a company that was not reached from one that said something else.
// Addresses are left out.
func why(err error) (code, text string) {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return Unreachable, "No answer came in time."
	}
	var call *url.Error
	if errors.As(err, &call) {
		return Unreachable, call.Err.Error()
	}
	var op interface{ Temporary() bool } // of package net: no connection
	if errors.As(err, &op) {
		return Unreachable, err.Error()
	}
	return Unclear, err.Error()
}

// harmless is a company's text without any secret that it may repeat.
func harmless(text string, secrets map[string]string) string {
	for _, value := range secrets {
		if len(value) >= 4 {
			text = strings.ReplaceAll(text, value, "…")
		}
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if r := []rune(text); len(r) > mostDetail {
		text = string(r[:mostDetail])
	}
	return text
}

// sweep forgets the secrets of accounts that were removed and with which
// nothing is under way any more.
func (s *Service) sweep(ctx context.Context, tx *db.Tx, _ job.Job) error {
	found, err := leaving(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range found {
		n, err := s.o.UnderWay(ctx, tx, a.Tenant, a.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		a = wiped(a)
		if err := update(ctx, tx, &a); err != nil {
			return fmt.Errorf("forgetting the secrets of %s: %w", a.ID, err)
		}
		s.forget(a)
	}
	return nil
}
