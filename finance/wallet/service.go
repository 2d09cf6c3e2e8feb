package wallet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Service holds the verbs of wallets.
type Service struct {
	store  *db.DB
	limits map[string]int64
}

// New makes the service. Limits say how much a person without the permission
// wallet.unlimited may add to one account in a day, by unit; units that are not
// named have the defaults of Limit.
func New(store *db.DB, limits map[string]int64) *Service {
	return &Service{store: store, limits: limits}
}

// Limit is what one person may add to one account in a day without more
// permission: 500 of a currency with small units, 50,000 of one without, 10,000
// points.
func (s *Service) Limit(unit string) int64 {
	if limit, ok := s.limits[unit]; ok {
		return limit
	}
	if unit == PointsUnit {
		return 10_000
	}
	switch exp, _ := money.Exponent(unit); exp {
	case 0:
		return 50_000
	case 2:
		return 500_00
	default:
		return 500_000
	}
}

// Adjust changes a balance by hand, for a reason. It refuses with ErrReason,
// ErrInvalid, ErrLimit (people only; what the program books has no limit),
// ErrNotSo, and ErrKeyTaken for another entry under a known key. The same
// change under the same key again gives the entry that is there.
func (s *Service) Adjust(ctx context.Context, tx *db.Tx, by actor.Actor, c Change) (Entry, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Entry{}, ErrReason
	}
	if c.Amount > 0 && !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(tx.Now) {
		return Entry{}, ErrInvalid.At("expires_at", "has passed", "")
	}
	a, err := s.open(ctx, tx, by, c)
	if err != nil {
		return Entry{}, err
	}
	person := by.Kind == actor.Staff || by.Kind == actor.Key
	if person && c.Amount > 0 && role.Allow(by, role.WalletUnlimited) != nil {
		today, err := addedBy(ctx, tx, a, by.ID, c.Key, tx.Now.Add(-24*time.Hour))
		if err != nil {
			return Entry{}, fmt.Errorf("limit of %s: %w", a.ID, err)
		}
		if limit := s.Limit(a.Unit); c.Amount > limit-today {
			return Entry{}, ErrLimit.With("limit", limit).With("today", today).With("unit", a.Unit)
		}
	}
	return s.book(ctx, tx, by, &a, Adjusted, c, Entry{})
}

// Spend takes a positive amount from a balance, the first to expire first.
// Refusals as of Adjust.
func (s *Service) Spend(ctx context.Context, tx *db.Tx, by actor.Actor, c Change) (Entry, error) {
	if c.Amount <= 0 {
		return Entry{}, ErrInvalid.At("amount", "is not positive", "")
	}
	c.Amount = -c.Amount
	a, err := s.open(ctx, tx, by, c)
	if err != nil {
		return Entry{}, err
	}
	return s.book(ctx, tx, by, &a, Spent, c, Entry{})
}

// open finds or makes the account of a change and locks it until the end of the
// transaction.
func (s *Service) open(ctx context.Context, tx *db.Tx, by actor.Actor, c Change) (Account, error) {
	switch c.Kind {
	case StoreCredit, GiftCard:
		if _, err := money.Exponent(c.Unit); err != nil {
			return Account{}, ErrInvalid.At("unit", "is not a currency", "ISO 4217 code")
		}
	case Points:
		c.Unit = PointsUnit
	default:
		return Account{}, ErrInvalid.At("kind", "is not known", "store_credit, gift_card or points")
	}
	if c.Customer == "" || c.Amount == 0 || c.Amount > maxBalance || c.Amount < -maxBalance {
		return Account{}, ErrInvalid.At("amount", "is zero or too large, or there is no customer", "")
	}
	a, err := open(ctx, tx, Account{ID: id.New("wal"), Tenant: by.Tenant, Customer: c.Customer, Kind: c.Kind, Unit: c.Unit, Reference: c.Reference, CreatedAt: tx.Now})
	if err != nil {
		return Account{}, fmt.Errorf("wallet of %s: %w", c.Customer, err)
	}
	return a, nil
}

