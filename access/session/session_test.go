package session_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

var (
	schemas = []db.Schema{event.Schema, job.Schema, session.Schema}
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ann     = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_ann", Name: "Ann"}
	bob     = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_bob", Name: "Bob"}
	red     = actor.Actor{Tenant: "red", Kind: actor.Staff, ID: "stf_ann", Name: "Ann"}
	buyer   = actor.Actor{Tenant: "blue", Kind: actor.Customer, ID: "cus_1"}
)

func begin(t *testing.T, d *db.DB, by actor.Actor) (token string, s session.Session) {
	t.Helper()
	write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		token, s, err = session.Begin(ctx, tx, by, session.New{IP: "192.0.2.1", Agent: "Browser"})
		return err
	})
	return token, s
}

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func byToken(t *testing.T, d *db.DB, tenant string, kind actor.Kind, token string) (s session.Session, err error) {
	t.Helper()
	err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
		s, err = session.ByToken(t.Context(), tx, tenant, kind, token)
		return err
	})
	return s, err
}

func alive(t *testing.T, d *db.DB, by actor.Actor, token string) bool {
	t.Helper()
	_, err := byToken(t, d, by.Tenant, by.Kind, token)
	if err != nil && !errors.Is(err, session.ErrUnknown) {
		t.Fatal(err)
	}
	return err == nil
}

func TestATokenFindsItsSessionInItsTenantAndKindOnly(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		token, want := begin(t, d, ann)
		got, err := byToken(t, d, "blue", actor.Staff, token)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for name, try := range map[string]func() (session.Session, error){
			"other tenant": func() (session.Session, error) { return byToken(t, d, "red", actor.Staff, token) },
			"other kind":   func() (session.Session, error) { return byToken(t, d, "blue", actor.Customer, token) },
			"changed":      func() (session.Session, error) { return byToken(t, d, "blue", actor.Staff, token+"0") },
			"empty":        func() (session.Session, error) { return byToken(t, d, "blue", actor.Staff, "") },
			"its id":       func() (session.Session, error) { return byToken(t, d, "blue", actor.Staff, want.ID) },
		} {
			if _, err := try(); !errors.Is(err, session.ErrUnknown) {
				t.Errorf("%s: %v, want ErrUnknown", name, err)
			}
		}
	})
}

