// Package bundle is the evidence of a case in one file that verifies without
// network and database: events, proofs, checkpoint, keys, files, and pages for
// people (docs/formats/seal.md).
//
// It owns the file's format, what a stranger may put into one, and the words of
// the verdict. It does not own the log (package seal) or what belongs to a case.
// A file is canonical: the same content gives the same bytes, so any changed
// byte shows.
package bundle

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/aftercare/aftercare/platform/seal/leaf"
)

// Format is the first word of events.json.
const Format = "aftercare/bundle/1"

// Limits of what is read: more than any case has.
const (
	maxEntries = 1000
	maxText    = 64 << 20  // of what is no evidence file
	maxFile    = 128 << 20 // of an evidence file
	maxTotal   = 1 << 30
)

// Event is an event with what proves it. Hashes and salts are hexadecimal.
type Event struct {
	Position  int64       `json:"position"`
	Kind      byte        `json:"kind"`
	Tenant    string      `json:"tenant"`
	ID        string      `json:"id"`
	Stream    string      `json:"stream"`
	Subject   string      `json:"subject"`
	Version   int64       `json:"version"`
	Type      string      `json:"type"`
	ActorKind string      `json:"actor_kind"`
	At        int64       `json:"at"` // unix milliseconds
	Who       string      `json:"who"`
	DataHash  string      `json:"data_hash"`
	WhoSalt   string      `json:"who_salt,omitempty"`
	ActorID   string      `json:"actor_id,omitempty"`
	ActorName string      `json:"actor_name,omitempty"`
	DataSalt  string      `json:"data_salt,omitempty"`
	Data      string      `json:"data,omitempty"`
	Previous  string      `json:"previous"`
	Proof     []tlog.Hash `json:"proof"` // null: not sealed when the bundle was made
}

// Case is what events.json holds.
type Case struct {
	Format string  `json:"format"`
	Origin string  `json:"origin"`
	Tenant string  `json:"tenant"`
	Case   string  `json:"case"`
	Events []Event `json:"events"`
}

// erased are the ids of events whose erasure is announced among the events.
func (c Case) erased() map[string]bool {
	all := map[string]bool{}
	for _, e := range c.Events {
		var fact struct {
			Events []string `json:"events"`
		}
		if e.Type != "data.erased" || json.Unmarshal([]byte(e.Data), &fact) != nil {
			continue
		}
		for _, one := range fact.Events {
			all[one] = true
		}
	}
	return all
}

// File is a stored file as it was sent. It is opened when it is written or
// checked, because a case may have more than fits into memory.
type File struct {
	SHA256 string
	Ext    string // jpg, png, webp, heic, mp4, mov, webm, pdf, bin
	Open   func() (io.ReadCloser, error)
}

// Held is a file whose content is at hand.
func Held(sha256, ext string, data []byte) File {
	return File{sha256, ext, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// Bundle is the content of one file.
type Bundle struct {
	Case
	Checkpoint string
	Keys       []string
	Files      []File
	Print      Printer // of the PDF pages; nil: there are none
}

// Printer makes the PDF of a case's timeline in one language. The same case
// gives the same bytes.
type Printer func(c Case, files []File, lang string) ([]byte, error)

var names = regexp.MustCompile(`^(README\.txt|checkpoint|keys|events\.json|timeline\.(zh-CN|zh-TW|en)\.(html|pdf)|timeline\.(ja|ko|es|fr|de|pt-BR|ru|ar)\.html|evidence/[0-9a-f]{64}\.(jpg|png|webp|heic|mp4|mov|webm|pdf|bin))$`)

// Name is the file's in the bundle.
func (f File) Name() string { return "evidence/" + f.SHA256 + "." + f.Ext }

// Time is when the event was announced.
func (e Event) Time() time.Time { return time.UnixMilli(e.At).UTC() }

func (e Event) leaf() leaf.Event {
	return leaf.Event{
		Tenant: e.Tenant, ID: e.ID, Stream: e.Stream, Subject: e.Subject, Version: e.Version, Type: e.Type, ActorKind: e.ActorKind, At: e.At,
		ActorID: e.ActorID, ActorName: e.ActorName, Data: e.Data,
	}
}

func hash(text string) (h leaf.Hash, err error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(h) {
		return h, fmt.Errorf("%.70q is not a hash", text)
	}
	return leaf.Hash(raw), nil
}

// commitments gives the event's two commitments, after comparing them with what
// is shown.
func (e Event) commitments() (who, data leaf.Hash, err error) {
	if who, err = hash(e.Who); err != nil {
		return who, data, err
	}
	if data, err = hash(e.DataHash); err != nil {
		return who, data, err
	}
	if e.WhoSalt != "" {
		salt, err := hash(e.WhoSalt)
		if err != nil {
			return who, data, err
		}
		if leaf.Who(salt[:], e.leaf()) != who {
			return who, data, fmt.Errorf("who acted is not what was sealed")
		}
	} else if e.ActorID != "" || e.ActorName != "" {
		return who, data, fmt.Errorf("who acted is shown without its salt")
	}
	if e.DataSalt != "" {
		salt, err := hash(e.DataSalt)
		if err != nil {
			return who, data, err
		}
		if leaf.Data(salt[:], e.leaf()) != data {
			return who, data, fmt.Errorf("the data is not what was sealed")
		}
	} else if e.Data != "" {
		return who, data, fmt.Errorf("the data is shown without its salt")
	}
	return who, data, nil
}

// hashes gives the content hash of an event and the hash of its leaf.
func (e Event) hashes() (content, leafHash leaf.Hash, err error) {
	who, data, err := e.commitments()
	if err != nil {
		return content, leafHash, err
	}
	previous, err := hash(e.Previous)
	if err != nil {
		return content, leafHash, err
	}
	content = leaf.Content(e.leaf(), who, data)
	return content, leaf.MerkleHash(leaf.Entry(e.Kind, content, previous)), nil
}

// LeafHash is the hash of the event's leaf in the tree, in base64.
func (e Event) LeafHash() (string, error) {
	_, h, err := e.hashes()
	return tlog.Hash(h).String(), err
}
