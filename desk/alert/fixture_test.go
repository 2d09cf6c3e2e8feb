package alert_test

import (
	"context"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/alert"
	"github.com/aftercare/aftercare/desk/notice"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	outgoing "github.com/aftercare/aftercare/platform/mail"
	"github.com/aftercare/aftercare/sales/customer"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// desk is a shop with its people, overdue cases and a real mail server.
type desk struct {
	*testing.T
	h     http.Handler
	d     *db.DB
	clock *dbtest.Clock
	queue *job.Queue
	calls *alert.Service
	post  *post
	lost  error // the mail server has the letter, and its answer does not come back
}

var staff = []account.Account{
	{ID: "adm", Role: role.Administrator, Language: "en"},
	{ID: "agt", Role: role.Agent, Language: "en"},
	{ID: "sel", Role: role.Seller, Seller: "sel_1", Language: "en"},
	{ID: "off", Role: role.Supervisor, Language: "en", State: account.Disabled},
	{ID: "sup", Role: role.Supervisor, Language: "en"},
	{ID: "two", Role: role.Supervisor, Language: "zh-CN"},
}

func each(t *testing.T, test func(d *desk)) {
	schemas := []db.Schema{event.Schema, job.Schema, httpapi.Schema, tenant.Schema, account.Schema, session.Schema, customer.Schema, cases.Schema, alert.Schema}
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, store *db.DB, clock *dbtest.Clock) {
		d := &desk{T: t, d: store, clock: clock, queue: job.NewQueue(store, slog.New(slog.DiscardHandler)), post: &post{}}
		sender, err := outgoing.Open("smtp://"+d.post.listen(t), outgoing.Options{From: "care@shop.example"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = sender.Close() })
		notices := &notice.Service{Store: store, Queue: d.queue, Base: "https://shop.example", Send: func(ctx context.Context, e notice.Envelope) error {
			err := sender.Send(ctx, outgoing.Message{Key: e.Key, To: e.To, Subject: e.Subject, Text: e.Text, HTML: e.HTML, Language: e.Language})
			if err == nil {
				err = d.lost
			}
			return err
		}}
		d.calls = &alert.Service{Store: store, Queue: d.queue, Send: notices.Call}
		d.calls.Jobs(d.queue)
		d.write(func(tx *db.Tx) error {
			_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "main", Name: "Nadel", Zone: "Asia/Shanghai", Language: "en", Currency: "CNY",
				Return: tenant.Address{Name: "R", Lines: []string{"1"}, City: "杭州", Country: "CN"}})
			for _, a := range staff {
				if err == nil {
					_, err = tx.Exec(t.Context(), insertStaff, a.ID, a.ID+"@shop.example", a.Role, a.Seller, a.Language, max(string(a.State), string(account.Active)))
				}
			}
			return err
		})
		a := apitest.New(store, role.Allow)
		alert.Routes(a)
		d.h = a.Handler()
		test(d)
	})
}

const insertStaff = `
	insert into account_staff (tenant, id, email, email_key, name, role, seller, language, state, password, version, created_at)
	values ('main', $1, $2, $2, $1, $3, $4, $5, $6, '', 1, 0)`

// The deadline of case n is n minutes before noon.
const insertCase = `
	insert into cases_case (tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller, currency, quoted, refunded,
		title, quantity, reason, language, comment, items, decision, policy, policy_version, terms, quote, timer, deadline, tracking, opened_at, updated_at, assignee)
	values ('main', $1, $2, 'compensate', 'submitted', '', 1, 'ord_1', 'SO-1', '', 'Zyxmark', $3, 'CNY', 100, 0,
		'Kettle', 1, 'defective', 'en', '', '[]', '{}', 'standard', 1, '{"zone":"Asia/Shanghai"}', '{}', '', $4, '', 0, 0, '')`

func (d *desk) write(f func(tx *db.Tx) error) {
	d.Helper()
	if err := d.d.Write(d.Context(), f); err != nil {
		d.Fatal(err)
	}
}

// overdue makes a case whose time has passed, and announces it.
func (d *desk) overdue(name, seller string, minutes int, fact event.Fact) {
	d.Helper()
	d.write(func(tx *db.Tx) error {
		due := noon.Add(-time.Duration(minutes) * time.Minute)
		if _, err := tx.Exec(d.Context(), insertCase, "case_"+name, "R-"+name, seller, due.UnixMilli()); err != nil {
			return err
		}
		return event.Append(d.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Timer}, event.About{Stream: "case", Subject: "case_" + name, Version: 2}, fact)
	})
	d.hear("case_" + name)
}

var silent = cases.Moved{Do: "escalated", From: cases.Submitted, To: cases.Submitted}

// hear lets the follower hear of a case, twice.
func (d *desk) hear(id string) {
	d.Helper()
	types, react := d.calls.Events()
	d.write(func(tx *db.Tx) error {
		all, err := event.History(d.Context(), tx, "main", "case", id)
		for _, e := range append(all, all...) {
			if err == nil && slices.Contains(types, e.Type) {
				err = react(d.Context(), tx, e)
			}
		}
		return err
	})
}

// later lets time pass, and the queue work.
func (d *desk) later(by time.Duration) {
	d.Helper()
	d.clock.Add(by)
	for range 2 { // what is gathered is then sent
		if _, err := d.queue.RunDue(d.Context()); err != nil && d.lost == nil {
			d.Fatal(err)
		}
	}
}

func (d *desk) as(id, name string) apitest.Option {
	return apitest.As(account.Account{ID: id, Tenant: "main", Role: name}.Actor(""))
}

// post is a mail server that keeps what it takes.
type post struct {
	mu  sync.Mutex
	got []letter
}

type letter struct{ to, key, subject, text string }

func (p *post) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{post: p}, nil }))
	s.Domain = "localhost"
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

type delivery struct {
	*post
	to string
}

func (s *delivery) Mail(string, *smtp.MailOptions) error      { return nil }
func (s *delivery) Rcpt(to string, _ *smtp.RcptOptions) error { s.to = to; return nil }
func (s *delivery) Reset()                                    {}
func (s *delivery) Logout() error                             { return nil }

func (s *delivery) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	plain, err := multipart.NewReader(m.Body, params["boundary"]).NextPart()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, letter{s.to, m.Header.Get("Message-Id"), subject, string(text)})
	return err
}

// taken are the letters that arrived since it was asked last, by address.
func (p *post) taken() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	slices.SortStableFunc(got, func(a, b letter) int { return strings.Compare(a.to, b.to) })
	return got
}
