package httpapi_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

// crate is a capability whose work cannot be done within a transaction.
type crate struct {
	d *db.DB
	b box
	// both holds two requests until each has begun; nil: nobody waits.
	both *sync.WaitGroup
}

type crateOutput struct {
	Location string `header:"Location"`
	Body     struct {
		Bytes int   `json:"bytes"`
		Run   int64 `json:"run"`
	}
}

func (c *crate) fill(ctx context.Context, by actor.Actor, content []byte, then func(tx *db.Tx, out *crateOutput) error) (out *crateOutput, err error) {
	if c.both != nil {
		c.both.Done()
		c.both.Wait()
	}
	err = c.d.Write(ctx, func(tx *db.Tx) error {
		run := c.b.runs.Add(1)
		out = &crateOutput{Location: fmt.Sprint("/v1/crates/", run)}
		out.Body.Bytes, out.Body.Run = len(content), run
		if err := event.Append(ctx, tx, by, event.About{Stream: "crate", Subject: fmt.Sprint(run), Version: 1}, put{Name: "crate"}); err != nil {
			return err
		}
		if bytes.HasPrefix(content, []byte(`"broken`)) {
			return errTaken
		}
		return then(tx, out)
	})
	return out, err
}

func (c *crate) routes(a *httpapi.API) {
	keep := func(ctx context.Context) func(tx *db.Tx, out *crateOutput) error {
		return func(tx *db.Tx, out *crateOutput) error { return httpapi.Keep(ctx, tx, out) }
	}
	receive := httpapi.Op{Route: "POST /v1/crates", Need: "box.put", Status: 201, MaxBody: 8 << 20, Headers: []string{"Crate-Label"}}
	httpapi.Receive(a, receive, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) (*crateOutput, error) {
		w.Header().Set("Crate-Protocol", "1")
		content, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		return c.fill(ctx, by, content, keep(ctx))
	})
	httpapi.Plain(a, httpapi.Op{Route: "PUT /v1/crates/one", Need: "box.put", MaxBody: 8 << 20}, func(ctx context.Context, by actor.Actor, in *struct {
		Body string
	}) (*crateOutput, error) {
		return c.fill(ctx, by, []byte(`"`+in.Body), keep(ctx))
	})
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/crates/paid", Need: "box.put"}, func(ctx context.Context, by actor.Actor, _ *struct{}) (*crateOutput, error) {
		return c.fill(ctx, by, nil, func(*db.Tx, *crateOutput) error { return nil }) // its answer is kept afterwards
	})
	httpapi.Receive(a, httpapi.Op{Route: "DELETE /v1/crates/one", Need: "box.put", Status: 204},
		func(ctx context.Context, by actor.Actor, _ http.ResponseWriter, _ *http.Request) (*struct{}, error) {
			_, err := c.fill(ctx, by, nil, func(tx *db.Tx, _ *crateOutput) error { return httpapi.Keep(ctx, tx, &struct{}{}) })
			return nil, err
		})
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/crates/ask", Need: "box.put", Anew: true}, func(ctx context.Context, by actor.Actor, _ *struct{}) (*crateOutput, error) {
		return c.fill(ctx, by, nil, keep(ctx))
	})
}

func eachCrate(t *testing.T, test func(t *testing.T, h http.Handler, d *db.DB, c *crate)) {
	t.Helper()
	each(t, nil, func(t *testing.T, _ http.Handler, d *db.DB, _ *box) {
		a, c := httpapi.New(httpapi.Options{DB: d, Identify: apitest.Identify, Allow: allow}), &crate{d: d}
		c.routes(a)
		test(t, a.Handler(), d, c)
	})
}

// big is larger than what the server reads ahead, and than a page of a database.
var big = slices.Concat([]byte(`"`), bytes.Repeat([]byte("0123456789abcdef"), 300_000), []byte(`"`))

func TestRoutesOutsideTransactionsKeepTheirAnswers(t *testing.T) {
	eachCrate(t, func(t *testing.T, h http.Handler, d *db.DB, c *crate) {
		other := bytes.Clone(big)
		other[len(other)-2] = 'x'
		for i, r := range []struct {
			method, path string
			status       int
			body, other  []byte
		}{
			{"POST", "/v1/crates", 201, big, other},
			{"PUT", "/v1/crates/one", 200, big, other},
			{"POST", "/v1/crates/paid", 200, nil, nil},
			{"DELETE", "/v1/crates/one", 204, []byte("nobody asked for it"), []byte("nor for this")},
		} {
			since, key := apitest.Events(t, d), apitest.Key(fmt.Sprint("k-", i))
			send := func(body []byte, more ...apitest.Option) apitest.Answer {
				options := append([]apitest.Option{apitest.As(staff), key}, more...)
				if body != nil {
					options = append(options, apitest.Raw("application/json", body))
				}
				return apitest.Do(t, h, r.method, r.path, options...)
			}
			first, second := send(r.body).Want(t, r.status, ""), send(r.body).Want(t, r.status, "")
			if diff := cmp.Diff(string(first.Raw), string(second.Raw)); diff != "" {
				t.Errorf("%s %s, body (-first +second):\n%s", r.method, r.path, diff)
			}
			for _, name := range []string{"Location", "Content-Type"} {
				if first.Header.Get(name) != second.Header.Get(name) {
					t.Errorf("%s %s, %s: first %q, second %q", r.method, r.path, name, first.Header.Get(name), second.Header.Get(name))
				}
			}
			if first.Header.Get("Idempotency-Replayed") != "" || second.Header.Get("Idempotency-Replayed") != "true" {
				t.Errorf("%s %s, replayed: first %q, second %q", r.method, r.path, first.Header.Get("Idempotency-Replayed"), second.Header.Get("Idempotency-Replayed"))
			}
			if r.other != nil {
				send(r.other).Want(t, 409, "request.idempotency_conflict")
			}
			apitest.Do(t, h, "POST", "/v1/crates/paid?x=1", apitest.As(staff), key).Want(t, 409, "request.idempotency_conflict")
			apitest.Do(t, h, r.method, r.path, apitest.As(staff), apitest.Key("a b"), apitest.Raw("application/json", r.body)).Want(t, 422, "request.idempotency_key")
			if diff := cmp.Diff([]string{"box.put"}, since()); diff != "" {
				t.Errorf("%s %s, events (-want +got):\n%s", r.method, r.path, diff)
			}
		}
	})
}

