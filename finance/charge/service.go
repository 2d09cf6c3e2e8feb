package charge

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// Service holds the verbs of charges.
type Service struct {
	store      *db.DB
	queue      *job.Queue
	log        *slog.Logger
	collectors []Collector

	// Accounts are the shop's own accounts by provider that new payments are
	// collected with; without it there are none.
	Accounts func(ctx context.Context, tx *db.Tx, tenant string) (map[string]string, error)
	// Own opens an account of a shop; nil where it is gone.
	Own func(ctx context.Context, tenant, account string) (Collector, error)
}

// NewService makes the service. Without collectors, people record what customers
// paid.
func NewService(store *db.DB, queue *job.Queue, log *slog.Logger, collectors ...Collector) *Service {
	return &Service{store: store, queue: queue, log: log, collectors: collectors}
}

// ByID finds a charge, or refuses with ErrUnknown. A customer sees own charges;
// somebody who works for one seller sees none.
func ByID(ctx context.Context, tx *db.Tx, by actor.Actor, chargeID string) (Charge, error) {
	c, err := byID(ctx, tx, by.Tenant, chargeID)
	if err != nil {
		return Charge{}, err
	}
	if mine, limited := by.Mine(); by.Seller != "" || limited && (mine == "" || mine != c.Customer) {
		return Charge{}, ErrUnknown
	}
	return c, nil
}

// CasesOf tells of which case each of these charges is, by its id; what is gone
// is left out.
func CasesOf(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	return casesOf(ctx, tx, tenant, ids)
}

// ByCase lists the charges of a case, oldest first.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Charge, error) {
	return byCase(ctx, tx, tenant, caseID)
}

// Demand makes a charge and its deadline. The same again under its key gives the
// charge that is there; another amount is refused with ErrDemanded, and what
// makes no sense with ErrInvalid.
func (s *Service) Demand(ctx context.Context, tx *db.Tx, by actor.Actor, n New) (Charge, error) {
	if n.Key == "" {
		n.Key = n.Case + " " + n.Purpose
	}
	if _, err := money.Exponent(n.Amount.Currency); err != nil || n.Amount.Minor <= 0 {
		return Charge{}, ErrInvalid.At("amount", "is not a positive amount of money", "")
	}
	if n.Case == "" || !slices.Contains([]string{ExchangeDifference, AdvanceRecovery, Adjustment}, n.Purpose) || !n.Due.After(tx.Now) {
		return Charge{}, ErrInvalid.At("due", "case or purpose is missing, or the time has passed", "")
	}
	c, fresh, err := insert(ctx, tx, Charge{
		ID: id.New("chg"), Tenant: by.Tenant, Key: n.Key, Case: n.Case, Order: n.Order, Customer: n.Customer, Purpose: n.Purpose,
		Amount: n.Amount, State: Due, Due: n.Due, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	})
	if err != nil {
		return Charge{}, fmt.Errorf("demanding %s of %s: %w", n.Purpose, n.Case, err)
	}
	if !fresh {
		if c.Amount != n.Amount || c.Case != n.Case {
			return Charge{}, ErrDemanded.With("charge", c.ID).With("amount", c.Amount)
		}
		return c, nil
	}
	if err := s.queue.Enqueue(ctx, tx, job.New{Tenant: c.Tenant, Kind: expireKind, Key: c.ID, Args: chargeArgs{c.ID}, RunAt: c.Due, MaxAttempts: maxAttempts}); err != nil {
		return Charge{}, err
	}
	return c, announce(ctx, tx, by, c, DemandedFact{about(c), c.Due})
}

// Input is what a person does with a charge.
type Input struct {
	Do        Action
	Amount    money.Amount // of Pay: what was paid
	Reference string       // of Pay
	Reason    string       // of Waive and WriteOff
}

// Act records a payment (Pay), or gives a charge up: Waive where it is not owed
// any more, WriteOff where it is. Version is what the person saw; 0 means any.
// Refusals: ErrUnknown, ErrStale, ErrMove, ErrReference, ErrAmount, ErrReason,
// and ErrUnderway while a payment is being sent.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by actor.Actor, chargeID string, version int64, in Input) (Charge, error) {
	if _, err := ByID(ctx, tx, by, chargeID); err != nil {
		return Charge{}, err
	}
	c, err := lock(ctx, tx, by.Tenant, chargeID) // nobody begins to pay it now
	if err != nil {
		return Charge{}, err
	}
	if version != 0 && version != c.Version {
		return Charge{}, ErrStale.With("version", c.Version)
	}
	if in.Do != Pay && in.Do != Waive && in.Do != WriteOff {
		return Charge{}, ErrMove.With("state", string(c.State)).With("action", string(in.Do))
	}
	to, err := next(c, in.Do)
	if err != nil {
		return Charge{}, err
	}
	switch {
	case in.Do == Pay && strings.TrimSpace(in.Reference) == "":
		return Charge{}, ErrReference
	case in.Do == Pay && in.Amount != c.Amount:
		return Charge{}, ErrAmount.With("amount", c.Amount)
	case in.Do != Pay && strings.TrimSpace(in.Reason) == "":
		return Charge{}, ErrReason
	case c.Attempt != nil && c.Attempt.State == attemptOpen && c.Attempt.BusyUntil.After(tx.Now):
		return Charge{}, ErrUnderway
	}
	c.Reference, c.Reason = in.Reference, in.Reason
	return s.end(ctx, tx, by, c, to, true)
}

// Waive is Act for the program: the charge is not owed any more, because its
// case went another way. One that has ended stays as it is.
func (s *Service) Waive(ctx context.Context, tx *db.Tx, by actor.Actor, chargeID, reason string) (Charge, error) {
	c, err := lock(ctx, tx, by.Tenant, chargeID)
	if err != nil || c.State != Due {
		return c, err
	}
	c.Reason = reason
	return s.end(ctx, tx, by, c, Waived, false)
}

// end brings a charge to a state that ends it and announces it.
func (s *Service) end(ctx context.Context, tx *db.Tx, by actor.Actor, c Charge, to State, byHand bool) (Charge, error) {
	c.State = to
	if err := update(ctx, tx, &c); err != nil {
		return Charge{}, err
	}
	var fact event.Fact
	switch to {
	case Paid:
		fact = PaidFact{about(c), c.Reference, byHand}
	case Waived:
		fact = WaivedFact{about(c), c.Reason}
	case WrittenOff:
		fact = WrittenOffFact{about(c), c.Reason}
	default:
		fact = ExpiredFact{about(c)}
	}
	return c, announce(ctx, tx, by, c, fact)
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, c Charge, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: "charge", Subject: c.ID, Version: c.Version}, fact)
}
