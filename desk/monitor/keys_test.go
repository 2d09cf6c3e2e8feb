package monitor_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/desk/monitor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/seal"
)

// keys is what the page of the log says of its keys.
type keys struct {
	MayKeys bool   `json:"may_keys"`
	Source  string `json:"key_source"`
	Keys    []struct {
		ID, Verifier string
		Signs        bool
		RetiredAt    *time.Time `json:"retired_at"`
	}
	Checkpoints []struct{ Signers []string }
}

func TestAdministratorsChangeKeysAfterConfirming(t *testing.T) {
	dbtest.Each(t, []db.Schema{event.Schema, httpapi.Schema, seal.Schema, session.Schema, monitor.Schema}, func(t *testing.T, d *db.DB) {
		s, h := served(t, d)
		write := func(work func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), work); err != nil {
				t.Fatal(err)
			}
		}
		boss := actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_2", Name: "Boss", Role: role.Administrator}
		write(func(tx *db.Tx) error {
			_, begun, err := session.Begin(t.Context(), tx, boss, session.New{Factors: session.Password})
			boss.Session = begun.ID
			return err
		})
		ask := func(by actor.Actor, method, path string) apitest.Answer {
			return apitest.Do(t, h, method, path, apitest.As(by))
		}
		look := func(by actor.Actor) (v keys) {
			t.Helper()
			if err := json.Unmarshal(ask(by, "GET", "/v1/seal").Want(t, 200, "").Raw, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		ask(boss, "POST", "/v1/seal/keys").Want(t, 403, "session.step_up_required")
		write(func(tx *db.Tx) error { _, err := session.Confirm(t.Context(), tx, boss); return err })
		ask(boss, "POST", "/v1/seal/keys").Want(t, 404, "seal.not_begun")
		s.Sealed = sealed(t, d)
		announce(t, d, 3)
		settled(t, s.Sealed, 4)
		first := look(boss)
		if !first.MayKeys || first.Source != seal.FromFile || len(first.Keys) != 1 || !first.Keys[0].Signs {
			t.Fatalf("%+v", first)
		}
		old := "/v1/seal/keys/" + first.Keys[0].ID + "/retire"
		ask(boss, "POST", old).Want(t, 409, "seal.last_key")
		ask(boss, "POST", "/v1/seal/keys/00000000/retire").Want(t, 404, "seal.no_key")
		fresh := ask(boss, "POST", "/v1/seal/keys").Want(t, 201, "").Text("id")
		for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
			if v := look(boss); len(v.Keys) == 2 && v.Keys[1].ID == fresh && v.Keys[1].Signs && v.Keys[0].Signs {
				break
			}
			if time.Now().After(end) {
				t.Fatal("the fresh key does not sign")
			}
		}
		settled(t, s.Sealed, 6)
		ask(boss, "POST", old).Want(t, 204, "")
		ask(boss, "POST", old).Want(t, 404, "seal.no_key")
		announce(t, d, 3)
		settled(t, s.Sealed, 10)
		now := look(boss)
		if now.Keys[0].Signs || now.Keys[0].RetiredAt == nil || !now.Keys[1].Signs {
			t.Errorf("%+v", now.Keys)
		}
		for _, c := range now.Checkpoints { // kept ones still verify, each with the keys of then
			if len(c.Signers) == 0 {
				t.Errorf("a checkpoint that nobody signed: %+v", now.Checkpoints)
			}
		}
		for name, by := range map[string]actor.Actor{
			"an auditor": auditor, "a supervisor": {Tenant: "main", Kind: actor.Staff, ID: "stf_3", Role: role.Supervisor},
			"a privacy officer": {Tenant: "main", Kind: actor.Staff, ID: "stf_4", Role: role.Privacy},
		} {
			if v := look(by); v.MayKeys {
				t.Errorf("%s may change keys", name)
			}
			ask(by, "POST", "/v1/seal/keys").Want(t, 403, "role.denied")
			ask(by, "POST", "/v1/seal/keys/"+fresh+"/retire").Want(t, 403, "role.denied")
		}
		other := boss
		other.Tenant = "other"
		ask(other, "POST", "/v1/seal/keys").Want(t, 403, "monitor.elsewhere")
		ask(other, "POST", "/v1/seal/keys/"+fresh+"/retire").Want(t, 404, "seal.no_key")
		next(t, s)
		var report view
		if err := json.Unmarshal(ask(boss, "GET", "/v1/seal").Raw, &report); err != nil || len(report.Audits) != 1 || report.Audits[0].Report.Count != 0 {
			t.Errorf("audit: %v %+v", err, report.Audits)
		}
	})
}

func next(t *testing.T, s *monitor.Service) {
	t.Helper()
	if err := s.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
}
