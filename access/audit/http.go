package audit

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Place is a case or an order, where something was done.
type Place struct {
	ID     string
	Number string
}

// Names finds the places of things by their ids; what is in none is left out.
type Names func(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]Place, error)

// Tell writes beside each row of a list which case or order it is of: of gives
// the id that a row tells of, and where the id and the number of its place go.
func Tell[T any](ctx context.Context, tx *db.Tx, names Names, tenant string, all []T, of func(*T) (id string, in, number *string)) error {
	ids := make([]string, len(all))
	for i := range all {
		ids[i], _, _ = of(&all[i])
	}
	places, err := names(ctx, tx, tenant, slices.Compact(slices.Sorted(slices.Values(ids))))
	for i := range all {
		id, in, number := of(&all[i])
		*in, *number = places[id].ID, places[id].Number
	}
	return err
}

type reader struct {
	store *db.DB
	names Names
}

// Routes adds the list of who did what, and its two files. The list also tells
// the numbers of cases and orders, which names finds.
func Routes(a *httpapi.API, store *db.DB, names Names) {
	r := reader{store, names}
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/audit", Need: role.AuditRead, Tag: "audit", Summary: "Who did what, the newest first"}, r.list)
	query := map[string]string{
		"actor": "Id of who did it", "actor_kind": "Kind of who did it", "type": "Exact types or families such as case.*, separated by commas; what has a minus before it, such as -session.*, is left out",
		"stream": "Kind of thing it was done to", "subject": "Id of that thing", "from": "Not before this instant", "to": "Before this instant",
	}
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/audit.csv", Need: role.AuditRead, Tag: "audit", Summary: "Export who did what as a table", Produces: "text/csv", Query: query}, r.csv)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/audit.jsonl", Need: role.AuditRead, Tag: "audit", Summary: "Export who did what, one JSON object a line", Produces: "application/x-ndjson", Query: query}, r.jsonl)
}

type listIn struct {
	httpapi.Page
	Actor     string `query:"actor" maxLength:"64" doc:"Id of who did it"`
	ActorKind string `query:"actor_kind" enum:"staff,customer,key,carrier,timer,system,nobody" doc:"Kind of who did it"`
	Type      string `query:"type" maxLength:"400" doc:"Exact types or families such as case.*, separated by commas; what has a minus before it, such as -session.*, is left out" example:"session.*,staff.*"`
	Stream    string `query:"stream" maxLength:"40" doc:"Kind of thing it was done to" example:"case"`
	Subject   string `query:"subject" maxLength:"64" doc:"Id of that thing"`
	From      string `query:"from" maxLength:"40" doc:"Not before this instant (RFC 3339)"`
	To        string `query:"to" maxLength:"40" doc:"Before this instant (RFC 3339)"`
}

type listOut struct {
	Body struct {
		Items []Entry `json:"items"`
		Next  string  `json:"next" doc:"Empty at the end. A page may hold fewer entries than asked for, even none, and still go on"`
	}
}

func (in *listIn) trail() (event.Trail, error) {
	t := event.Trail{Kind: actor.Kind(in.ActorKind), Actor: in.Actor, Stream: in.Stream, Subject: in.Subject, Limit: in.Limit}
	if t.Actor != "" && t.Kind == "" && strings.HasPrefix(t.Actor, "stf_") {
		t.Kind = actor.Staff // as the id says; that way an index is used
	}
	for one := range strings.SplitSeq(in.Type, ",") {
		one, without := strings.CutPrefix(strings.TrimSpace(one), "-")
		switch {
		case one == "":
		case without:
			t.Without = append(t.Without, one)
		default:
			t.Types = append(t.Types, one)
		}
	}
	wrong := httpapi.ErrInvalid
	for _, limit := range []struct {
		name, text string
		at         *time.Time
	}{{"from", in.From, &t.From}, {"to", in.To, &t.To}} {
		if limit.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, limit.text)
		if err != nil {
			wrong = wrong.At("query."+limit.name, "is not an instant", "2026-03-02T08:00:00Z")
		}
		*limit.at = at
	}
	if len(wrong.Fields) > 0 {
		return t, wrong
	}
	return t, httpapi.DecodeCursor(in.Cursor, &t.Before)
}

func entries(events []event.Event) []Entry {
	all := make([]Entry, len(events))
	for i, e := range events {
		all[i] = Entry{ID: e.ID, Position: e.Position, At: e.At, Actor: Who{e.Actor, e.ActorID, e.Name}, Type: e.Type,
			Stream: e.Stream, Subject: e.Subject, Version: e.Version, Data: e.Data}
	}
	return all
}

func (r reader) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	t, err := in.trail()
	if err != nil {
		return nil, err
	}
	events, next, err := t.Follow(ctx, tx, by.Tenant)
	out := &listOut{}
	out.Body.Items = entries(events)
	if next > 0 {
		out.Body.Next = httpapi.EncodeCursor(next)
	}
	if err == nil {
		err = Tell(ctx, tx, r.names, by.Tenant, out.Body.Items, func(e *Entry) (string, *string, *string) { return e.Subject, &e.In, &e.Number })
	}
	return out, err
}

// each gives all entries of an export, part by part.
func (r reader) each(ctx context.Context, by actor.Actor, q url.Values, format string, begin func(), give func(Entry) error) error {
	in := listIn{Actor: q.Get("actor"), ActorKind: q.Get("actor_kind"), Type: q.Get("type"), Stream: q.Get("stream"), Subject: q.Get("subject"), From: q.Get("from"), To: q.Get("to")}
	in.Limit = 500
	t, err := in.trail()
	if err != nil {
		return err
	}
	if err := Export(ctx, r.store, by, Exported{What: "audit", Format: format, Filter: q.Encode()}); err != nil {
		return err
	}
	begin()
	for {
		var events []event.Event
		err := r.store.Read(ctx, func(tx *db.Tx) (err error) {
			events, t.Before, err = t.Follow(ctx, tx, by.Tenant)
			return err
		})
		if err != nil {
			return err
		}
		httpapi.Told(ctx, len(events))
		for _, e := range entries(events) {
			if err := give(e); err != nil {
				return err
			}
		}
		if t.Before == 0 {
			return nil
		}
	}
}

func (r reader) csv(ctx context.Context, by actor.Actor, w http.ResponseWriter, req *http.Request) error {
	out := csv.NewWriter(w)
	begin := func() {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
		_ = out.Write([]string{"position", "at", "actor_kind", "actor_id", "actor_name", "type", "stream", "subject", "version"})
	}
	err := r.each(ctx, by, req.URL.Query(), "csv", begin, func(e Entry) error {
		return out.Write([]string{strconv.FormatInt(e.Position, 10), e.At.Format(time.RFC3339Nano), string(e.Actor.Kind), e.Actor.ID, sheet.Inert(e.Actor.Name),
			e.Type, e.Stream, e.Subject, strconv.FormatInt(e.Version, 10)})
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func (r reader) jsonl(ctx context.Context, by actor.Actor, w http.ResponseWriter, req *http.Request) error {
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	begin := func() {
		w.Header().Set("Content-Type", "application/x-ndjson")
		w.Header().Set("Content-Disposition", `attachment; filename="audit.jsonl"`)
	}
	if err := r.each(ctx, by, req.URL.Query(), "jsonl", begin, func(e Entry) error { return lines.Encode(e) }); err != nil {
		return err
	}
	return out.Flush()
}