func TestHeadersThatSayWhatIsAskedArePartOfTheRequest(t *testing.T) {
	eachCrate(t, func(t *testing.T, h http.Handler, d *db.DB, c *crate) {
		send := func(label string) apitest.Answer {
			return apitest.Do(t, h, "POST", "/v1/crates", apitest.As(staff), apitest.Key("k"), apitest.Header("Crate-Label", label), apitest.Raw("text/plain", []byte("x")))
		}
		send("red").Want(t, 201, "")
		if send("red").Want(t, 201, "").Header.Get("Idempotency-Replayed") != "true" {
			t.Error("the same request is not answered again")
		}
		send("blue").Want(t, 409, "request.idempotency_conflict")
	})
}

func TestTwoAtOnceOutsideTransactionsTakeEffectOnce(t *testing.T) {
	eachCrate(t, func(t *testing.T, h http.Handler, d *db.DB, c *crate) {
		for _, r := range []struct{ method, path string }{{"POST", "/v1/crates"}, {"PUT", "/v1/crates/one"}} {
			since := apitest.Events(t, d)
			c.both = &sync.WaitGroup{}
			c.both.Add(2) // neither finds an answer before it begins
			answers := make([]apitest.Answer, 2)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() {
					answers[i] = apitest.Do(t, h, r.method, r.path, apitest.As(staff), apitest.Key(r.method), apitest.Raw("application/json", big))
				})
			}
			wg.Wait()
			c.both = nil
			if answers[0].Status >= 300 || answers[0].Status != answers[1].Status || string(answers[0].Raw) != string(answers[1].Raw) {
				t.Errorf("%s: %d %s, and %d %s", r.path, answers[0].Status, answers[0].Raw, answers[1].Status, answers[1].Raw)
			}
			if diff := cmp.Diff([]string{"box.put"}, since()); diff != "" {
				t.Errorf("%s, events (-want +got):\n%s", r.path, diff)
			}
		}
	})
}

func TestARefusalOutsideTransactionsMayBeRepeated(t *testing.T) {
	eachCrate(t, func(t *testing.T, h http.Handler, d *db.DB, c *crate) {
		send := func(body string) apitest.Answer {
			return apitest.Do(t, h, "POST", "/v1/crates", apitest.As(staff), apitest.Key("k"), apitest.Raw("application/json", []byte(body)))
		}
		since := apitest.Events(t, d)
		refused := send(`"broken"`).Want(t, 409, "box.taken")
		if refused.Header.Get("Crate-Protocol") != "1" {
			t.Error("what the route says of itself is lost when it refuses")
		}
		send(`"whole"`).Want(t, 201, "")
		if diff := cmp.Diff([]string{"box.put"}, since()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestWhatCountsEachTimeHasNoKey(t *testing.T) {
	eachCrate(t, func(t *testing.T, h http.Handler, d *db.DB, c *crate) {
		since := apitest.Events(t, d)
		for range 2 {
			apitest.Do(t, h, "POST", "/v1/crates/ask", apitest.As(staff), apitest.Key("k")).Want(t, 200, "")
		}
		if diff := cmp.Diff([]string{"box.put", "box.put"}, since()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestWhatWasAskedIsKeptUnderTheMasterKey(t *testing.T) {
	keys := []string{"old"}
	macs := func(text string) (all [][]byte) {
		for _, key := range keys {
			all = append(all, []byte(key+text))
		}
		return all
	}
	each(t, func(o *httpapi.Options) { o.MACs = macs }, func(t *testing.T, h http.Handler, d *db.DB, b *box) {
		send := func(body string) apitest.Answer {
			return apitest.Do(t, h, "POST", "/v1/boxes", apitest.As(staff), apitest.Key("k"), apitest.Body(body))
		}
		keys = []string{"old"}
		send(`{"name":"a"}`).Want(t, 201, "")
		keys = []string{"new", "old"} // it was changed while running
		if send(`{"name":"a"}`).Want(t, 201, "").Header.Get("Idempotency-Replayed") != "true" {
			t.Error("after the key has changed a request is not recognised")
		}
		send(`{"name":"b"}`).Want(t, 409, "request.idempotency_conflict")
	})
}

func TestAStreamThatChangesSomethingStopsTheStart(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	httpapi.Stream(httpapi.New(httpapi.Options{}), httpapi.Op{Route: "POST /v1/a", Need: httpapi.Public},
		func(context.Context, actor.Actor, http.ResponseWriter, *http.Request) error { return nil })
}
