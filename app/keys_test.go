package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/secret"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) { dbtest.Main(m, worker) }

// worker does jobs, and says a line for each batch of values that it has sealed
// again, until it is killed.
func worker(_ string, args []string) error {
	cfg, err := parsed(args)
	if err != nil {
		return err
	}
	h, err := app.Open(context.Background(), cfg, slog.New(slog.NewTextHandler(batches{}, nil)))
	if err != nil {
		return err
	}
	return h.Run(context.Background(), func(string) {})
}

// batches prints what is logged of batches.
type batches struct{}

func (batches) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "values sealed with the new master key") {
		fmt.Print(string(line))
	}
	return len(line), nil
}

const sealedRows = 3000

// sealRows keeps sealed values, as factors of many people are.
func sealRows(t *testing.T, h *app.House) {
	t.Helper()
	for from := 0; from < sealedRows; from += 500 {
		err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
			for n := from; n < from+500; n++ {
				id := fmt.Sprintf("fac_%05d", n)
				sealed, err := h.Keys.Seal(factor.Vault().Purpose, "main/stf_1/"+id, []byte("secret of "+id))
				if err != nil {
					return err
				}
				if _, err := tx.Exec(t.Context(), `
					insert into factor_factor (tenant, id, staff, kind, name, site, credential, secret, step, created_at, used_at)
					values ('main', $1, 'stf_1', 'totp', $1, '', $2, $3, 0, 0, 0)`, id, []byte(id), sealed); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func masterKeys(t *testing.T, h *app.House) (all []app.MasterKey) {
	t.Helper()
	err := h.DB.Read(t.Context(), func(tx *db.Tx) (err error) { all, err = app.MasterKeys(t.Context(), tx, h.Keys); return err })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The master key is changed, the processes that seal again are killed between
// their batches, and in the end everything opens with the new key alone; what
// happened under the old one is still proven.
func TestAChangeOfTheMasterKeySurvivesKills(t *testing.T) {
	eachHouse(t, []string{"--http=false", "--nats", "off", "--relay=false"}, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		sealRows(t, h)
		old := h.Keys.ID()
		fresh, err := h.RotateKeys(t.Context(), actor.Of(tenant.Default))
		if err != nil || fresh == old || h.Keys.ID() != fresh {
			t.Fatalf("%s after %s: %v", fresh, old, err)
		}
		if err := h.DropKey(t.Context(), actor.Of(tenant.Default), old, true); !errors.Is(err, app.ErrKeyUsed) {
			t.Fatalf("a key that is needed was dropped: %v", err)
		}
		args := []string{"--data", cfg.Data, "--database", cfg.DatabaseURL(), "--http=false", "--nats", "off", "--relay=false"}
		kills := 0
		for left := int64(sealedRows); left > 0; kills++ {
			p := dbtest.Start(t, cfg.DatabaseURL(), args...)
			if left > 400 {
				p.Wait(2)
				p.Kill()
			} else {
				p.Wait(1)
				for waited := time.Now(); masterKeys(t, h)[1].Sealed() > 0 && time.Since(waited) < time.Minute; {
					time.Sleep(20 * time.Millisecond)
				}
				p.Kill()
			}
			before := left
			if left = masterKeys(t, h)[1].Sealed(); left >= before {
				t.Fatalf("%d values before, %d after", before, left)
			}
		}
		if all := masterKeys(t, h); all[0].ID != fresh || all[0].Sealed() != sealedRows || kills < 3 {
			t.Fatalf("%+v after %d processes", all, kills)
		}
		if err := h.DropKey(t.Context(), actor.Of(tenant.Default), old, false); !errors.Is(err, app.ErrKeyUsed) {
			t.Errorf("links are still signed with it: %v", err)
		}
		if err := h.DropKey(t.Context(), actor.Of(tenant.Default), old, true); err != nil {
			t.Fatal(err)
		}
		after := open(t, cfg) // the folder holds the new key only
		if hand := after.Keys.AtHand(); len(hand) != 1 || hand[0] != fresh {
			t.Fatalf("keys %v", hand)
		}
		opensAll(t, after)
		provenAll(t, after)
	})
}

func opensAll(t *testing.T, h *app.House) {
	t.Helper()
	seen := 0
	err := h.DB.Read(t.Context(), func(tx *db.Tx) error {
		vault := factor.Vault()
		for last := (secret.Value{}); ; {
			some, err := vault.After(t.Context(), tx, last.Tenant, last.ID, 500)
			if err != nil || len(some) == 0 {
				return err
			}
			for _, v := range some {
				plain, err := h.Keys.Open(vault.Purpose, vault.About(v), v.Sealed)
				if err != nil || string(plain) != "secret of "+v.ID {
					return fmt.Errorf("%s: %q, %w", v.ID, plain, err)
				}
				seen++
			}
			last = some[len(some)-1]
		}
	})
	if err != nil || seen != sealedRows {
		t.Errorf("%d of %d values open: %v", seen, sealedRows, err)
	}
}

// provenAll checks that events from before and after the change are what was
// committed to.
func provenAll(t *testing.T, h *app.House) {
	t.Helper()
	ages := map[int]int{}
	err := h.DB.Read(t.Context(), func(tx *db.Tx) error {
		for _, thing := range [][2]string{{"tenant", tenant.Default}, {"secret", h.Keys.ID()}} {
			all, err := event.SealedHistory(t.Context(), tx, tenant.Default, thing[0], thing[1])
			if err != nil {
				return err
			}
			for _, e := range all {
				if !e.True() {
					return fmt.Errorf("event %s (%s) is not proven", e.ID, e.Type)
				}
				ages[e.Age]++
			}
		}
		return nil
	})
	if err != nil || ages[1] < 2 {
		t.Errorf("events by the age of their key: %v, %v", ages, err)
	}
}

// A server that runs while another process changes the key writes with the new
// one within seconds.
func TestARunningServerFollowsAChangeOfTheMasterKey(t *testing.T) {
	eachHouse(t, []string{"--http=false", "--nats", "off"}, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, stop := start(t, h)
		defer stop()
		other := open(t, cfg)
		fresh, err := other.RotateKeys(t.Context(), actor.Of(tenant.Default))
		if err != nil {
			t.Fatal(err)
		}
		for waited := time.Now(); h.Keys.ID() != fresh; time.Sleep(20 * time.Millisecond) {
			if time.Since(waited) > 30*time.Second {
				t.Fatal("the server did not follow")
			}
		}
		old := other.Keys.AtHand()[0]
		if err := other.DropKey(t.Context(), actor.Of(tenant.Default), old, true); err != nil {
			t.Fatal(err)
		}
		for waited := time.Now(); slices.Contains(h.Keys.AtHand(), old); time.Sleep(20 * time.Millisecond) {
			if time.Since(waited) > 30*time.Second {
				t.Fatal("the server still believes the key that was dropped")
			}
		}
		if again, err := other.RotateKeys(t.Context(), actor.Of(tenant.Default)); err != nil || again == fresh {
			t.Errorf("a second change: %s, %v", again, err)
		}
		if all := masterKeys(t, other); len(all) != 3 || !all[0].Writes || all[1].ID != fresh {
			t.Errorf("keys: %+v", all)
		}
	})
}
