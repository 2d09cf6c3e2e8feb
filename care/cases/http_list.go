package cases

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

type listIn struct {
	httpapi.Page
	httpapi.Lang
	FigureFilter
	State    string `query:"state" maxLength:"200" doc:"Only these states, separated by commas" example:"submitted,inspecting"`
	Query    string `query:"q" maxLength:"100" doc:"The beginning of a case, order or tracking number, or part of a name or title"`
	Kind     string `query:"kind" maxLength:"40" doc:"Only this kind" example:"exchange"`
	Reason   string `query:"reason" maxLength:"40"`
	Seller   string `query:"seller" maxLength:"100" doc:"Only goods of this seller"`
	Channel  string `query:"channel" maxLength:"40" doc:"Only goods sold by this channel; - where none is known" example:"live"`
	Country  string `query:"country" maxLength:"2" doc:"Only goods delivered to this country; - where none is known" example:"DE"`
	SKU      string `query:"sku" maxLength:"200" doc:"Only cases about this article"`
	Customer string `query:"customer" maxLength:"100" doc:"Only this customer, by id"`
	Assignee string `query:"assignee" maxLength:"100" doc:"Only what this member of staff looks after: an id, me, or none"`
	Overdue  bool   `query:"overdue" doc:"Only what has missed its deadline"`
	Waiting  string `query:"waiting" enum:"customer,seller,warehouse,carrier,system,nobody" doc:"Only what waits for this party"`
	Wrote    bool   `query:"wrote" doc:"Only cases whose customer waits for an answer to a message"`
	Due      int    `query:"due" minimum:"0" maximum:"8760" doc:"Only what has its deadline within so many hours"`
	From     string `query:"opened_from" maxLength:"10" doc:"Only requests made on this day or later, in the shop's zone" example:"2026-03-01"`
	To       string `query:"opened_to" maxLength:"10" doc:"Only requests made on this day or earlier" example:"2026-03-31"`
	Currency string `query:"currency" maxLength:"3" doc:"Only amounts of this currency"`
	Least    int64  `query:"least" minimum:"0" doc:"Only cases worth at least this, minor units"`
	Most     int64  `query:"most" minimum:"0" doc:"Only cases worth at most this, minor units"`
	Sort     Order  `query:"sort" enum:"newest,oldest,deadline,waiting" default:"newest" doc:"deadline: the most urgent first, without cases that have none; waiting: those whose customer waits longest for an answer to a message first, without the others"`
	Counts   bool   `query:"counts" doc:"Count the cases of each state that match the rest of the filter, up to 1000 of each"`
}

type listOut struct {
	Body struct {
		Items      []Summary       `json:"items"`
		Next       string          `json:"next" doc:"Empty at the end of the list. A page may hold fewer entries than asked for, even none, and still go on: rare matches of many filters are looked for in steps"`
		Counts     map[State]int64 `json:"counts,omitempty"`
		CountsMore []State         `json:"counts_more,omitempty" doc:"States of which there may be more than counted"`
	}
}

func (in *listIn) filter(by actor.Actor) (Filter, error) {
	f := Filter{Query: in.Query, Kind: in.Kind, Reason: in.Reason, Seller: in.Seller, Channel: in.Channel, Country: in.Country, SKU: in.SKU,
		Customer: in.Customer, Overdue: in.Overdue, Sort: in.Sort, Limit: in.Limit,
		Wrote: in.Wrote, Due: time.Duration(in.Due) * time.Hour, Currency: in.Currency, Least: in.Least, Most: in.Most}
	f.assigned(by, in.Assignee)
	var err error
	if f.Opened, err = spanOf("opened", in.From, in.To); err != nil {
		return f, err
	}
	if err = in.narrow(&f); err != nil {
		return f, err
	}
	if f.States, err = states(in.State); err != nil {
		return f, err
	}
	f.waiting(in.Waiting)
	if in.Cursor == "" {
		return f, nil
	}
	var order Order
	var at int64
	err = httpapi.DecodeCursor(in.Cursor, &order, &at, &f.After.ID)
	if err == nil && order != in.Sort { // a place in another order is none in this one
		err = httpapi.ErrCursor
	}
	f.After.At = time.UnixMilli(at)
	return f, err
}

// FilterOf reads the filter of a list that somebody has kept; what is no filter
// is refused.
func FilterOf(by actor.Actor, q url.Values) (f Filter, err error) {
	for name := range q {
		if _, known := exportQuery()[name]; !known && name != "sort" {
			return f, httpapi.ErrInvalid.At("query."+name, "is not a filter of cases", strings.Join(slices.Sorted(maps.Keys(exportQuery())), ", "))
		}
	}
	return filterOf(by, q)
}

