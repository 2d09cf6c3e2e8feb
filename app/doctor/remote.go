package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/mail"
)

// unseen says why a check had no database to look into.
func unseen(check string, p *patient) []Finding {
	if p.fresh {
		return warn(check, "not looked at: there is no database yet", "the first \"aftercare serve\" creates it")
	}
	return warn(check, "not looked at: the database did not open", "repair the database first")
}

func database(ctx context.Context, p *patient) []Finding {
	url := p.cfg.DatabaseURL()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			p.fresh = true
			return warn("database", path+" does not exist yet", "the first \"aftercare serve\" creates it")
		}
	}
	d, err := db.Open(ctx, url, db.Options{Readers: 1, Conns: 2})
	if err != nil {
		return fail("database", oneLine(err), "check the address, that the server runs, and that user and password are right")
	}
	p.db = d
	var e engine
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		e, err = engineOf(ctx, tx)
		return err
	})
	if err != nil {
		return fail("database", oneLine(err), "let the user of the URL read the catalogue")
	}
	all := ok("database", e.name+" "+e.version)
	if e.number < e.oldest {
		all = fail("database", e.name+" "+e.version+" is too old", "use PostgreSQL 14 or later")
	}
	if e.encoding != "UTF8" {
		all = append(all, fail("database text", "encoding "+e.encoding, "create the database with encoding UTF8")...)
	}
	if e.collation != "" && e.collation != "C" && e.collation != "C.UTF-8" && e.collation != "C.utf8" {
		all = append(all, warn("database text", "collation "+e.collation+": lists are sorted otherwise than on SQLite", "create the database with LC_COLLATE 'C.UTF-8'")...)
	}
	if e.journal != "" && (e.journal != "wal" || e.synchronous != 2) {
		all = append(all, fail("database durability", fmt.Sprintf("journal_mode %s, synchronous %d", e.journal, e.synchronous), "keep the database on a local disk; WAL does not work on network folders")...)
	}
	return all
}

func migrations(ctx context.Context, p *patient) []Finding {
	if p.db == nil {
		return unseen("tables", p)
	}
	pending, unknown, err := compare(ctx, p.db, p.schemas)
	switch {
	case err != nil:
		return fail("tables", oneLine(err), "let the user of the URL read its own schema")
	case len(unknown) > 0:
		return fail("tables", "newer than this program: "+strings.Join(unknown, ", "), "run the version that made them, or a later one")
	case pending > 0:
		return warn("tables", fmt.Sprintf("%d schema files to apply", pending), "\"aftercare migrate\", or the next start, applies them")
	}
	return ok("tables", "up to date")
}

func clock(ctx context.Context, p *patient) []Finding {
	drift, from := time.Duration(0), "file system"
	d, err := fileClock(p)
	if err == nil {
		drift = d
	}
	if p.db != nil && p.db.Engine() == db.Postgres {
		asked := time.Now()
		var server time.Time
		err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
			server, err = serverClock(ctx, tx)
			return err
		})
		if err == nil {
			middle := asked.Add(time.Since(asked) / 2)
			if d := server.Sub(middle); d.Abs() > drift.Abs() {
				drift, from = d, "database server"
			}
		}
	}
	text := fmt.Sprintf("%s, %s from the %s", time.Now().UTC().Format(time.RFC3339), drift.Round(time.Millisecond), from)
	switch {
	case drift.Abs() > 30*time.Second:
		return fail("clock", text, "synchronise the clocks (NTP): deadlines and sign-ins depend on them")
	case drift.Abs() > 2*time.Second:
		return warn("clock", text, "synchronise the clocks (NTP)")
	}
	return ok("clock", text)
}

func stream(ctx context.Context, p *patient) []Finding {
	var all []Finding
	switch p.cfg.NATS {
	case "off":
		all = ok("stream", "off: events stay in the database, other processes are noticed by polling")
	default:
		if err := reach(ctx, p.cfg.NATS.Reveal()); err != nil {
			return fail("stream", oneLine(err), "check the address, that the cluster runs with JetStream, and that the user may use stream "+bus.Stream)
		}
		all = ok("stream", p.cfg.NATS.String()+" answers")
	}
	if p.db == nil {
		return all
	}
	quiet := slog.New(slog.DiscardHandler)
	s, err := event.NewRelay(event.NewTail(p.db, nil, quiet), event.RelayOptions{}).Status(ctx)
	if err != nil { // tables may not be there yet
		return all
	}
	behind := s.Last - s.Published
	text := fmt.Sprintf("%d events, %d not yet in the stream", s.Last, max(0, behind))
	switch {
	case p.cfg.NATS == "off":
		return append(all, ok("relay", fmt.Sprintf("%d events", s.Last))...)
	case s.Holder == "" && (behind > 0 || s.Waiting):
		return append(all, warn("relay", text+"; no process carries them", "start a server with relay on")...)
	case behind > 10_000:
		return append(all, warn("relay", text, "look at the server's log for \"relay\"")...)
	}
	return append(all, ok("relay", text)...)
}

func reach(ctx context.Context, address string) error {
	conn, err := nats.Connect(address, nats.Name("aftercare doctor"), nats.Timeout(limit/2), nats.NoReconnect())
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	if _, err := js.Stream(ctx, bus.Stream); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("stream %s: %w", bus.Stream, err)
	}
	return nil
}

func mailServer(ctx context.Context, p *patient) []Finding {
	switch p.cfg.Mail {
	case "folder":
		return warn("mail", "e-mails and codes are only written to "+filepath.Join(p.cfg.Data, "outbox"), "set mail to smtp://user:password@host:587")
	case "off":
		return warn("mail", "mail is off: nobody gets e-mails or codes", "set mail to smtp://user:password@host:587")
	}
	if err := signIn(ctx, p); err != nil {
		return fail("mail", oneLine(err), "check address, name, password and encryption (mail), the sender (mail_from), and that this machine may connect")
	}
	return ok("mail", p.cfg.Mail.String()+" lets us in")
}

// signIn does what the server does before it sends: connect, encrypt, sign in.
func signIn(ctx context.Context, p *patient) error {
	sender, err := mail.Open(p.cfg.MailURL(), mail.Options{From: p.cfg.MailFrom, Timeout: limit / 2})
	if err != nil {
		return err
	}
	defer sender.Close() //nolint:errcheck // nothing was sent
	return sender.Check(ctx)
}

// shop looks whether approvals can be given: a label needs an address.
func shop(ctx context.Context, p *patient) []Finding {
	if p.db == nil {
		return nil
	}
	var t tenant.Tenant
	err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = tenant.ByHost(ctx, tx, "")
		return err
	})
	if err != nil {
		return nil // the first start makes it
	}
	if len(t.Return.Lines) == 0 {
		return warn("shop", t.Name+" has no address for returns: requests cannot be approved", "aftercare shop set --return-name … --return-line … --return-city …")
	}
	return ok("shop", t.Name+", returns go to "+t.Return.City)
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
