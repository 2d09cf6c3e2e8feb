package monitor_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/desk/monitor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/seal"
)

var auditor = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Rev", Role: role.Auditor}

type moved struct {
	N int `json:"n"`
}

func (moved) Type() string { return "case.moved" }

func announce(t *testing.T, d *db.DB, n int) {
	t.Helper()
	for i := range n {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return event.Append(t.Context(), tx, auditor, event.About{Stream: "case", Subject: "case_1", Version: int64(i)}, moved{i})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sealed keeps a log sealed until the test ends.
func sealed(t *testing.T, d *db.DB) *seal.Log {
	ctx, cancel := context.WithCancel(context.Background())
	tail := event.NewTail(d, nil, nil)
	l := seal.New(seal.Options{DB: d, Tail: tail, By: actor.Of("main"), Name: "shop.example/log", KeyFile: filepath.Join(t.TempDir(), "log.key"), Interval: 5 * time.Millisecond, Lease: 300 * time.Millisecond})
	done := make(chan struct{}, 3)
	for _, run := range []func(context.Context) error{tail.Run, event.NewRelay(tail, event.RelayOptions{Lease: 300 * time.Millisecond}).Run, l.Run} {
		go func() { _ = run(ctx); done <- struct{}{} }()
	}
	t.Cleanup(func() {
		cancel()
		for range 3 {
			<-done
		}
	})
	return l
}

// served is the capability with a log that nobody seals yet, and its routes.
func served(t *testing.T, d *db.DB) (*monitor.Service, http.Handler) {
	s := &monitor.Service{Store: d, Log: slog.New(slog.DiscardHandler), Owner: "main", Sealed: seal.New(seal.Options{DB: d}),
		Audit: func(ctx context.Context, before *seal.Seen, _ bool, progress func(done, of int64)) (seal.Report, error) {
			return seal.Audit(ctx, seal.Audits{DB: d, Before: before, Progress: progress})
		}}
	api := apitest.New(d, role.Allow)
	s.Routes(api)
	return s, api.Handler()
}

func settled(t *testing.T, l *seal.Log, size int64) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if s, err := l.Status(t.Context()); err == nil && s.Size >= size && s.Unsealed == 0 {
			return
		}
	}
	t.Fatal("not sealed")
}

type view struct {
	Entries     int64
	MayAudit    bool `json:"may_audit"`
	Keys        []struct{ Verifier string }
	Checkpoints []struct{ Entries int64 }
	Audits      []struct {
		State  string
		Report seal.Report
	}
}

func TestAuditsContinueEachOtherAndNameTheFirstDifference(t *testing.T) {
	dbtest.Each(t, []db.Schema{event.Schema, httpapi.Schema, seal.Schema, monitor.Schema}, func(t *testing.T, d *db.DB) {
		s, h := served(t, d)
		look := func(by actor.Actor) (v view) {
			t.Helper()
			got := apitest.Do(t, h, "GET", "/v1/seal", apitest.As(by)).Want(t, 200, "")
			if err := json.Unmarshal(got.Raw, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		next := func() {
			t.Helper()
			if err := s.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if v := look(auditor); v.Entries != 0 || !v.MayAudit {
			t.Errorf("before the log began: %+v", v)
		}
		l := sealed(t, d)
		announce(t, d, 20)
		settled(t, l, 21)
		next() // nobody asked: it is the day's
		next() // and not yet the next day's
		if v := look(auditor); len(v.Audits) != 1 || v.Audits[0].State != monitor.Ended || v.Audits[0].Report.Count != 0 || len(v.Keys) != 1 || len(v.Checkpoints) == 0 {
			t.Fatalf("the first audit: %+v", v)
		}
		announce(t, d, 5)
		settled(t, l, 26)
		for range 2 { // asking twice is asking once
			apitest.Do(t, h, "POST", "/v1/seal/audits", apitest.As(auditor), apitest.Body(map[string]any{})).Want(t, 202, "")
		}
		next()
		if v := look(auditor); len(v.Audits) != 2 || v.Audits[0].Report.Before != 21 || v.Audits[0].Report.Size != 26 {
			t.Fatalf("the second audit: %+v", v)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `update event_log set data = '{"n":99}' where stream = 'case' and version = 7`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		apitest.Do(t, h, "POST", "/v1/seal/audits", apitest.As(auditor), apitest.Body(map[string]any{"files": true})).Want(t, 202, "")
		next()
		v := look(auditor)
		if r := v.Audits[0].Report; r.Count != 1 || r.Findings[0].Kind != seal.Changed || !strings.Contains(r.Findings[0].Text, "case_1") {
			t.Errorf("the changed event: %+v", r)
		}
		stranger := auditor
		stranger.Tenant = "other"
		if v := look(stranger); v.MayAudit || len(v.Audits) > 0 || v.Entries == 0 {
			t.Errorf("another shop sees %+v", v)
		}
		apitest.Do(t, h, "POST", "/v1/seal/audits", apitest.As(stranger), apitest.Body(map[string]any{})).Want(t, 403, "monitor.elsewhere")
		agent := auditor
		agent.Role = role.Agent
		apitest.Do(t, h, "GET", "/v1/seal", apitest.As(agent)).Want(t, 403, "role.denied")
	})
}
