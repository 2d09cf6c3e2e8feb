package leaf_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/platform/seal/leaf"
)

func example() (salt []byte, e leaf.Event, previous leaf.Hash) {
	for i := range 32 {
		salt = append(salt, byte(i))
		previous[i] = byte(0xf0 + i%16)
	}
	return salt, leaf.Event{
		Tenant: "main", ID: "evt_06h03br27g59rr0j1490ft731g", Stream: "case", Subject: "case_06h03br27g59rr0j1490ft731g", Version: 3,
		Type: "case.approved", ActorKind: "staff", At: 1795324800123, ActorID: "usr_1", ActorName: "李雷", Data: `{"from":"requested","to":"approved"}`,
	}, previous
}

// The documentation holds the vectors; other programs are written from them.
func TestTheVectorsOfTheDocumentationHold(t *testing.T) {
	salt, e, previous := example()
	other := bytes.Repeat([]byte{0x5a}, 32)
	who, data := leaf.Who(salt, e), leaf.Data(other, e)
	content := leaf.Content(e, who, data)
	entry := leaf.Entry(leaf.Written, content, previous)
	h := leaf.MerkleHash(entry)
	want := fmt.Sprintf(`who_salt   %x
data_salt  %x
tenant     %s
id         %s
stream     %s
subject    %s
version    %d
type       %s
actor_kind %s
at         %d
actor_id   %s
actor_name %s
data       %s
previous   %x
who        %x
data_hash  %x
content    %x
entry      %x
leaf       %x
`, salt, other, e.Tenant, e.ID, e.Stream, e.Subject, e.Version, e.Type, e.ActorKind, e.At, e.ActorID, e.ActorName, e.Data, previous, who, data, content, entry, h)
	doc, err := os.ReadFile("../../../docs/formats/seal.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), want) {
		t.Errorf("docs/formats/seal.md does not hold\n%s", want)
	}
	if hex.EncodeToString(entry[:1]) != "01" {
		t.Errorf("entry %x", entry)
	}
}

// Every field counts, and none can flow into its neighbour.
func TestEveryFieldChangesTheEntry(t *testing.T) {
	salt, e, previous := example()
	seen := map[string]string{}
	add := func(what string, salt []byte, e leaf.Event, kind byte, previous leaf.Hash) {
		entry := string(leaf.Entry(kind, leaf.Content(e, leaf.Who(salt, e), leaf.Data(salt, e)), previous))
		if other, ok := seen[entry]; ok {
			t.Errorf("%s and %s give one entry", what, other)
		}
		seen[entry] = what
	}
	add("itself", salt, e, leaf.Written, previous)
	add("kind", salt, e, leaf.Adopted, previous)
	add("previous", salt, e, leaf.Written, leaf.Hash{})
	add("salt", bytes.Repeat([]byte{9}, 32), e, leaf.Written, previous)
	for what, change := range map[string]func(*leaf.Event){
		"tenant": func(e *leaf.Event) { e.Tenant += "x" }, "id": func(e *leaf.Event) { e.ID += "x" }, "stream": func(e *leaf.Event) { e.Stream += "x" },
		"subject": func(e *leaf.Event) { e.Subject += "x" }, "version": func(e *leaf.Event) { e.Version++ }, "type": func(e *leaf.Event) { e.Type += "x" },
		"kind of actor": func(e *leaf.Event) { e.ActorKind += "x" }, "at": func(e *leaf.Event) { e.At++ }, "actor": func(e *leaf.Event) { e.ActorID += "x" },
		"name": func(e *leaf.Event) { e.ActorName += "x" }, "data": func(e *leaf.Event) { e.Data += " " },
		"a letter over the border": func(e *leaf.Event) { e.ID, e.Stream = e.ID+"c", e.Stream[1:] },
		"a letter in the body":     func(e *leaf.Event) { e.ActorID, e.ActorName = e.ActorID[:4], "1"+e.ActorName },
	} {
		other := e
		change(&other)
		add(what, salt, other, leaf.Written, previous)
	}
}
