package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Every Tries wrong passwords in a row block an e-mail: for FirstLock, then for
// twice as long each time, up to LongestLock. A network may be wrong NetTries
// times within NetWindow: people share addresses, so that is more.
const (
	Tries       = 8
	FirstLock   = 15 * time.Minute
	LongestLock = 24 * time.Hour
	NetTries    = 100
	NetWindow   = 15 * time.Minute

	memory = 2 * LongestLock // wrong passwords in a row are forgotten after so long without one
)

// SignIn is one try to sign in.
type SignIn struct {
	Email    string
	Password string
	Session  session.New
}

// Signed is what a right password gives.
type Signed struct {
	Token   string
	Session session.Session
	Account Account
	Half    bool // the role needs a second factor, and there is none yet
}

// Authenticate judges a try and starts a session. It opens its own
// transactions, because the password is checked between them: the try is
// counted first, then judged, then forgiven if it was right. A blocked e-mail
// is refused with ErrLocked and its end without judging the password, a
// blocked network with ErrCrowd, everything else that is wrong with ErrWrong.
// Who has a second factor gets factor.ErrNeeded, with the step to go on from.
func (s *Service) Authenticate(ctx context.Context, tenant string, in SignIn) (signed Signed, err error) {
	var needed *fault.Fault // a decision, not an error: the right password is kept in mind
	err = s.judge(ctx, tenant, in, func(tx *db.Tx, a Account, phc string) (err error) {
		if needed, err = s.needed(ctx, tx, a, phc); err != nil || needed != nil {
			return err
		}
		in.Session.Factors = session.Password
		signed, err = begin(ctx, tx, a, in.Session)
		return err
	})
	if err == nil && needed != nil {
		err = needed
	}
	return signed, err
}

func begin(ctx context.Context, tx *db.Tx, a Account, n session.New) (Signed, error) {
	token, begun, err := session.Begin(ctx, tx, a.Actor(""), n)
	if err != nil {
		return Signed{}, err
	}
	if a.Factors, err = factor.Ways(ctx, tx, a.Tenant, a.ID); err != nil {
		return Signed{}, err
	}
	signed := Signed{Token: token, Session: begun, Account: a}
	if !begun.Strong() {
		signed.Half, err = factor.Required(ctx, tx, a.Tenant, a.Role)
	}
	return signed, err
}

