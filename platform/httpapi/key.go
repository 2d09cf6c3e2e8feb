package httpapi

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Kept is how long an answer is kept for its idempotency key, at least.
const Kept = 24 * time.Hour

// replay is the answer that an earlier request with the same key got. It takes
// the way of an error, because huma lets an error choose status and header.
type replay struct {
	status  int
	headers http.Header
	body    []byte
}

func (r *replay) Error() string             { return "answered before" }
func (r *replay) GetStatus() int            { return r.status }
func (r *replay) GetHeaders() http.Header   { return r.headers }
func (r *replay) ContentType(string) string { return "application/json" }

// validKey accepts 1 to 128 visible ASCII characters.
func validKey(key string) bool {
	if len(key) == 0 || len(key) > 128 {
		return false
	}
	for i := range len(key) {
		if key[i] < 0x21 || key[i] > 0x7e {
			return false
		}
	}
	return true
}

// errAnswered undoes a transaction whose key has an answer already.
var errAnswered = errors.New("the idempotency key has an answer")

// recall finds what a request with the key of this one was answered, before this
// one has done anything or after that was undone: ErrKeyConflict if that was
// another request, ErrKeySpent if its answer is not to be shown twice, and nil if
// there is none. It reads what is left of the body, to compare.
func (a *API) recall(ctx context.Context, x *exchange) (*replay, error) {
	var kept entry
	err := a.o.DB.Read(ctx, func(tx *db.Tx) (err error) {
		kept, err = byKey(ctx, tx, x.by.Tenant, x.owner(), x.key)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading idempotency key: %w", err)
	}
	if kept.Method == x.r.Method && kept.Path == x.r.URL.Path {
		if err := x.rest(); err != nil {
			return nil, err
		}
	}
	if kept.Method != x.r.Method || kept.Path != x.r.URL.Path || !slices.Contains(x.digests(), kept.Request) {
		return nil, ErrKeyConflict.With("used_at", kept.At)
	}
	if x.route.op.Secret {
		return nil, ErrKeySpent.With("used_at", kept.At)
	}
	r := &replay{status: kept.Status, body: []byte(kept.Answer), headers: http.Header{}}
	if err := json.Unmarshal([]byte(kept.Headers), &r.headers); err != nil {
		return nil, fmt.Errorf("headers of kept answer: %w", err)
	}
	r.headers.Set("Idempotency-Replayed", "true")
	return r, nil
}

// remember encodes the answer and keeps it with the key, as the last statement of
// the transaction: of two requests with one key the second waits here, or before
// at what the first has written, until the first has committed or is undone. It
// fails with errAnswered if the key has an answer.
func remember[O any](ctx context.Context, tx *db.Tx, x *exchange, s shape, out *O) error {
	e := entry{
		Tenant: x.by.Tenant, Actor: x.owner(), Key: x.key,
		Method: x.r.Method, Path: x.r.URL.Path, Request: x.digests()[0], Status: x.route.op.Status,
	}
	headers := http.Header{}
	if out != nil && !x.route.op.Secret {
		said, err := said(s, x.route.op.Status, out)
		if err != nil {
			return err
		}
		x.answer = said.body
		e.Status, e.Answer, headers = said.status, string(said.body), said.headers
	}
	text, err := json.Marshal(headers)
	if err != nil {
		return err
	}
	e.Headers = string(text)
	fresh, err := keep(ctx, tx, e)
	if err != nil {
		return fmt.Errorf("keeping answer for idempotency key: %w", err)
	}
	if !fresh {
		return errAnswered
	}
	return nil
}

// digests are of query and body, the one to keep first. A body may hold a
// password, so that nobody who only reads the store must be able to try some.
func (x *exchange) digests() []string {
	sum := hex.EncodeToString(x.sum.Sum(nil))
	if x.a.o.MACs == nil {
		return []string{sum}
	}
	var all []string
	for _, mac := range x.a.o.MACs(sum) {
		all = append(all, hex.EncodeToString(mac))
	}
	return all
}

// owner is whose key it is. People who are not signed in have their own each
// only as far as their addresses differ.
func (x *exchange) owner() string {
	if x.by.Kind != actor.Nobody {
		return string(x.by.Kind) + ":" + x.by.ID
	}
	sum := sha256.Sum256([]byte(x.address()))
	return string(actor.Nobody) + ":" + hex.EncodeToString(sum[:8])
}

// Forget removes answers kept longer than Kept, at most 10,000 at once, and
// tells how many; call it until it gives 0.
func (a *API) Forget(ctx context.Context, tx *db.Tx) (int64, error) {
	return forget(ctx, tx, tx.Now.Add(-Kept))
}