// book writes an entry on a locked account. What has expired is taken off first.
func (s *Service) book(ctx context.Context, tx *db.Tx, by actor.Actor, a *Account, kind string, c Change, more Entry) (Entry, error) {
	if c.Key == "" {
		c.Key = id.New("key")
	} else if known, ok, err := byKey(ctx, tx, a.Tenant, c.Key); err != nil || ok {
		if ok && (known.Account != a.ID || known.Amount != c.Amount || known.Kind != kind) {
			return Entry{}, ErrKeyTaken.With("key", c.Key)
		}
		return known, err
	}
	if err := s.sweep(ctx, tx, a); err != nil {
		return Entry{}, err
	}
	if a.Balance+c.Amount < 0 {
		return Entry{}, ErrNotSo.With("balance", a.Balance).With("unit", a.Unit)
	}
	if a.Balance+c.Amount > maxBalance {
		return Entry{}, ErrInvalid.At("amount", "makes the balance too large", "")
	}
	if c.Amount > 0 {
		if err := addLot(ctx, tx, Lot{ID: id.New("lot"), Account: a.ID, Rest: c.Amount, ExpiresAt: c.ExpiresAt}, a.Tenant); err != nil {
			return Entry{}, fmt.Errorf("adding to %s: %w", a.ID, err)
		}
	} else if err := take(ctx, tx, *a, -c.Amount); err != nil {
		return Entry{}, fmt.Errorf("taking from %s: %w", a.ID, err)
	}
	e := Entry{Kind: kind, Amount: c.Amount, Key: c.Key, Case: c.Case, Order: c.Order, Tender: more.Tender, Basis: more.Basis, Reason: c.Reason}
	return s.write(ctx, tx, by, a, e)
}

// write adds an entry, changes the balance by it and announces it.
func (s *Service) write(ctx context.Context, tx *db.Tx, by actor.Actor, a *Account, e Entry) (Entry, error) {
	a.Balance += e.Amount
	e.ID, e.Tenant, e.Account, e.Balance, e.Actor, e.At = id.New("wen"), a.Tenant, a.ID, a.Balance, by.ID, tx.Now
	if err := insert(ctx, tx, e); err != nil {
		return Entry{}, fmt.Errorf("entry on %s: %w", a.ID, err)
	}
	if err := save(ctx, tx, a); err != nil {
		return Entry{}, fmt.Errorf("balance of %s: %w", a.ID, err)
	}
	return e, event.Append(ctx, tx, by, event.About{Stream: "wallet", Subject: a.ID, Version: a.Version},
		BookedFact{e.Kind, a.Customer, a.Kind, a.Unit, e.Amount, e.Balance, e.Case, e.Order, e.Reason})
}

// take lowers the lots of an account by an amount that is there.
func take(ctx context.Context, tx *db.Tx, a Account, amount int64) error {
	lots, err := lotsOf(ctx, tx, a.Tenant, a.ID)
	if err != nil {
		return err
	}
	for _, l := range lots {
		if amount == 0 {
			break
		}
		n := min(amount, l.Rest)
		amount -= n
		if err := setLot(ctx, tx, a.Tenant, l, l.Rest-n); err != nil {
			return err
		}
	}
	if amount != 0 {
		return fmt.Errorf("lots of %s are %d short of its balance", a.ID, amount)
	}
	return nil
}

// sweep books what has expired on a locked account.
func (s *Service) sweep(ctx context.Context, tx *db.Tx, a *Account) error {
	lots, err := lotsOf(ctx, tx, a.Tenant, a.ID)
	if err != nil {
		return fmt.Errorf("lots of %s: %w", a.ID, err)
	}
	for _, l := range lots {
		if l.ExpiresAt.IsZero() || l.ExpiresAt.After(tx.Now) {
			continue
		}
		if err := setLot(ctx, tx, a.Tenant, l, 0); err != nil {
			return fmt.Errorf("expired on %s: %w", a.ID, err)
		}
		e := Entry{Kind: Expired, Amount: -l.Rest, Key: "expired " + l.ID}
		if _, err := s.write(ctx, tx, actor.Actor{Tenant: a.Tenant, Kind: actor.Timer}, a, e); err != nil {
			return err
		}
	}
	return nil
}

// ByCustomer lists a customer's accounts with their lots.
func ByCustomer(ctx context.Context, tx *db.Tx, tenant, customer string) ([]Account, error) {
	return byCustomer(ctx, tx, tenant, customer)
}