// Confirm judges the password of somebody who is signed in, as signing in does,
// with its counting of wrong ones, and notes it with the session: see
// session.Fresh. It tells until when that counts. Who has a second factor
// confirms with that instead and gets factor.ErrNeeded here.
func (s *Service) Confirm(ctx context.Context, by actor.Actor, password, address string) (until time.Time, err error) {
	var own Account
	err = s.store.Read(ctx, func(tx *db.Tx) (err error) {
		own, err = ByID(ctx, tx, by.Tenant, by.ID)
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	in := SignIn{Email: own.Email, Password: password, Session: session.New{IP: address}}
	err = s.judge(ctx, by.Tenant, in, func(tx *db.Tx, a Account, _ string) (err error) {
		if a.ID != by.ID { // the e-mail went to somebody else meanwhile
			return ErrWrong
		}
		if ways, err := factor.Ways(ctx, tx, by.Tenant, by.ID); err != nil || len(ways) > 0 {
			return firstOf(err, factor.ErrNeeded.With("ways", ways))
		}
		until, err = session.Confirm(ctx, tx, by)
		return err
	})
	return until, err
}

// judge counts a try, judges the password and, if it is right, forgives the try
// in the transaction of what it is for.
func (s *Service) judge(ctx context.Context, tenant string, in SignIn, then func(tx *db.Tx, a Account, phc string) error) error {
	try, err := s.count(ctx, tenant, in)
	if err != nil {
		return err
	}
	right, err := s.passwords.Verify(ctx, try.phc, norm.NFKC.String(in.Password))
	if err != nil {
		return fmt.Errorf("check password: %w", err)
	}
	if !right {
		if err := s.wrong(ctx, try); err != nil {
			return fmt.Errorf("announce a block: %w", err)
		}
		return ErrWrong
	}
	return s.store.Write(ctx, func(tx *db.Tx) error {
		a, err := s.welcome(ctx, tx, try)
		if err != nil {
			return err
		}
		return then(tx, a, try.phc)
	})
}

// try is one counted try.
type try struct {
	tenant  string
	account Account // without an id when nobody has the e-mail
	phc     string
	network []byte // nil when the address is not known
	failed  int64
	until   time.Time // when this try, if wrong, blocks the e-mail
}

func (s *Service) count(ctx context.Context, tenant string, in SignIn) (t try, err error) {
	var refused *fault.Fault // a decision, not an error: what was counted is kept
	err = s.store.Write(ctx, func(tx *db.Tx) (err error) {
		t, refused = try{tenant: tenant}, nil
		if in.Session.IP != "" {
			t.network = subject("network " + session.Network(in.Session.IP))
			n, until, err := guess(ctx, tx, tenant, t.network, NetWindow)
			if err != nil {
				return err
			}
			if !until.IsZero() {
				refused = ErrCrowd.With("until", until).With("retry_after", int(until.Sub(tx.Now).Seconds())+1)
				return nil
			}
			if n >= NetTries {
				if err := block(ctx, tx, tenant, t.network, tx.Now.Add(NetWindow)); err != nil {
					return err
				}
			}
		}
		if s.isShared(in.Email) { // nobody has to guess, and a block would keep all out
			t.account, t.phc, err = byEmail(ctx, tx, tenant, in.Email)
			if errors.Is(err, ErrUnknown) {
				return nil
			}
			return err
		}
		var until time.Time
		if t.failed, until, err = guess(ctx, tx, tenant, subject(in.Email), memory); err != nil {
			return err
		}
		if !until.IsZero() {
			refused = ErrLocked.With("until", until)
			return nil
		}
		if t.failed%Tries == 0 {
			t.until = tx.Now.Add(lockFor(t.failed))
			if err := block(ctx, tx, tenant, subject(in.Email), t.until); err != nil {
				return err
			}
		}
		t.account, t.phc, err = byEmail(ctx, tx, tenant, in.Email)
		if errors.Is(err, ErrUnknown) {
			return nil
		}
		return err
	})
	if err != nil {
		return t, fmt.Errorf("count a sign-in: %w", err)
	}
	if refused != nil {
		return t, refused
	}
	return t, nil
}

// wrong announces a block that this try has caused, also of an e-mail that is
// nobody's: otherwise the time it takes would tell.
func (s *Service) wrong(ctx context.Context, t try) error {
	if t.until.IsZero() {
		return nil
	}
	what := about(t.account)
	if t.account.ID == "" {
		what.Subject = "unknown"
	}
	return s.store.Write(ctx, func(tx *db.Tx) error {
		by := actor.Actor{Tenant: t.tenant, Kind: actor.Nobody}
		return event.Append(ctx, tx, by, what, Locked{Failed: t.failed, Until: t.until})
	})
}

// welcome forgives a try that was right. The account is read once more: it may
// have been disabled, or given another password, meanwhile.
func (s *Service) welcome(ctx context.Context, tx *db.Tx, t try) (Account, error) {
	a, phc, err := byEmail(ctx, tx, t.account.Tenant, t.account.Email)
	if errors.Is(err, ErrUnknown) || err == nil && phc != t.phc {
		return Account{}, ErrWrong
	}
	if err != nil {
		return Account{}, err
	}
	if t.network != nil {
		if err := takeBack(ctx, tx, a.Tenant, t.network, NetTries); err != nil {
			return Account{}, err
		}
	}
	return a, forgive(ctx, tx, a.Tenant, subject(a.Email))
}

// lockFor is how long the n-th wrong password in a row blocks.
func lockFor(n int64) time.Duration {
	d := FirstLock
	for range n/Tries - 1 {
		if d *= 2; d >= LongestLock {
			return LongestLock
		}
	}
	return d
}

// subject is whose tries are counted, without keeping the e-mail of people who
// are not staff.
func subject(of string) []byte {
	sum := sha256.Sum256([]byte(key(of)))
	return sum[:]
}
