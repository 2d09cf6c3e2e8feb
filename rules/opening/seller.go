package opening

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Refusals about the calendars of sellers.
var (
	ErrSeller   = fault.New(fault.Missing, "opening.seller", "There is no such seller.")
	ErrShopOnly = fault.New(fault.Denied, "opening.shop_only", "The shop keeps the calendars of its sellers itself.")
	ErrLimit    = fault.New(fault.Invalid, "opening.limit", "The shop does not let a seller go so far.")
)

// ofSellers are the deadlines that a seller has to keep, by the desk. Money and
// what arrived, which comes back to the shop's address, are the shop's.
var ofSellers = map[string]string{"answer": AtService}

// Limits are how far a seller's own people may go with a calendar.
type Limits struct {
	Own  bool `json:"own" doc:"Sellers change their calendar themselves; false: only the shop does"`
	Row  int  `json:"row_days" doc:"Days of closures in a row, at most. Closures without an open day between them are one"`
	Year int  `json:"year_days" doc:"Days of closures in a calendar year, at most; those that are over stay counted"`
	Week int  `json:"week_hours" doc:"Hours open in a usual week, at least"`
}

// usual is how far a seller may go where the shop has said nothing.
var usual = Limits{Own: true, Row: 14, Year: 30, Week: 30}

// limits are those that the shop's calendar sets.
func (c Calendar) limits() Limits {
	if c.Sellers == nil {
		return usual
	}
	return *c.Sellers
}

// elsewhere are those of some sellers whose deadlines of a kind count by a
// calendar of their own, and so not by this one.
func (c Calendar) elsewhere(ctx context.Context, tx *db.Tx, shop, timer string, by map[string]int64) (map[string]bool, error) {
	if c.Seller != "" || ofSellers[timer] != c.Desk {
		return nil, nil
	}
	return withOwn(ctx, tx, shop, c.Desk, slices.Sorted(maps.Keys(by)))
}

// mayWrite refuses whoever works for a seller the calendars of others, and the
// own where the shop keeps it.
func mayWrite(ctx context.Context, tx *db.Tx, by actor.Actor, seller, desk string) (Limits, error) {
	if by.Seller != "" && by.Seller != seller {
		return Limits{}, ErrSeller
	}
	if by.Seller == "" {
		return Limits{}, nil
	}
	shops, err := Of(ctx, tx, by.Tenant, "", desk)
	if err != nil {
		return Limits{}, err
	}
	if l := shops.limits(); l.Own {
		return l, nil
	}
	return Limits{}, ErrShopOnly
}

// Return makes a seller keep the shop's calendar again, as one version more:
// what the seller had stays on record. It does nothing where the seller has
// none.
func Return(ctx context.Context, tx *db.Tx, by actor.Actor, seller, desk string, version int64) (Calendar, error) {
	now, err := Of(ctx, tx, by.Tenant, seller, desk)
	if err != nil {
		return now, err
	}
	if seller == "" {
		return now, ErrSeller
	}
	if _, err := mayWrite(ctx, tx, by, seller, desk); err != nil {
		return now, err
	}
	if version != 0 && version != now.Version {
		return now, ErrStale
	}
	if !now.Own {
		return now, nil
	}
	now.Shops = true
	if err := put(ctx, tx, by, &now); err != nil {
		return now, err
	}
	if err := event.Append(ctx, tx, by, now.about(), Returned{Desk: desk, Seller: seller}); err != nil {
		return now, err
	}
	return Of(ctx, tx, by.Tenant, seller, desk)
}

// about names a calendar in the log.
func (c Calendar) about() event.About {
	subject := c.Desk
	if c.Seller != "" {
		subject += "/" + c.Seller
	}
	return event.About{Stream: "opening", Subject: subject, Version: c.Version}
}

