package apikey_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	schemas = []db.Schema{event.Schema, apikey.Schema}
	noon    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	blue    = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_1", Role: role.Administrator}
)

func create(t *testing.T, d *db.DB, by actor.Actor, n apikey.New) (k apikey.Key, shown string, err error) {
	t.Helper()
	err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
		k, shown, err = apikey.Create(t.Context(), tx, by, n)
		return err
	})
	return k, shown, err
}

func bySecret(t *testing.T, d *db.DB, tenant, shown string) (k apikey.Key, err error) {
	t.Helper()
	err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
		k, err = apikey.BySecret(t.Context(), tx, tenant, shown)
		return err
	})
	return k, err
}

func TestASecretFindsItsKeyInItsTenantUntilItExpires(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		want, shown, err := create(t, d, blue, apikey.New{
			Name: " Import ", Scopes: []actor.Permission{role.OrderWrite, role.CaseRead}, ExpiresAt: noon.Add(time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := bySecret(t, d, "blue", shown)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		acts := actor.Actor{Tenant: "blue", Kind: actor.Key, ID: want.ID, Name: "Import", Scopes: "case.read order.write"}
		if diff := cmp.Diff(acts, got.Actor()); diff != "" {
			t.Errorf("actor (-want +got):\n%s", diff)
		}
		for _, bad := range [][2]string{{"red", shown}, {"blue", shown + "0"}, {"blue", ""}, {"blue", want.ID}, {"blue", shown[3:]}} {
			if _, err := bySecret(t, d, bad[0], bad[1]); !errors.Is(err, apikey.ErrWrong) {
				t.Errorf("%v: %v, want ErrWrong", bad, err)
			}
		}
		clock.Add(time.Hour)
		if _, err := bySecret(t, d, "blue", shown); !errors.Is(err, apikey.ErrWrong) {
			t.Errorf("expired: %v, want ErrWrong", err)
		}
	})
}

func TestNobodyGivesAwayWhatHeDoesNotHold(t *testing.T) {
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		auditor := blue
		auditor.Role = role.Auditor
		tests := []struct {
			name string
			by   actor.Actor
			give actor.Permission
			want bool
		}{
			{"administrator", blue, role.PolicyWrite, true},
			{"the system", actor.Of("blue"), role.PolicyWrite, true},
			{"auditor, what he holds", auditor, role.CaseExport, true},
			{"auditor, what he does not hold", auditor, role.PolicyWrite, false},
			{"administrator, a personal one", blue, role.SessionOwn, false},
			{"the system, a personal one", actor.Of("blue"), role.KeyManage, false},
		}
		for _, test := range tests {
			_, _, err := create(t, d, test.by, apikey.New{Name: "k", Scopes: []actor.Permission{test.give}})
			if got := err == nil; got != test.want || !got && !errors.Is(err, apikey.ErrInvalid) {
				t.Errorf("%s: %v, want made %v", test.name, err, test.want)
			}
		}
	})
}
