package gate_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func (h house) key(body string) (id string, sent apitest.Option) {
	h.Helper()
	made := h.do(blueHost, "POST", "/v1/api-keys", h.signIn(blueHost, "boss@blue.example"), apitest.Body(body)).Want(h, 201, "")
	return made.Text("id"), apitest.Bearer(made.Text("secret"))
}

func (h house) sql(query string, args ...any) {
	h.Helper()
	err := h.store.Write(h.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(h.Context(), query, args...)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

const reads = `{"name":"k","scopes":["case.read"]}`

func TestAKeyRevokedHereEndsAtOnce(t *testing.T) {
	each(t, func(h house) {
		id, key := h.key(reads)
		other, stays := h.key(reads)
		boss := h.signIn(blueHost, "boss@blue.example")
		for range 3 {
			h.do(blueHost, "GET", "/v1/cases", key).Want(h, 200, "")
			h.do(blueHost, "GET", "/v1/cases", stays).Want(h, 200, "")
		}
		h.do(blueHost, "DELETE", "/v1/api-keys/"+id, boss).Want(h, 204, "")
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 401, "apikey.wrong")
		if a := h.do(blueHost, "GET", "/v1/cases", stays).Want(h, 200, ""); a.Text("id") != other {
			h.Errorf("who asks: %s, want key %s", a.Raw, other)
		}
	})
}

func TestAKeyRevokedElsewhereEndsWithinASecond(t *testing.T) {
	each(t, func(h house) {
		id, key := h.key(reads)
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 200, "")
		h.sql(`update apikey_key set revoked_at = 1 where id = $1`, id)
		h.clock.Add(time.Second)
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 401, "apikey.wrong")

		id, key = h.key(reads)
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 200, "")
		h.sql(`update apikey_key set revoked_at = 1 where id = $1`, id)
		h.clock.Add(-time.Minute) // a clock that is set back lengthens nothing
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 401, "apikey.wrong")
	})
}

func TestARememberedKeyIsOfItsShopAndUntilItExpires(t *testing.T) {
	each(t, func(h house) {
		_, key := h.key(`{"name":"k","scopes":["case.read"],"expires_at":"2026-03-01T12:00:00.500Z"}`)
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 200, "")
		h.do(redHost, "GET", "/v1/cases", key).Want(h, 401, "apikey.wrong")
		h.do(blueHost, "GET", "/v1/staff", key).Want(h, 403, "role.denied")
		h.clock.Add(499 * time.Millisecond)
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 200, "")
		h.clock.Add(time.Millisecond)
		h.do(blueHost, "GET", "/v1/cases", key).Want(h, 401, "apikey.wrong")
	})
}

func TestUsesOfARememberedKeyAreNotedEachMinute(t *testing.T) {
	each(t, func(h house) {
		_, key := h.key(reads)
		boss := h.signIn(blueHost, "boss@blue.example")
		for _, at := range []string{"2026-03-01T12:00:00Z", "2026-03-01T12:01:00Z"} {
			for range 3 {
				h.do(blueHost, "GET", "/v1/cases", key).Want(h, 200, "")
				h.clock.Add(time.Millisecond)
			}
			if err := h.gate.Flush(h.Context(), h.store); err != nil {
				h.Fatal(err)
			}
			if a := h.do(blueHost, "GET", "/v1/api-keys", boss); a.Text("items.0.last_used_at") != at {
				h.Errorf("last use in %s, want %s", a.Raw, at)
			}
			h.clock.Add(time.Minute - 3*time.Millisecond)
		}
	})
}
