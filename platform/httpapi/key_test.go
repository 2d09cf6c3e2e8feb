package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestSameKeyGivesTheSameAnswerAgain(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, b *box) {
		send := func() apitest.Answer {
			return apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key("k-1"), apitest.Body(`{"name":"a"}`)).Want(t, 201, "")
		}
		since := apitest.Events(t, d)
		first, second := send(), send()
		if diff := cmp.Diff(string(first.Raw), string(second.Raw)); diff != "" {
			t.Errorf("body (-first +second):\n%s", diff)
		}
		for _, name := range []string{"Etag", "Location", "Content-Type"} {
			if first.Header.Get(name) == "" || first.Header.Get(name) != second.Header.Get(name) {
				t.Errorf("%s: first %q, second %q", name, first.Header.Get(name), second.Header.Get(name))
			}
		}
		if first.Header.Get("Idempotency-Replayed") != "" || second.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("replayed: first %q, second %q", first.Header.Get("Idempotency-Replayed"), second.Header.Get("Idempotency-Replayed"))
		}
		if diff := cmp.Diff([]string{"box.put"}, since()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestKeyIsForOneRequestOfOneActor(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, _ *box) {
		since := apitest.Events(t, d)
		key := apitest.Key("k-1")
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), key, apitest.Body(`{"name":"a"}`)).Want(t, 201, "")

		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), key, apitest.Body(`{"name":"b"}`)).Want(t, 409, "request.idempotency_conflict")
		apitest.Do(t, h, "POST", "/v1/boxes?x=1", apitest.As(staff), key, apitest.Body(`{"name":"a"}`)).Want(t, 409, "request.idempotency_conflict")
		apitest.Do(t, h, "DELETE", "/v1/boxes/a", apitest.As(staff), key).Want(t, 409, "request.idempotency_conflict")

		other := staff
		other.ID = "stf_9"
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(other), key, apitest.Body(`{"name":"b"}`)).Want(t, 201, "")
		other = staff
		other.Tenant = "another"
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(other), key, apitest.Body(`{"name":"b"}`)).Want(t, 201, "")
		if diff := cmp.Diff([]string{"box.put", "box.put", "box.put"}, since()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestConcurrentRequestsWithOneKeyRunOnce(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, _ *box) {
		since := apitest.Events(t, d)
		answers := make([]apitest.Answer, 32)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				answers[i] = apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key("k-1"), apitest.Body(`{"name":"a"}`))
			})
		}
		wg.Wait()
		for i, a := range answers {
			if a.Status != 201 || string(a.Raw) != string(answers[0].Raw) {
				t.Errorf("answer %d: %d %s, want 201 %s", i, a.Status, a.Raw, answers[0].Raw)
			}
		}
		if diff := cmp.Diff([]string{"box.put"}, since()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestFailureLeavesNothingBehind(t *testing.T) {
	log, _ := lines(0)
	each(t, func(o *httpapi.Options) { o.Log = log }, func(t *testing.T, h http.Handler, d *db.DB, b *box) {
		for _, fail := range []struct {
			body, code string
			status     int
		}{
			{`{"name":"a","fail":"taken"}`, "box.taken", 409},
			{`{"name":"a","fail":"secret"}`, "", 500},
			{`{"name":"a","fail":"panic"}`, "", 500},
			{`{"name":""}`, "request.invalid", 422},
		} {
			since := apitest.Events(t, d)
			a := apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key("k-1"), apitest.Body(fail.body))
			if a.Status != fail.status || a.Code() != fail.code {
				t.Errorf("%s answered %d %q, want %d %q", fail.body, a.Status, a.Code(), fail.status, fail.code)
			}
			if got := since(); got != nil {
				t.Errorf("%s left events %v", fail.body, got)
			}
		}
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key("k-1"), apitest.Body(`{"name":"a"}`)).Want(t, 201, "")
	})
}

func TestRefusedKeys(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, b *box) {
		for _, key := range []string{"", "a b", "schlüssel", strings.Repeat("k", 129), "k\x7f"} {
			apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key(key), apitest.Body(`{"name":"a"}`)).Want(t, 422, "request.idempotency_key")
		}
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key(strings.Repeat("k", 128)), apitest.Body(`{"name":"a"}`)).Want(t, 201, "")
		if got := b.runs.Load(); got != 1 {
			t.Errorf("ran %d times, want 1", got)
		}
	})
}

