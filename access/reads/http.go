package reads

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/sheet"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// watched says what somebody reads who gets an answer of a route. The list of
// cases is not in it: it shows names to everybody who works on them, all day.
// Other lists are one read of the list, not one of everybody in it.
var watched = map[string]string{
	"/v1/cases/{id}": Case, "/v1/cases/{id}/messages": Case, "/v1/cases/{id}/address": Address, "/v1/cases/{id}/files": Files,
	"/v1/cases/{id}/label.pdf": Label, "/v1/cases/{id}/parcels/{parcel}/label.pdf": Label,
	"/v1/cases/{id}/evidence.zip": Evidence, "/v1/cases/{id}/evidence/{file}/zip": Evidence,
	"/v1/orders/{id}": Order, "/v1/customers/{id}": Customer, "/v1/customers/{id}/wallet": Wallet,
	"/v1/customers/{id}/wallet/statement.csv": Wallet, "/v1/customers/{id}/wallet/entries": Wallet, "/v1/pickups": Search, "/v1/search": Search, "/v1/customers": Search, "/v1/orders": Search, "/v1/ratings": Search,
	"/v1/photos/{id}": Files, "/v1/cases/{id}/rating": Case, "/v1/cases/{id}/parcels": Address, "/v1/ratings.csv": Export,
	"/v1/cases.csv": Export, "/v1/cases.jsonl": Export, "/v1/audit.csv": Export, "/v1/audit.jsonl": Export,
	"/v1/clearing/entries.csv": Export, "/v1/reads.csv": Export,
}

// told says what lists and exports tell of.
var told = map[string]string{
	"/v1/search": "hit", "/v1/customers": "customer", "/v1/orders": "order", "/v1/ratings": "rating", "/v1/ratings.csv": "rating",
	"/v1/cases.csv": "case", "/v1/cases.jsonl": "case", "/v1/audit.csv": "event", "/v1/audit.jsonl": "event",
	"/v1/clearing/entries.csv": "entry", "/v1/reads.csv": "read",
}

// Heard notes a finished request, where it gave personal data to staff or to a
// program. Customers read their own.
func (l *Log) Heard(_ context.Context, m httpapi.Measure) {
	what := watched[m.Route]
	if what == "" || m.Method != http.MethodGet || m.Status >= 300 || m.By.Kind != actor.Staff && m.By.Kind != actor.Key {
		return
	}
	subject := ""
	switch what {
	case Export, Search:
		subject = strings.TrimPrefix(m.Route, "/v1/")
	default:
		subject = m.Value("id")
	}
	l.NoteList(m.By, what, subject, told[m.Route], int64(m.Rows))
}

// Routes adds the list for the privacy officer, its file, and the customer's own.
func (l *Log) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/reads", Need: role.PrivacyRead, Tag: "privacy", Summary: "Who read or exported personal data, the newest first"}, l.list)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/reads.csv", Need: role.PrivacyRead, Tag: "privacy", Summary: "Export who read personal data as a table", Produces: "text/csv",
		Query: map[string]string{"actor": "Id of who read", "what": "What was read", "subject": "Id of it", "customer": "Id of whom it is about", "from": "Not before this instant", "to": "Before this instant"}}, l.csv)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/reads", Need: role.MyCases, Tag: "customer", Summary: "Who looked at the customer's data, the newest first"}, l.mine)
}

type listIn struct {
	httpapi.Page
	Actor    string `query:"actor" maxLength:"64" doc:"Id of who read"`
	What     string `query:"what" enum:"case,customer,order,address,label,wallet,files,search,export,evidence,lost" doc:"What was read"`
	Subject  string `query:"subject" maxLength:"64" doc:"Id of what was read"`
	Customer string `query:"customer" maxLength:"64" doc:"Id of the customer it is about"`
	From     string `query:"from" maxLength:"40" doc:"Not before this instant (RFC 3339)"`
	To       string `query:"to" maxLength:"40" doc:"Before this instant (RFC 3339)"`
}

