package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/webhook"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/secret"
)

// TestMain lets this binary be the worker that is killed.
func TestMain(m *testing.M) { dbtest.Main(m, serve) }

func hooks(d *db.DB) (*webhook.Service, *job.Queue, error) {
	keys, err := secret.New([]byte("thirty-two bytes for these tests"))
	queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
	s := webhook.New(d, queue, keys, local)
	s.Jobs(queue)
	return s, queue, err
}

// serve follows the log and sends, until it is killed.
func serve(target string, _ []string) error {
	ctx, silent := context.Background(), slog.New(slog.DiscardHandler)
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return err
	}
	s, queue, err := hooks(d)
	if err != nil {
		return err
	}
	tail := event.NewTail(d, nil, silent)
	followers := event.NewFollowers(tail, event.FollowOptions{Lease: time.Second})
	types, react := s.Events()
	followers.Follow("webhooks", types, react)
	relay := event.NewRelay(tail, event.RelayOptions{Lease: time.Second})
	ended := make(chan error, 4)
	for _, run := range []func(context.Context) error{tail.Run, relay.Run, followers.Run, queue.Run} {
		go func() { ended <- run(ctx) }()
	}
	return <-ended
}

type noted struct {
	N int `json:"n"`
}

func (noted) Type() string { return "case.noted" }

// Whoever is killed, and however often: every event arrives, and of each case
// in order.
func TestKilledWorkersLoseNothing(t *testing.T) {
	for engine, target := range dbtest.Stores(t) {
		t.Run(engine, func(t *testing.T) { killed(t, target) })
	}
}

func killed(t *testing.T, target string) {
	t.Helper()
	d, err := db.Open(t.Context(), target, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), schemas); err != nil {
		t.Fatal(err)
	}
	r := newReceiver(t)
	s, _, err := hooks(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, _, err := s.Create(t.Context(), tx, admin, webhook.Endpoint{Name: "ERP", URL: r.URL})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	const events, subjects = 120, 6
	for i := range events {
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			return event.Append(t.Context(), tx, actor.Of("main"), event.About{Stream: "case", Subject: fmt.Sprint("case_", i%subjects), Version: int64(i)}, noted{i})
		}); err != nil {
			t.Fatal(err)
		}
	}
	kills := 0
	for began := time.Now(); len(arrived(t, r)) < events; {
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("%d of %d arrived after %d kills", len(arrived(t, r)), events, kills)
		}
		worker := dbtest.Start(t, target)
		before := len(r.took())
		for waited := time.Now(); len(r.took()) < before+25 && len(arrived(t, r)) < events && time.Since(waited) < 75*time.Second; {
			time.Sleep(5 * time.Millisecond)
		}
		worker.Kill()
		kills++
		revive(t, d)
	}
	last := map[string]int{}
	for _, m := range arrived(t, r) {
		if before, ok := last[m.Subject]; ok && m.Data.N != before+subjects {
			t.Errorf("%s: %d came after %d", m.Subject, m.Data.N, before)
		}
		last[m.Subject] = m.Data.N
	}
	if kills < 3 {
		t.Errorf("%d kills prove little", kills)
	}
	t.Logf("%d events in %d requests, %d kills", events, len(r.took()), kills)
}

// revive lets leases of the dead run out at once: a minute is long for a test.
func revive(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `update job_job set lease_until = 1 where state = 'running'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

type told struct {
	ID      string `json:"id"`
	Subject string `json:"subject"`
	Data    noted  `json:"data"`
}

// arrived are the events in the order in which they came first.
func arrived(t *testing.T, r *receiver) (all []told) {
	t.Helper()
	seen := map[string]bool{}
	for _, one := range r.took() {
		var m told
		if err := json.Unmarshal([]byte(one.body), &m); err != nil {
			t.Fatal(err)
		}
		if !seen[m.ID] {
			seen[m.ID] = true
			all = append(all, m)
		}
	}
	return all
}
