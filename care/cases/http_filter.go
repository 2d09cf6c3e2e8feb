package cases

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/httpapi"
)

// FigureFilter is what the bars of figures narrow a list by.
type FigureFilter struct {
	Unread        bool   `query:"unread" doc:"Only cases whose customer wrote what nobody of the shop has read"`
	DueAfter      int    `query:"due_after" minimum:"0" maximum:"8760" doc:"Only what has its deadline after so many hours, or later"`
	Undated       bool   `query:"undated" doc:"Only what is not over and has no deadline"`
	AgeOver       int    `query:"age_over" minimum:"0" maximum:"87600" doc:"Only requests made so many hours ago, or longer"`
	AgeUnder      int    `query:"age_under" minimum:"0" maximum:"87600" doc:"Only requests made less than so many hours ago"`
	PaidFrom      string `query:"paid_from" maxLength:"10" doc:"Only cases of which money went back on this day or later, in the shop's zone. The list is in the order in which it went back, newest or oldest first" example:"2026-03-02"`
	PaidTo        string `query:"paid_to" maxLength:"10" doc:"On this day or earlier" example:"2026-03-08"`
	SettledFrom   string `query:"settled_from" maxLength:"10" doc:"Only cases of which all money is back with the customer since this day or later; in that order" example:"2026-03-02"`
	SettledTo     string `query:"settled_to" maxLength:"10" doc:"Since this day or earlier" example:"2026-03-08"`
	TookLeast     int    `query:"took_least" minimum:"0" maximum:"87600" doc:"Only cases of which all money is back, so many hours after the request or later"`
	TookMost      int    `query:"took_most" minimum:"0" maximum:"87600" doc:"Within so many hours after the request"`
	AnsweredFrom  string `query:"answered_from" maxLength:"10" doc:"Only cases first approved or refused on this day or later; in that order" example:"2026-03-02"`
	AnsweredTo    string `query:"answered_to" maxLength:"10" doc:"On this day or earlier" example:"2026-03-08"`
	AnsweredBy    string `query:"answered_by" enum:"rule,staff,timer,automatic" doc:"Only cases whose first answer was given by a rule, a member of staff, or a deadline; automatic: by the first or last"`
	ReturnedLeast int64  `query:"returned_least" minimum:"0" doc:"Only cases of which at least this goes back to the customer, minor units, also where it is on its way"`
	ReturnedMost  int64  `query:"returned_most" minimum:"0" doc:"At most this"`
}

// figureQuery documents the same for exports and kept lists.
var figureQuery = map[string]string{
	"unread": "true: only cases whose customer wrote what nobody of the shop has read", "due_after": "Only what has its deadline after so many hours, or later",
	"undated": "true: only what is not over and has no deadline", "age_over": "Only requests made so many hours ago, or longer", "age_under": "Only requests made less than so many hours ago",
	"paid_from": "Only cases of which money went back on this day or later", "paid_to": "On this day or earlier",
	"settled_from": "Only cases of which all money is back since this day or later", "settled_to": "Since this day or earlier",
	"took_least": "Only cases of which all money is back, so many hours after the request or later", "took_most": "Within so many hours after the request",
	"answered_from": "Only cases first approved or refused on this day or later", "answered_to": "On this day or earlier",
	"answered_by":    "Only cases whose first answer was given by: rule, staff, timer, or automatic",
	"returned_least": "At least so many minor units go back", "returned_most": "At most so many minor units go back",
}

// figureOf reads it from the query of an export or a kept list.
func figureOf(q url.Values) (in FigureFilter, err error) {
	in = FigureFilter{Unread: q.Get("unread") == "true", Undated: q.Get("undated") == "true", PaidFrom: q.Get("paid_from"), PaidTo: q.Get("paid_to"),
		SettledFrom: q.Get("settled_from"), SettledTo: q.Get("settled_to"), AnsweredFrom: q.Get("answered_from"), AnsweredTo: q.Get("answered_to"), AnsweredBy: q.Get("answered_by")}
	if by := append([]string{"", "automatic"}, answerers...); !slices.Contains(by, in.AnsweredBy) {
		return in, httpapi.ErrInvalid.At("query.answered_by", in.AnsweredBy+" is nobody who answers", strings.Join(by[1:], ", "))
	}
	number := func(name string, most int64) (n int64) {
		text := q.Get(name)
		if text == "" || err != nil {
			return 0
		}
		n, wrong := strconv.ParseInt(text, 10, 64)
		if wrong != nil || n < 0 || n > most {
			err = httpapi.ErrInvalid.At("query."+name, text+" is not a number that fits", "0 or more")
		}
		return n
	}
	in.DueAfter, in.AgeOver, in.AgeUnder = int(number("due_after", 8760)), int(number("age_over", 87600)), int(number("age_under", 87600))
	in.TookLeast, in.TookMost = int(number("took_least", 87600)), int(number("took_most", 87600))
	in.ReturnedLeast, in.ReturnedMost = number("returned_least", 1<<62), number("returned_most", 1<<62)
	return in, err
}

// narrow puts it into a filter.
func (in FigureFilter) narrow(f *Filter) (err error) {
	hours := func(n int) time.Duration { return time.Duration(n) * time.Hour }
	f.Unread, f.Undated, f.DueAfter, f.AgeOver, f.AgeUnder = in.Unread, in.Undated, hours(in.DueAfter), hours(in.AgeOver), hours(in.AgeUnder)
	f.TookLeast, f.TookMost, f.AnsweredBy = hours(in.TookLeast), hours(in.TookMost), in.AnsweredBy
	f.ReturnedLeast, f.ReturnedMost = in.ReturnedLeast, in.ReturnedMost
	for name, one := range map[string]struct {
		to         *Span
		from, last string
	}{"paid": {&f.Paid, in.PaidFrom, in.PaidTo}, "settled": {&f.Settled, in.SettledFrom, in.SettledTo}, "answered": {&f.Answered, in.AnsweredFrom, in.AnsweredTo}} {
		if *one.to, err = spanOf(name, one.from, one.last); err != nil {
			return err
		}
	}
	return nil
}

// spanOf reads days as they are asked for.
func spanOf(name, from, to string) (Span, error) {
	for end, day := range map[string]string{"_from": from, "_to": to} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return Span{}, httpapi.ErrInvalid.At("query."+name+end, day+" is not a day", "a date such as 2026-03-01")
		}
	}
	return Span{from, to}, nil
}