func TestTheTokenIsNotStored(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		token, s := begin(t, d, ann)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			var digest []byte
			if err := tx.QueryRow(t.Context(), `select digest from session_session where id = $1`, s.ID).Scan(&digest); err != nil {
				return err
			}
			if len(digest) != 32 || bytes.Contains(digest, []byte(token[4:12])) {
				t.Errorf("digest is %x", digest)
			}
			log, err := event.History(t.Context(), tx, "blue", "session", s.ID)
			if err != nil || len(log) != 1 || log[0].Type != "session.started" || string(log[0].Data) != `{"kind":"staff"}` {
				t.Errorf("events %+v, %v", log, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	tests := []struct {
		name string
		by   actor.Actor
		seen []time.Duration // requests after the start
		at   time.Duration
		want bool
	}{
		{"staff within idle", ann, nil, session.StaffIdle - time.Millisecond, true},
		{"staff idle", ann, nil, session.StaffIdle, false},
		{"staff seen again", ann, []time.Duration{11 * time.Hour}, 22 * time.Hour, true},
		{"customer within idle", buyer, nil, session.CustomerIdle - time.Millisecond, true},
		{"customer idle", buyer, nil, session.CustomerIdle, false},
		{"staff at the end", ann, []time.Duration{session.StaffLife - time.Minute}, session.StaffLife - time.Millisecond, true},
		{"staff over", ann, []time.Duration{session.StaffLife - time.Minute}, session.StaffLife, false},
		{"an old request does not count", ann, []time.Duration{time.Hour, 30 * time.Minute}, 12*time.Hour + 45*time.Minute, true},
	}
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				clock.Set(noon)
				token, s := begin(t, d, test.by)
				for _, at := range test.seen {
					write(t, d, func(ctx context.Context, tx *db.Tx) error {
						return session.Seen(ctx, tx, "blue", s.ID, noon.Add(at))
					})
				}
				clock.Set(noon.Add(test.at))
				if got := alive(t, d, test.by, token); got != test.want {
					t.Errorf("alive after %v: %v, want %v", test.at, got, test.want)
				}
			})
		}
		queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
		session.Jobs(queue)
		clock.Set(noon.Add(8 * 24 * time.Hour))
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return queue.Enqueue(ctx, tx, job.New{Tenant: "system", Kind: "session.sweep"})
		})
		if _, err := queue.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			var n int
			if err := tx.QueryRow(t.Context(), `select count(*) from session_session`).Scan(&n); err != nil || n != 0 {
				t.Errorf("%d rows after the sweep, %v", n, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestEndedSessionsAreDeadAtOnce(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		one, s1 := begin(t, d, ann)
		two, s2 := begin(t, d, ann)
		other, s3 := begin(t, d, bob)
		far, _ := begin(t, d, red)
		cust, c1 := begin(t, d, buyer)
		me := ann
		me.Session = s1.ID

		try := func(by actor.Actor, id string, own bool) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return session.EndStaff(t.Context(), tx, by, id, own) })
		}
		for name, err := range map[string]error{
			"somebody else's":         try(me, s3.ID, true),
			"another tenant's":        try(red, s1.ID, false),
			"a customer's":            try(me, c1.ID, false),
			"one that does not exist": try(me, "sid_x", false),
		} {
			if !errors.Is(err, session.ErrUnknown) {
				t.Errorf("end %s: %v, want ErrUnknown", name, err)
			}
		}
		for name, token := range map[string]string{"one": one, "two": two} {
			if !alive(t, d, ann, token) {
				t.Fatalf("%s is dead before its end", name)
			}
		}
		if err := try(me, s2.ID, true); err != nil {
			t.Fatal(err)
		}
		if alive(t, d, ann, two) {
			t.Error("an ended session still works")
		}
		if err := try(me, s2.ID, true); !errors.Is(err, session.ErrUnknown) {
			t.Errorf("end again: %v, want ErrUnknown", err)
		}
		if err := try(me, s3.ID, false); err != nil { // as an administrator
			t.Fatal(err)
		}
		if alive(t, d, bob, other) {
			t.Error("a session ended by an administrator still works")
		}
		two, _ = begin(t, d, ann)
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			n, err := session.EndAll(ctx, tx, me, ann.ID, s1.ID, session.ByHand)
			if n != 1 {
				t.Errorf("ended %d others, want 1", n)
			}
			return err
		})
		if alive(t, d, ann, two) || !alive(t, d, ann, one) {
			t.Error("ending the others kept one of them, or ended this one")
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return session.End(ctx, tx, me) })
		if alive(t, d, ann, one) {
			t.Error("signed out, but the session still works")
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return session.End(ctx, tx, me) })
		if !alive(t, d, red, far) || !alive(t, d, buyer, cust) {
			t.Error("a session of another tenant or of a customer was ended too")
		}
	})
}

func TestTheListShowsLivingSessionsOfThisTenant(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		begin(t, d, ann)
		clock.Add(session.StaffIdle)
		_, s2 := begin(t, d, ann)
		time.Sleep(2 * time.Millisecond) // ids sort by the machine's clock
		_, s3 := begin(t, d, bob)
		begin(t, d, red)
		begin(t, d, buyer)
		tests := []struct {
			name, subject, after string
			limit                int
			want                 []string
		}{
			{"own", ann.ID, "", 10, []string{s2.ID}},
			{"all", "", "", 10, []string{s3.ID, s2.ID}},
			{"first page", "", "", 1, []string{s3.ID}},
			{"second page", "", s3.ID, 1, []string{s2.ID}},
		}
		for _, test := range tests {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				all, err := session.Of(t.Context(), tx, "blue", test.subject, test.after, test.limit)
				var got []string
				for _, s := range all {
					got = append(got, s.ID)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", test.name, diff)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestOnlyPeopleHaveSessions(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		for _, kind := range []actor.Kind{actor.Nobody, actor.Key, actor.System, ""} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, _, err := session.Begin(t.Context(), tx, actor.Actor{Tenant: "blue", Kind: kind, ID: "x"}, session.New{})
				return err
			})
			if err == nil {
				t.Errorf("%q got a session", kind)
			}
		}
	})
}

