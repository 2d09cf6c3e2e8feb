package crash_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// answer is a write that was answered with success, as the client saw it.
type answer struct {
	method, path, key, seen string
	body, reply             []byte
	status                  int
}

// caller is one program that uses the API and does not give up.
type caller struct {
	w    *world
	dice *rand.Rand
	http *http.Client
	keys int
	name string
}

func (w *world) caller(n uint64) *caller {
	return &caller{w: w, dice: rand.New(rand.NewPCG(w.seed, n+5000)), name: fmt.Sprint("client-", n, "-"),
		http: &http.Client{Timeout: 4 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}}
}

// errStale tells that somebody else has changed the thing since it was read.
var errStale = errors.New("it has changed")

// write sends a change until it is answered, always with the same key. Every
// answer but success or "busy" is remembered as strange.
func (c *caller) write(ctx context.Context, method, path, seen string, body, out any) (version string, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	c.keys++
	a := answer{method: method, path: path, key: c.name + strconv.Itoa(c.keys), seen: seen, body: raw}
	for try := 0; ; try++ {
		resp, err := c.send(ctx, &a)
		if err == nil {
			c.w.mu.Lock()
			c.w.answers = append(c.w.answers, a)
			if try > 0 {
				c.w.replayed++
			}
			c.w.mu.Unlock()
			if out != nil {
				err = json.Unmarshal(a.reply, out)
			}
			return resp.Header.Get("ETag"), err
		}
		if ctx.Err() != nil {
			return "", fmt.Errorf("%s %s was never answered: %w", method, path, err)
		}
		if resp != nil && resp.StatusCode == http.StatusPreconditionFailed {
			return "", errStale
		}
		if resp != nil && resp.StatusCode != http.StatusServiceUnavailable {
			c.w.mu.Lock()
			c.w.strange = append(c.w.strange, err.Error())
			c.w.mu.Unlock()
			return "", err
		}
		time.Sleep(time.Duration(20+c.dice.IntN(100)) * time.Millisecond)
	}
}

// send tries a write once, at any server.
func (c *caller) send(ctx context.Context, a *answer) (*http.Response, error) {
	to := c.w.servers[c.dice.IntN(len(c.w.servers))]
	req, err := http.NewRequestWithContext(ctx, a.method, to.url+a.path, bytes.NewReader(a.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.w.key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", a.key)
	if a.seen != "" {
		req.Header.Set("If-Match", a.seen)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err // the process died while it answered
	}
	if resp.StatusCode >= 300 {
		return resp, fmt.Errorf("%s %s %s: %d %s", a.method, a.path, a.body, resp.StatusCode, reply)
	}
	a.status, a.reply = resp.StatusCode, reply
	return resp, nil
}

// read asks until it is answered.
func (c *caller) read(ctx context.Context, path string, out any) error {
	for {
		a := answer{method: "GET", path: path}
		resp, err := c.send(ctx, &a)
		if err == nil {
			return json.Unmarshal(a.reply, out)
		}
		if ctx.Err() != nil || resp != nil && resp.StatusCode < 500 {
			return err
		}
		time.Sleep(time.Duration(20+c.dice.IntN(60)) * time.Millisecond)
	}
}
