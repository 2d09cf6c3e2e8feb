package opening

import (
	"context"
	"io"
	"net/http"
	"strconv"
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
		return httpapi.Op{Route: route, Need: need, Tag: "Calendars", Summary: summary, Faults: faults}
	}
	httpapi.Read(a, op("GET /v1/shop/calendars", "The calendars of the shop's desks", role.PolicyRead), list)
	httpapi.Read(a, op("GET /v1/shop/calendars/{desk}", "When a desk works", role.PolicyRead, ErrDesk), get)
	httpapi.Write(a, op("PUT /v1/shop/calendars/{desk}", "Change when a desk works; deadlines that run keep their time", role.ShopManage, ErrInvalid, ErrStale, ErrDesk), save)
	httpapi.Read(a, op("POST /v1/shop/calendars/{desk}/preview", "What a calendar would change; nothing is saved", role.ShopManage, ErrInvalid, ErrDesk), s.preview)
	httpapi.Read(a, op("GET /v1/shop/calendars/{desk}/versions", "Who changed what, the newest first", role.PolicyRead, ErrDesk), history)
	read := op("POST /v1/shop/calendars/{desk}/import", "What an .ics file holds; nothing is saved", role.ShopManage, ErrFile, ErrDesk)
	read.MaxBody = MaxFile*2 + 1<<10 // as text in JSON
	httpapi.Read(a, read, readFile)
	file := op("GET /v1/shop/calendars/{desk}/calendar.ics", "A desk's own closures and extra days as a file", role.PolicyRead, ErrDesk)
	file.Produces = "text/calendar"
	httpapi.Stream(a, file, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
		return export(ctx, store, by, w, r)
	})
	httpapi.Read(a, op("GET /v1/public-calendars", "The countries whose working days are known", role.PolicyRead), countries)
	httpapi.Read(a, op("GET /v1/public-calendars/{country}", "The published days of a country's year", role.PolicyRead, calendar.ErrUnknown, calendar.ErrYear), country)
}

// Body is a calendar as it is written.
type Body struct {
	Mode     string    `json:"mode" enum:"clock,wait,worked" doc:"How the desk's deadlines count: hours of the clock; the same, but what falls due while closed waits for the end of the next open day; or open hours only"`
	Zone     string    `json:"zone" maxLength:"64" example:"Asia/Shanghai" doc:"IANA zone of the desk"`
	Country  string    `json:"country,omitempty" maxLength:"2" example:"CN" doc:"ISO 3166 country whose published days off, and weekend days worked, the desk keeps; empty: none"`
	Week     []Span    `json:"week" maxItems:"28" nullable:"false"`
	Closures []Closure `json:"closures" maxItems:"200" nullable:"false"`
	Extra    []Extra   `json:"extra" maxItems:"200" nullable:"false"`
}

// View is the calendar of a desk.
type View struct {
	Desk    string   `json:"desk" enum:"service,warehouse"`
	Version int64    `json:"version" doc:"0: never saved; then If-Match is *"`
	Timers  []string `json:"timers" nullable:"false" doc:"The deadlines that count by it"`
	Body
}

func view(c Calendar) View {
	return View{c.Desk, c.Version, Timers(c.Desk), Body{c.Mode, c.Zone, c.Country, c.Week, c.Closures, c.Extra}}
}

type listOut struct {
	Body struct {
		Items []View `json:"items"`
		Next  string `json:"next" doc:"Always empty"`
	}
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*listOut, error) {
	out := &listOut{}
	for _, desk := range Desks {
		c, err := Of(ctx, tx, by.Tenant, desk)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, view(c))
	}
	return out, nil
}

// Which names a desk.
type Which struct {
	Desk string `path:"desk" maxLength:"40" doc:"service or warehouse"`
}

type viewOut struct {
	ETag string `header:"ETag"`
	Body View
}

func answer(c Calendar, err error) (*viewOut, error) {
	if err != nil {
		return nil, err
	}
	return &viewOut{httpapi.ETag(c.Version), view(c)}, nil
}

func get(ctx context.Context, tx *db.Tx, by actor.Actor, in *Which) (*viewOut, error) {
	return answer(Of(ctx, tx, by.Tenant, in.Desk))
}

// Draft is a calendar that somebody writes.
type Draft struct {
	Which
	Body Body
}

func (in *Draft) calendar(version int64) Calendar {
	b := in.Body
	return Calendar{in.Desk, version, b.Mode, b.Zone, b.Country, b.Week, b.Closures, b.Extra}
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
	return answer(Save(ctx, tx, by, in.calendar(version)))
}

type effectOut struct {
	Body struct {
		Running []Kept     `json:"running" nullable:"false" doc:"Deadlines that run. None moves: each keeps the time it was given"`
		Shut    []Deadline `json:"shut" nullable:"false" doc:"Running deadlines that end while the desk would be closed, the nearest 20"`
		Next    []Next     `json:"next" nullable:"false" doc:"What deadlines that begin from now on become"`
	}
}

func (s *Service) preview(ctx context.Context, tx *db.Tx, by actor.Actor, in *Draft) (*effectOut, error) {
	e, err := s.Preview(ctx, tx, by, in.calendar(0))
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
	Parts    []string  `json:"parts" nullable:"false" doc:"What is not as before: mode, zone, country, week, closures, extra"`
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
	first, err := Of(ctx, tx, by.Tenant, in.Desk)
	if err != nil {
		return nil, err
	}
	before, err := strconv.ParseInt("0"+in.Cursor, 10, 64)
	if err != nil {
		return nil, httpapi.ErrInvalid.At("query.cursor", "is not a cursor", "next of the last answer")
	}
	all, err := versions(ctx, tx, by.Tenant, first.Desk, before, historyPage+1)
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
		c := Change{Version: v.Version, At: v.At, Parts: differ(old, v.Calendar), Added: without(v.Closures, old.Closures), Removed: without(old.Closures, v.Closures), Calendar: view(v.Calendar).Body}
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
	c, err := Of(ctx, tx, by.Tenant, in.Desk)
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
	err := store.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = Of(ctx, tx, by.Tenant, r.PathValue("desk"))
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
