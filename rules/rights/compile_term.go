package rights

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/base/calendar"
)

func (c *compiler) term(t *Term, path string) *term {
	out := &term{fact: -1, roll: t.Roll, incl: t.Count == "incl_start"}
	switch {
	case isDate(t.Fact):
		out.fixed, out.isFixed = c.date(t.Fact[:10], path, 0), true
	case t.Fact != "":
		out.fact = c.word(t.Fact, path, date)
	case len(t.Cases) > 0:
		for i := range t.Cases {
			at := fmt.Sprintf("%s.cases.%d", path, i)
			out.branches = append(out.branches, branch{c.cond(t.Cases[i].When, at+".when"), c.term(&t.Cases[i].Then, at+".then")})
		}
	case len(t.Earliest)+len(t.Latest) > 0:
		out.latest = len(t.Latest) > 0
		list, name := t.Earliest, ".earliest."
		if out.latest {
			list, name = t.Latest, ".latest."
		}
		for i := range list {
			out.many = append(out.many, c.term(&list[i], path+name+strconv.Itoa(i)))
		}
	case t.From == nil || !t.N.set || t.Unit == "":
		c.wrong(noTerm, path)
		out.fact = 0
	default:
		out.n, out.from = c.number(t.N, path+".n"), c.term(t.From, path+".from")
		out.unit = map[string]unit{"day": days, "working_day": workingDays, "month": months, "year": years}[t.Unit]
		if !c.calendar && (out.unit == workingDays || t.Roll != "" && t.Roll != "none") {
			c.wrong(needsCalendar, path, strings.Join(calendar.Names(), " "))
		}
	}
	return out
}

// isDate also knows what the YAML library makes of a date without quotes.
func isDate(text string) bool {
	return len(text) >= 10 && text[4] == '-' && text[7] == '-' && (len(text) == 10 || strings.HasSuffix(text, "T00:00:00Z"))
}

func (c *compiler) number(x Number, path string) num {
	if x.Ref == "" {
		return num{n: x.Const, fact: -1, isSet: x.set}
	}
	name, column, dotted := strings.Cut(x.Ref, ".")
	if t, ok := c.tables[name]; dotted && ok {
		rows := map[string]int64{}
		for row, columns := range t.Rows {
			if n, has := columns[column]; has {
				rows[row] = n
			}
		}
		if len(rows) == 0 {
			c.wrong(noColumn, path, name, column)
		}
		return num{fact: c.word(t.By, "tables."+name+".by", text), table: rows, isSet: true}
	}
	return num{fact: c.word(x.Ref, path, number), isSet: true}
}

func (c *compiler) optional(x Number, path string) *num {
	if !x.set {
		return nil
	}
	n := c.number(x, path)
	return &n
}
