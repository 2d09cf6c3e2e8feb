package rights

import (
	"time"

	"github.com/aftercare/aftercare/base/calendar"
)

// law is what a pack, with the one that it extends, says from a day on.
type law struct {
	pack     *Pack
	base     *Pack
	from     int64
	version  string
	draft    bool
	zone     *time.Location
	calendar *calendar.Calendar
	currency string
	codes    map[string]Code
	rules    []*compiled
}

// compiled is a rule ready to run.
type compiled struct {
	*Rule
	pack        string
	from, to    int64
	on          int
	scope       *cond
	requires    []check
	except      []check
	review      []check
	conditional []check
	notes       []check
	ends        *term
	compare     int
	freight     []choice
	due         *term
	parts       []part
	deductions  []check
	unsettled   []check
	until       *term
	burdenDay   int
	duties      []duty
	lines       [6]string // its name with each outcome, by rank
}

type check struct {
	code    string
	when    *cond
	outcome Outcome
}

type choice struct {
	when *cond
	pays string
	sure bool
}

type part struct {
	*Part
	when  *cond
	of    num
	times []num
	min   *num
	max   *num
}

type duty struct {
	*Duty
	when *cond
	by   *term
	done int
}
