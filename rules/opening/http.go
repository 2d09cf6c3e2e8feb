package opening

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the calendars of a shop, and those that countries publish.
func (s *Service) Routes(a *httpapi.API, store *db.DB) {
	op := func(route, summary string, need actor.Permission, faults ...*fault.Fault) httpapi.Op {
		return httpapi.Op{Route: route, Need: need, Tag: "Calendars", Summary: summary, Faults: append(faults, ErrSeller)}
	}
	httpapi.Read(a, op("GET /v1/shop/calendars", "The calendars of the shop's desks, or of a seller's", role.CalendarRead), list)
	httpapi.Read(a, op("GET /v1/shop/calendars/{desk}", "When a desk works", role.CalendarRead, ErrDesk), get)
	httpapi.Write(a, op("PUT /v1/shop/calendars/{desk}", "Change when a desk works; deadlines that run keep their time", role.CalendarWrite, ErrInvalid, ErrStale, ErrDesk, ErrLimit, ErrShopOnly), save)
	httpapi.Write(a, op("DELETE /v1/shop/calendars/{desk}", "Make a seller keep the shop's calendar again, as one more version", role.CalendarWrite, ErrStale, ErrDesk, ErrShopOnly), giveUp)
	httpapi.Read(a, op("POST /v1/shop/calendars/{desk}/preview", "What a calendar would change; nothing is saved", role.CalendarWrite, ErrInvalid, ErrDesk, ErrLimit, ErrShopOnly), s.preview)
	httpapi.Read(a, op("GET /v1/shop/calendars/{desk}/versions", "Who changed what, the newest first", role.CalendarRead, ErrDesk), history)
	read := op("POST /v1/shop/calendars/{desk}/import", "What an .ics file holds; nothing is saved", role.CalendarWrite, ErrFile, ErrDesk)
	read.MaxBody = MaxFile*2 + 1<<10 // as text in JSON
	httpapi.Read(a, read, readFile)
	file := op("GET /v1/shop/calendars/{desk}/calendar.ics", "A desk's own closures and extra days as a file", role.CalendarRead, ErrDesk)
	file.Produces, file.Query = "text/calendar", map[string]string{"seller": "The calendar of this seller; missing: the shop's"}
	httpapi.Stream(a, file, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
		return export(ctx, store, by, w, r)
	})
	httpapi.Read(a, op("GET /v1/shop/calendar-sellers", "The sellers with a calendar of their own, by name", role.CalendarRead), owners)
	httpapi.Read(a, op("GET /v1/public-calendars", "The countries whose working days are known", role.CalendarRead), countries)
	httpapi.Read(a, op("GET /v1/public-calendars/{country}", "The published days of a country's year", role.CalendarRead, calendar.ErrUnknown, calendar.ErrYear), country)
}

// Body is a calendar as it is written.
type Body struct {
	Mode     string    `json:"mode" enum:"clock,wait,worked" doc:"How the desk's deadlines count: hours of the clock; the same, but what falls due while closed waits for the end of the next open day; or open hours only"`
	Zone     string    `json:"zone" maxLength:"64" example:"Asia/Shanghai" doc:"IANA zone of the desk"`
	Country  string    `json:"country,omitempty" maxLength:"2" example:"CN" doc:"ISO 3166 country whose published days off, and weekend days worked, the desk keeps; empty: none"`
	Week     []Span    `json:"week" maxItems:"28" nullable:"false"`
	Closures []Closure `json:"closures" maxItems:"200" nullable:"false"`
	Extra    []Extra   `json:"extra" maxItems:"200" nullable:"false"`
	Sellers  *Limits   `json:"sellers,omitempty" doc:"Of the shop's service only: how far sellers may go with calendars of their own. Missing: as it was"`
}

// View is the calendar of a desk.
type View struct {
	Desk    string   `json:"desk" enum:"service,warehouse"`
	Seller  string   `json:"seller,omitempty" doc:"Whose calendar it is; missing: the shop's"`
	Own     bool     `json:"own" doc:"False of a seller who keeps the shop's calendar, which then is shown"`
	Version int64    `json:"version" doc:"0: never saved; then If-Match is *"`
	Timers  []string `json:"timers" nullable:"false" doc:"The deadlines that count by it"`
	Limits  *Limits  `json:"limits,omitempty" doc:"Of a seller: how far the seller's own people may go"`
	Body
}

