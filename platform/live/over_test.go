package live_test

import (
	"net/http/httptest"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
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