// within complains of what goes further than a seller may, and was not so
// before: what the shop has granted stays. Places are those of the draft, which
// need not be in order.
func (c Calendar) within(ctx context.Context, tx *db.Tx, shop string, l Limits, before, draft Calendar) error {
	bad := &complaint{ErrLimit}
	if open := c.weekly(); open < l.Week*60 && open < before.weekly() {
		bad.that(true, "week", "week", "is open too little", fmt.Sprintf("at least %d hours a week", l.Week))
	}
	hours, err := c.Hours()
	if err != nil {
		return err
	}
	today := tx.Now.In(hours.Zone).Format(time.DateOnly)
	for first, last := range c.runs(hours) {
		from, _ := dateOf(c.Closures[first].From)
		to, _ := dateOf(c.Closures[last].To)
		long := int(to.Sub(from)/(24*time.Hour)) + 1
		granted := len(without(c.Closures[first:last+1], before.Closures)) == 0
		if long > l.Row && !granted && c.Closures[last].To >= today {
			at := slices.IndexFunc(draft.Closures, func(x Closure) bool { return x.From == c.Closures[last].From })
			bad.that(true, fmt.Sprintf("closures[%d].to", at), "row", "is too long after the last open day", fmt.Sprintf("up to %d days in a row", l.Row))
		}
	}
	spent, err := spent(ctx, tx, shop, c.Seller, c.Desk, hours.Zone)
	if err != nil {
		return err
	}
	now, then := c.yearly(spent, today), before.yearly(spent, today)
	for year, days := range now {
		if days > l.Year && days > then[year] {
			bad.that(true, "closures", "year", "are too many days in "+year, fmt.Sprintf("up to %d days in a year", l.Year))
			break
		}
	}
	if len(bad.f.Fields) > 0 {
		return bad.f.With("row_days", l.Row).With("year_days", l.Year).With("week_hours", l.Week)
	}
	return nil
}

// weekly is how many minutes a usual week has.
func (c Calendar) weekly() (open int) {
	for _, s := range c.Week {
		mine := spanOf(s.From, s.To)
		open += mine.To - mine.From
	}
	return open
}

// runs are the closures between which no day is open, by their first and last
// place in the sorted list.
func (c Calendar) runs(h *calendar.Hours) func(yield func(first, last int) bool) {
	return func(yield func(first, last int) bool) {
		first := 0
		for i := range c.Closures {
			if i+1 < len(c.Closures) && shut(h, c.Closures[i].To, c.Closures[i+1].From) {
				continue
			}
			if !yield(first, i) {
				return
			}
			first = i + 1
		}
	}
}

// shut reports whether no day between two dates is open.
func shut(h *calendar.Hours, from, to string) bool {
	day, _ := dateOf(from)
	last, _ := dateOf(to)
	for day = day.AddDate(0, 0, 1); day.Before(last); day = day.AddDate(0, 0, 1) {
		if len(h.On(day)) > 0 {
			return false
		}
	}
	return true
}

// yearly counts the closed days by year: those from today on, and those that are
// over and were closed when they came.
func (c Calendar) yearly(spent map[string]bool, today string) map[string]int {
	days := map[string]int{}
	for date := range spent {
		if date < today {
			days[date[:4]]++
		}
	}
	for _, x := range c.Closures {
		for date := range x.dates() {
			if date >= today {
				days[date[:4]]++
			}
		}
	}
	return days
}

// spent are the days since the beginning of the year on which a calendar of a
// seller's own was closed, whatever became of it later.
func spent(ctx context.Context, tx *db.Tx, shop, seller, desk string, zone *time.Location) (map[string]bool, error) {
	year := time.Date(tx.Now.In(zone).Year(), 1, 1, 0, 0, 0, 0, zone)
	all, err := since(ctx, tx, shop, seller, desk, year)
	if err != nil {
		return nil, err
	}
	days := map[string]bool{}
	for i, v := range all {
		from, to := max(v.At.In(zone).Format(time.DateOnly), year.Format(time.DateOnly)), tx.Now.In(zone).Format(time.DateOnly)
		if i+1 < len(all) {
			to = all[i+1].At.In(zone).Format(time.DateOnly)
		}
		if v.Shops {
			continue
		}
		for _, x := range v.Closures {
			for date := range x.dates() {
				if date >= from && date <= to {
					days[date] = true
				}
			}
		}
	}
	return days, nil
}

// checkLimits complains of limits that nobody can keep.
func (c *complaint) checkLimits(l *Limits, desk, seller string) {
	if l == nil || c.that(seller != "" || desk != AtService, "sellers", "sellers", "are set by the shop, with its hours of service", "nothing") {
		return
	}
	for _, one := range []struct {
		name              string
		value, least, max int
	}{{"row_days", l.Row, 0, maxClosure}, {"year_days", l.Year, 0, 366}, {"week_hours", l.Week, leastWeekly, 168}} {
		c.that(one.value < one.least || one.value > one.max, "sellers."+one.name, "range", "is not within its limits", fmt.Sprintf("%d to %d", one.least, one.max))
	}
}

// desksOf are the desks that have a calendar: a seller has that which answers.
func desksOf(seller string) []string {
	if seller == "" {
		return Desks
	}
	return slices.DeleteFunc(slices.Clone(Desks), func(desk string) bool { return len(timersOf(seller, desk)) == 0 })
}

// timersOf are the deadlines that count by the calendar of a desk.
func timersOf(seller, desk string) []string {
	return slices.DeleteFunc(Timers(desk), func(timer string) bool { return seller != "" && ofSellers[timer] != desk })
}