// view shows a calendar, with the limits of the shop where it is a seller's.
func view(ctx context.Context, tx *db.Tx, shop string, c Calendar) (View, error) {
	v := View{Desk: c.Desk, Seller: c.Seller, Own: c.Own || c.Seller == "", Version: c.Version, Timers: timersOf(c.Seller, c.Desk), Body: c.body()}
	if c.Seller == "" {
		return v, nil
	}
	shops, err := Of(ctx, tx, shop, "", c.Desk)
	l := shops.limits()
	v.Limits = &l
	return v, err
}

func (c Calendar) body() Body {
	b := Body{c.Mode, c.Zone, c.Country, c.Week, c.Closures, c.Extra, nil}
	if c.Seller == "" && c.Desk == AtService {
		l := c.limits()
		b.Sellers = &l
	}
	return b
}

type listOut struct {
	Body struct {
		Items []View `json:"items"`
		Next  string `json:"next" doc:"Always empty"`
	}
}

// Owner says whose calendar is meant.
type Owner struct {
	Seller string `query:"seller" maxLength:"100" doc:"The calendar of this seller; missing: the shop's, or the own of who works for a seller"`
}

// of is the seller whose calendar is meant; whoever works for one finds no other.
func (o Owner) of(by actor.Actor) (string, error) {
	seller := strings.TrimSpace(o.Seller)
	if seller == "" && o.Seller != "" { // a name that was lost on the way is not the shop
		return "", ErrSeller
	}
	if by.Seller != "" && seller != "" && seller != by.Seller || len(seller) > 400 {
		return "", ErrSeller
	}
	return cmp.Or(seller, by.Seller), nil
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *Owner) (*listOut, error) {
	seller, err := in.of(by)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	for _, desk := range desksOf(seller) {
		c, err := Of(ctx, tx, by.Tenant, seller, desk)
		if err != nil {
			return nil, err
		}
		v, err := view(ctx, tx, by.Tenant, c)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

// Which names a desk.
type Which struct {
	Desk string `path:"desk" maxLength:"40" doc:"service or warehouse; of a seller only service"`
	Owner
}

// find reads the calendar that is meant.
func (w Which) find(ctx context.Context, tx *db.Tx, by actor.Actor) (Calendar, error) {
	seller, err := w.of(by)
	if err != nil {
		return Calendar{}, err
	}
	return Of(ctx, tx, by.Tenant, seller, w.Desk)
}

type viewOut struct {
	ETag string `header:"ETag"`
	Body View
}

func answer(ctx context.Context, tx *db.Tx, by actor.Actor) func(c Calendar, err error) (*viewOut, error) {
	return func(c Calendar, err error) (*viewOut, error) {
		if err != nil {
			return nil, err
		}
		v, err := view(ctx, tx, by.Tenant, c)
		return &viewOut{httpapi.ETag(c.Version), v}, err
	}
}

func get(ctx context.Context, tx *db.Tx, by actor.Actor, in *Which) (*viewOut, error) {
	return answer(ctx, tx, by)(in.find(ctx, tx, by))
}

// Draft is a calendar that somebody writes.
type Draft struct {
	Which
	Body Body
}

func (in *Draft) calendar(by actor.Actor, version int64) (Calendar, error) {
	seller, err := in.of(by)
	b := in.Body
	return Calendar{Desk: in.Desk, Seller: seller, Version: version, Mode: b.Mode, Zone: b.Zone, Country: b.Country, Week: b.Week, Closures: b.Closures, Extra: b.Extra, Sellers: b.Sellers}, err
}

type saveIn struct {
	httpapi.IfMatch
	Draft
}

func save(ctx context.Context, tx *db.Tx, by actor.Actor, in *saveIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	c, err := in.calendar(by, version)
	if err != nil {
		return nil, err
	}
	return answer(ctx, tx, by)(Save(ctx, tx, by, c))
}

type giveUpIn struct {
	httpapi.IfMatch
	Which
}

func giveUp(ctx context.Context, tx *db.Tx, by actor.Actor, in *giveUpIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	seller, err := in.of(by)
	if err != nil {
		return nil, err
	}
	return answer(ctx, tx, by)(Return(ctx, tx, by, seller, in.Desk, version))
}

type effectOut struct {
	Body struct {
		Running []Kept     `json:"running" nullable:"false" doc:"Deadlines that run. None moves: each keeps the time it was given"`
		Shut    []Deadline `json:"shut" nullable:"false" doc:"Running deadlines that end while the desk would be closed, the nearest 20"`
		Next    []Next     `json:"next" nullable:"false" doc:"What deadlines that begin from now on become"`
	}
}

func (s *Service) preview(ctx context.Context, tx *db.Tx, by actor.Actor, in *Draft) (*effectOut, error) {
	c, err := in.calendar(by, 0)
	if err != nil {
		return nil, err
	}
	e, err := s.Preview(ctx, tx, by, c)
	if err != nil {
		return nil, err
	}
	out := &effectOut{}
	out.Body.Running, out.Body.Shut, out.Body.Next = e.Running, e.Shut, e.Next
	return out, nil
}

type historyIn struct {
	Which
	Cursor string `query:"cursor" maxLength:"20"`
}

// Change is one version with what it changed.
type Change struct {
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	By      struct {
		Kind string `json:"kind"`
		Name string `json:"name,omitempty"`
	} `json:"by"`
	Own      bool      `json:"own" doc:"False where from then on a seller kept the shop's calendar; the seller's is shown as it was"`
	Parts    []string  `json:"parts" nullable:"false" doc:"What is not as before: mode, zone, country, week, closures, extra, sellers, own"`
	Added    []Closure `json:"added" nullable:"false" doc:"Closures that came"`
	Removed  []Closure `json:"removed" nullable:"false" doc:"Closures that went"`
	Calendar Body      `json:"calendar" doc:"As it was from then on"`
}

type historyOut struct {
	Body struct {
		Items []Change `json:"items"`
		Next  string   `json:"next"`
	}
}

const historyPage = 20

func history(ctx context.Context, tx *db.Tx, by actor.Actor, in *historyIn) (*historyOut, error) {
	first, err := in.find(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	before, err := strconv.ParseInt("0"+in.Cursor, 10, 64)
	if err != nil {
		return nil, httpapi.ErrInvalid.At("query.cursor", "is not a cursor", "next of the last answer")
	}
	all, err := versions(ctx, tx, by.Tenant, first.Seller, first.Desk, before, historyPage+1)
	if err != nil {
		return nil, err
	}
	out := &historyOut{}
	out.Body.Items = []Change{}
	for i, v := range all {
		if i == historyPage {
			out.Body.Next = strconv.FormatInt(out.Body.Items[i-1].Version, 10)
			break
		}
		old := Calendar{}
		if i+1 < len(all) {
			old = all[i+1].Calendar
		}
		c := Change{Version: v.Version, At: v.At, Own: !v.Shops, Parts: differ(old, v.Calendar), Added: without(v.Closures, old.Closures), Removed: without(old.Closures, v.Closures), Calendar: v.body()}
		c.By.Kind, c.By.Name = v.Kind, v.Name
		out.Body.Items = append(out.Body.Items, c)
	}
	return out, nil
}

type fileIn struct {
	Which
	Body struct {
		Content string `json:"content" maxLength:"262144" doc:"An iCalendar file (RFC 5545), up to 256 KB"`
	}
}

type fileOut struct{ Body Read }

func readFile(ctx context.Context, tx *db.Tx, by actor.Actor, in *fileIn) (*fileOut, error) {
	c, err := in.find(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	hours, err := c.Hours()
	if err != nil {
		return nil, err
	}
	read, err := ReadFile(in.Body.Content, tx.Now.In(hours.Zone))
	if err != nil {
		return nil, err
	}
	return &fileOut{read}, nil
}

func export(ctx context.Context, store *db.DB, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	var c Calendar
	var at time.Time
	which := Which{r.PathValue("desk"), Owner{r.URL.Query().Get("seller")}}
	err := store.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = which.find(ctx, tx, by)
		at = tx.Now
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+c.Desk+`.ics"`)
	_, err = io.WriteString(w, c.File(by.Tenant, at))
	return err
}
