package insight

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// all stands for every value of a dimension.
const all = "*"

// place names what is summed up together: a day of a scope, of one kind, channel
// and market or of all.
type place struct{ scope, kind, channel, market, day string }

// unit names an article of a month in the same way.
type unit struct {
	place        // its day is the first of the month
	sku   string // empty: all articles together
}

type amount struct{ n, total int64 }

type units struct{ sold, returned int64 }

// label is one name of one measure.
type label struct {
	measure Measure
	name    string
}

// sums are the figures of a place.
type sums map[label]amount

// changes is what entries together add to what was counted.
type changes struct {
	sums  map[place]sums
	units map[unit]units
}

func newChanges() changes { return changes{map[place]sums{}, map[unit]units{}} }

// places are where an entry counts on a day. The whole shop is summed up for
// each choice of some dimensions, so that every question about it reads one row
// a day; a seller, who has few, as a whole and by all dimensions at once.
func (e Entry) places(day string) (list []place) {
	for _, kind := range choicesOf(e.Kind) {
		for _, channel := range []string{all, e.Channel} {
			for _, market := range []string{all, e.Market} {
				list = append(list, place{everybody, kind, channel, market, day})
			}
		}
	}
	if e.Seller != "" {
		list = append(list, place{e.Seller, all, all, all, day}, place{e.Seller, e.Kind, e.Channel, e.Market, day})
	}
	return list
}

// choicesOf leaves out a kind where there is none: what is sold has none.
func choicesOf(kind string) []string {
	if kind == "" {
		return []string{all}
	}
	return []string{all, kind}
}

// spread adds what an entry contributes, times sign.
func (c changes) spread(e Entry, sign int64) {
	for _, cell := range e.Cells {
		if cell.Measure.monthly() {
			for _, p := range e.places(Month.startOf(cell.Day)) {
				for _, sku := range slices.Compact([]string{"", cell.Label}) {
					k := unit{p, sku}
					u := c.units[k]
					if cell.Measure == Sold {
						u.sold += sign * cell.N
					} else {
						u.returned += sign * cell.N
					}
					c.units[k] = u
				}
			}
			continue
		}
		for _, p := range e.places(cell.Day) {
			if c.sums[p] == nil {
				c.sums[p] = sums{}
			}
			c.sums[p].add(label{cell.Measure, cell.Label}, amount{sign * cell.N, sign * cell.Total})
		}
	}
}

// settle forgets what cancels out.
func (c changes) settle() {
	maps.DeleteFunc(c.sums, func(_ place, s sums) bool { return len(s) == 0 })
	maps.DeleteFunc(c.units, func(_ unit, u units) bool { return u == units{} })
}

func (s sums) add(to label, more amount) {
	a := s[to]
	a.n, a.total = a.n+more.n, a.total+more.total
	if s[to] = a; a == (amount{}) {
		delete(s, to)
	}
}

// Signs between the parts of a packed row.
const (
	lineSign = "\n"
	partSign = "\t"
	unitSign = "\x1f"
)

// pack writes sums as one text: a line for each measure, and in it each name
// with its count, and its total where it has one. The same sums are the same
// text.
func (s sums) pack() string {
	labels := slices.SortedFunc(maps.Keys(s), func(a, b label) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), cmp.Compare(a.name, b.name))
	})
	var b strings.Builder
	last := Measure("")
	for _, l := range labels {
		if l.measure != last {
			if last != "" {
				b.WriteString(lineSign)
			}
			b.WriteString(string(l.measure))
			last = l.measure
		}
		a := s[l]
		b.WriteString(partSign + l.name + unitSign + strconv.FormatInt(a.n, 10))
		if a.total != 0 {
			b.WriteString(unitSign + strconv.FormatInt(a.total, 10))
		}
	}
	return b.String()
}

// unpack tells each part of a packed text.
func unpack(text string, part func(label, amount)) error {
	for line := range strings.SplitSeq(text, lineSign) {
		measure, rest, more := strings.Cut(line, partSign)
		for more {
			var one string
			one, rest, more = strings.Cut(rest, partSign)
			name, numbers, _ := strings.Cut(one, unitSign)
			n, total, _ := strings.Cut(numbers, unitSign)
			var a amount
			var err error
			if a.n, err = strconv.ParseInt(n, 10, 64); err != nil {
				return err
			}
			if total != "" {
				if a.total, err = strconv.ParseInt(total, 10, 64); err != nil {
					return err
				}
			}
			part(label{Measure(measure), name}, a)
		}
	}
	return nil
}
