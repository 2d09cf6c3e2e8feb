package live_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/bus/bustest"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/live"
)

type moved struct{}

func (moved) Type() string { return "case.moved" }

func announce(t *testing.T, d *db.DB, tenant, subject string, n int) {
	t.Helper()
	for i := range n {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return event.Append(t.Context(), tx, actor.Of(tenant), event.About{Stream: "case", Subject: subject, Version: int64(i + 1)}, moved{})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func background(run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = run(ctx)
	}()
	return func() { cancel(); <-done }
}

// each runs a test on both engines, with a bus and without one.
func each(t *testing.T, o live.Options, test func(t *testing.T, d *db.DB, h *live.Hub, site *httptest.Server)) {
	for _, carrier := range []string{"bus", "tail"} {
		t.Run(carrier, func(t *testing.T) {
			dbtest.Each(t, []db.Schema{event.Schema}, func(t *testing.T, d *db.DB) {
				var b *bus.Bus
				if carrier == "bus" {
					b = bustest.Open(t, t.TempDir(), bus.Options{})
					defer b.Close()
				}
				tail := event.NewTail(d, b, nil)
				defer background(tail.Run)()
				defer background(event.NewRelay(tail, event.RelayOptions{}).Run)()
				h := live.New(d, tail, b, o)
				defer background(h.Run)()
				site := serve(h)
				defer site.Close()
				defer site.CloseClientConnections()
				test(t, d, h, site)
			})
		})
	}
}

// serve answers with limits that would end an ordinary request at once.
func serve(h *live.Hub) *httptest.Server {
	site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: r.URL.Query().Get("who"), Session: "sid_" + r.URL.Query().Get("who")}
		err := h.Serve(w, r, by, func(e event.Event) bool { return e.Subject != "case_secret" })
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			http.Error(w, f.Code, http.StatusServiceUnavailable)
		}
	}))
	site.Config.ReadTimeout, site.Config.WriteTimeout = 300*time.Millisecond, 300*time.Millisecond
	site.Start()
	return site
}

// screen is a browser's EventSource.
type screen struct {
	t    *testing.T
	body io.ReadCloser
	in   *bufio.Scanner
}

type told struct {
	ID, Event, Data string
}

func connect(t *testing.T, site *httptest.Server, lastID string) *screen {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", site.URL+"?who=ann", nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := site.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != 200 {
		body, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s: %s", answer.Status, body)
	}
	s := &screen{t: t, body: answer.Body, in: bufio.NewScanner(answer.Body)}
	s.in.Buffer(nil, 1<<20)
	t.Cleanup(func() { _ = s.body.Close() })
	return s
}

// next reads one event; ok is false at the end of the connection.
func (s *screen) next() (e told, ok bool) {
	s.t.Helper()
	late := time.AfterFunc(20*time.Second, func() { _ = s.body.Close() })
	defer late.Stop()
	for s.in.Scan() {
		name, value, _ := strings.Cut(s.in.Text(), ": ")
		switch name {
		case "id":
			e.ID = value
		case "event":
			e.Event = value
		case "data":
			e.Data = value
		case "":
			if e.Event != "" {
				return e, true
			}
		}
	}
	return e, false
}

// positions reads "changed" events and the final other one.
func (s *screen) positions(n int) (all []int64) {
	s.t.Helper()
	for len(all) < n {
		e, ok := s.next()
		if !ok || e.Event != "changed" {
			s.t.Fatalf("after %v: %+v, %v", all, e, ok)
		}
		var c live.Change
		if err := json.Unmarshal([]byte(e.Data), &c); err != nil || fmt.Sprint(c.Position) != e.ID {
			s.t.Fatalf("%+v: %v", e, err)
		}
		all = append(all, c.Position)
	}
	return all
}

func (s *screen) want(event, id string) {
	s.t.Helper()
	if e, ok := s.next(); !ok || e.Event != event || e.ID != id {
		s.t.Fatalf("told %+v (%v), want %s at %s", e, ok, event, id)
	}
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not within 20 s: " + what)
		}
	}
}

func numbered(t *testing.T, d *db.DB, n int64) {
	wait(t, "positions", func() bool {
		var last int64
		_ = d.Read(t.Context(), func(tx *db.Tx) (err error) { last, err = event.Last(t.Context(), tx); return err })
		return last == n
	})
}

func TestAScreenHearsWhatItsActorMaySee(t *testing.T) {
	each(t, live.Options{}, func(t *testing.T, d *db.DB, h *live.Hub, site *httptest.Server) {
		announce(t, d, "main", "case_1", 3)
		numbered(t, d, 3)
		s := connect(t, site, "")
		s.want("ready", "3")
		announce(t, d, "main", "case_1", 2)
		announce(t, d, "main", "case_secret", 1)
		announce(t, d, "other", "case_1", 1)
		announce(t, d, "main", "case_2", 1)
		if diff := cmp.Diff([]int64{4, 5, 8}, s.positions(3)); diff != "" {
			t.Error(diff)
		}
		time.Sleep(500 * time.Millisecond) // longer than the server's limits
		announce(t, d, "main", "case_2", 1)
		if diff := cmp.Diff([]int64{9}, s.positions(1)); diff != "" {
			t.Error(diff)
		}
		if h.Clients() != 1 {
			t.Errorf("%d clients", h.Clients())
		}
		_ = s.body.Close()
		wait(t, "the client has left", func() bool { return h.Clients() == 0 })
	})
}