func (in listIn) filter() (f Filter, err error) {
	f = Filter{Actor: in.Actor, What: in.What, Subject: in.Subject, Customer: in.Customer}
	wrong := httpapi.ErrInvalid
	for _, limit := range []struct {
		name, text string
		at         *time.Time
	}{{"from", in.From, &f.From}, {"to", in.To, &f.To}} {
		if limit.text == "" {
			continue
		}
		if *limit.at, err = time.Parse(time.RFC3339, limit.text); err != nil {
			wrong = wrong.At("query."+limit.name, "is not an instant", "2026-03-02T08:00:00Z")
		}
	}
	if len(wrong.Fields) > 0 {
		return f, wrong
	}
	return f, nil
}

// View is a read as it is shown.
type View struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Actor    audit.Who `json:"actor"`
	What     string    `json:"what"`
	Subject  string    `json:"subject,omitempty" doc:"Id of what was read; of an export or a list its name; of lost reads how many"`
	In       string    `json:"in,omitempty" doc:"Id of the case or the order that this is or belongs to, where known"`
	Number   string    `json:"number,omitempty" doc:"Number of that case or order"`
	Customer string    `json:"customer,omitempty" doc:"Whom it is about, where that is one person"`
	About    string    `json:"about,omitempty" doc:"Of a list or an export: what it told of" example:"order"`
	Told     int64     `json:"told,omitempty" doc:"How many of them"`
	Batch    string    `json:"batch" doc:"Subject of the sealed event that commits to it"`
}

func view(r Read) View {
	return View{ID: r.ID, At: r.At, Actor: audit.Who{Kind: r.Kind, ID: r.Actor, Name: r.Name}, What: r.What, Subject: r.Subject, Customer: r.Customer, About: r.About, Told: r.Told, Batch: r.Batch}
}

type listOut struct {
	Body struct {
		Items []View `json:"items"`
		Next  string `json:"next"`
	}
}

func (l *Log) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	out, err := paged(in.Page, f, func(f Filter) ([]Read, error) { return Page(ctx, tx, by, f) }, view)
	if err == nil {
		err = audit.Tell(ctx, tx, l.Names, by.Tenant, out.Body.Items, func(v *View) (string, *string, *string) { return v.Subject, &v.In, &v.Number })
	}
	return out, err
}

func paged(p httpapi.Page, f Filter, read func(Filter) ([]Read, error), show func(Read) View) (*listOut, error) {
	all, next, err := httpapi.PageByID(p, func(r Read) string { return r.ID }, func(before string, limit int) ([]Read, error) {
		f.Before, f.Limit = before, limit
		return read(f)
	})
	out := &listOut{}
	out.Body.Next, out.Body.Items = next, make([]View, len(all))
	for i, r := range all {
		out.Body.Items[i] = show(r)
	}
	return out, err
}

type mineIn struct{ httpapi.Page }

// mine tells customers what was read, when, and whether a person or a program
// did; not who: colleagues have a right to that.
func (l *Log) mine(ctx context.Context, tx *db.Tx, by actor.Actor, in *mineIn) (*listOut, error) {
	return paged(in.Page, Filter{Customer: by.ID}, func(f Filter) ([]Read, error) { return Page(ctx, tx, by, f) }, func(r Read) View {
		v := view(r)
		v.Actor, v.Customer, v.Batch = audit.Who{Kind: r.Kind}, "", ""
		return v
	})
}

func (l *Log) csv(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	in := listIn{Actor: q.Get("actor"), What: q.Get("what"), Subject: q.Get("subject"), Customer: q.Get("customer"), From: q.Get("from"), To: q.Get("to")}
	f, err := in.filter()
	if err != nil {
		return err
	}
	if err := audit.Export(ctx, l.Store, by, audit.Exported{What: "reads", Format: "csv", Filter: url.Values(q).Encode()}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="reads.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"at", "actor_kind", "actor", "name", "what", "subject", "customer", "about", "told", "batch"})
	for f.Limit = 500; ; {
		var all []Read
		err := l.Store.Read(ctx, func(tx *db.Tx) (err error) { all, err = Page(ctx, tx, by, f); return err })
		if err != nil {
			return err
		}
		httpapi.Told(ctx, len(all))
		for _, one := range all {
			row := []string{one.At.Format(time.RFC3339), string(one.Kind), one.Actor, one.Name, one.What, one.Subject, one.Customer, one.About, strconv.FormatInt(one.Told, 10), one.Batch}
			for i := range row {
				row[i] = sheet.Inert(row[i])
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		if len(all) < f.Limit {
			break
		}
		f.Before = all[len(all)-1].ID
	}
	out.Flush()
	return out.Error()
}
