package live_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/live"
)

// happened is an event of a package that this one may not know.
type happened string

func (h happened) Type() string { return string(h) }

// Who may no longer, or is somebody else now, hears nothing more: the connection
// ends, and whoever comes back is looked at anew.
func TestAScreenEndsWithWhatItsActorMay(t *testing.T) {
	each(t, live.Options{}, func(t *testing.T, d *db.DB, h *live.Hub, site *httptest.Server) {
		say := func(stream, subject, what string) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return event.Append(t.Context(), tx, actor.Of("main"), event.About{Stream: stream, Subject: subject, Version: 1}, happened(what))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		last := int64(0)
		for _, one := range []struct{ stream, subject, what string }{
			{"session", "sid_ann", "session.ended"}, {"staff", "ann", "staff.updated"}, {"key", "ann", "key.revoked"},
		} {
			numbered(t, d, last)
			s := connect(t, site, "")
			if e, ok := s.next(); !ok || e.Event != "ready" {
				t.Fatalf("told %+v", e)
			}
			say(one.stream, "somebody_else", one.what)
			s.positions(1)
			say(one.stream, one.subject, one.what)
			s.positions(1)
			announce(t, d, "main", "case_1", 1)
			if e, ok := s.next(); ok {
				t.Errorf("after %s it is told %+v", one.what, e)
			}
			wait(t, "the client is gone", func() bool { return h.Clients() == 0 })
			last += 3
		}
	})
}

// What ends after the request was let in and before it hears of anything is in
// no news of the feed: it is asked for.
func TestAScreenThatMayNoLongerWhenItJoinsIsNotLetIn(t *testing.T) {
	revoked := fault.New(fault.Denied, "test.revoked", "The key was revoked.")
	var is atomic.Pointer[actor.Actor]
	o := live.Options{Identify: func(_ context.Context, tx *db.Tx, _ *http.Request) (actor.Actor, error) {
		if tx == nil || is.Load() == nil {
			return actor.Actor{}, revoked
		}
		return *is.Load(), nil
	}}
	each(t, o, func(t *testing.T, d *db.DB, h *live.Hub, site *httptest.Server) {
		ann := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "ann", Session: "sid_ann"}
		less, nobody := ann, actor.Actor{Tenant: "main", Kind: actor.Nobody}
		less.Seller = "north"
		numbered(t, d, 0)
		announce(t, d, "main", "case_1", 1)
		numbered(t, d, 1)
		for name, now := range map[string]*actor.Actor{"signed out": &nobody, "may less": &less} {
			is.Store(now)
			for _, seen := range []string{"", "0"} {
				if e, ok := connect(t, site, seen).next(); ok {
					t.Errorf("%s, after %q: told %+v", name, seen, e)
				}
			}
		}
		is.Store(nil)
		answer, err := http.Get(site.URL + "?who=ann")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusServiceUnavailable { // as the site of this test tells every refusal
			t.Errorf("a revoked key: %s", answer.Status)
		}
		wait(t, "the clients are gone", func() bool { return h.Clients() == 0 })
		is.Store(&ann)
		s := connect(t, site, "0")
		s.positions(1)
		if e, ok := s.next(); !ok || e.Event != "ready" {
			t.Errorf("who is still the same is told %+v", e)
		}
	})
}
