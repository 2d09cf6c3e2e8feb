package refund

import (
	"fmt"

	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/sales/order"
)

// Sheet is an order's account on paper: the same arithmetic and the same rules
// as the service, without a store. One goroutine uses it.
type Sheet struct {
	o     order.Order
	a     account
	all   holds
	cases int
}

// NewSheet starts with an order of which nothing was paid back.
func NewSheet(o order.Order) *Sheet {
	return &Sheet{o: o, a: account{tenders: map[string]int64{}}}
}

// Past books a return that happened before, as PastReturn does.
func (s *Sheet) Past(p Past) error {
	runs, err := s.a.past(s.o, s.all, p)
	if err != nil {
		return err
	}
	s.hold(imported, runs)
	return nil
}

// Take works one case out and books it, so that the next comes after it. The
// units are the lowest free ones, and for a lower price those of which least was paid back; it refuses as Preview and Reserve do, and
// then nothing is booked.
func (s *Sheet) Take(wanted []Wanted, c Claim) (Quote, []clearing.Entry, error) {
	runs, err := s.a.units(s.o, s.all, wanted, c)
	if err != nil {
		return Quote{}, nil, err
	}
	q, entries, err := Reckon(s.o, s.a.before(s.all, ""), runs, c)
	if err != nil || c.Kind == Reship {
		return q, entries, err
	}
	s.cases++
	caseID := fmt.Sprint("case_", s.cases)
	if err := s.a.add(s.o, caseID, q, runs); err != nil {
		return Quote{}, nil, err
	}
	if !c.keepsGoods() {
		s.hold(caseID, runs)
	}
	return q, entries, nil
}

func (s *Sheet) hold(caseID string, runs []Run) {
	for _, r := range runs {
		s.all = append(s.all, hold{r, caseID, Paid})
	}
	s.all.sort()
}
