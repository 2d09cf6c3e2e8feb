package testpay_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/testpay"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

func TestMain(m *testing.M) { dbtest.Main(m, work) }

// work pays until it is killed. It is told the provider's books, and by how many
// seconds its clock is ahead, so that leases of the dead are over.
func work(store string, args []string) error {
	ctx := context.Background()
	ahead, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	o := db.Options{Clock: func() time.Time { return time.Now().Add(time.Duration(ahead) * time.Second) }}
	d, err := db.Open(ctx, store, o)
	if err != nil {
		return err
	}
	p, err := testpay.Open(args[0], testpay.Options{})
	if err != nil {
		return err
	}
	_, q := payer(d, p)
	fmt.Println("ready")
	return q.Run(ctx)
}

func payer(d *db.DB, p *testpay.Provider) (*settlement.Service, *job.Queue) {
	log := slog.New(slog.DiscardHandler)
	q := job.NewQueue(d, log)
	s := settlement.New(d, q, log, p)
	s.Jobs(q)
	return s, q
}

// Worker processes are killed with kill -9 at random moments while they pay.
// In the end the payouts and the provider's own books agree line by line.
func TestKilledWorkersPayEveryPayoutOnce(t *testing.T) {
	// How long a worker lives at most, so that twelve do a part of the work.
	lives := map[string]time.Duration{"sqlite": 40 * time.Millisecond, "postgres": 250 * time.Millisecond}
	for engine, url := range dbtest.Stores(t) {
		t.Run(engine, func(t *testing.T) {
			journal := filepath.Join(t.TempDir(), "journal")
			planned := plan(t, url, journal, 700)
			const kills = 12
			for i := range kills {
				worker := dbtest.Start(t, url, journal, strconv.Itoa(61*i)).Wait(1)
				time.Sleep(rand.N(lives[engine]))
				worker.Kill()
			}
			settle(t, url, journal, 61*kills, planned)
		})
	}
}

// plan reserves two payouts for each of n cases.
func plan(t *testing.T, url, journal string, n int) (planned []settlement.Payout) {
	t.Helper()
	d, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), []db.Schema{event.Schema, job.Schema, settlement.Schema}); err != nil {
		t.Fatal(err)
	}
	s, _ := payer(d, open(t, journal, testpay.Options{}))
	references := []string{"", "", "", "", "test:timeout-once", "test:lost-once", "test:unavailable-1", "test:slow-15"}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		planned = nil
		for i := range n {
			part := settlement.Part{Purpose: settlement.Goods, Tender: "t1", Kind: "card", Provider: "test", Reference: references[i%len(references)], Amount: int64(100 + i)}
			ship := part
			ship.Purpose, ship.Amount = settlement.Shipping, 5
			all, err := s.Reserve(t.Context(), tx, actor.Of("shop"), settlement.Plan{Case: fmt.Sprint("case_", i), Order: "ord", Currency: "JPY", Parts: []settlement.Part{part, ship}})
			if err != nil {
				return err
			}
			planned = append(planned, all...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return planned
}

// settle lets a last worker finish, and compares.
func settle(t *testing.T, url, journal string, ahead int, planned []settlement.Payout) {
	t.Helper()
	var offset atomic.Int64
	offset.Store(int64(ahead) * int64(time.Second))
	d, err := db.Open(t.Context(), url, db.Options{Clock: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	p := open(t, journal, testpay.Options{})
	_, q := payer(d, p)
	before, err := p.Payments()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := q.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		offset.Add(int64(10 * time.Minute))
	}
	books := map[string][]testpay.Payment{}
	paid, err := p.Payments()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range paid {
		books[one.Key] = append(books[one.Key], one)
	}
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		for _, want := range planned {
			got, err := settlement.ByID(t.Context(), tx, "shop", want.ID)
			if err != nil {
				return err
			}
			b := books[want.ID]
			if got.State != settlement.Succeeded || len(b) != 1 || b[0].Minor != want.Amount || b[0].Refund != got.ProviderRef {
				t.Errorf("%s %s by %s (%s): the books say %+v", got.ID, got.State, got.ProviderRef, got.LastError, b)
			}
		}
		return nil
	})
	if err != nil || len(paid) != len(planned) {
		t.Errorf("%d payments of %d payouts (%v)", len(paid), len(planned), err)
	}
	t.Logf("%d of %d payouts were paid by workers that were killed", len(before), len(planned))
}
