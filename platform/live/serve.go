package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const (
	retry     = 2 * time.Second  // the browser waits so long before it connects again
	writeTime = 15 * time.Second // a client that takes nothing for so long is gone
	readyTime = 10 * time.Second
)

// Serve answers a request with a stream of server-sent events until the client
// leaves, the hub closes, or the connection has lasted long enough:
//
//	event: changed   data: Change     something the actor may see has changed
//	event: ready     data: position   all that was missed has been told; now live
//	event: reset     data: position   too much was missed: load everything again
//	event: whisper   data: Whisper    true for seconds only; without an id, and not told again
//	event: beat      data: 1          nothing happened; who hears none of it for long is not connected any more
//
// Each but the last two carries the position as its id, so that a client that
// comes back with Last-Event-ID misses nothing. allow decides about events of the
// actor's own tenant; others never reach it. It runs often and must not wait.
// What changes who the actor is or what it may ends the connection as well: what
// allow knows is of the beginning, and who is let in again is decided anew. What
// happened between the request and the joining is asked of Identify.
//
// A fault comes back before anything is written; afterwards the error is nil.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, by actor.Actor, allow func(event.Event) bool) error {
	c, err := h.join(by.Tenant, by.Tenant+"/"+string(by.Kind)+"/"+by.ID)
	if err != nil {
		return err
	}
	defer h.leave(c)
	ctx, cancel := context.WithTimeout(r.Context(), h.o.Longest)
	defer cancel()
	if err := h.wait(ctx); err != nil {
		return err
	}
	out := &stream{w: w, control: http.NewResponseController(w)}
	_ = out.control.SetReadDeadline(time.Time{}) // the server's limit is for requests, not for this
	from, same, err := h.start(ctx, out, r, by, allow)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx must pass it on at once
	w.WriteHeader(http.StatusOK)
	if err := out.flush(); err != nil || !same {
		return nil
	}
	h.pass(ctx, out, c, from, by, allow)
	return nil
}

// wait lets the feed start first: what it does not tell is in the log by then.
func (h *Hub) wait(ctx context.Context) error {
	h.mu.Lock()
	ready := h.ready
	h.mu.Unlock()
	late := time.NewTimer(readyTime)
	defer late.Stop()
	select {
	case <-ready:
		return nil
	case <-late.C:
		return ErrFull
	case <-ctx.Done():
		return ErrFull
	}
}

// start puts into out what a returning client has missed, and returns the
// position behind which the feed goes on; nothing where the client is not the
// actor any more.
func (h *Hub) start(ctx context.Context, out *stream, r *http.Request, by actor.Actor, allow func(event.Event) bool) (last int64, same bool, err error) {
	given := r.Header.Get("Last-Event-ID")
	if given == "" {
		given = r.URL.Query().Get("last_event_id") // EventSource cannot set headers when it is made
	}
	err = h.db.Read(ctx, func(tx *db.Tx) (err error) {
		out.buffer.Reset()
		fmt.Fprintf(&out.buffer, "retry: %d\n\n", retry.Milliseconds())
		if last, err = event.Last(ctx, tx); err != nil {
			return err
		}
		if same, err = h.same(ctx, tx, r, by); err != nil || !same || given == "" {
			return err
		}
		since, err := strconv.ParseInt(given, 10, 64)
		if err != nil || since < 0 || since > last || last-since > int64(h.o.Replay) {
			out.buffer.Write(frame("reset", last, last))
			return nil
		}
		missed, err := event.Page(ctx, tx, by.Tenant, since, nil, h.o.Replay)
		if err != nil {
			return err
		}
		for _, e := range missed {
			if e.Position <= last && allow(e) {
				out.buffer.Write(changed(e))
			}
		}
		return nil
	})
	if err != nil {
		return 0, false, fmt.Errorf("missed events: %w", err)
	}
	if same {
		out.buffer.Write(frame("ready", last, last))
	}
	return last, same, nil
}

// same tells whether who sent the request still is who that was. It is asked
// after the end of the log was read: what changes later comes by the feed.
func (h *Hub) same(ctx context.Context, tx *db.Tx, r *http.Request, by actor.Actor) (bool, error) {
	if h.o.Identify == nil {
		return true, nil
	}
	now, err := h.o.Identify(ctx, tx, r)
	return now == by, err
}

// pass writes round after round.
func (h *Hub) pass(ctx context.Context, out *stream, c *client, from int64, by actor.Actor, allow func(event.Event) bool) {
	silent := time.NewTicker(h.o.Heartbeat)
	defer silent.Stop()
	for {
		select {
		case round, ok := <-c.rounds:
			if !ok {
				return
			}
			over := false
			for _, e := range round {
				if (e.short || e.event.Position > from) && allow(e.event) {
					out.buffer.Write(e.encoded())
				}
				if over = concerns(e.event, by); over {
					break // what comes behind it was not asked for by whoever this is now
				}
			}
			if over {
				_ = out.flush()
				return
			}
		case <-silent.C:
			out.buffer.WriteString(beat)
		case <-ctx.Done():
			return
		}
		if out.flush() != nil {
			return
		}
	}
}

// concerns tells whether an event takes away, or may change, what an actor sees:
// its session or key has ended, or its account was changed.
func concerns(e event.Event, by actor.Actor) bool {
	switch e.Type {
	case "session.ended":
		return by.Session != "" && e.Subject == by.Session
	case "staff.updated", "key.revoked":
		return by.ID != "" && e.Subject == by.ID
	}
	return false
}

// stream gathers frames and writes them together.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
}

func (s *stream) flush() error {
	if s.buffer.Len() == 0 {
		return nil
	}
	defer s.buffer.Reset()
	_ = s.control.SetWriteDeadline(time.Now().Add(writeTime)) // test recorders have none
	if _, err := s.w.Write(s.buffer.Bytes()); err != nil {
		return err
	}
	return s.control.Flush()
}

// beat is a sign of life that a page can hear: of a comment it would not be told.
const beat = "event: beat\ndata: 1\n\n"

func frame(name string, position int64, data any) []byte {
	text, err := json.Marshal(data)
	if err != nil {
		panic(err) // our own types; only a bug
	}
	return fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", position, name, text)
}
