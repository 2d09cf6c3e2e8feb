package live

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/event"
)

// Whisper says that something has changed which is true for seconds only, such
// as who looks at a case. It is in no log, and may be lost: who has to know asks
// again after seconds.
type Whisper struct {
	Tenant  string `json:"tenant"`
	Stream  string `json:"stream"`
	Subject string `json:"subject"`
}

// Whisper tells the open screens of all processes that share a message bus, and
// without one those of this process. allow of Serve decides who hears it: it is
// given an event without position, type and data. Call it after the transaction.
func (h *Hub) Whisper(w Whisper) {
	if h.bus == nil {
		h.tell(w)
		return
	}
	data, err := json.Marshal(w)
	if err != nil {
		panic(err) // three strings; only a bug
	}
	h.bus.Whisper(data)
}

// hear passes on what processes whisper until the returned function is called.
func (h *Hub) hear(ctx context.Context) (stop func()) {
	if h.bus == nil {
		return func() {}
	}
	stop, err := h.bus.OnWhisper(func(data []byte) {
		var w Whisper
		if json.Unmarshal(data, &w) == nil {
			h.tell(w)
		}
	})
	if err != nil {
		h.o.Log.WarnContext(ctx, "live screens hear no whispers", "err", err)
		return func() {}
	}
	return stop
}

func (h *Hub) tell(w Whisper) {
	if h.follows(w.Tenant) {
		h.send(w.Tenant, []*entry{{event: event.Event{Tenant: w.Tenant, Stream: w.Stream, Subject: w.Subject, At: time.Now()}, short: true}})
	}
}

// whisperFrame has no id: what a browser has seen last stays a position.
func whisperFrame(e event.Event) []byte {
	text, err := json.Marshal(map[string]string{"stream": e.Stream, "subject": e.Subject})
	if err != nil {
		panic(err) // two strings; only a bug
	}
	return fmt.Appendf(nil, "event: whisper\ndata: %s\n\n", text)
}