// filterOf reads the filter of an export.
func filterOf(by actor.Actor, q url.Values) (f Filter, err error) {
	f = Filter{Query: q.Get("q"), Kind: q.Get("kind"), Reason: q.Get("reason"), Seller: q.Get("seller"), Channel: q.Get("channel"), Country: q.Get("country"), SKU: q.Get("sku"), Customer: q.Get("customer"),
		Overdue: q.Get("overdue") == "true", Sort: Newest, Limit: 500}
	f.assigned(by, q.Get("assignee"))
	hours, least, most := int64(0), int64(0), int64(0)
	for name, to := range map[string]*int64{"due": &hours, "least": &least, "most": &most} {
		if text := q.Get(name); text != "" {
			if *to, err = strconv.ParseInt(text, 10, 64); err != nil || *to < 0 || name == "due" && *to > 8760 {
				return f, httpapi.ErrInvalid.At("query."+name, text+" is not a number that fits", "0 or more")
			}
		}
	}
	f.Wrote = q.Get("wrote") == "true"
	f.Due, f.Currency, f.Least, f.Most = time.Duration(hours)*time.Hour, q.Get("currency"), least, most
	if f.Opened, err = spanOf("opened", q.Get("opened_from"), q.Get("opened_to")); err != nil {
		return f, err
	}
	more, err := figureOf(q)
	if err != nil {
		return f, err
	}
	if err = more.narrow(&f); err != nil {
		return f, err
	}
	if f.States, err = states(q.Get("state")); err != nil {
		return f, err
	}
	who := q.Get("waiting")
	if who != "" && !slices.Contains(slices.Collect(maps.Values(waitingFor)), who) {
		return f, httpapi.ErrInvalid.At("query.waiting", who+" is nobody that a case waits for", "customer, seller, warehouse, carrier, system, nobody")
	}
	f.waiting(who)
	return f, nil
}

// waiting leaves the states in which it is this party's turn.
func (f *Filter) waiting(who string) {
	if who == "" {
		return
	}
	from := f.States
	if len(from) == 0 {
		from = States
	}
	f.States = slices.DeleteFunc(slices.Clone(from), func(s State) bool { return waitingFor[s] != who })
	f.none = len(f.States) == 0
}

func (f *Filter) assigned(by actor.Actor, to string) {
	switch to {
	case "me":
		f.Assignee = by.ID
	case "none":
		f.Unassigned = true
	default:
		f.Assignee = to
	}
}

// exportQuery documents the filter of an export.
func exportQuery() map[string]string {
	all := maps.Clone(listQuery)
	maps.Copy(all, figureQuery)
	return all
}

var listQuery = map[string]string{
	"state": "Only these states, separated by commas", "q": "Search", "kind": "Only this kind", "reason": "Only this reason",
	"seller": "Only goods of this seller", "channel": "Only goods sold by this channel; - where none is known",
	"country": "Only goods delivered to this country; - where none is known", "sku": "Only cases about this article", "customer": "Only this customer", "assignee": "An id, me, or none", "overdue": "true: only what has missed its deadline",
	"wrote":   "true: only cases whose customer waits for an answer to a message",
	"waiting": "Only what waits for this party", "due": "Only what has its deadline within so many hours", "currency": "Only this currency",
	"opened_from": "Only requests made on this day or later, in the shop's zone", "opened_to": "Only requests made on this day or earlier",
	"least": "At least so many minor units", "most": "At most so many minor units",
}

func states(list string) ([]State, error) {
	var all []State
	for word := range strings.SplitSeq(list, ",") {
		if word == "" {
			continue
		}
		if _, known := waitingFor[State(word)]; !known {
			names := make([]string, len(States))
			for i, s := range States {
				names[i] = string(s)
			}
			return nil, httpapi.ErrInvalid.At("query.state", word+" is not a state", strings.Join(names, ", "))
		}
		all = append(all, State(word))
	}
	return all, nil
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	f, err := in.filter(by)
	if err != nil {
		return nil, err
	}
	if f.Query != "" { // once for the list and the counts
		found, err := search(ctx, tx, by, f.Query)
		if err != nil {
			return nil, err
		}
		f.found = &found
	}
	found, next, err := page(ctx, tx, by, f)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []Summary{}
	if next.ID != "" {
		out.Body.Next = httpapi.EncodeCursor(in.Sort, next.At.UnixMilli(), next.ID)
	}
	names, err := assignees(ctx, tx, by, found)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		one := summary(c, by, in.Language())
		one.AssigneeName = names[c.Assignee]
		out.Body.Items = append(out.Body.Items, one)
	}
	if in.Counts {
		out.Body.Counts, out.Body.CountsMore, err = counts(ctx, tx, by, f)
	}
	return out, err
}

// assignees are the names of those who work on cases, for staff.
func assignees(ctx context.Context, tx *db.Tx, by actor.Actor, all []Case) (map[string]string, error) {
	names := map[string]string{}
	if by.Kind == actor.Customer || !slices.ContainsFunc(all, func(c Case) bool { return c.Assignee != "" }) {
		return names, nil
	}
	who, err := account.Colleagues(ctx, tx, actor.Actor{Tenant: by.Tenant}, false, "", mostColleagues)
	for _, a := range who {
		names[a.ID] = a.Name
	}
	return names, err
}

const mostColleagues = 2000 // whose names a list shows
