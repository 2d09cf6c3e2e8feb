package leaf_test

import (
	"encoding/binary"
	"testing"

	"github.com/aftercare/aftercare/platform/seal/leaf"
)

// decode reads a head back, as a stranger would from the documentation.
func decode(head []byte) (texts []string, numbers []int64, rest int) {
	at := len("aftercare/event/1\n")
	text := func() {
		n := int(binary.BigEndian.Uint32(head[at:]))
		texts = append(texts, string(head[at+4:at+4+n]))
		at += 4 + n
	}
	number := func() {
		numbers = append(numbers, int64(binary.BigEndian.Uint64(head[at:]))) //nolint:gosec // the bits are the number's
		at += 8
	}
	for _, read := range []func(){text, text, text, text, number, text, text, number} {
		read()
	}
	return texts, numbers, len(head) - at
}

// Whatever the fields hold, the head says exactly that and nothing else: no two
// events have one encoding.
func FuzzHeadsAreReadBackAsTheyWere(f *testing.F) {
	f.Add("main", "evt_1", "case", "case_1", int64(3), "case.approved", "staff", int64(1795324800123))
	f.Add("", "\x00\x00\x00\x01", "李雷", "", int64(-1), "", "\n", int64(0))
	f.Fuzz(func(t *testing.T, tenant, id, stream, subject string, version int64, kind, by string, at int64) {
		e := leaf.Event{Tenant: tenant, ID: id, Stream: stream, Subject: subject, Version: version, Type: kind, ActorKind: by, At: at}
		texts, numbers, rest := decode(leaf.Head(e))
		back := leaf.Event{Tenant: texts[0], ID: texts[1], Stream: texts[2], Subject: texts[3], Version: numbers[0], Type: texts[4], ActorKind: texts[5], At: numbers[1]}
		if back != e || rest != 0 {
			t.Errorf("%+v became %+v, %d bytes left", e, back, rest)
		}
	})
}