func TestAnswerWithoutBodyIsReplayed(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, _ *box) {
		since := apitest.Events(t, d)
		for range 2 {
			a := apitest.Do(t, h, "DELETE", "/v1/boxes/a", apitest.As(staff), apitest.Key("k-1")).Want(t, 204, "")
			if len(a.Raw) > 0 || a.Header.Get("Content-Type") != "" {
				t.Errorf("204 with body %q of type %q", a.Raw, a.Header.Get("Content-Type"))
			}
		}
		if diff := cmp.Diff([]string{"box.put"}, since()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestARepetitionThatWouldFailByItselfGetsTheFirstAnswer(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, _ *box) {
		since := apitest.Events(t, d)
		body := `{"name":"a","fail":"again"}`
		send := func(key, body string) apitest.Answer {
			return apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key(key), apitest.Body(body))
		}
		answers := make([]apitest.Answer, 16)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = send("k-1", body) })
		}
		wg.Wait()
		answers = append(answers, send("k-1", body).Want(t, 201, ""))
		for i, a := range answers {
			if a.Status != 201 || string(a.Raw) != string(answers[0].Raw) {
				t.Errorf("answer %d: %d %s, want 201 %s", i, a.Status, a.Raw, answers[0].Raw)
			}
		}
		send("k-2", body).Want(t, 409, "box.taken")
		send("k-1", `{"name":"a","fail":"secret"}`).Want(t, 409, "request.idempotency_conflict") // which would be a 500
		if diff := cmp.Diff([]string{"box.put"}, since()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestSecretAnswersAreNeverStored(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, b *box) {
		a := apitest.Do(t, h, "POST", "/v1/keys", apitest.As(staff), apitest.Key("k-1")).Want(t, 201, "")
		if a.Text("secret") != "key_swordfish" {
			t.Errorf("answer %s lacks the secret", a.Raw)
		}
		apitest.Do(t, h, "POST", "/v1/keys", apitest.As(staff), apitest.Key("k-1")).Want(t, 409, "request.idempotency_spent")
		apitest.Do(t, h, "POST", "/v1/session", apitest.Key("k-2")).Want(t, 204, "")
		apitest.Do(t, h, "POST", "/v1/session", apitest.Key("k-2")).Want(t, 409, "request.idempotency_spent")

		err := d.Read(t.Context(), func(tx *db.Tx) error {
			var n int
			err := tx.QueryRow(t.Context(), `select count(*) from httpapi_key
				where answer like '%swordfish%' or headers like '%swordfish%'`).Scan(&n)
			if n > 0 {
				t.Errorf("%d secrets in the store", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestStrangersDoNotShareKeys(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		for _, address := range []string{"192.0.2.1:1", "192.0.2.2:1"} {
			r := httptest.NewRequest("POST", "/v1/session", nil)
			r.RemoteAddr = address
			r.Header.Set("Idempotency-Key", "1")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != 204 {
				t.Errorf("%s got %d, want 204: %s", address, w.Code, w.Body)
			}
		}
	})
}

func TestKeysAreForgottenAfterADay(t *testing.T) {
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		a, b := apitest.New(d, nil), &box{}
		b.routes(a)
		send := func(key string) apitest.Answer {
			return apitest.Do(t, a.Handler(), "POST", "/v1/boxes", apitest.As(staff), apitest.Key(key), apitest.Body(`{"name":"a"}`)).Want(t, 201, "")
		}
		forget := func() (n int64) {
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				n, err = a.Forget(t.Context(), tx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		send("old")
		clock.Add(2 * time.Hour)
		send("young")
		clock.Add(23 * time.Hour)
		if n := forget(); n != 1 {
			t.Errorf("forgot %d keys, want 1", n)
		}
		if send("young").Header.Get("Idempotency-Replayed") != "true" {
			t.Error("a key of 23 hours was forgotten")
		}
		if send("old").Header.Get("Idempotency-Replayed") != "" {
			t.Error("a key of 25 hours is still there")
		}
	})
}

func TestErasingForgetsWhatOnlyTheAddressNames(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, d *db.DB, _ *box) {
		put := func(name string) {
			apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key("put-"+name), apitest.Body(`{"name":"`+name+`"}`)).Want(t, 201, "")
		}
		remove := func(name string) bool {
			return apitest.Do(t, h, "DELETE", "/v1/boxes/"+name, apitest.As(staff), apitest.Key("del-"+name)).Header.Get("Idempotency-Replayed") != ""
		}
		for _, name := range []string{"anna", "bert"} {
			put(name)
			remove(name)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return httpapi.Erase(t.Context(), tx, staff.Tenant, []string{"anna"}) })
		if err != nil {
			t.Fatal(err)
		}
		if remove("anna") || !remove("bert") {
			t.Error("an answer is kept under the address of somebody who was erased, or that of another is gone")
		}
	})
}

func TestKeyDoesNotLetAnybodyIn(t *testing.T) {
	each(t, nil, func(t *testing.T, h http.Handler, _ *db.DB, _ *box) {
		body := apitest.Body(`{"name":"a"}`)
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key("k"), body).Want(t, 201, "")
		demoted := staff
		demoted.Role = "warehouse"
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(demoted), apitest.Key("k"), body).Want(t, 403, "request.denied")
		apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(actor.Actor{Tenant: "test", Kind: actor.Nobody}), apitest.Key("k"), body).Want(t, 401, "request.unauthenticated")
	})
}