func TestAReturningScreenMissesNothing(t *testing.T) {
	each(t, live.Options{Replay: 50}, func(t *testing.T, d *db.DB, _ *live.Hub, site *httptest.Server) {
		announce(t, d, "main", "case_1", 10)
		numbered(t, d, 10)
		s := connect(t, site, "4")
		if diff := cmp.Diff([]int64{5, 6, 7, 8, 9, 10}, s.positions(6)); diff != "" {
			t.Error(diff)
		}
		s.want("ready", "10")
		announce(t, d, "main", "case_1", 60)
		s.positions(60)
		numbered(t, d, 70)
		for _, lastID := range []string{"19", "71", "x", "-1"} {
			s := connect(t, site, lastID)
			s.want("reset", "70")
			s.want("ready", "70")
		}
		s = connect(t, site, "70")
		s.want("ready", "70")
	})
}

// Screens come and go while others write; each resumes and misses nothing.
func TestNothingIsMissedWhileConnecting(t *testing.T) {
	each(t, live.Options{Gather: time.Millisecond}, func(t *testing.T, d *db.DB, _ *live.Hub, site *httptest.Server) {
		const n = 300
		done := make(chan struct{})
		go func() {
			defer close(done)
			announce(t, d, "main", "case_1", n)
		}()
		last, id := int64(0), "0"
		for last < n {
			s := connect(t, site, id)
			for range 20 {
				e, ok := s.next()
				if !ok {
					t.Fatalf("the connection ended at %d", last)
				}
				if e.Event == "ready" {
					continue
				}
				last++
				if id = e.ID; e.Event != "changed" || id != fmt.Sprint(last) {
					t.Fatalf("told %+v, want position %d", e, last)
				}
				if last == n {
					break
				}
			}
			_ = s.body.Close()
		}
		<-done
	})
}

func TestASlowScreenIsSentAwayAndResumes(t *testing.T) {
	each(t, live.Options{Gather: time.Millisecond, Buffer: 2}, func(t *testing.T, d *db.DB, h *live.Hub, site *httptest.Server) {
		s := connect(t, site, "")
		s.want("ready", "0")
		long := "case_" + strings.Repeat("x", 100_000)
		n := 0
		for end := time.Now().Add(2 * time.Minute); h.Clients() == 1 && time.Now().Before(end); n++ { // it does not read; the sockets take some megabytes
			announce(t, d, "main", long, 1)
			if n > 300 { // the feed of a busy machine is behind: let it catch up
				time.Sleep(20 * time.Millisecond)
			}
		}
		if h.Clients() != 0 {
			t.Fatal("still connected")
		}
		numbered(t, d, int64(n))
		last := ""
		for {
			e, ok := s.next()
			if !ok {
				break
			}
			last = e.ID
		}
		s = connect(t, site, last)
		var from int
		_, _ = fmt.Sscan(last, &from)
		if all := s.positions(n - from); all[len(all)-1] != int64(n) || len(all) == 0 {
			t.Errorf("resumed with %v", all)
		}
	})
}

func TestConnectionsAreLimited(t *testing.T) {
	each(t, live.Options{Clients: 3, PerActor: 2, Longest: 6 * time.Second, Heartbeat: 50 * time.Millisecond}, func(t *testing.T, d *db.DB, h *live.Hub, site *httptest.Server) {
		a, b := connect(t, site, ""), connect(t, site, "")
		a.want("ready", "0")
		b.want("ready", "0")
		get := func(who string) (int, string) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			r, _ := http.NewRequestWithContext(ctx, "GET", site.URL+"?who="+who, nil)
			answer, err := site.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, _ := io.ReadAll(io.LimitReader(answer.Body, 13))
			return answer.StatusCode, strings.TrimSpace(string(body))
		}
		if status, code := get("ann"); status != 503 || code != "live.too_man" && code != "live.too_many" {
			t.Errorf("the third of one actor: %d %s", status, code)
		}
		hold, stop := context.WithCancel(t.Context())
		defer stop()
		r, _ := http.NewRequestWithContext(hold, "GET", site.URL+"?who=bob", nil)
		third, err := site.Client().Do(r)
		if err != nil || third.StatusCode != 200 {
			t.Fatalf("another actor: %v", err)
		}
		defer third.Body.Close()
		if status, code := get("eve"); status != 503 || code != "live.full" {
			t.Errorf("the fourth: %d %s", status, code)
		}
		beats := 0
		for a.in.Scan() { // until it has lasted long enough
			if a.in.Text() == "event: beat" { // of a comment a page would not be told
				beats++
			}
		}
		if beats < 5 {
			t.Errorf("%d heartbeats", beats)
		}
	})
}

func TestAClosingHubEndsItsConnections(t *testing.T) {
	dbtest.Each(t, []db.Schema{event.Schema}, func(t *testing.T, d *db.DB) {
		tail := event.NewTail(d, nil, nil)
		defer background(tail.Run)()
		h := live.New(d, tail, nil, live.Options{})
		stop := background(h.Run)
		site := serve(h)
		defer site.Close()
		defer site.CloseClientConnections()
		s := connect(t, site, "")
		s.want("ready", "0")
		stop()
		if e, ok := s.next(); ok {
			t.Errorf("still told %+v", e)
		}
		answer, err := site.Client().Get(site.URL)
		if err != nil || answer.StatusCode != 503 {
			t.Errorf("a new connection: %v, %v", answer, err)
		}
	})
}