func TestTheCookieIsForTheServerOnly(t *testing.T) {
	c := session.Cookie(session.Session{Kind: actor.Staff, ExpiresAt: noon}, "ses_x", true)
	const want = "aftercare_staff=ses_x; Path=/; Expires=Sun, 01 Mar 2026 12:00:00 GMT; HttpOnly; Secure; SameSite=Lax"
	if got := c.String(); got != want {
		t.Errorf("cookie\n got %s\nwant %s", got, want)
	}
	gone := session.NoCookie(actor.Customer, false)
	const empty = "aftercare_customer=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; SameSite=Lax"
	if got := gone.String(); got != empty {
		t.Errorf("cookie\n got %s\nwant %s", got, empty)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&c)
	if got := session.Carried(r, actor.Staff); got != "ses_x" {
		t.Errorf("carried %q", got)
	}
	if got := session.Carried(r, actor.Customer); got != "" {
		t.Errorf("carried %q for customers", got)
	}
}

func TestAFrameHasACookieOfItsOwn(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		var token string
		var s session.Session
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			token, s, err = session.Begin(ctx, tx, buyer, session.New{Framed: true})
			return err
		})
		if kept, err := byToken(t, d, "blue", actor.Customer, token); err != nil || !kept.Framed || kept.ExpiresAt != noon.Add(session.FrameLife) {
			t.Errorf("%+v, %v", kept, err)
		}
		var b session.Browser
		all := b.Cookies(s, token)
		want := "__Host-aftercare_frame=" + token + "; Path=/; Expires=Mon, 02 Mar 2026 12:00:00 GMT; HttpOnly; Secure; SameSite=None; Partitioned"
		if len(all) != 1 || all[0].String() != want {
			t.Errorf("cookies\n got %v\nwant %s", all, want)
		}
		clock.Set(noon.Add(session.FrameLife))
		if alive(t, d, buyer, token) {
			t.Error("it lives longer than a day")
		}
	})
}

func TestTheCookieOfAFrameCountsOnlyWhereOurOwnPageAsks(t *testing.T) {
	frame := &http.Cookie{Name: "__Host-aftercare_frame", Value: "ses_frame"}
	page := &http.Cookie{Name: "aftercare_customer", Value: "ses_page"}
	staff := &http.Cookie{Name: "aftercare_staff", Value: "ses_staff"}
	tests := []struct {
		name, site string
		kind       actor.Kind
		cookies    []*http.Cookie
		want       string
	}{
		{"the frame asks", "same-origin", actor.Customer, []*http.Cookie{frame}, "ses_frame"},
		{"the frame asks beside a page", "same-origin", actor.Customer, []*http.Cookie{page, frame}, "ses_frame"},
		{"the page around it asks", "cross-site", actor.Customer, []*http.Cookie{frame}, ""},
		{"a page of a neighbour asks", "same-site", actor.Customer, []*http.Cookie{frame}, ""},
		{"an address was typed", "none", actor.Customer, []*http.Cookie{frame}, ""},
		{"nobody says who asks", "", actor.Customer, []*http.Cookie{frame}, ""},
		{"the page around it, beside our page", "cross-site", actor.Customer, []*http.Cookie{frame, page}, "ses_page"},
		{"never for staff", "same-origin", actor.Staff, []*http.Cookie{frame}, ""},
		{"staff beside a frame", "same-origin", actor.Staff, []*http.Cookie{frame, staff}, "ses_staff"},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "/v1/my/orders", nil)
		if tt.site != "" {
			r.Header.Set("Sec-Fetch-Site", tt.site)
		}
		for _, c := range tt.cookies {
			r.AddCookie(c)
		}
		if got := session.Carried(r, tt.kind); got != tt.want {
			t.Errorf("%s: carried %q, want %q", tt.name, got, tt.want)
		}
	}
}
