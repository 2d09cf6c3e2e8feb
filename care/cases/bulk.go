package cases

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
)

// ErrBulk refuses to approve more money at once than the shop's rules allow.
var ErrBulk = fault.New(fault.Invalid, "cases.bulk_limit", "Together these cases are worth more than may be approved at once.")

// MostAtOnce is how many cases one call may name.
const MostAtOnce = 100

// Seen names a case and the version of it that somebody saw.
type Seen struct {
	ID      string
	Version int64
}

// Outcome is what became of one case of many: the case, or why not.
type Outcome struct {
	Seen
	Case    Case
	Refused *fault.Fault
}

// ActOnMany does the same to many cases, each on its own: a refusal of one
// changes nothing of that one and leaves the others alone. Approving needs a
// fresh password of staff (session.Fresh), and fails as a whole with ErrBulk
// where the cases of a currency are worth more than the rules allow at once.
func (s *Service) ActOnMany(ctx context.Context, tx *db.Tx, by actor.Actor, all []Seen, in Input) ([]Outcome, error) {
	if in.Action == Approve {
		if err := session.Fresh(ctx, tx, by); err != nil {
			return nil, err
		}
		if err := s.withinBulk(ctx, tx, by, all); err != nil {
			return nil, err
		}
	}
	done := make([]Outcome, len(all))
	for i, one := range all {
		done[i].Seen = one
		err := tx.Try(ctx, func() (err error) {
			done[i].Case, err = s.Act(ctx, tx, by, one.ID, one.Version, in)
			return err
		})
		if err != nil && !errors.As(err, &done[i].Refused) {
			return nil, err
		}
		if done[i].Refused != nil && done[i].Refused.Kind == fault.Busy { // nothing about this case: all of it can be tried again
			return nil, err
		}
	}
	return done, nil
}

// withinBulk adds up what the cases are worth by currency, and holds it against
// the lowest limit of their policies. Cases that cannot be approved count too:
// who asks for too much is to notice.
func (s *Service) withinBulk(ctx context.Context, tx *db.Tx, by actor.Actor, all []Seen) error {
	sums, limits := map[string]int64{}, map[string]int64{}
	for _, one := range all {
		c, err := ByID(ctx, tx, by, one.ID)
		if errors.Is(err, ErrUnknown) {
			continue
		}
		if err != nil {
			return err
		}
		p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
		if err != nil {
			return err
		}
		sums[c.Currency] += c.Quoted
		if limit, set := p.Rules.BulkLimit(c.Currency); set {
			if lowest, known := limits[c.Currency]; !known || limit < lowest {
				limits[c.Currency] = limit
			}
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(limits)) {
		if sums[currency] > limits[currency] {
			return ErrBulk.With("total", money.Of(sums[currency], currency)).With("limit", money.Of(limits[currency], currency))
		}
	}
	return nil
}
