package crash_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/aftercare/aftercare/platform/bus"
)

// proveStream: positions have no gap, and the stream is the log.
func (w *world) proveStream(t *testing.T, f *found) {
	for i, e := range f.events {
		if e.position != int64(i+1) {
			t.Fatalf("event %d of the log (%s) has position %d", i+1, e.id, e.position)
		}
	}
	b, err := bus.Open(t.Context(), bus.Options{URL: w.nats})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	end, err := b.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if end.Sequence != uint64(len(f.events)) {
		t.Errorf("the log has %d events, the stream ends at %d", len(f.events), end.Sequence)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	reader, err := b.JetStream().OrderedConsumer(ctx, bus.Stream, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy})
	if err != nil {
		t.Fatal(err)
	}
	messages, err := reader.Messages()
	if err != nil {
		t.Fatal(err)
	}
	defer messages.Stop()
	for i := range int(end.Sequence) {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			t.Fatalf("message %d of the stream: %v", i+1, err)
		}
		id, position := m.Headers().Get(nats.MsgIdHdr), m.Headers().Get(bus.PositionHeader)
		if i >= len(f.events) || id != f.events[i].id || position != strconv.Itoa(i+1) {
			t.Fatalf("message %d of the stream is %s at position %s", i+1, id, position)
		}
	}
}

// beside are facts about a case that do not change its version.
var beside = []string{"unit.received", "unit.graded", "stock.moved", "case.noted"}

// facts are what is announced once of a case of its kind.
func (c *kept) facts() []string {
	all := []string{"case.submitted", "case.approved"}
	if c.kind != exchange {
		all = append(all, "case.review_needed")
	}
	if c.kind == exchange {
		all = append(all, "case.collect", "case.ship", "case.replaced", "case.confirm")
	}
	if c.kind == exchange || c.kind == returns {
		all = append(all, "case.received", "unit.received", "case.graded", "unit.graded")
	}
	return all
}

// proveVersions: each version of a case was announced once, in order; the first
// by the request and by what the rules said of it. The facts of a return come
// once each.
func (w *world) proveVersions(t *testing.T, f *found) {
	versions, kinds := map[string][]int64{}, map[string]map[string]int{}
	for _, e := range f.events {
		if kinds[e.subject] == nil {
			kinds[e.subject] = map[string]int{}
		}
		kinds[e.subject][e.typ]++
		if e.stream != "case" && e.stream != "parcel" || slices.Contains(beside, e.typ) {
			continue
		}
		versions[e.subject] = append(versions[e.subject], e.version)
	}
	for _, c := range f.cases {
		want := []int64{1}
		for v := range c.version {
			want = append(want, v+1)
		}
		if !slices.Equal(versions[c.id], want) {
			t.Errorf("case %s at version %d has events of the versions %v", c.id, c.version, versions[c.id])
		}
		delete(versions, c.id)
		for _, once := range c.facts() {
			if n := kinds[c.id][once]; n != 1 {
				t.Errorf("case %s has %d events %s", c.id, n, once)
			}
		}
	}
	for subject, got := range versions { // what is left are parcels: events of a case that does not exist fail here
		for i, v := range got {
			if v != int64(i+1) {
				t.Errorf("%s has events of the versions %v", subject, got)
				break
			}
		}
		if kinds[subject]["parcel.label_issued"] != 1 { // an own label, also of what is sent to the customer
			t.Errorf("%s has events but is no parcel", subject)
		}
	}
	for _, p := range f.payouts {
		k := kinds[p.id]
		if k["payout.reserved"] != 1 || k["payout.succeeded"] != 1 || k["payout.submitted"] > 1+k["payout.failed"] || k["payout.duplicate"] != 0 {
			t.Errorf("payout %s has the events %v", p.id, k)
		}
	}
}
